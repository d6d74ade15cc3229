"use strict";
// Before anything is drawn, so that a chosen theme does not flash up in the other one.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("fitspec-theme");
  } catch (_) {
    // A browser that keeps nothing for files shows what the system has.
  }
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
})();
