// Saving a card without buying anything: the server announces it, the card network's form takes it, and the server asks
// the card network what came of it.
import { appearance } from "./card_form.js";

const form = document.querySelector("[data-cards]");
const begin = document.getElementById("card-begin");
const save = document.getElementById("card-save");
const problem = document.getElementById("card-problem");

function show(message) {
  const alert = document.getElementById("card-problem-template").content.firstElementChild.cloneNode(true);
  alert.querySelector(".alert__body").textContent = message;
  problem.replaceChildren(alert);
}

function busy(button, isBusy) {
  button.disabled = isBusy;
  if (isBusy) button.setAttribute("aria-busy", "true");
  else button.removeAttribute("aria-busy");
}

async function tell(address, body) {
  const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, Accept: "application/json" };
  const response = await fetch(address, { method: "POST", headers, body });
  const answer = await response.json();
  return response.ok ? answer : { state: "refused", message: answer.detail };
}

async function open() {
  problem.replaceChildren();
  if (!window.Stripe) return show(form.dataset.unready);
  const answer = await tell(form.dataset.addition);
  if (answer.state !== "go") return show(answer.message || form.dataset.failed);
  const stripe = window.Stripe(form.dataset.key);
  const elements = stripe.elements({ clientSecret: answer.client_secret, appearance: appearance() });
  const fields = { billingDetails: { email: "never" } };
  const element = elements.create("payment", { layout: "tabs", fields });
  element.on("loaderror", () => show(form.dataset.unready));
  element.mount("#card-element");
  document.getElementById("card-part").hidden = false;
  begin.hidden = true;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (save.disabled) return;
    busy(save, true);
    try {
      await keep(stripe, elements, answer.client_secret);
    } catch {
      show(form.dataset.failed);
    } finally {
      busy(save, false);
    }
  });
  return undefined;
}

async function keep(stripe, elements, clientSecret) {
  problem.replaceChildren();
  const filled = await elements.submit();
  if (filled.error) return undefined; // the card form says beside its fields what is missing
  const { error, setupIntent } = await stripe.confirmSetup({
    elements,
    clientSecret,
    redirect: "if_required",
    confirmParams: { return_url: location.href, payment_method_data: { billing_details: { email: form.dataset.email } } },
  });
  if (error) return show(`${error.message ?? ""} ${form.dataset.failed}`.trim());
  const answer = await tell(form.dataset.settling, new URLSearchParams({ setup_intent: setupIntent.id }));
  if (answer.state === "elsewhere") return location.assign(answer.url);
  return show(answer.message || form.dataset.failed);
}

begin?.addEventListener("click", async () => {
  busy(begin, true);
  try {
    await open();
  } catch {
    show(form.dataset.failed);
  } finally {
    busy(begin, false);
  }
});
