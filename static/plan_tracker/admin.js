// Select2 gives an empty choice no name that a screen reader could say; Django's admin brings Select2 along.
(() => {
  const name = () => {
    for (const box of document.querySelectorAll(".select2-selection__rendered:not([aria-label])")) {
      box.setAttribute("aria-label", "選擇");
    }
  };
  new MutationObserver(name).observe(document.body, { childList: true, subtree: true });
  name();
})();

// Browsers print by themselves; the button only saves looking for the menu, so it needs the script.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
