/* What every page does. The contract with the desks:
   ceping:needs-login  a request was answered 401: the log-in is asked for here, what was typed stays in the page
   ceping:logged-in    the log-in stands again, tokens in the page are fresh: whoever waited sends once more
   data-ask="…"        on a form's button: asks before the form is sent; data-ask-title and data-ask-yes name the act
   data-copies="…"     copies that text
   A form is sent once: its buttons rest until the answer, and come back when the page is shown again. One that was long
   in the writing is not sent into a log-in that has ended: the log-in is asked for first, and nothing in it is lost. */
import {keep, restore} from "./kept.js";
import {standing} from "./login.js";

const ask = document.getElementById("ask");
const FRESH = 60000;
let heard = Date.now();

export function toast(words) {
  const one = document.createElement("p");
  one.className = "cp-toast";
  one.textContent = words;
  document.getElementById("toasts").append(one);
  setTimeout(() => one.remove(), 6000);
}

function asked(button) {
  document.getElementById("ask-title").textContent = button.dataset.askTitle ?? button.textContent.trim();
  document.getElementById("ask-text").textContent = button.dataset.ask;
  const yes = document.getElementById("ask-yes");
  yes.textContent = button.dataset.askYes ?? button.textContent.trim();
  yes.className = button.classList.contains("btn-seal") ? "btn btn-seal" : "btn btn-primary";
  ask.returnValue = "no";
  ask.showModal();
  return new Promise((answer) => {
    ask.addEventListener("close", () => answer(ask.returnValue === "yes"), {once: true});
  });
}

document.addEventListener("click", async (event) => {
  const copy = event.target.closest("[data-copies]");
  if (copy) {
    // On plain http in an intranet a page may not copy by itself.
    if (!navigator.clipboard) toast("浏览器不让网页复制，请选中后按 Ctrl+C");
    else await navigator.clipboard.writeText(copy.dataset.copies).then(() => toast("已复制"));
  }
  const button = event.target.closest("[data-ask]");
  if (!button || button.dataset.answered || button.disabled) return;
  event.preventDefault();
  if (button.form && !button.form.reportValidity()) return;
  if (!await asked(button)) return;
  button.dataset.answered = "yes";
  button.click();
  delete button.dataset.answered;
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.closest("dialog#login-again") || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  if (document.body.dataset.reader && Date.now() - heard > FRESH) {
    event.preventDefault();
    check(form, event.submitter);
    return;
  }
  form.dataset.sent = "yes";
  keep(form);
  // After the event: a disabled button would not be among what is sent.
  setTimeout(() => form.querySelectorAll("button:not([type=button])").forEach((one) => {
    one.disabled = true;
    one.setAttribute("aria-busy", "true");
  }));
});

// Sent once it is known that somebody is there to send it. After a log-in the button is pressed again by hand: nothing is
// done behind anybody.
async function check(form, submitter) {
  if (form.dataset.checked) return;
  form.dataset.checked = "yes";
  const found = await standing().catch(() => "");
  delete form.dataset.checked;
  if (found === "here") {
    heard = Date.now();
    form.requestSubmit(submitter);
  } else if (found) {
    document.addEventListener("ceping:logged-in", () => toast("已登录，填的都在。请再按一次"), {once: true});
    document.dispatchEvent(new CustomEvent("ceping:needs-login"));
  } else toast("网络断开，没有发出。恢复后请再按一次");
}
document.addEventListener("ceping:logged-in", () => { heard = Date.now(); });

if (restore()) toast("身份已确认，填的都在。请再按一次");

// Back from another page, or a download that left this one standing: the forms are as they were.
function rest() {
  document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll("button[aria-busy]").forEach((one) => { one.disabled = false; one.removeAttribute("aria-busy"); });
  });
}
window.addEventListener("pageshow", rest);
window.addEventListener("focus", () => setTimeout(rest, 3000));

document.body.addEventListener("htmx:responseError", (event) => {
  const {status} = event.detail.xhr;
  if (status === 401) document.dispatchEvent(new CustomEvent("ceping:needs-login"));
  else toast(status >= 500 ? "没有办成，请稍后再试" : "没有办成，请刷新页面后再试");
});
document.body.addEventListener("htmx:sendError", () => toast("网络断开，没有办成"));

// Filters are sent as they are chosen; without this script their button does it.
document.querySelectorAll("form[data-sends]").forEach((form) => {
  form.addEventListener("change", () => form.requestSubmit());
});
