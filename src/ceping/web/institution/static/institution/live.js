// What the server says about the page (gaps, counts, marks) brought up to date a moment after a change is saved.
// Inputs are left alone: only slots and marks are taken from the fresh page.
import {Unit, renew, whenSaved} from "./draft.js";

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
    // What a change made wrong in a returned report can be written in from now on.
    for (const fresh of page.querySelectorAll("[data-unit]")) {
      const {row} = fresh.dataset;
      const shut = row ? document.querySelector(`tr[data-row="${row}"]`) : document.getElementById(fresh.id);
      if (!shut || shut.dataset.unit) continue;
      shut.replaceWith(fresh);
      new Unit(fresh);
    }
  }, 700);
}

whenSaved(refresh);
