// The viewer's keys: arrows turn pages, plus and minus zoom; what is zoomed stays so while pages are turned.
const viewer = document.querySelector("[data-viewer]");
const STEPS = [50, 75, 100, 150, 200, 300];
const KEPT = "viewer-zoom";

if (viewer) {
  const page = viewer.querySelector("[data-page]");
  const told = viewer.querySelector("[data-zoomed]");
  let step = Number(sessionStorage.getItem(KEPT) ?? 2);

  const show = () => {
    step = Math.min(Math.max(step, 0), STEPS.length - 1);
    page.style.width = `${STEPS[step]}%`;
    page.style.maxWidth = "none";
    told.textContent = STEPS[step] === 100 ? "适合宽度" : `${STEPS[step]}%`;
    sessionStorage.setItem(KEPT, String(step));
  };
  const turn = (by) => viewer.querySelector(`[data-step="${by}"][href]`)?.click();
  const zoom = (by) => { step += by; show(); };

  viewer.addEventListener("click", (event) => {
    const button = event.target.closest("[data-zoom]");
    if (button) zoom(Number(button.dataset.zoom));
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    const act = { ArrowLeft: () => turn(-1), PageUp: () => turn(-1), ArrowRight: () => turn(1), PageDown: () => turn(1),
      "+": () => zoom(1), "=": () => zoom(1), "-": () => zoom(-1), "0": () => { step = 2; show(); } }[event.key];
    if (act) { event.preventDefault(); act(); }
  });
  show();
}
