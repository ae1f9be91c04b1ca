/* The screen of one simulated reader, and the hands of the customer in front of it. */

const id = document.body.dataset.reader;
const screen = document.getElementById("screen");
const device = document.querySelector(".Device");
const notice = document.getElementById("notice");
const buttons = [...document.querySelectorAll("[data-gesture]")];
const SVG = "http://www.w3.org/2000/svg";
const PATHS = {
  tap: ["M8.5 8.5a5 5 0 0 1 0 7", "M11.5 6a9 9 0 0 1 0 12", "M14.5 3.5a13 13 0 0 1 0 17"],
  card: ["M3 6.5h18v11H3z", "M3 10.5h18"],
  check: ["m5 12.5 4.5 4.5L19 7.5"],
  cross: ["m6.5 6.5 11 11", "m17.5 6.5-11 11"],
  wheel: ["M12 3a9 9 0 1 1-9 9"],
};
let known = "";

function mark(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  for (const shape of PATHS[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", shape);
    svg.append(path);
  }
  return element("div", "Mark", svg);
}

function element(tag, className, ...children) {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...children);
  return made;
}

const title = (text) => element("h2", "", text);
const line = (text) => element("p", "", text);
const amount = (text) => element("div", "Amount", text);

function cart(seen) {
  const lines = seen.lines.map((one) => {
    const name = one.quantity > 1 ? `${one.quantity} × ${one.description}` : one.description;
    return element("li", "", element("span", "", name), element("span", "", `${one.negative ? "−" : ""}${one.amount}`));
  });
  const total = element("div", "Total", element("span", "", "Total"), element("span", "", seen.amount));
  return [title("Your purchase"), element("ul", "Lines", ...lines), total];
}

/* The name of what is shown, and its parts. */
function scene(seen) {
  if (seen.status === "offline") return ["off", [title("No connection"), line("This reader is offline.")]];
  if (seen.phase === "waiting") return ["waiting", [mark("tap"), amount(seen.amount), line("Tap, insert or swipe")]];
  if (seen.phase === "deciding") return ["deciding", [mark("wheel"), amount(seen.amount), line("One moment")]];
  if (seen.phase === "cart") return ["cart", cart(seen)];
  if (seen.phase === "done" && seen.outcome === "succeeded") {
    return ["approved", [mark("check"), title("Approved"), line(`${seen.amount} paid. Thank you.`)]];
  }
  if (seen.phase === "done") return ["refused", [mark("cross"), title("Not paid"), line(seen.message || "")]];
  return ["idle", [mark("card"), title("Ready"), line("Waiting for the till.")]];
}

function draw(seen) {
  const text = JSON.stringify(seen);
  if (text === known) return;
  known = text;
  const [name, parts] = scene(seen);
  device.dataset.phase = name;
  screen.className = `Screen is-${name}`;
  screen.replaceChildren(...parts);
  for (const button of buttons) button.disabled = name !== "waiting";
}

async function look() {
  try {
    const response = await fetch(`/_control/readers/${id}`);
    const seen = await response.json();
    if (!response.ok) throw new Error(seen.error.message);
    draw(seen);
    notice.textContent = "";
  } catch (error) {
    notice.textContent = error instanceof TypeError ? "The card network does not answer." : error.message;
  }
}

for (const button of buttons) {
  button.addEventListener("click", async () => {
    for (const other of buttons) other.disabled = true;
    known = "";
    try {
      const response = await fetch(`/_control/readers/${id}/${button.dataset.gesture}`, { method: "POST", body: "{}" });
      if (!response.ok) notice.textContent = (await response.json()).error.message;
    } catch {
      notice.textContent = "The card network does not answer.";
    }
    await look();
  });
}

async function keepLooking() {
  if (!document.hidden) await look();
  setTimeout(keepLooking, 500);
}
keepLooking();
