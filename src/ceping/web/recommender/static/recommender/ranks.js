// Ranks: Alt with an arrow moves the row the reader is in, as its buttons do; a number and Enter moves it there.
// The number there is marked, so that what is typed takes its place.
document.addEventListener("focusin", (event) => {
  if (event.target.matches("[data-rank] input[name=to]")) event.target.select();
});
document.querySelector("[data-moved] input[name=to]")?.focus();

document.addEventListener("keydown", (event) => {
  if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  const row = event.target.closest("[data-rank]");
  const button = row?.querySelector(`[data-step="${event.key === "ArrowUp" ? "up" : "down"}"]`);
  if (button && !button.disabled) {
    event.preventDefault();
    button.click();
  }
});
