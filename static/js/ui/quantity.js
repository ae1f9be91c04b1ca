// The keys beside a quantity. They change the field and let it report `input` and `change`, as if it had been typed.
document.addEventListener("click", (event) => {
  const key = event.target.closest("[data-quantity] [data-step]");
  if (!key) return;
  const field = key.parentElement.querySelector("input");
  const before = field.value;
  const typed = Number.parseFloat(before) || 0;
  const least = field.min === "" ? -Infinity : Number(field.min);
  const most = field.max === "" ? Infinity : Number(field.max);
  const next = Math.min(most, Math.max(least, typed + Number(key.dataset.step)));
  field.value = String(Number(next.toFixed(3))); // 1.35 less 1 is 0.35
  if (field.value === before) return;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
});
