/* 佐證資料: what is dropped, pasted, photographed or chosen is sent at once, one after the other. Without this the form sends it. */
(() => {
  "use strict";

  const section = document.querySelector("[data-evidence]");
  if (!section) return;
  const form = section.closest("form");
  const rows = section.querySelector("#evidence-rows");
  const chooser = section.querySelector("#evidence-files");
  const camera = section.querySelector(".camera");
  const address = section.querySelector("#evidence-address");
  const LARGEST = Number(section.dataset.largest);
  const STALLED = 120000;

  /* What was sent already must not go with the text once more. */
  chooser.removeAttribute("name");
  const isTouched = matchMedia("(pointer: coarse)").matches;
  camera.hidden = !isTouched;
  if (!isTouched) section.querySelector(".evidence-ways").textContent = "拖到這裡、貼上，或選擇檔案；可以一次好幾個";

  const sending = document.createElement("ul");
  sending.className = "evidence-sending";
  sending.setAttribute("aria-live", "polite");
  rows.after(sending);

  const WORDS = {
    0: "連線中斷，沒有附上；恢復後請再試一次。",
    204: "登入已逾時，沒有附上；請在新分頁登入，再回來附一次，文字還在這一頁。",
    403: "沒有附上：您已不屬於這個單位，或這一項已不必填報；請洽研考。",
    413: section.dataset.tooLarge,
    503: "系統暫時無法儲存（可能是儲存空間不足），沒有附上；文字與其他檔案都在。請稍後再試，或通知系統管理。",
  };
  const other = "剛才沒有成功，文字與其他檔案都在；請再試一次。";

  /* Signing in again in another tab has made a new token. */
  const renew = async () => {
    const response = await fetch(form.dataset.session, { cache: "no-store" });
    const answer = await response.json();
    if (String(answer.user) !== form.dataset.writer) return false;
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = answer.token;
    return true;
  };

  /* The rows of the answer: new ones come, others go, and in those that stay somebody may be writing. */
  const show = (html) => {
    const answer = new DOMParser().parseFromString(html, "text/html");
    rows.querySelector(".evidence-said").replaceWith(answer.querySelector(".evidence-said"));
    const list = rows.querySelector(".evidence-list");
    const fresh = [...answer.querySelectorAll(".evidence-row")];
    const kept = new Set(fresh.map((row) => row.id));
    for (const row of list.querySelectorAll(".evidence-row")) if (!kept.has(row.id)) row.remove();
    for (const row of fresh) {
      const known = document.getElementById(row.id);
      if (known) list.append(known); else list.append(row);
    }
  };

  const send = (data, { progress, request }) => new Promise((done) => {
    const xhr = new XMLHttpRequest();
    if (request) request.abort = () => xhr.abort();
    xhr.open("POST", section.dataset.evidence);
    /* Whoever is not signed in any more is told so, and not sent to a page that nobody sees. */
    xhr.setRequestHeader("HX-Request", "true");
    xhr.setRequestHeader("X-CSRFToken", form.querySelector("input[name=csrfmiddlewaretoken]").value);
    let last = Date.now();
    const watch = setInterval(() => { if (Date.now() - last > STALLED) xhr.abort(); }, 5000);
    xhr.upload.addEventListener("progress", (event) => {
      last = Date.now();
      if (progress && event.lengthComputable) progress(event.loaded / event.total);
    });
    xhr.addEventListener("loadend", () => { clearInterval(watch); done(xhr); });
    xhr.send(data);
  });

  const sendOrSay = async (data, options = {}) => {
    let xhr = await send(data, options);
    if (xhr.status === 403) {
      let again = false;
      try { again = await renew(); } catch { again = false; }
      if (again) xhr = await send(data, options);
    }
    if (xhr.status === 200) { show(xhr.responseText); return ""; }
    return WORDS[xhr.status] ?? other;
  };

  const say = (words) => {
    const said = rows.querySelector(".evidence-said");
    const line = document.createElement("p");
    line.className = "error";
    line.textContent = words;
    said.replaceChildren(line);
  };

  /* One at a time: on a slow line ten at once would all be late, and each is there when it is through. */
  let queue = Promise.resolve();
  const attach = (file, name = file.name) => {
    const item = document.createElement("li");
    const label = document.createElement("span");
    label.className = "name";
    label.textContent = name;
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", `${name} 的上傳進度`);
    const percent = document.createElement("span");
    percent.className = "hint";
    percent.textContent = "等候中";
    const stop = document.createElement("button");
    stop.type = "button";
    stop.className = "btn plain";
    stop.textContent = "取消";
    item.append(label, bar, percent, stop);
    sending.append(item);
    /* What is to be read about this file stays with it until somebody has read it: the next answer says nothing of it. */
    const tell = (words, look) => {
      bar.remove();
      percent.remove();
      stop.textContent = "知道了";
      const line = document.createElement("p");
      line.className = look;
      line.textContent = words;
      item.append(line);
      stop.addEventListener("click", () => item.remove(), { once: true });
    };
    const fail = (words) => tell(words, "error");
    if (file.size > LARGEST) { fail(`「${name}」${section.dataset.tooLarge}`); return; }
    const request = {};
    let stopped = false;
    stop.addEventListener("click", () => {
      if (!bar.isConnected) return;
      stopped = true;
      request.abort?.();
      item.remove();
    });
    queue = queue.then(async () => {
      if (stopped) return;
      const data = new FormData();
      data.append("evidence", file, name);
      const words = await sendOrSay(data, {
        request,
        progress: (part) => {
          bar.value = part;
          percent.textContent = part < 1 ? `${Math.floor(part * 100)}%` : "檢查中";
        },
      });
      if (stopped) return;
      if (words) { fail(words); return; }
      const said = [...rows.querySelectorAll(".evidence-said .error, .evidence-said .hint")];
      for (const line of said) { tell(line.textContent, line.className); line.remove(); }
      if (!said.length) item.remove();
    });
  };

  const attachAll = (files) => { for (const file of files) attach(file); };
  const taken = (input) => () => { attachAll([...input.files]); input.value = ""; };
  chooser.addEventListener("change", taken(chooser));
  const lens = camera.querySelector("input");
  lens.addEventListener("change", taken(lens));
  /* To choose a file changes nothing of the text. */
  for (const input of [chooser, lens, address]) input.addEventListener("input", (event) => event.stopPropagation());

  /* A picture from the clipboard. Cells that were copied in a spreadsheet come as text and as a picture: that is text. */
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    const now = new Date();
    const stamp = [now.getHours(), now.getMinutes(), now.getSeconds()].map((part) => String(part).padStart(2, "0")).join("");
    for (const file of files) {
      const unnamed = /^image\.\w+$/.test(file.name);
      attach(file, unnamed ? file.name.replace("image", `貼上的圖片-${stamp}`) : file.name);
    }
  });

  /* 附上 (an address), 移除 and 復原 at once. */
  section.addEventListener("click", async (event) => {
    const button = event.target.closest("button[name=intent]");
    if (!button) return;
    event.preventDefault();
    if (button.disabled) return;
    const data = new FormData();
    if (button.value === "attach") {
      if (!address.value.trim()) { address.focus(); return; }
      data.append("evidence_address", address.value);
    } else {
      data.append("intent", button.value);
    }
    button.disabled = true;
    const words = await sendOrSay(data);
    button.disabled = false;
    if (words) { say(words); return; }
    const refused = rows.querySelector(".evidence-said .error");
    if (button.value === "attach" && !refused) address.value = "";
    /* The button is gone: the next key press starts from what came of it. */
    (rows.querySelector(".evidence-said button") ?? chooser).focus({ preventScroll: true });
  });

  /* What is still on its way would be lost with the page, and cannot be attached once the report is sent. */
  const isBusy = () => Boolean(sending.querySelector("progress"));
  window.addEventListener("beforeunload", (event) => { if (isBusy()) event.preventDefault(); });
  form.addEventListener("submit", (event) => {
    if (!isBusy()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    say("檔案還在上傳，請等上傳完成，再送出或儲存。");
    rows.scrollIntoView({ block: "center" });
  }, true);
})();
