// Toasts. The server sends them as fragments into #toasts, or as the event `toast` in an HX-Trigger header; a script
// dispatches the same event: window.dispatchEvent(new CustomEvent("toast", {detail: {message, tone, action, name}})).
// A pressed action answers with the event `toast:action`, its detail the name. Warnings and errors stay until closed.
const region = document.getElementById("toasts");
const STAYS_MS = 6000;

const watch = (toast) => {
  if (toast.hasAttribute("data-stays")) return;
  let timer;
  const start = () => {
    timer = setTimeout(() => toast.remove(), STAYS_MS);
  };
  const stop = () => clearTimeout(timer);
  for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, stop);
  for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, start);
  start();
};

const show = ({ message, tone = "", action = "", name = "" }) => {
  const template = document.getElementById(tone ? `toast-template-${tone}` : "toast-template");
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.querySelector(".toast__message").textContent = message;
  if (action) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "toast__action", textContent: action });
    button.dataset.toastAction = name;
    toast.querySelector(".toast__message").nextElementSibling.replaceWith(button);
  }
  for (const same of region.querySelectorAll(".toast__message")) {
    if (same.textContent === message) same.parentElement.remove();
  }
  region.append(toast);
};

// A modal dialog makes the rest of the page inert; the region moves into the one on top and back again.
const keepOnTop = () => {
  const open = [...document.querySelectorAll("dialog:modal")].at(-1);
  const home = open ?? document.body;
  if (region.parentElement !== home) home.append(region);
};

if (region) {
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) if (node.classList?.contains("toast")) watch(node);
    }
    keepOnTop();
  }).observe(region, { childList: true });
  for (const toast of region.querySelectorAll(".toast")) watch(toast);

  addEventListener("toast", (event) => show(event.detail));
  document.addEventListener("close", keepOnTop, true);
  document.addEventListener("click", (event) => {
    const action = event.target.closest("[data-toast-action]");
    if (action) dispatchEvent(new CustomEvent("toast:action", { detail: action.dataset.toastAction }));
    if (action || event.target.closest("[data-toast-close]")) event.target.closest(".toast").remove();
  });

  // A refusal that names its own place (commerce/kernel/http.py) is shown there whatever its status.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.getResponseHeader("HX-Retarget")) event.detail.shouldSwap = true;
  });
  document.addEventListener("htmx:sendError", () => show({ message: region.dataset.lost, tone: "danger" }));
  document.addEventListener("htmx:timeout", () => show({ message: region.dataset.lost, tone: "danger" }));
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr } = event.detail;
    if (!xhr.getResponseHeader("HX-Retarget")) show({ message: region.dataset.failed, tone: "danger" });
  });
}
