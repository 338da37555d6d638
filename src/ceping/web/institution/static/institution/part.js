// A page of the report: fields and rows that save themselves, live counts, days written as the form wants them.
import {Unit} from "./draft.js";
import {follow} from "./count.js";
import "./live.js";
import "./rows.js";

for (const element of document.querySelectorAll("[data-unit]")) new Unit(element);
for (const input of document.querySelectorAll("[data-count]")) follow(input);

// 2021.5.1, 2021/5/1 and 2021年5月1日 become 2021-05-01 when the field is left.
document.addEventListener("focusout", (event) => {
  const input = event.target;
  if (!input.matches?.("input[inputmode=numeric]")) return;
  const day = input.value.trim().match(/^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/);
  if (!day) return;
  const written = `${day[1]}-${day[2].padStart(2, "0")}-${day[3].padStart(2, "0")}`;
  if (written === input.value) return;
  input.value = written;
  input.dispatchEvent(new Event("change", {bubbles: true}));
});
