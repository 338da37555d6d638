// What the page does beyond being read and drawn: bars, links into closed parts, sorting and filtering, paper.
// Bars of an institution: its share, and the median of its category as a line.
const SVG = "http://www.w3.org/2000/svg";
function bullets(details) {
  if (details.dataset.bars) return;
  details.dataset.bars = "1";
  const one = DATA.institutions[Number(details.dataset.i)], peers = DATA.peers[one.category] || {};
  const rows = details.querySelectorAll(".items tbody tr");
  Object.keys(one.scores).forEach((key, at) => {
    if (!(key in one.shares)) return;
    const svg = document.createElementNS(SVG, "svg");
    const part = (x, y, w, h, fill) => {
      const rect = document.createElementNS(SVG, "rect");
      for (const [name, value] of Object.entries({ x, y, width: w, height: h, fill })) rect.setAttribute(name, value);
      svg.append(rect);
    };
    for (const [name, value] of Object.entries({ class: "bullet", width: 84, height: 12, viewBox: "0 0 84 12", preserveAspectRatio: "none", "aria-hidden": "true" })) svg.setAttribute(name, value);
    part(0, 3, 84, 6, "#ebe8df");
    part(0, 3, (84 * Math.min(Number(one.shares[key]), 100)) / 100, 6, ACT);
    if (peers[key]) part(Math.min((84 * Number(peers[key][2])) / 100, 82), 0, 2, 12, MARK);
    rows[at].cells[5].prepend(svg);
  });
}
for (const details of document.querySelectorAll(".inst")) details.addEventListener("toggle", () => { if (details.open) bullets(details); });

// A link into a closed part opens it, also where the browser does not by itself.
function reveal() {
  const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  const details = target && target.closest("details");
  if (details && !details.open) { details.open = true; details.scrollIntoView(); }
}
addEventListener("hashchange", reveal);
document.addEventListener("click", (event) => { if (event.target.closest('a[href^="#"]')) setTimeout(reveal); });
reveal();

// Sorting: a button in every head of the ranking; what has no number stands last either way.
const table = document.getElementById("t-ranking"), body = table.tBodies[0], heads = [...table.tHead.rows[0].cells];
const shown = (row, at) => row.cells[at].firstChild ? row.cells[at].firstChild.textContent.trim() : "";
function sort(at, down) {
  const numeric = heads[at].classList.contains("n");
  const key = (row) => { const text = shown(row, at); return text === "—" || text === "" ? null : numeric ? parseFloat(text) : text; };
  const compare = (a, b) => (numeric ? a - b : a.localeCompare(b, "zh-Hans-CN"));
  const rows = [...body.rows].map((row) => [key(row), row]);
  rows.sort(([a], [b]) => (a === null ? (b === null ? 0 : 1) : b === null ? -1 : down ? compare(b, a) : compare(a, b)));
  body.append(...rows.map(([, row]) => row));
  heads.forEach((head, other) => (other === at ? head.setAttribute("aria-sort", down ? "descending" : "ascending") : head.removeAttribute("aria-sort")));
}
heads.forEach((head, at) => {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...head.childNodes);
  button.addEventListener("click", () => sort(at, head.getAttribute("aria-sort") === "ascending"));
  head.append(button);
});
heads[0].setAttribute("aria-sort", "ascending");

// Filtering the ranking.
const [byName, byCategory, byGrade, count] = ["f-name", "f-category", "f-grade", "f-count"].map((id) => document.getElementById(id));
function filter() {
  const name = byName.value.trim().toLowerCase();
  let left = 0;
  for (const row of body.rows) {
    const fits = (!name || shown(row, 1).toLowerCase().includes(name)) && (!byCategory.value || shown(row, 2) === byCategory.value) && (!byGrade.value || shown(row, 4) === byGrade.value);
    row.hidden = !fits;
    if (fits) left += 1;
  }
  count.textContent = `显示 ${left} 家，共 ${body.rows.length} 家`;
}
for (const control of [byName, byCategory, byGrade]) control.addEventListener("input", filter);
document.getElementById("f-clear").addEventListener("click", () => { byName.value = byCategory.value = byGrade.value = ""; filter(); byName.focus(); });
filter();

// Paper: every part open, every chart drawn at the width of the sheet.
const PAPER = { radar: [272, 200], bins: [330, 260], boxes: [330, 380], rules: [680, 400] };
function onPaper(box) {
  const [width, height] = PAPER[box.dataset.chart] || [680];
  const chart = draw(box);
  chart.resize({ width, height: height || parseInt(box.style.height, 10) });
  chart.getZr().flush();
}
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details:not([open])")) { details.dataset.closed = "1"; details.open = true; }
  for (const details of document.querySelectorAll(".inst")) bullets(details);
  for (const box of boxes) { onPaper(box); }
});
addEventListener("afterprint", () => {
  for (const details of document.querySelectorAll("details[data-closed]")) { details.open = false; delete details.dataset.closed; }
  for (const box of boxes) drawn.get(box).resize({ width: "auto", height: "auto" });
});
