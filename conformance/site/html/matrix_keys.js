"use strict";
// The matrix is one stop of the Tab key; within it, the arrow keys move from cell to cell.
(() => {
  // `isShown(place)` tells whether the column of an implementation is seen.
  window.fitspec.keys = (table, isShown) => {
    const rows = [...table.rows];
    const inRow = rows.map((row) => [...row.cells].map((cell) => cell.querySelector("a, button")));
    const placeOf = new Map();
    inRow.forEach((items, line) => items.forEach((item, place) => {
      if (!item) return;
      placeOf.set(item, [line, place]);
      item.tabIndex = -1;
    }));
    let current = null;

    const usable = (line, place) =>
      inRow[line][place] && !rows[line].hidden && (place === 0 || isShown(place - 1));

    function makeCurrent(item) {
      if (current) current.tabIndex = -1;
      current = item;
      if (current) current.tabIndex = 0;
    }

    function keepReachable() {
      if (!placeOf.size) return;
      if (current && usable(...placeOf.get(current))) return;
      const line = rows.findIndex((row, number) => number > 0 && usable(number, 0));
      makeCurrent(line < 0 ? null : inRow[line][0]);
    }

    function step(from, by, ends, test) {
      for (let at = from + by; at !== ends; at += by) if (test(at)) return at;
      return null;
    }

    table.addEventListener("focusin", (event) => {
      if (placeOf.has(event.target)) makeCurrent(event.target);
    });
    table.addEventListener("keydown", (event) => {
      if (!placeOf.has(event.target) || event.altKey || event.metaKey) return;
      const [line, place] = placeOf.get(event.target);
      const width = inRow[line].length;
      const across = (at) => usable(line, at);
      const along = (at) => usable(at, place);
      let next = null;
      if (event.key === "ArrowRight") next = [line, step(place, 1, width, across)];
      else if (event.key === "ArrowLeft") next = [line, step(place, -1, -1, across)];
      else if (event.key === "ArrowDown") next = [step(line, 1, rows.length, along), place];
      else if (event.key === "ArrowUp") next = [step(line, -1, -1, along), place];
      else if (event.key === "Home" && event.ctrlKey) next = [step(-1, 1, rows.length, along), place];
      else if (event.key === "End" && event.ctrlKey) next = [step(rows.length, -1, -1, along), place];
      else if (event.key === "Home") next = [line, step(-1, 1, width, across)];
      else if (event.key === "End") next = [line, step(width, -1, -1, across)];
      else return;
      event.preventDefault();
      if (next[0] !== null && next[1] !== null) inRow[next[0]][next[1]].focus();
    });

    return { keepReachable };
  };
})();
