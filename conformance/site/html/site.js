"use strict";
// What all pages have: the choice of colours, and buttons that copy a script.
(() => {
  const label = document.querySelector(".theme");
  const theme = document.getElementById("theme");
  label.hidden = false;
  theme.value = document.documentElement.dataset.theme || "";
  theme.addEventListener("change", () => {
    if (theme.value) document.documentElement.dataset.theme = theme.value;
    else delete document.documentElement.dataset.theme;
    try {
      if (theme.value) localStorage.setItem("fitspec-theme", theme.value);
      else localStorage.removeItem("fitspec-theme");
    } catch (_) {
      // It holds for this page only.
    }
  });

  async function copied(pre) {
    try {
      await navigator.clipboard.writeText(pre.textContent);
      return true;
    } catch (_) {
      // Pages opened from a file have no clipboard in some browsers.
      const field = document.createElement("textarea");
      field.value = pre.textContent;
      field.className = "unseen";
      pre.after(field); // beside it: a panel keeps the keyboard to itself
      field.select();
      const done = document.execCommand("copy");
      field.remove();
      return done;
    }
  }

  function revealButtons(within) {
    for (const button of within.querySelectorAll("[data-copy]")) button.hidden = false;
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const done = await copied(button.closest(".script").querySelector("pre"));
    button.focus();
    button.textContent = done ? "Copied" : "Press Ctrl+C";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
  revealButtons(document);
  window.fitspec = { revealButtons };
})();
