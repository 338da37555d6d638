// Keys of the list and of one report: j and k go on and back, Enter opens; a dialog opens from the button that names it.
const typing = (target) => target.closest("input, textarea, select, dialog");

const rows = [...document.querySelectorAll("[data-rows] tbody a.cp-b")];
const along = (by) => {
  const at = rows.indexOf(document.activeElement);
  rows[Math.min(Math.max(at + by, 0), rows.length - 1)]?.focus();
};
const go = (by) => document.querySelector(`[data-go="${by}"][href]`)?.click();

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const by = { j: 1, k: -1 }[event.key];
  if (!by) return;
  event.preventDefault();
  if (rows.length) along(by);
  else go(by);
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
});
