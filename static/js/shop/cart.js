// A line that was taken out takes the focus along: the keyboard goes on in the cart, not at the top of the page.
const cart = () => document.getElementById("cart");
let wasInside = false;

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id === "cart") wasInside = cart().contains(document.activeElement);
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "cart" && wasInside && !cart().contains(document.activeElement)) cart().focus({ preventScroll: true });
});
