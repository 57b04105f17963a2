// Work that takes seconds says so, and cannot be started twice. Without this script the forms work all the same.
"use strict";

for (const form of document.querySelectorAll("form[data-busy]")) {
  form.addEventListener("submit", (event) => {
    if (form.classList.contains("busy")) {
      event.preventDefault();
      return;
    }
    form.classList.add("busy");
    const status = document.createElement("p");
    status.className = "busy-words";
    status.setAttribute("role", "status");
    status.append(document.createElement("progress"), " " + form.dataset.busy);
    form.append(status);
  });
}

// A file that is too large is told before it is sent: the server would cut it off after minutes of sending.
for (const input of document.querySelectorAll("input[type=file][data-largest]")) {
  input.addEventListener("change", () => {
    const isTooLarge = [...input.files].some((file) => file.size > Number(input.dataset.largest));
    input.setCustomValidity(isTooLarge ? input.dataset.tooLarge : "");
    input.reportValidity();
  });
}

// A figure leads to its list, which may be folded.
const unfold = () => {
  const list = document.getElementById(location.hash.slice(1));
  if (list instanceof HTMLDetailsElement) list.open = true;
};
window.addEventListener("hashchange", unfold);
unfold();

// Coming back with the browser's back button shows the page as it was left.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) {
    for (const words of document.querySelectorAll(".busy-words")) words.remove();
    for (const form of document.querySelectorAll("form.busy")) form.classList.remove("busy");
  }
});
