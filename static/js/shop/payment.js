// Paying: ask the server whether this checkout may be paid, let the card network's form confirm it, then let the server
// find out from the card network what became of it. Whatever is lost on the way, the server's word counts.
import { appearance } from "./card_form.js";

const form = document.querySelector("[data-pay]");
const button = document.getElementById("pay-button");
const problem = document.getElementById("pay-problem");

function show(message) {
  const alert = document.getElementById("pay-problem-template").content.firstElementChild.cloneNode(true);
  alert.querySelector(".alert__body").textContent = message;
  problem.replaceChildren(alert);
  problem.scrollIntoView({ block: "nearest" });
}

async function tell(address, body) {
  const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, Accept: "application/json" };
  const response = await fetch(address, { method: "POST", headers, body });
  const answer = await response.json();
  return response.ok ? answer : { state: "refused", code: answer.code, message: answer.detail };
}

function busy(isBusy) {
  button.disabled = isBusy;
  if (isBusy) button.setAttribute("aria-busy", "true");
  else button.removeAttribute("aria-busy");
}

/* A refusal by our server: some need another page, all need words. */
function refuse({ code, message }) {
  if (code === "hold_expired") return expire();
  if (code === "cart_changed" || code === "no_checkout") return location.reload();
  show(message || form.dataset.failed);
  return busy(false);
}

function expire() {
  document.getElementById("hold-over").hidden = false;
  form.closest("section").hidden = true;
  document.querySelector("[data-hold]").hidden = true;
  document.querySelector("#hold-over button").focus();
}

/* Whether the card may be kept is said before any card is sent; the server tells the card network. */
let told = form?.elements.keep.checked;

async function tellKeeping(elements) {
  const isWanted = form.elements.keep.checked;
  if (isWanted === told) return true;
  const answer = await tell(form.dataset.keep, new URLSearchParams({ keep: isWanted ? "1" : "0" }));
  if (answer.state !== "noted") {
    show(form.dataset.unkept);
    return false;
  }
  told = isWanted;
  await elements.fetchUpdates();
  return true;
}

const PLAIN_REFUSALS = new Set(["card_error", "validation_error", "invalid_request_error"]);

async function pay(stripe, elements) {
  problem.replaceChildren();
  const filled = await elements.submit();
  if (filled.error) return busy(false); // the card form says beside its fields what is missing
  if (!(await tellKeeping(elements))) return busy(false);
  const started = await tell(form.dataset.start);
  if (started.state === "elsewhere") return location.assign(started.url);
  if (started.state !== "go") return refuse(started);
  const billing = { name: form.dataset.name, email: form.dataset.email };
  const { error } = await stripe.confirmPayment({
    elements,
    clientSecret: form.dataset.secret,
    redirect: "if_required",
    confirmParams: { return_url: new URL(form.dataset.return, location.href).href, payment_method_data: { billing_details: billing } },
  });
  if (error && !PLAIN_REFUSALS.has(error.type)) show(form.dataset.lost);
  const settled = await tell(form.dataset.settle);
  if (settled.state === "elsewhere") return location.assign(settled.url);
  if (settled.code === "payment_unknown") return location.assign(form.dataset.return);
  show(error?.message ? `${error.message} ${form.dataset.failed}` : settled.message || form.dataset.failed);
  return busy(false);
}

function begin() {
  if (!window.Stripe) return show(form.dataset.unready);
  const stripe = window.Stripe(form.dataset.key);
  const elements = stripe.elements({ clientSecret: form.dataset.secret, appearance: appearance() });
  const element = elements.create("payment", { layout: "tabs", fields: { billingDetails: { name: "never", email: "never" } } });
  element.on("loaderror", () => show(form.dataset.unready));
  element.mount("#payment-element");
  const recolor = () => elements.update({ appearance: appearance() });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-theme-toggle]")) recolor();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolor); // the system's theme, at sunset
  let isPaying = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isPaying) return;
    isPaying = true;
    busy(true);
    try {
      await pay(stripe, elements);
    } catch {
      location.assign(form.dataset.return); // the line was cut: the server finds out
    } finally {
      isPaying = false;
    }
  });
}

/* How long the things are still held, in words; the clock is this computer's own, so only the difference counts. */
function count(hold) {
  const ends = performance.now() + Number(hold.dataset.hold) * 1000;
  const words = hold.querySelector("[data-hold-words]");
  const many = words.textContent.trim();
  const tick = () => {
    const left = Math.ceil((ends - performance.now()) / 1000);
    if (left <= 0) return button.disabled ? setTimeout(tick, 1000) : expire();
    words.textContent = many.replace(/\d+[^\s]*\s\S+\s/, (found) => found.replace(/\d+/, String(Math.max(1, Math.round(left / 60)))));
    return setTimeout(tick, Math.min(left * 1000, 5000));
  };
  tick();
}

// A page that comes back from the browser's history may be long out of date.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

if (form) {
  begin();
  const hold = document.querySelector("[data-hold]");
  if (hold) count(hold);
}
