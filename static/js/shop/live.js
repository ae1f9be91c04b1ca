// A part of a page that follows what happens elsewhere: [data-live-region] holds the address to read it from, its
// [data-live-stream] the stream that says when. Every [data-live] in it that then reads differently is pointed out for a moment.
import { latest } from "../ui/latest.js";
import { Live } from "../ui/live.js";

const PAUSE_MS = 250;
const RETRY_MS = 3_000;
const frame = document.querySelector("[data-live-stream]");
const shown = (region) => new Map([...region.querySelectorAll("[data-live]")].map((node) => [node.dataset.live, node.textContent]));

async function read() {
  const region = document.querySelector("[data-live-region]");
  if (!region) return;
  let swapped = false;
  region.addEventListener("htmx:beforeSwap", ({ detail }) => (swapped = detail.shouldSwap && region.isConnected), { once: true });
  await htmx.ajax("GET", region.dataset.liveRegion, { source: region, target: region, swap: "outerHTML show:none" });
  if (swapped) pointOut(shown(region), document.querySelector("[data-live-region]"));
  else if (region.isConnected) throw new Error("No answer");
}

function pointOut(before, region) {
  for (const node of region.querySelectorAll("[data-live]")) {
    const was = before.get(node.dataset.live);
    if (was !== undefined && was !== node.textContent) node.classList.add("changed");
  }
}

if (frame) {
  let told = 0;
  const toldWhenAsked = new WeakMap();
  const look = latest(read, PAUSE_MS);
  const news = () => {
    told += 1;
    look().catch(() => setTimeout(news, RETRY_MS));
  };
  // Whatever brought an answer that was asked for before the last news, another variant for one: look once more.
  document.addEventListener("htmx:beforeSend", ({ detail }) => toldWhenAsked.set(detail.xhr, told));
  document.addEventListener("htmx:afterSwap", ({ detail }) => toldWhenAsked.get(detail.xhr) < told && look().catch(() => undefined));

  const live = new Live(frame.dataset.liveTopics.split(" "));
  for (const topic of live.topics) live.addEventListener(topic, news); // those that were missed, too, whenever it opens
  // A browser has six connections for a site: pages that nobody looks at must not hold them, or the seventh tab stays empty.
  const follow = () => (document.hidden ? live.close() : live.open(frame.dataset.liveStream));
  document.addEventListener("visibilitychange", () => {
    follow();
    if (!document.hidden) news();
  });
  follow();
}
