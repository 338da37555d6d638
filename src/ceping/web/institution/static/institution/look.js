// What is chosen shows at once beside the form: the colour of the head, the order of the blocks.
const form = document.querySelector("[data-look]");
const banner = document.querySelector("[data-banner]");
const list = document.querySelector("[data-blocks]");
const themes = [...form.elements.theme].map((one) => one.value);

form.addEventListener("change", () => {
  banner.classList.remove(...themes);
  banner.classList.add(form.elements.theme.value);
  const places = [...form.querySelectorAll("[data-block]")].map((one, n) => [Number(one.value), n, one.dataset.block]);
  places.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  for (const [, , name] of places) list.append(list.querySelector(`[data-name="${name}"]`));
  if (form.elements.no_banner) banner.classList.toggle("pic", !form.elements.no_banner.checked);
});
