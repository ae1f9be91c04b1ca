// The thumbnails of a gallery: a press scrolls to the picture, and the one in view is marked.
const still = matchMedia("(prefers-reduced-motion: reduce)");

document.addEventListener("click", (event) => {
  const thumb = event.target.closest("[data-gallery] [data-slide]");
  if (!thumb) return;
  const track = thumb.closest("[data-gallery]").querySelector(".gallery__track");
  const slide = track.children[Number(thumb.dataset.slide)];
  track.scrollTo({ left: slide.offsetLeft - track.offsetLeft, behavior: still.matches ? "auto" : "smooth" });
});

document.addEventListener(
  "scroll",
  (event) => {
    if (!event.target.classList?.contains("gallery__track")) return;
    const track = event.target;
    const shown = String(Math.round(Math.abs(track.scrollLeft) / track.clientWidth));
    for (const thumb of track.closest("[data-gallery]").querySelectorAll("[data-slide]")) {
      if (thumb.dataset.slide === shown) thumb.setAttribute("aria-current", "true");
      else thumb.removeAttribute("aria-current");
    }
  },
  { capture: true, passive: true },
);
