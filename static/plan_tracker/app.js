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
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.hasAttribute("hx-get") || form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    setTimeout(() => { for (const button of form.querySelectorAll("button:not([type=button])")) button.disabled = true; });
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll("button")) button.disabled = false;
    }
  });

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
    form.addEventListener("submit", () => { changed = false; });
    form.addEventListener("htmx:afterSwap", () => { changed = Boolean(form.querySelector(".saved.problem")); });
    window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  }

  /* The bar follows the number, and the reason for delay is asked for when the number says so. */
  for (const form of document.querySelectorAll("form[data-planned]")) {
    const field = form.querySelector("input[name=percent]");
    const bar = form.querySelector(".bar .actual");
    const delay = form.querySelector("[data-when-behind]");
    const show = () => {
      const percent = Math.min(Math.max(Number(field.value) || 0, 0), 100);
      bar.setAttribute("width", (136 * percent) / 100);
      const behind = field.value !== "" && Number(form.dataset.planned) - percent >= Number(form.dataset.threshold);
      const written = [...delay.querySelectorAll("textarea")].some((area) => area.value.trim());
      delay.hidden = !(behind || written || delay.querySelector(".invalid"));
    };
    field.addEventListener("input", show);
    show();
  }
})();
