/* What a form has sent while the service was away, or after its session ended, comes back into that form, for the same
   person; nothing depends on it.

   It is kept in this tab alone, until an answer of the service is there: then the answer says what has become of it.
   The back office has it, too: there the script itself says whose page it is.
   A report has more than that: see writing.js. */
(() => {
  "use strict";

  const KEY = "sent form";
  const ownPerson = document.currentScript.dataset.person;
  const TOKEN = "csrfmiddlewaretoken";
  const put = (entry) => {
    try {
      if (entry) sessionStorage.setItem(KEY, JSON.stringify(entry));
      else sessionStorage.removeItem(KEY);
    } catch { /* Nothing is kept: the page is as it was before there was this. */ }
  };
  const kept = () => {
    try { return JSON.parse(sessionStorage.getItem(KEY)); } catch { return null; }
  };
  const entry = kept();

  const person = ownPerson ?? document.body.dataset.person ?? "";
  /* The page of a service that is away, of a session that has ended, or for signing in: what was sent last is not saved. */
  if (document.querySelector("[data-away]") || !person) {
    if (entry) put({ ...entry, failed: true });
    for (const again of document.querySelectorAll("form[data-again]")) {
      again.addEventListener("submit", () => { if (entry) put({ ...entry, failed: false }); });
    }
    return;
  }

  const place = location.pathname + location.search;
  const written = "form[data-guard], form:has(textarea), .change-form #content-main form";
  const forms = [...document.querySelectorAll(written)].filter((form) => form.method === "post" && !form.dataset.writer);
  const actionOf = (form) => form.getAttribute("action") ?? "";

  const putBack = (form, values) => {
    const left = values.map((pair) => [...pair]);
    const take = (name, isIt) => {
      const at = left.findIndex(([key, value]) => key === name && isIt(value));
      return at < 0 ? null : left.splice(at, 1)[0][1];
    };
    for (const field of form.elements) {
      if (!field.name || field.name === TOKEN || field.type === "file" || field.tagName === "BUTTON") continue;
      if (field.type === "checkbox" || field.type === "radio") field.checked = take(field.name, (value) => value === field.value) !== null;
      else if (field.type === "select-multiple") for (const one of field.options) one.selected = take(field.name, (value) => value === one.value) !== null;
      else field.value = take(field.name, () => true) ?? field.value;
    }
    /* Of rows that a script had added, which the page has not got now. */
    return left.map(([, value]) => value.trim()).filter((value) => /[^\x00-\x7f]/.test(value));
  };
  const tell = (form, homeless) => {
    const words = document.createElement("p");
    words.className = "notice";
    words.setAttribute("role", "status");
    words.append("剛才系統暫時無法使用，或登入已經逾時，沒有存檔；您寫的內容已經放回下面，請再按一次儲存。");
    if (homeless.length) words.append(`　找不到欄位的內容：${homeless.join("；")}`);
    const back = document.createElement("a");
    back.href = place;
    back.textContent = "不要這些內容";
    words.append("　", back);
    form.before(words);
    form.closest("details")?.setAttribute("open", "");
    form.dispatchEvent(new Event("input", { bubbles: true }));
    words.scrollIntoView({ block: "center" });
  };

  if (entry) {
    /* Whoever went back or loaded the page again has seen no answer of ours in between. */
    const [visit] = performance.getEntriesByType("navigation");
    const unanswered = entry.failed || visit?.type === "back_forward" || visit?.type === "reload";
    const isOurs = entry.person === person && unanswered;
    const form = forms.find((one) => entry.place === place && actionOf(one) === entry.action);
    if (isOurs && form) tell(form, putBack(form, entry.values));
    /* On another page it waits, but only what is known not to be saved. */
    if (!isOurs || form || !entry.failed) put(null);
  }

  for (const form of forms) {
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      const values = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== TOKEN);
      put({ person, place, action: actionOf(form), values });
    });
  }
})();
