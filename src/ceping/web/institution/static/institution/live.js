// What the server says about the page (gaps, counts, marks) brought up to date a moment after a change is saved.
// Inputs are left alone: only slots and marks are taken from the fresh page.
import {renew, whenSaved} from "./draft.js";

let timer = 0;

export function refresh() {
  clearTimeout(timer);
  timer = setTimeout(async () => {
    const page = await renew().catch(() => null);
    if (!page) return;
    for (const slot of document.querySelectorAll("[data-slot]")) {
      const fresh = page.querySelector(`[data-slot="${CSS.escape(slot.dataset.slot)}"]`);
      if (fresh && fresh.innerHTML !== slot.innerHTML) slot.innerHTML = fresh.innerHTML;
    }
    for (const cell of document.querySelectorAll("[data-mark]")) {
      const fresh = page.querySelector(`[data-mark="${CSS.escape(cell.dataset.mark)}"]`);
      if (fresh) cell.className = fresh.className;
    }
    for (const row of document.querySelectorAll("tr[data-row]")) {
      const fresh = page.querySelector(`tr[data-row="${row.dataset.row}"]`);
      if (!fresh) continue;
      row.id = fresh.id;
      row.querySelector(".n").textContent = fresh.querySelector(".n").textContent;
    }
  }, 700);
}

whenSaved(refresh);
