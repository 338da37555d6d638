// A page that waits for work beside it looks again until the work is over; a line that broke is only tried once more.
const EVERY = 1500;

const look = async () => {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html", "HX-Request": "true", "X-Polling": "1" } });
    if (answer.status === 401) {
      document.addEventListener("ceping:logged-in", look, { once: true });
      document.dispatchEvent(new CustomEvent("ceping:needs-login"));
      return;
    }
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const main = page.querySelector("main");
      if (!page.querySelector("[data-work]")) { location.reload(); return; }
      document.querySelector("main").replaceWith(main);
    }
  } catch { /* the next look tells */ }
  setTimeout(look, EVERY);
};

if (document.querySelector("[data-work]")) setTimeout(look, EVERY);

// Ticks of a whole part at once.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-tick]");
  if (!button) return;
  const within = button.closest("[data-part]") ?? document;
  for (const box of within.querySelectorAll("input[name=take]:not(:disabled)")) {
    box.checked = button.dataset.tick === "all" || (button.dataset.tick === "new" && box.dataset.state === "new");
  }
});
