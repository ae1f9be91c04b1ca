/* Escape gives the check up; a second press of a button does nothing. */
const form = document.getElementById("challenge");
const [complete, fail] = form.querySelectorAll("button");
let answered = false;

form.addEventListener("submit", (event) => {
  if (answered) event.preventDefault();
  answered = true;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !answered) fail.click();
});
complete.focus();
