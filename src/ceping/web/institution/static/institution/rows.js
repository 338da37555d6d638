// Rows of a table: typed into the empty line, taken out and brought back, pasted as a block.
import {AGAIN, Unit, prefix, say, saveAll, send, token} from "./draft.js";
import {refresh} from "./live.js";

const dialog = document.getElementById("paste");

// The empty line becomes a row with its first words, and a new empty line stands below it. Until the server has it the
// words lie on this device, as those of every other place do.
function grow(line) {
  const {fixed, fixedValue} = line.dataset, blank = line.cloneNode(true);
  const inputs = [...line.querySelectorAll("input[name], select[name]")];
  const key = `${prefix}new:${line.dataset.new}:${fixedValue ?? ""}`;
  let begun = false;
  const typed = () => Object.fromEntries(inputs.filter((one) => one.value.trim()).map((one) => [one.name, one.value]));
  const isEmpty = (values) => Object.keys(values).every((name) => name === fixed);
  const later = (words) => { begun = false; say(words, "local"); setTimeout(begin, AGAIN); };

  line.addEventListener("input", () => { if (!begun) localStorage.setItem(key, JSON.stringify(typed())); });
  line.addEventListener("change", begin);
  for (const [name, value] of Object.entries(JSON.parse(localStorage.getItem(key) ?? "{}"))) {
    const input = inputs.find((one) => one.name === name);
    if (input) input.value = value;
  }
  begin();

  async function begin() {
    const values = typed();
    if (begun || !line.isConnected || isEmpty(values)) return;
    begun = true;
    if (fixed) values[fixed] ??= fixedValue;
    say("正在保存", "saving");
    const answer = await send(line.dataset.new, {value: values}).catch(() => null);
    if (answer?.status === 401) {
      begun = false;
      say("登录已过期。刚才填的都在，重新登录后接着填", "local");
      document.addEventListener("ceping:logged-in", begin, {once: true});
      document.dispatchEvent(new CustomEvent("ceping:needs-login"));
      return;
    }
    if (!answer?.ok) {
      const told = answer?.headers.get("Content-Type")?.includes("json") ? await answer.json() : null;
      if (told) { begun = false; say(told.findings.map((one) => `${one.message}。${one.remedy}`).join(""), "local"); }
      else later("网络断开，已留在本机，恢复后自动保存");
      return;
    }
    localStorage.removeItem(key);
    const {row, revision, saved} = await answer.json();
    line.classList.remove("newrow");
    line.dataset.row = row;
    line.dataset.unit = line.dataset.new.replace(/tables\/[^/]+\/add\/$/, `rows/${row}/`);
    line.dataset.revision = revision;
    line.dataset.name = "新添的一行";
    line.querySelector(".st").innerHTML = `<span data-slot="row-${row}"></span>`;
    for (const cell of line.querySelectorAll("td:not(.n):not(.st):not(.ac)")) cell.dataset.mark = `${row}-${cell.firstElementChild.name}`;
    line.querySelector(".ac").append(remover(line.dataset.unit));
    line.after(blank);
    const unit = new Unit(line);
    say(`已保存 ${saved}`, "saved");
    if (JSON.stringify(unit.value) !== JSON.stringify(values)) unit.changed(0);
    grow(blank);
    refresh();
  }
}

function remover(url) {
  const button = document.createElement("button");
  Object.assign(button, {type: "button", className: "btn btn-quiet btn-sm", textContent: "删除"});
  button.dataset.remove = `${url}remove/`;
  button.dataset.restore = `${url}restore/`;
  return button;
}

async function remove(button) {
  const row = button.dataset.of ? document.querySelector(`tr[data-row="${button.dataset.of}"]`) : button.closest("tr");
  const answer = await send(button.dataset.remove, {}).catch(() => null);
  if (answer?.status === 401) document.dispatchEvent(new CustomEvent("ceping:needs-login"));
  if (!answer?.ok) { say("没有删除，请稍后再试", "local"); return; }
  const told = await answer.json();
  // Not among the rows of this page: the pair goes once the page is brought up to date.
  if (!row) { say(`已删除${button.dataset.name}　${told.saved}`, "saved"); refresh(); return; }
  const line = document.createElement("tr");
  line.innerHTML = `<td class="n"></td><td colspan="${row.children.length - 1}" class="cp-undo">已删除${row.dataset.name} <button type="button" class="btn btn-quiet btn-sm">撤销</button></td>`;
  line.querySelector("button").addEventListener("click", async () => {
    const back = await send(button.dataset.restore, {}).catch(() => null);
    if (!back?.ok) { say("没有恢复，请稍后再试", "local"); return; }
    row.dataset.revision = (await back.json()).revision;
    line.replaceWith(row);
    refresh();
  });
  row.replaceWith(line);
  line.querySelector("button").focus();
  say(`已删除，可撤销　${told.saved}`, "saved");
  refresh();
}

function openPaste(url, text = "", column = "", fixed = "") {
  dialog.dataset.column = column;
  look(url, {text, column, fixed, look: "1"});
}

async function look(url, fields) {
  const body = fields instanceof FormData ? fields : Object.entries(fields).reduce((form, [key, value]) => (form.append(key, value), form), new FormData());
  body.set("csrfmiddlewaretoken", token());
  const answer = await fetch(url, {method: "POST", body, headers: {"HX-Request": "true"}}).catch(() => null);
  if (!answer) { say("网络断开，没有收，恢复后请再贴一次", "local"); return; }
  if (answer.status === 401) {
    document.addEventListener("ceping:logged-in", () => look(url, fields), {once: true});
    document.dispatchEvent(new CustomEvent("ceping:needs-login"));
    return;
  }
  if (answer.headers.get("Content-Type")?.includes("json")) {
    dialog.close();
    const table = url.split("/").at(-3);
    const search = `?t=${table}&page=last`;
    if (location.search === search) location.reload();
    else location.assign(`${location.pathname}${search}#t-${table}`);
    return;
  }
  dialog.innerHTML = await answer.text();
  if (!dialog.open) dialog.showModal();
}

dialog.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target, body = new FormData(form, event.submitter);
  body.set("column", dialog.dataset.column ?? "");
  if (event.submitter?.name === "instead") body.set("take", "1");
  if (body.get("take")) await saveAll();
  look(form.dataset.pasteForm, body);
});
dialog.addEventListener("click", (event) => { if (event.target.closest("[data-closes]")) dialog.close(); });

document.addEventListener("click", (event) => {
  const removing = event.target.closest("[data-remove]"), pasting = event.target.closest("[data-paste]");
  if (removing) remove(removing);
  if (pasting) openPaste(pasting.dataset.paste);
});

document.addEventListener("paste", (event) => {
  const cell = event.target.closest?.(".cp-edit input, .cp-edit select"), text = event.clipboardData?.getData("text/plain") ?? "";
  if (!cell || !/[\t\n]/.test(text.trim())) return;
  event.preventDefault();
  const row = cell.closest("tr"), table = cell.closest("[data-table]:not(tr)");
  const button = table.querySelector("[data-paste]");
  if (button) openPaste(button.dataset.paste, text, cell.name, row.dataset.fixedValue ?? "");
  else say("这张表没有整表退回，不能粘贴多行", "local");
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches?.(".cp-edit input")) return;
  event.preventDefault();
  const row = event.target.closest("tr").nextElementSibling;
  row?.querySelector(`[name="${CSS.escape(event.target.name)}"]`)?.focus();
});

for (const line of document.querySelectorAll("[data-new]")) grow(line);
