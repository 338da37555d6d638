// Saving while somebody types. A unit is a field or a row: it knows where it is saved and which revision it saw.
// What is typed lies on this device until the server has it: a network that fails, a log-in that expires and a closed
// page lose nothing. Nobody else's words are ever overwritten: the server answers 409 and the reader chooses.
const PAUSE = 900;
export const AGAIN = 5000;
const root = document.getElementById("part");
const state = document.getElementById("saved");
const units = new Map();
let needsLogin = false, onSaved = () => {};

export const prefix = `ceping:draft:${root.dataset.reader}:${root.dataset.entry}:`;
export const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;

export async function send(url, body) {
  return fetch(url, {
    method: "POST",
    headers: {"Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token()},
    body: JSON.stringify(body),
    redirect: "manual",
  });
}

export function say(text, kind) {
  state.textContent = text;
  state.dataset.state = kind;
}

export function whenSaved(call) { onSaved = call; }
export const unsaved = () => [...units.values()].filter((unit) => unit.dirty || unit.sending);
export const unitOf = (element) => units.get(element.closest("[data-unit]"));

export class Unit {
  constructor(element) {
    this.element = element;
    this.dirty = this.sending = false;
    units.set(element, this);
    element.addEventListener("input", () => this.changed(PAUSE));
    element.addEventListener("change", () => this.changed(0));
    this.restore();
  }

  get url() { return this.element.dataset.unit; }
  get isRow() { return this.element.matches("tr"); }
  get key() { return prefix + this.url; }
  get inputs() { return [...this.element.querySelectorAll("input[name], textarea[name], select[name]")]; }

  get value() {
    if (this.isRow) {
      const values = {};
      for (const one of this.inputs) if (one.value.trim()) values[one.name] = one.value;
      const {fixed, fixedValue} = this.element.dataset;
      if (fixed && !(fixed in values) && Object.keys(values).length) values[fixed] = fixedValue;
      return values;
    }
    const boxes = this.inputs.filter((one) => one.type === "checkbox");
    if (boxes.length) return boxes.filter((one) => one.checked).map((one) => one.value);
    const radios = this.inputs.filter((one) => one.type === "radio");
    return radios.length ? radios.find((one) => one.checked)?.value ?? "" : this.inputs[0].value;
  }

  set value(value) {
    for (const one of this.inputs) {
      if (one.type === "checkbox") one.checked = value.includes(one.value);
      else if (one.type === "radio") one.checked = one.value === value;
      else one.value = this.isRow ? value[one.name] ?? "" : value;
    }
    this.inputs[0]?.dispatchEvent(new Event("counted"));
  }

  changed(pause) {
    this.dirty = true;
    this.keep();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), pause);
  }

  keep() {
    try {
      localStorage.setItem(this.key, JSON.stringify({value: this.value, revision: Number(this.element.dataset.revision)}));
    } catch { /* a full or closed store: the page itself still holds what was typed, and the leave guard stands */ }
  }

  restore() {
    const kept = localStorage.getItem(this.key);
    if (!kept) return;
    const {value, revision} = JSON.parse(kept);
    if (JSON.stringify(value) === JSON.stringify(this.value)) { localStorage.removeItem(this.key); return; }
    this.value = value;
    this.element.dataset.revision = revision;
    this.changed(0);
  }

  async save() {
    if (!this.dirty || this.sending || needsLogin || this.element.querySelector("[data-conflict]")) return;
    clearTimeout(this.timer);
    const value = this.value;
    this.dirty = false;
    this.sending = true;
    say("正在保存", "saving");
    try {
      await this.heard(await send(this.url, {value, revision: Number(this.element.dataset.revision)}), value);
    } catch {
      this.later("网络断开，已留在本机，恢复后自动保存");
    } finally {
      this.sending = false;
    }
    if (this.dirty && !needsLogin && state.dataset.state !== "local") this.save();
  }

  async heard(answer, value) {
    if (answer.status === 401) {
      needsLogin = true;
      this.dirty = true;
      say("登录已过期。刚才填的都在，重新登录后接着填", "local");
      document.dispatchEvent(new CustomEvent("ceping:needs-login"));
      return;
    }
    const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : null;
    if (answer.ok && told) return this.stands(told);
    if (answer.status === 409 && told) return this.conflict(told, value);
    if (told) return this.refused(told);
    if (answer.status === 403 && !this.renewed) {
      // The form's token may be older than the log-in: a fresh page has the new one.
      this.renewed = true;
      await renew();
      this.dirty = true;
      return undefined;
    }
    return this.later("暂时存不上，已留在本机，稍后自动再存");
  }

  stands(told) {
    this.element.dataset.revision = told.revision;
    this.renewed = false;
    if (!this.dirty) localStorage.removeItem(this.key);
    this.element.querySelector("[data-refused]")?.remove();
    say(`已保存 ${told.saved}`, "saved");
    onSaved(this);
  }

  refused(told) {
    this.element.querySelector("[data-refused]")?.remove();
    const line = document.createElement("p");
    line.className = "cp-finding";
    line.dataset.refused = "";
    line.textContent = told.findings.map((one) => `${one.message}。${one.remedy}。`).join("");
    (this.isRow ? this.element.querySelector(".st") : this.element).append(line);
    say("没有保存，见标出的一处；填的内容留在本机", "local");
  }

  later(words) {
    this.dirty = true;
    say(words, "local");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), AGAIN);
  }

  conflict(told, mine) {
    const band = document.getElementById("conflict").content.firstElementChild.cloneNode(true);
    const who = told.own ? `您在另一个窗口（${told.at}）` : `${told.by}（${told.at}）`;
    const shown = (value) => this.words(value) || "（空）";
    band.querySelector("[data-who]").textContent = `${who}也改了${this.isRow ? "这一行" : "这一格"}，请选用一个`;
    band.querySelector("[data-take=theirs]").textContent = `${told.own ? "那边的" : "对方的"}：${shown(told.theirs)}`;
    band.querySelector("[data-take=mine]").textContent = `这里的：${shown(mine)}`;
    band.addEventListener("click", (event) => {
      const take = event.target.closest("[data-take]")?.dataset.take;
      if (!take) return;
      (this.isRow ? band.closest("tr") ?? band : band).remove();
      this.element.dataset.revision = told.revision;
      if (take === "theirs") this.value = told.theirs;
      else this.value = mine;
      this.changed(0);
    });
    if (this.isRow) this.element.querySelector(".st").append(band);
    else this.element.append(band);
    say("有一处两边都改了，请选用一个", "local");
    band.querySelector("button").focus({preventScroll: false});
  }

  words(value) {
    if (this.isRow) {
      return this.inputs.map((one) => named(one, value[one.name] ?? "")).filter(Boolean).join("，");
    }
    const chosen = Array.isArray(value) ? value : [value];
    const labels = this.inputs.filter((one) => ["checkbox", "radio"].includes(one.type));
    if (labels.length) return labels.filter((one) => chosen.includes(one.value)).map((one) => one.parentElement.textContent.trim()).join("、");
    return named(this.inputs[0], String(value));
  }
}

function named(input, value) {
  return input.matches("select") ? [...input.options].find((one) => one.value === value)?.textContent ?? value : value;
}

// The same page once more from the server; answers its document, and takes its fresh form token.
export async function renew() {
  const answer = await fetch(location.href, {headers: {"HX-Request": "true"}});
  if (!answer.ok) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[name=csrfmiddlewaretoken]");
  if (fresh) document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((one) => { one.value = fresh.value; });
  return page;
}

export function saveAll() {
  return Promise.all(unsaved().map((unit) => unit.save()));
}

document.addEventListener("ceping:logged-in", async () => {
  needsLogin = false;
  await renew();
  saveAll();
});
window.addEventListener("online", saveAll);
// The empty line's first words count as well: they lie here under their own name.
const lines = () => Object.keys(localStorage).some((key) => key.startsWith(`${prefix}new:`));
window.addEventListener("beforeunload", (event) => { if (unsaved().length || lines()) event.preventDefault(); });
document.addEventListener("visibilitychange", () => { if (document.hidden) saveAll(); });
