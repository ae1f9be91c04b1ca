// Keys that type into a field, and the dots of a PIN, which sends its form when it is complete.
document.addEventListener("click", (event) => {
  const key = event.target.closest("[data-keypad] [data-key]");
  const field = key && document.getElementById(key.closest("[data-keypad]").dataset.keypad);
  if (!field || field.disabled) return;
  const pressed = key.dataset.key;
  const next = pressed === "back" ? field.value.slice(0, -1) : field.value + pressed;
  if (field.maxLength > 0 && next.length > field.maxLength) return;
  field.value = next;
  field.dispatchEvent(new Event("input", { bubbles: true }));
});

document.addEventListener("input", (event) => {
  const pad = event.target.closest?.("[data-pinpad]");
  if (!pad || !event.target.matches(".pinpad__input")) return;
  const field = event.target;
  field.value = field.value.replace(/\D/g, "");
  pad.removeAttribute("aria-invalid");
  field.removeAttribute("aria-invalid");
  pad.querySelectorAll(".pinpad__dot").forEach((dot, index) => {
    dot.classList.toggle("is-filled", index < field.value.length);
  });
  if (field.value.length === field.maxLength) field.form?.requestSubmit();
});
