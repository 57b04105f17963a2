/* What the pages of reporting need beyond htmx; every page works without it. */
(() => {
  "use strict";

  /* A list of waiting reports: the buttons say how many are ticked, and those for the ticked ones wait for a tick. */
  for (const check of document.querySelectorAll("[data-check-all]")) {
    const form = check.form;
    const boxes = [...form.querySelectorAll("input[type=checkbox][name=report]")];
    const words = form.querySelector("[data-return-ticked]");
    const show = () => {
      const ticked = boxes.filter((box) => box.checked).length;
      form.querySelector("[data-for-all]").hidden = ticked > 0;
      for (const button of form.querySelectorAll("[data-for-ticked]")) {
        button.textContent = `${button.dataset.forTicked} ${ticked} 件`;
        if (!button.matches(".row > button")) continue;
        button.hidden = ticked === 0;
        button.classList.toggle("quiet", ticked === 0);
      }
      words.hidden = ticked === 0 && !words.querySelector("textarea").value.trim();
      check.textContent = ticked === boxes.length ? "全不選" : "全選";
    };
    check.hidden = false;
    check.addEventListener("click", () => {
      const every = boxes.every((box) => box.checked);
      for (const box of boxes) box.checked = !every;
      show();
    });
    form.addEventListener("change", show);
    show();
  }

  const form = document.querySelector("form.report");
  if (!form) return;

  /* Enter in a field sends nothing: who is still writing would find the report with the head. */
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target instanceof HTMLInputElement) event.preventDefault();
  });

  /* What could not be saved is said, and the text stays where it is. */
  const say = (words, address) => {
    const saved = document.getElementById("saved");
    const said = saved.querySelector(".said");
    saved.classList.add("problem");
    said.textContent = words;
    if (!address) return;
    const link = document.createElement("a");
    link.href = address;
    link.target = "_blank";
    link.textContent = "在新分頁登入";
    said.append(link);
  };
  const ENDED = "登入已逾時，文字還在這一頁，也留在這個瀏覽器裡。請在新分頁登入，再回來按「儲存草稿」。";
  const OTHER = "這個瀏覽器現在由別人登入，沒有存檔；文字還在這一頁。請用原來的帳號登入，再回來按「儲存草稿」。";
  const NO_RIGHT = "您已不屬於這個單位，或這一項已不必填報，所以沒有存檔。文字還在這一頁，請先複製，再洽研考。";
  const OFFLINE = "連線中斷，文字還在這一頁。恢復後請按「儲存草稿」。";
  const FAILED = "剛才沒有存到，文字還在這一頁。請稍後按「儲存草稿」。";

  /* Signing in again has made a new token; true where the writer of this page is signed in, and the form can be sent. */
  const PATIENCE = 15000;
  const renew = async () => {
    let answer;
    try {
      const response = await fetch(form.dataset.session, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
      if (!response.ok) { say(FAILED); return false; }
      answer = await response.json();
    } catch { say(OFFLINE); return false; }
    if (answer.user === null) { say(ENDED, form.dataset.login); return false; }
    if (String(answer.user) !== form.dataset.writer) { say(OTHER); return false; }
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = answer.token;
    return true;
  };

  /* A submission waits for the autosave that is under way: it would else be told that somebody was faster. */
  let saving = false;
  let asking = false;
  let ready = false;
  let waiting = null;
  form.addEventListener("htmx:beforeRequest", () => { saving = true; });
  form.addEventListener("htmx:afterRequest", () => {
    saving = false;
    if (!waiting) return;
    const button = waiting;
    waiting = null;
    form.requestSubmit(button);
  });
  form.addEventListener("submit", (event) => {
    if (ready) { ready = false; return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    if (saving) { waiting = button; return; }
    if (asking) return;
    asking = true;
    renew().then((can) => {
      asking = false;
      if (!can) { document.getElementById("saved").scrollIntoView({ block: "center" }); return; }
      ready = true;
      form.requestSubmit(button);
    });
  }, true);

  form.addEventListener("htmx:beforeOnLoad", (event) => {
    if (!event.detail.xhr.getResponseHeader("HX-Redirect")) return;
    event.preventDefault();
    say(ENDED, form.dataset.login);
  });
  let retried = false;
  form.addEventListener("htmx:responseError", async (event) => {
    if (event.detail.xhr.status !== 403) { say(FAILED); return; }
    /* The session may be a new one: then the same text goes through with its token. */
    if (!(await renew())) return;
    if (retried) { say(NO_RIGHT); return; }
    retried = true;
    form.dispatchEvent(new Event("input", { bubbles: true }));
  });
  form.addEventListener("htmx:afterSwap", () => { retried = false; });
  form.addEventListener("htmx:sendError", () => say(OFFLINE));
  form.addEventListener("htmx:timeout", () => say(OFFLINE));
})();
