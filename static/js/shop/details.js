// The checkout's totals follow the chosen way, store and address while the form is being filled in.
const form = document.querySelector("[data-details]");
const WATCHED = new Set(["method", "store", "country", "state", "postal_code"]);

// One question at a time, and of those that wait the last alone: each answer replaces the part that the next one looks for.
let asking = Promise.resolve();
let newest = 0;

form?.addEventListener("change", (event) => {
  if (!WATCHED.has(event.target.name)) return;
  const mine = ++newest;
  asking = asking.then(() => (mine === newest ? ask() : undefined)).catch(() => undefined);
});

function ask() {
  const values = new FormData(form);
  const query = new URLSearchParams([...WATCHED].map((name) => [name, values.get(name) ?? ""]));
  return htmx.ajax("GET", `${form.dataset.summary}?${query}`, { target: "#checkout-summary", swap: "outerHTML" });
}

// After a refusal the first field in need of another look is where the keyboard is.
document.querySelector(".checkout__form [aria-invalid=true]")?.focus();
