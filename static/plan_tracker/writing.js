/* Writing a report: ways to begin, the slider, and a text that no ended session, closed tab or broken service loses. */
(() => {
  "use strict";

  const form = document.querySelector("form.report");
  if (!form) return;
  const text = form.elements.text;
  const number = form.elements.percent;
  const tell = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));

  /* 沿用並補充 and 本期無進度: the line goes below what is there already, and the cursor behind it. */
  const add = (line, end = "") => {
    if (!text.value.includes(line)) text.value = text.value.trim() ? `${text.value.trimEnd()}\n${line}` : line;
    if (end && text.value.endsWith(line)) text.value += end;
    text.focus();
    text.setSelectionRange(text.value.length, text.value.length);
    text.scrollTop = text.scrollHeight;
    tell(text);
  };
  const carry = form.querySelector("[data-carry]");
  const earlier = carry ? document.querySelector(carry.dataset.carry).innerText.trim() : "";
  carry?.addEventListener("click", (event) => { event.preventDefault(); add(earlier); });
  const nothing = form.querySelector("[data-no-progress]");
  nothing.addEventListener("click", (event) => {
    event.preventDefault();
    if (!number.value && nothing.dataset.percent) { number.value = nothing.dataset.percent; tell(number); }
    add(nothing.dataset.noProgress);
  });
  const unchanged = document.getElementById("unchanged");
  const compare = () => { unchanged.textContent = earlier && text.value.trim() === earlier ? carry.dataset.unchanged : ""; };
  text.addEventListener("input", compare);

  /* Percent and 辦理狀態 that do not fit each other are said at once, and not only when the report is sent. */
  const mismatch = document.getElementById("mismatch");
  const hold = () => {
    const status = form.querySelector("input[name=work_status]:checked")?.value;
    let words = "";
    if (number.value === "100" && status === "not_started") words = mismatch.dataset.notStarted;
    if (number.value !== "" && number.value !== "100" && status === "finished") words = mismatch.dataset.finished;
    mismatch.textContent = form.querySelector("#work-status .error") ? "" : words;
  };
  form.addEventListener("input", hold);

  /* The slider and the number are one; the delay is asked for when they say so. */
  const slider = form.querySelector(".slider");
  const range = slider.querySelector("input");
  const delay = form.querySelector("[data-when-behind]");
  slider.hidden = false;
  form.querySelector(".without-script").hidden = true;
  const show = () => {
    const percent = Math.min(Math.max(Number(number.value) || 0, 0), 100);
    range.value = percent;
    const behind = number.value !== "" && Number(form.dataset.planned) - percent >= Number(form.dataset.threshold);
    const written = [...delay.querySelectorAll("textarea, select")].some((field) => field.value.trim());
    delay.hidden = !(behind || written || delay.querySelector(".invalid"));
  };
  range.addEventListener("input", () => { number.value = range.value; show(); });
  number.addEventListener("input", show);
  show();

  /* What is written and not saved is kept in this browser, for this person and this report. */
  const PREFIX = "report ";
  const KEPT_DAYS = 30;
  const key = `${PREFIX}${form.dataset.writer} ${location.pathname}`;
  const FIELDS = ["text", "percent", "work_status", "delay_factor", "delay_reason", "remedy", "coordination", "catch_up_month"];
  const valuesNow = () => {
    const data = new FormData(form);
    const values = {};
    for (const name of FIELDS) values[name] = String(data.get(name) ?? "").replaceAll("\r\n", "\n");
    return values;
  };
  const isSame = (one, other) => one && other && FIELDS.every((name) => (one[name] ?? "") === (other[name] ?? ""));
  /* A list, the newest first: what stands here now, and what still waits for an answer. A browser may refuse to keep
     anything: then the page is as it was before there was this. */
  const keep = (entries) => {
    try {
      if (entries.length) localStorage.setItem(key, JSON.stringify(entries));
      else localStorage.removeItem(key);
    } catch { /* Nothing is kept. */ }
  };
  const kept = (name) => {
    try { return JSON.parse(localStorage.getItem(name)).filter((entry) => entry.values && entry.at); } catch { return []; }
  };
  const forgetOld = () => {
    try {
      for (const name of Object.keys(localStorage)) {
        if (!name.startsWith(PREFIX)) continue;
        const [newest] = kept(name);
        if (!newest || Date.now() - newest.at > KEPT_DAYS * 86_400_000) localStorage.removeItem(name);
      }
    } catch { /* Nothing was kept. */ }
  };

  let stored = form.hasAttribute("data-unsaved") ? null : valuesNow();
  let sent = null;
  let leaving = false;
  const MOST_OFFERS = 3;
  forgetOld();
  const waiting = kept(key).filter((entry) => !isSame(entry.values, valuesNow())).slice(0, MOST_OFFERS);
  const note = () => {
    const values = valuesNow();
    keep(isSame(values, stored) ? waiting : [{ values, at: Date.now() }, ...waiting]);
  };
  form.addEventListener("input", note);
  form.addEventListener("change", note);

  /* An autosave has saved what it sent; what was written meanwhile still waits. */
  form.addEventListener("htmx:beforeRequest", () => { sent = valuesNow(); });
  form.addEventListener("htmx:afterSwap", () => {
    if (form.querySelector(".saved.problem")) return;
    stored = sent;
    note();
  });
  window.addEventListener("beforeunload", (event) => { if (!leaving && !isSame(valuesNow(), stored)) event.preventDefault(); });
  form.addEventListener("submit", (event) => { if (!event.defaultPrevented) { note(); leaving = true; } });
  window.addEventListener("pageshow", () => { leaving = false; });

  /* What was kept is offered, one after the other, and never put over what stands in the form. */
  const offer = document.getElementById("kept");
  const ask = () => {
    const [entry] = waiting;
    offer.hidden = !entry;
    if (!entry) return;
    const when = new Date(entry.at);
    const minutes = String(when.getMinutes()).padStart(2, "0");
    offer.querySelector("[data-when]").textContent = ` ${when.getMonth() + 1}月${when.getDate()}日 ${when.getHours()}:${minutes} `;
    offer.querySelector("[data-text]").innerText = entry.values.text || "（辦理情形空白）";
  };
  offer.querySelector("[data-restore]").addEventListener("click", () => {
    const { values } = waiting.shift();
    for (const name of FIELDS) {
      const field = form.elements[name];
      if (field) field.value = values[name] ?? "";
    }
    ask();
    show();
    compare();
    text.focus();
    tell(text);
  });
  offer.querySelector("[data-discard]").addEventListener("click", () => { waiting.shift(); note(); ask(); text.focus(); });
  keep(stored ? waiting : [{ values: valuesNow(), at: Date.now() }, ...waiting]);
  ask();
})();
