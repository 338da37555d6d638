// Many files at once: each goes by itself with its own progress, so that one bad file or a broken line loses no other.
const form = document.querySelector("[data-upload]");
const AT_ONCE = 2;

if (form) {
  const list = form.querySelector("[data-progress]");
  const chosen = form.querySelector("[data-files]");
  const drop = form.querySelector("[data-drop]");
  // Read anew for each file: a new log-in has a new one.
  const token = () => form.querySelector("[name=csrfmiddlewaretoken]").value;
  const waiting = [];
  let going = 0;
  let came = 0;
  let shut = false;

  const said = (row, text, kind = "") => { row.querySelector("small").textContent = text; row.dataset.kind = kind; };

  const line = (file) => {
    const row = document.createElement("li");
    row.className = "cp-item";
    row.innerHTML = '<span class="t"><b></b><small></small><progress class="cp-bar" max="100" value="0"></progress></span>';
    row.querySelector("b").textContent = file.name;
    row.querySelector("progress").setAttribute("aria-label", file.name);
    said(row, "等待上传");
    list.append(row);
    return row;
  };

  const again = (file, row, item) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-line btn-sm";
    button.textContent = "再传一次";
    button.addEventListener("click", () => { button.remove(); said(row, "等待上传"); waiting.push([file, row, item]); next(); });
    row.append(button);
  };

  const send = (file, row, item) => new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${form.action}?item=${encodeURIComponent(item)}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("X-CSRFToken", token());
    request.setRequestHeader("X-File-Name", encodeURIComponent(file.name));
    request.setRequestHeader("Accept", "application/json");
    request.upload.onprogress = (event) => {
      row.querySelector("progress").value = (event.loaded / event.total) * 100;
      said(row, event.loaded < event.total ? `${Math.round((event.loaded / event.total) * 100)}%` : "正在检查");
    };
    request.onload = () => {
      row.querySelector("progress").value = 0;
      row.querySelector("progress").hidden = request.status !== 503;
      let told = {};
      try { told = JSON.parse(request.responseText); } catch { /* a page of an error: told below */ }
      if (request.status === 200) {
        came += 1;
        const where = told.item ? `第 ${told.item} 项` : "未归入清单";
        said(row, told.new ? `已保存到${where}：${told.name}${told.reason ? `（${told.reason}）` : ""}` : `${where}里已有这份文件，没有重复保存`, "ok");
      } else if (request.status === 503) {
        said(row, "正在上传的人多，排队中，轮到就自动上传");
        setTimeout(() => { waiting.push([file, row, item]); next(); }, 3000 + Math.random() * 2000);
      } else if (request.status === 401) {
        said(row, "登录已过期。重新登录后接着上传");
        waiting.push([file, row, item]);
        shut = true;
        document.dispatchEvent(new CustomEvent("ceping:needs-login"));
      } else if (told.findings) {
        said(row, told.findings.map((one) => `${one.message}。${one.remedy}`).join("；"), "seal");
      } else { said(row, "服务器没有收下，请再传一次", "seal"); again(file, row, item); }
      done();
    };
    request.onerror = () => { said(row, "网络断开，没有传完，没有保存", "seal"); again(file, row, item); done(); };
    request.send(file);
  });

  const renew = async (polled = false) => {
    const answer = await fetch(location.href, { headers: { Accept: "text/html", "HX-Request": "true", ...(polled && { "X-Polling": "1" }) } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-items]");
    if (fresh) document.querySelector("[data-items]").replaceWith(fresh);
    const title = page.querySelector("h1");
    if (title) document.querySelector("h1").textContent = title.textContent;
  };

  const next = async () => {
    while (!shut && going < AT_ONCE && waiting.length) {
      const [file, row, item] = waiting.shift();
      going += 1;
      send(file, row, item).then(async () => {
        going -= 1;
        if (!going && !waiting.length && came) { came = 0; await renew(); watch(); }
        next();
      });
    }
  };

  const take = (files) => {
    const item = form.querySelector("[data-item]").value;
    for (const file of files) waiting.push([file, line(file), item]);
    next();
  };

  // Scans are converted beside the page; it is looked at now and then until none is left.
  const watch = () => {
    if (document.querySelector("[data-settling]")) setTimeout(async () => { await renew(true); watch(); }, 3000);
  };

  document.addEventListener("ceping:logged-in", () => { shut = false; next(); });
  form.querySelector("[data-send]").addEventListener("click", (event) => {
    event.preventDefault();
    if (chosen.files.length) { take([...chosen.files]); chosen.value = ""; } else chosen.focus();
  });
  for (const kind of ["dragenter", "dragover"]) drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("over"); });
  for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => { event.preventDefault(); take(event.dataTransfer.files); });
  window.addEventListener("beforeunload", (event) => { if (going || waiting.length) event.preventDefault(); });
  watch();
}
