/* What the pages of reporting need beyond htmx; every page works without it. */
(() => {
  "use strict";

  /* ＋ 沿用上季文字: put the earlier text where the reader may go on writing. */
  for (const button of document.querySelectorAll("[data-insert]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const field = document.querySelector(button.dataset.insert);
      const text = document.querySelector(button.dataset.from).innerText.trim();
      field.value = field.value.trim() ? `${field.value.trimEnd()}\n${text}` : text;
      field.focus();
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  /* 全部勾選. */
  for (const button of document.querySelectorAll("[data-check-all]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const boxes = [...button.form.querySelectorAll("input[type=checkbox][name=report]")];
      const every = boxes.every((box) => box.checked);
      for (const box of boxes) box.checked = !every;
      button.textContent = every ? "全部勾選" : "全部取消";
    });
  }

  /* A submission waits for the autosave that is under way: it would else be told that somebody was faster. */
  let saving = false;
  let waiting = null;
  const form = document.querySelector("form.report");
  if (!form) return;
  form.addEventListener("htmx:beforeRequest", () => { saving = true; });
  form.addEventListener("htmx:afterRequest", () => {
    saving = false;
    if (waiting) form.requestSubmit(waiting);
  });
  form.addEventListener("submit", (event) => {
    if (!saving) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting = event.submitter;
  }, true);

  /* What could not be saved is said, and the text stays where it is. */
  const say = (words) => {
    const saved = document.getElementById("saved");
    saved.classList.add("problem");
    saved.querySelector(".said").textContent = words;
  };
  const ended = "登入已逾時，文字還在這一頁。請在新分頁登入，再回來按「儲存草稿」。";
  form.addEventListener("htmx:beforeOnLoad", (event) => {
    if (!event.detail.xhr.getResponseHeader("HX-Redirect")) return;
    event.preventDefault();
    say(ended);
  });
  form.addEventListener("htmx:responseError", (event) => {
    say(event.detail.xhr.status === 403 ? ended : "剛才沒有存到，文字還在這一頁。請稍後按「儲存草稿」。");
  });
  form.addEventListener("htmx:sendError", () => say("連線中斷，文字還在這一頁。恢復後請按「儲存草稿」。"));
})();
