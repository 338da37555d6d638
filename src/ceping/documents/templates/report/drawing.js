// Charts are drawn when they come into sight; of many institutions forty at a time, or one category.
const drawn = new Map();

function draw(box) {
  if (!drawn.has(box)) {
    const option = KINDS[box.dataset.chart](box);
    drawn.set(box, echarts.init(box, null, { renderer: "svg" }));
    drawn.get(box).setOption(option);
  }
  return drawn.get(box);
}

function redraw(box) {
  if (drawn.has(box)) { drawn.get(box).dispose(); drawn.delete(box); }
  draw(box);
}

document.documentElement.classList.add("js");
const boxes = [...document.querySelectorAll("[data-chart]")];
const sight = new IntersectionObserver((seen) => {
  for (const one of seen) if (one.isIntersecting) { draw(one.target); sight.unobserve(one.target); }
}, { rootMargin: "300px" });
const width = new ResizeObserver((changes) => {
  for (const { target } of changes) if (drawn.has(target) && target.clientWidth) drawn.get(target).resize();
});
for (const box of boxes) { sight.observe(box); width.observe(box); }

// Whisker plots show forty at a time, or one category.
for (const tools of document.querySelectorAll("[data-for]")) {
  const box = tools.parentElement.querySelector("[data-chart]"), kind = box.dataset.chart;
  const held = DATA.institutions.filter((one) => (kind === "calls" ? one.verification : one.rank_interval));
  const label = document.createElement("label"), select = document.createElement("select");
  select.className = "form-select";
  label.append("看哪些机构", select);
  for (let from = 0; from < held.length; from += 40) select.append(new Option(`${kind === "calls" ? "按核实率" : "按名次"} ${from + 1}—${Math.min(from + 40, held.length)}`, `#${from}`));
  for (const [id, title] of DATA.categories) if (held.some((one) => one.category === id)) select.append(new Option(title, id));
  select.addEventListener("input", () => {
    const whole = select.value.startsWith("#"), from = Number(select.value.slice(1));
    box.slice = whole ? [from, from + 40] : [0, held.length];
    box.chosen = whole ? null : (one) => one.category === select.value;
    redraw(box);
  });
  tools.append(label);
}
