/* Saves while somebody marks, and marks by the keyboard. A box with data-saves="address" holds fields with data-part;
   it is sent as JSON with the version it saw: 200 what stands, 409 both values side by side, else the findings. */
const WAIT = 400;
const box = (node) => node.closest("[data-saves]");
const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;
const waiting = new Map();

function say(one, words, bad = false) {
  const out = one.querySelector("[data-said]");
  out.textContent = words;
  out.classList.toggle("cp-finding", bad);
  out.classList.toggle("cp-saved", !bad);
}

function body(one) {
  const given = {version: Number(one.dataset.version)};
  if (one.dataset.file) given.file = one.dataset.file;
  for (const field of one.querySelectorAll("[data-part]")) {
    if (field.type === "radio") { if (field.checked) given[field.dataset.part] = field.value; }
    else given[field.dataset.part] = field.type === "checkbox" ? field.checked : field.value;
  }
  return given;
}

async function save(one) {
  clearTimeout(waiting.get(one));
  waiting.delete(one);
  // One after the other: the second would name a version the first has just left behind.
  while (one.sending) await one.sending;
  one.sending = send(one);
  const good = await one.sending;
  one.sending = null;
  return good;
}

async function send(one) {
  say(one, "保存中");
  let answer;
  try {
    answer = await fetch(one.dataset.saves, {method: "POST", headers: {"Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token()}, body: JSON.stringify(body(one))});
  } catch {
    say(one, "没有网络，还没有保存", true);
    return false;
  }
  if (answer.status === 401) {
    document.dispatchEvent(new CustomEvent("ceping:needs-login"));
    document.addEventListener("ceping:logged-in", () => save(one), {once: true});
    return false;
  }
  const told = await answer.json().catch(() => ({findings: []}));
  if (answer.ok) {
    one.dataset.version = told.version;
    for (const other of document.querySelectorAll(`[data-group="${CSS.escape(one.dataset.group ?? "none")}"]`)) other.dataset.version = told.version;
    one.dataset.stands = "yes";
    say(one, `已保存 ${told.saved}`);
    return true;
  }
  if (answer.status === 409 && told.theirs) {
    one.dataset.version = told.version;
    const theirs = Object.values(told.theirs).filter(Boolean).join("，");
    say(one, `${told.by} ${told.at} 改成了“${theirs}”。您的还在框里，再保存一次就以您的为准`, true);
    return false;
  }
  say(one, told.findings.map((finding) => `${finding.message}。${finding.remedy}`).join(" ") || "没有保存，请刷新页面再试", true);
  return false;
}

function later(one) {
  clearTimeout(waiting.get(one));
  waiting.set(one, setTimeout(() => save(one), WAIT));
  say(one, "还没有保存");
}

document.addEventListener("input", (event) => {
  const one = box(event.target);
  if (!one || !event.target.dataset.part) return;
  pressed(one);
  // A verdict or value that wants its reason is sent by its own button.
  if (one.dataset.auto) later(one);
});

document.addEventListener("click", async (event) => {
  const one = box(event.target);
  const key = event.target.closest("[data-mark]");
  if (key && one) { put(one, key.dataset.mark); return; }
  const step = event.target.closest("[data-by]");
  if (step && one) { move(one, Number(step.dataset.by)); return; }
  if (event.target.closest("[data-save]") && one) {
    event.preventDefault();
    const good = await save(one);
    const next = event.target.closest("[data-next]")?.dataset.next;
    if (good && next) location.assign(next);
  }
});

function put(one, mark) {
  one.querySelector("[data-part=mark]").value = mark;
  pressed(one);
  later(one);
}

function move(one, by) {
  const field = one.querySelector("[data-part=mark]");
  const step = Number(field.dataset.step);
  const value = Math.min(Number(field.dataset.max), Math.max(0, Math.round(Number(field.value || 0) / step + by) * step));
  put(one, String(Number(value.toFixed(4))));
}

function pressed(one) {
  const mark = one.querySelector("[data-part=mark]")?.value;
  for (const key of one.querySelectorAll("[data-mark]")) key.setAttribute("aria-pressed", String(key.dataset.mark === mark));
}

/* 0—9 marks (with 1 then 0 for ten), . adds half a step, arrows move by a step, E writes the reason, J and K turn the
   files, Enter goes on, P goes back. Nothing of it while somebody types. */
let typed = "";
document.addEventListener("keydown", (event) => {
  const one = document.querySelector("[data-desk]");
  if (!one || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape" && event.target.closest("textarea, input")) { event.target.blur(); return; }
  const typing = event.target.closest("textarea, input, select, dialog");
  if (typing && !(event.key === "Enter" && event.target.matches("[data-part=mark]"))) return;
  const press = (name) => { const node = document.querySelector(name); if (node) { event.preventDefault(); node.click(); } };
  if (event.key === "Enter" && !event.target.closest("a, button, summary")) { press("[data-save][data-next]"); return; }
  if (event.key.toLowerCase() === "p") { press("[data-go=before]"); return; }
  if (event.key.toLowerCase() === "j") { press("[data-go=next-file]"); return; }
  if (event.key.toLowerCase() === "k") { press("[data-go=last-file]"); return; }
  if (one.dataset.closed) return;
  if (event.key === "ArrowUp") { event.preventDefault(); move(one, 1); return; }
  if (event.key === "ArrowDown") { event.preventDefault(); move(one, -1); return; }
  if (event.key.toLowerCase() === "e") { event.preventDefault(); one.querySelector("textarea")?.focus(); return; }
  if (!/^[0-9.]$/.test(event.key)) return;
  event.preventDefault();
  const field = one.querySelector("[data-part=mark]");
  if (event.key === ".") { typed = `${Math.floor(Number(field.value || 0))}.`; put(one, `${typed}5`); return; }
  const more = typed + event.key;
  typed = (typed.endsWith(".") || typed === "1") && Number(more) <= Number(field.dataset.max) ? more : event.key;
  put(one, typed);
});

addEventListener("beforeunload", (event) => { if (waiting.size) event.preventDefault(); });
for (const one of document.querySelectorAll("[data-saves]")) pressed(one);
