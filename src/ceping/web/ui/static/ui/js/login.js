// The log-in asked for in place: what was typed stays in the page, and goes out once the log-in stands again.
const dialog = document.getElementById("login-again");
const told = document.getElementById("again-told");

function tell(words) {
  told.textContent = words;
  told.hidden = !words;
}

// Whether whoever opened this page is still logged in: "here", "nobody" or "other". The form's token belongs to the
// session; a new one has a new token, which the whole page takes over. Asked of an address of its own: that of this page
// may take posts alone. Throws where there is no network.
export async function standing() {
  const answer = await fetch(dialog.dataset.still, {headers: {Accept: "application/json"}});
  if (answer.status !== 200) return "nobody";
  const {token, reader} = await answer.json();
  if (reader !== document.body.dataset.reader) return "other";
  document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((one) => { one.value = token; });
  document.body.setAttribute("hx-headers", JSON.stringify({"X-CSRFToken": token}));
  return "here";
}

async function again() {
  const found = await standing().catch(() => "");
  if (found !== "here") {
    tell({other: "现在登录的是另一个账号。请换回原来的账号，刚才填的才接得上", nobody: "还没有登录。请登录后再按一次"}[found] ?? "网络断开，请稍后再按一次");
    return;
  }
  dialog.close();
  document.dispatchEvent(new CustomEvent("ceping:logged-in"));
}

document.addEventListener("ceping:needs-login", () => {
  if (dialog.open) return;
  tell("");
  dialog.showModal();
});

document.getElementById("again-done").addEventListener("click", again);

dialog.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  tell("");
  const form = event.target;
  // A log-in page of its own gives the token for this one post.
  const page = await fetch(form.action, {headers: {Accept: "text/html"}});
  const token = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("[name=csrfmiddlewaretoken]");
  if (!token) { await again(); return; }
  const body = new URLSearchParams(new FormData(form));
  body.set("csrfmiddlewaretoken", token.value);
  const answer = await fetch(form.action, {method: "POST", body});
  if (answer.url.includes("2fa")) {
    tell("这个账号用两步验证，请在新标签页登录，再按“已登录”");
    return;
  }
  if (!answer.ok || answer.url.endsWith(new URL(form.action).pathname)) {
    tell("登录名或密码不对，请再试一次；多次不对会暂停几分钟");
    return;
  }
  form.querySelector("[name=password]").value = "";
  await again();
});
