/* Small help on every page; nothing depends on it. */
(() => {
  "use strict";

  /* A menu closes when one clicks elsewhere or presses Escape. */
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) { menu.open = false; menu.querySelector("summary").focus(); }
  });

  /* One press, one request: a second press of the same button does nothing until the answer is there. */
  const PATIENCE = 15000;
  const unlock = (form) => {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button[data-locked]")) { button.disabled = false; delete button.dataset.locked; }
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.hasAttribute("hx-get") || form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    setTimeout(() => {
      for (const button of form.querySelectorAll("button:not([type=button], [disabled])")) { button.disabled = true; button.dataset.locked = "yes"; }
    });
    /* No event tells that an answer does not come (stopped, or a network that swallows it): the page is still here then. */
    setTimeout(() => unlock(form), PATIENCE);
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) unlock(form);
  });

  /* A search while one types. Delegated: after a step back htmx has put another form in the place of this one. */
  const TYPING_PAUSE = 400;
  let pause = 0;
  let asked = null;
  const isSearch = (field) => field instanceof HTMLInputElement && field.name === "q" && field.form?.hasAttribute("hx-get");
  const typed = (event) => {
    /* ㄍ, ㄍㄤ, ㄍㄤˇ are no words yet: an input method says when it has made one. */
    if (event.isComposing || !isSearch(event.target)) return;
    const field = event.target;
    clearTimeout(pause);
    pause = setTimeout(() => {
      asked = field.value;
      field.dispatchEvent(new CustomEvent("typed", { bubbles: true }));
    }, TYPING_PAUSE);
  };
  document.addEventListener("input", typed);
  document.addEventListener("compositionstart", () => clearTimeout(pause));
  document.addEventListener("compositionend", typed);
  document.addEventListener("change", (event) => {
    if (!isSearch(event.target)) return;
    clearTimeout(pause);
    /* Leaving the field asks nothing that was not asked while typing. */
    if (asked === event.target.value) event.stopPropagation();
  }, true);

  /* One entry in the history for one word, whatever was asked on the way to it. */
  let typing = false;
  document.addEventListener("htmx:beforeHistoryUpdate", (event) => {
    const { history: update, requestConfig } = event.detail;
    const byTyping = requestConfig.triggeringEvent?.type === "typed";
    const isSame = update.path === location.pathname + location.search;
    if (isSame || (byTyping && typing)) update.type = "replace";
    typing = byTyping;
  });
  window.addEventListener("popstate", () => { typing = false; asked = null; });

  /* Copy a text that is ready to be pasted. */
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const source = document.querySelector(button.dataset.copy);
      source.select();
      try { await navigator.clipboard.writeText(source.value); } catch { document.execCommand("copy"); }
      button.textContent = "已複製";
    });
  }

  /* Browsers print by themselves; the button only saves looking for the menu, so it needs the script. */
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  /* The demonstration's accounts are one press away. */
  for (const button of document.querySelectorAll("[data-fill-username]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      document.getElementById("id_username").value = button.dataset.fillUsername;
      document.getElementById("id_password").value = button.dataset.fillPassword;
      document.querySelector("form.login button").focus();
    });
  }

  /* A file may be dropped where it can be chosen. */
  for (const drop of document.querySelectorAll("[data-drop]")) {
    const input = drop.querySelector("input[type=file]");
    for (const kind of ["dragover", "dragleave", "drop"]) {
      drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.toggle("over", kind === "dragover"); });
    }
    drop.addEventListener("drop", (event) => {
      if (!event.dataTransfer.files.length) return;
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
      input.focus();
    });
    /* Beside the box, the browser would open the file and leave the page. */
    for (const kind of ["dragover", "drop"]) document.addEventListener(kind, (event) => event.preventDefault());
  }

  /* Text that is not saved yet is not lost by one wrong click. */
  for (const form of document.querySelectorAll("form[data-guard]")) {
    let changed = false;
    form.addEventListener("input", () => { changed = true; });
    form.addEventListener("submit", (event) => { if (!event.defaultPrevented) changed = false; });
    form.addEventListener("htmx:afterSwap", () => { changed = Boolean(form.querySelector(".saved.problem")); });
    window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  }

  /* What is too long is told while one writes; nothing is cut. */
  const NEAR = 0.9;
  const grouped = (number) => number.toLocaleString("zh-TW");
  for (const field of document.querySelectorAll("[data-limit]")) {
    const limit = Number(field.dataset.limit);
    const counter = document.createElement("span");
    counter.className = "counter";
    counter.setAttribute("role", "status");
    field.after(counter);
    const count = () => {
      /* As people count, and as the server does: 𠮷 is one character. */
      const length = [...field.value.trim()].length;
      const over = length - limit;
      counter.classList.toggle("over", over > 0);
      if (over > 0) counter.textContent = `已有 ${grouped(length)} 個字，超過 ${grouped(over)} 個字；最多 ${grouped(limit)} 個字，請縮短後再送。`;
      else counter.textContent = length >= limit * NEAR ? `已有 ${grouped(length)} 個字，還可以寫 ${grouped(-over)} 個字。` : "";
    };
    field.addEventListener("input", count);
    count();
  }

  /* What a browser kept of a report that is saved by now: see writing.js. */
  for (const message of document.querySelectorAll("[data-saved]")) {
    try { localStorage.removeItem(`report ${message.dataset.saved}`); } catch { /* Nothing was kept. */ }
  }
})();

// Browsers print by themselves; the button only saves looking for the menu, so it needs the script.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
