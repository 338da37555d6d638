/* What was typed stays in this tab while a grave act asks first who it is: kept as the form is sent, put back on its page
   after the question was answered, forgotten on any other page. Never passwords, files or what the page itself hides. */
const KEY = "ceping:typed";
const ASKS = /\/(reauthenticate|login)\//;
const LEFT = ["password", "file", "hidden", "submit", "button"];

function typed(form) {
  return [...form.elements].filter((one) => one.name && !LEFT.includes(one.type));
}

// Which of the page's forms: many lead to one address, each about somebody else.
function mark(form) {
  const about = [...form.elements].filter((one) => one.type === "hidden" && one.name !== "csrfmiddlewaretoken");
  return JSON.stringify([form.action, about.map((one) => [one.name, one.value]), typed(form).map((one) => one.name)]);
}

function stands(one) {
  if (one.type === "checkbox" || one.type === "radio") return one.checked;
  return one.multiple ? [...one.selectedOptions].map((choice) => choice.value) : one.value;
}

function putBack(one, value) {
  if (one.type === "checkbox" || one.type === "radio") one.checked = value;
  else if (one.multiple) for (const choice of one.options) choice.selected = value.includes(choice.value);
  else one.value = value;
}

export function keep(form) {
  if (ASKS.test(location.pathname)) return;
  const act = {page: location.pathname + location.search, form: mark(form), typed: typed(form).map(stands), asked: false};
  // Full or forbidden: then it is as it would be without this.
  try { sessionStorage.setItem(KEY, JSON.stringify(act)); } catch { /* nothing is kept */ }
}

/** Whether something was put back; it is on the page then, and kept no longer. */
export function restore() {
  let act = null;
  try { act = JSON.parse(sessionStorage.getItem(KEY)); } catch { return false; }
  if (!act) return false;
  if (ASKS.test(location.pathname)) {
    sessionStorage.setItem(KEY, JSON.stringify({...act, asked: true}));
    return false;
  }
  sessionStorage.removeItem(KEY);
  if (!act.asked || act.page !== location.pathname + location.search) return false;
  const form = [...document.forms].find((one) => mark(one) === act.form);
  if (!form) return false;
  typed(form).forEach((one, place) => putBack(one, act.typed[place]));
  form.closest("details")?.setAttribute("open", "");
  const dialog = form.closest("dialog");
  if (dialog && !dialog.open) dialog.showModal();
  form.scrollIntoView({block: "center"});
  return true;
}
