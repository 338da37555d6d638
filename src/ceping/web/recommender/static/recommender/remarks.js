// Remarks: a cell of the report, or a suggestion, becomes a new remark bound to its place; the button counts them.
const list = document.querySelector("[data-remarks]");

if (list) {
  const model = list.querySelector("template");
  const count = document.querySelectorAll("[data-remark-count]");
  const marks = new Map();

  const filled = () => [...list.querySelectorAll("[data-remark]")].filter((one) => one.querySelector("textarea").value.trim());
  // What the return opens is said before it is sent; the server reads the same places.
  const opened = document.querySelector("[data-opened]");
  const tell = () => {
    const words = new Set(filled().map((one) => one.querySelector("select").selectedOptions[0].dataset.opens));
    const all = words.has(list.dataset.everything);
    opened.querySelector("[data-opened-none]").hidden = words.size > 0;
    opened.querySelector("[data-opened-all]").hidden = !all;
    opened.querySelector("[data-opened-some]").hidden = all || !words.size;
    opened.querySelector("[data-opened-list]").textContent = [...words].join("；");
  };
  const renumber = () => {
    marks.forEach((mark) => mark.remove());
    marks.clear();
    [...list.querySelectorAll("[data-remark]")].forEach((one, index) => {
      one.querySelector("[data-number]").textContent = String(index + 1);
      const place = one.querySelector("select").value;
      const cell = document.querySelector(`[data-place="${CSS.escape(place)}"]`);
      if (!cell || !one.querySelector("textarea").value.trim()) return;
      const mark = document.createElement("span");
      mark.className = "cp-zhu";
      mark.textContent = String(index + 1);
      cell.prepend(mark);
      marks.set(one, mark);
    });
    count.forEach((one) => { one.textContent = String(filled().length); });
    tell();
  };
  const add = (place, text) => {
    let one = [...list.querySelectorAll("[data-remark]")].find((some) => !some.querySelector("textarea").value.trim());
    if (!one) {
      list.append(model.content.cloneNode(true));
      one = list.querySelector("[data-remark]:last-of-type");
    }
    const select = one.querySelector("select");
    if (![...select.options].some((option) => option.value === place)) {
      const option = new Option(document.querySelector(`[data-place="${CSS.escape(place)}"]`)?.dataset.name ?? place, place);
      option.dataset.opens = option.textContent;
      select.append(option);
    }
    select.value = place;
    const area = one.querySelector("textarea");
    if (text) area.value = text;
    renumber();
    area.focus();
  };

  document.addEventListener("click", (event) => {
    const cell = event.target.closest("[data-about]");
    if (cell) add(cell.dataset.about, cell.dataset.text ?? "");
    const usual = event.target.closest("[data-usual]");
    if (usual) {
      const area = list.querySelector("[data-remark]:focus-within textarea") ?? [...list.querySelectorAll("textarea")].at(-1);
      area.value += usual.dataset.usual;
      area.focus();
      renumber();
    }
    const gone = event.target.closest("[data-gone]");
    if (gone) {
      const one = gone.closest("[data-remark]");
      if (list.querySelectorAll("[data-remark]").length > 1) one.remove();
      else one.querySelector("textarea").value = "";
      renumber();
    }
    if (event.target.closest("[data-more]")) add("whole:", "");
  });
  list.addEventListener("input", renumber);
  renumber();
}
