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
        if (button.matches(".row > button")) button.hidden = ticked === 0;
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
