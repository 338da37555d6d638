// Dialogs opened and closed by buttons, a press that is sent once, and the print button.
for (const button of document.querySelectorAll("[data-opens]")) {
  button.addEventListener("click", () => {
    const form = button.dataset.checks ? document.getElementById(button.dataset.checks) : null;
    if (!form || form.reportValidity()) document.getElementById(button.dataset.opens).showModal();
  });
}
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
  if (event.target.closest("[data-print]")) window.print();
});
// The server takes one press for one submission anyway; this only keeps the page calm.
for (const button of document.querySelectorAll("[data-once]")) {
  button.form.addEventListener("submit", () => { button.disabled = true; });
}
