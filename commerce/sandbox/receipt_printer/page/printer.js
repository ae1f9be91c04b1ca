// Shows the paper of the stand-in printer and keeps itself up to date.

const WORDS = {
  power: { true: "on", false: "off" },
  paper: { ok: "loaded", low: "low", out: "out" },
  cover: { closed: "closed", open: "open" },
  drawer: { closed: "closed", open: "open" },
};
const paper = document.getElementById("paper");
const template = document.getElementById("receipt");
let shown = null; // numbers on the page; null before the first load

function stateInWords(printer) {
  if (!printer.power) return "Off";
  if (printer.cover === "open") return "Cover open";
  if (printer.paper === "out") return "Out of paper";
  return printer.paper === "low" ? "Ready, paper low" : "Ready";
}

function showPrinter(printer) {
  const state = document.getElementById("state");
  state.classList.toggle("online", printer.online);
  state.classList.toggle("unpowered", !printer.power);
  document.getElementById("state-words").textContent = stateInWords(printer);
  document.getElementById("drawer").textContent =
    `Drawer ${printer.drawer}, opened ${printer.kicks} ${printer.kicks === 1 ? "time" : "times"}`;
  for (const button of document.querySelectorAll("button[data-field]")) {
    const value = String(printer[button.dataset.field]);
    button.lastElementChild.textContent = WORDS[button.dataset.field][value];
    button.setAttribute("aria-pressed", String(value !== button.dataset.off));
  }
}

function receiptElement(receipt, isNew) {
  const element = template.content.firstElementChild.cloneNode(true);
  const image = element.querySelector("img");
  element.dataset.number = receipt.number;
  element.classList.toggle("new", isNew);
  image.width = receipt.width / 2;
  image.height = receipt.height / 2;
  image.src = `/receipts/${receipt.number}.png`;
  image.alt = `Receipt ${receipt.number}`;
  element.querySelector("time").dateTime = receipt.at;
  element.querySelector("time").textContent = new Date(receipt.at).toLocaleTimeString();
  element.querySelector(".torn").hidden = receipt.complete;
  element.querySelector("a").href = image.src;
  return element;
}

function showReceipts(receipts) {
  const numbers = new Set(receipts.map((receipt) => receipt.number));
  for (const element of [...paper.children]) {
    if (!numbers.has(Number(element.dataset.number))) element.remove();
  }
  for (const receipt of [...receipts].reverse()) {
    if (!paper.querySelector(`[data-number="${receipt.number}"]`)) {
      paper.prepend(receiptElement(receipt, shown !== null));
    }
  }
  shown = numbers;
  document.getElementById("nothing").hidden = receipts.length > 0;
}

async function refresh() {
  const answer = await (await fetch("/receipts.json")).json();
  showPrinter(answer.printer);
  showReceipts(answer.receipts);
}

document.querySelector(".controls").addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { field, on, off } = button.dataset;
  const wanted = button.getAttribute("aria-pressed") === "true" ? off : on;
  await fetch("/_control/", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ [field]: field === "power" ? wanted === "true" : wanted }),
  });
});

new EventSource("/changes").addEventListener("message", refresh);
