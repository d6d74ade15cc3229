"use strict";
// The matrix: filters, folding, and the address that tells what is seen.
(() => {
  const table = document.getElementById("matrix");
  if (!table) return;
  const form = document.getElementById("filters");
  const count = document.getElementById("count");
  const hiding = new CSSStyleSheet();
  const sticking = new CSSStyleSheet();
  document.adoptedStyleSheets = [hiding, sticking];

  const columns = [...form.elements.namedItem("column").length === undefined
    ? [form.elements.namedItem("column")] : form.elements.namedItem("column")];
  const addresses = columns.map((box) => box.value);
  const cellsOf = (row) => [...row.cells].slice(1, 1 + columns.length);
  let shown = columns.map(() => true);

  // Read once: what is in the table does not change, only what of it is seen.
  const groups = [];
  const clauses = [];
  const ofGroup = (row, above) => {
    const cells = cellsOf(row);
    const button = row.querySelector("button");
    return { row, button, cells, told: cells.map((cell) => cell.lastElementChild.textContent), members: [], open: true, above };
  };
  const everything = ofGroup(table.querySelector(".total"), null);
  everything.members = clauses;
  for (const tbody of table.querySelectorAll("tbody.method")) {
    let topic = null;
    let method = null;
    for (const row of tbody.rows) {
      if (row.className === "clause") {
        const cells = cellsOf(row).map((cell) => cell.firstElementChild);
        const near = topic && topic.row.dataset.topic === row.dataset.topic ? topic : method;
        const member = {
          row,
          kinds: cells.map((item) => item.className),
          text: `${row.id} ${row.querySelector(".sentence").textContent}`.toLowerCase(),
          level: row.dataset.level,
          profiles: row.dataset.profiles.split(" "),
          turns: cells.map((item) => item.dataset.since || ""),
          since: row.querySelector(".since"),
          signs: cells.map((item) => (item.className === "unseen" ? "" : item.textContent)),
          above: near,
          matching: true,
          counted: true,
        };
        clauses.push(member);
        method.members.push(member);
        if (near !== method) near.members.push(member);
        continue;
      }
      const group = ofGroup(row, method);
      groups.push(group);
      if (method) topic = group;
      else method = group;
    }
  }

  const checked = (name) =>
    [...form.querySelectorAll(`[name=${name}]:checked`)].map((box) => box.value);

  let filtered = "";

  function filter() {
    const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const profile = form.elements.profile.value;
    const levels = new Set(checked("level"));
    const verdicts = new Set(checked("verdict"));
    const differ = form.elements.differ.checked;
    const chosen = new Set(checked("column"));
    shown = addresses.map((address) => chosen.has(address));
    for (const clause of clauses) {
      clause.counted =
        levels.has(clause.level) &&
        (!profile || clause.profiles.includes(profile)) &&
        words.every((word) => clause.text.includes(word));
      clause.matching =
        clause.counted &&
        (!verdicts.size || clause.kinds.some((kind, place) => shown[place] && verdicts.has(kind))) &&
        (!differ || new Set(clause.signs.filter((sign, place) => sign && shown[place])).size > 1);
    }
    tellSince();
    draw();
    filtered = address(null);
    remember();
  }

  function draw() {
    let total = 0;
    for (const clause of clauses) {
      let open = true;
      for (let group = clause.above; group; group = group.above) open = open && group.open;
      clause.row.hidden = !(clause.matching && open);
      if (clause.matching) total += 1;
    }
    for (const group of groups) {
      const any = group.members.some((clause) => clause.matching);
      group.row.hidden = !(any && (!group.above || group.above.open));
      group.button.setAttribute("aria-expanded", String(group.open));
      tellShares(group);
    }
    tellShares(everything);
    hiding.replaceSync(shown
      .map((yes, place) => (yes ? "" : `.matrix tr > :nth-child(${place + 2}) { display: none }`))
      .join("\n"));
    const columnCount = shown.filter(Boolean).length;
    const of = total === clauses.length ? "" : `${total} of `;
    const plural = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;
    count.textContent = total
      ? `${of}${plural(clauses.length, "clause")}, ${plural(columnCount, "implementation")}.`
      : "No clause matches these filters.";
    keys.keepReachable();
  }

  // Since when the newest version that is seen does as it does, where all that is seen is of one
  // family: of several there would be several answers.
  function tellSince() {
    const seen = columns.flatMap((box, place) => (shown[place] ? [place] : []));
    const families = new Set(seen.map((place) => columns[place].dataset.family));
    const told = families.size === 1 && !families.has(undefined);
    table.classList.toggle("with-since", told);
    if (!told) return;
    for (const clause of clauses) clause.since.textContent = clause.turns[seen[seen.length - 1]];
  }

  // Of the clauses that the filters leave, but for those on verdicts, which would leave few passes.
  function tellShares(group) {
    const judged = (kind) => !["observed", "unseen", "unavailable"].includes(kind);
    const counted = group.members.filter((clause) => clause.counted);
    group.cells.forEach((cell, place) => {
      const kinds = counted.map((clause) => clause.kinds[place]).filter(judged);
      const passed = kinds.filter((kind) => kind === "pass").length;
      const told = kinds.length ? `${passed} of ${kinds.length} passed` : "no verdict";
      if (group.told[place] === told) return;
      group.told[place] = told;
      const [share, unseen] = cell.children;
      share.textContent = kinds.length ? `${Math.floor((100 * passed) / kinds.length)}%` : "";
      unseen.textContent = told;
    });
  }

  function setOpen(groupsToSet, open) {
    for (const group of groupsToSet) group.open = open;
    draw();
  }

  // What is seen stands in the address, so that a link to it can be sent.
  function remember(cell = opened()) {
    const hash = address(cell);
    // The address of a row stays until there is more to say.
    if (!hash && !location.hash.includes("=")) return;
    if (hash !== location.hash) history.replaceState(null, "", hash || location.pathname + location.search);
  }

  function address(cell) {
    const kept = new URLSearchParams();
    if (form.elements.text.value) kept.set("text", form.elements.text.value);
    if (form.elements.profile.value) kept.set("profile", form.elements.profile.value);
    const levels = checked("level");
    if (levels.length < form.querySelectorAll("[name=level]").length) {
      (levels.length ? levels : [""]).forEach((level) => kept.append("level", level));
    }
    checked("verdict").forEach((verdict) => kept.append("verdict", verdict));
    if (form.elements.differ.checked) kept.set("differ", "yes");
    const chosen = checked("column");
    if (chosen.length < columns.length) {
      (chosen.length ? chosen : [""]).forEach((column) => kept.append("column", column));
    }
    if (cell) kept.set("cell", cell);
    const text = kept.toString().replaceAll("%2F", "/");
    return text ? `#${text}` : "";
  }

  const given = () =>
    new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
  const opened = () => given().get("cell");

  function recall(first = false) {
    const kept = given();
    form.elements.text.value = kept.get("text") || "";
    form.elements.profile.value = kept.get("profile") || "";
    form.elements.differ.checked = kept.get("differ") === "yes";
    for (const name of ["level", "verdict", "column"]) {
      const values = kept.getAll(name);
      for (const box of form.querySelectorAll(`[name=${name}]`)) {
        box.checked = values.length ? values.includes(box.value) : name !== "verdict";
      }
    }
    // Opening a cell changes nothing else.
    if (first || address(null) !== filtered) filter();
    const cell = kept.get("cell");
    if (cell) open(cell);
    else panel.close();
    const row = !location.hash.includes("=") && document.getElementById(location.hash.slice(1));
    if (row && row.className === "clause") row.scrollIntoView({ block: "center" });
  }

  const panel = window.fitspec.panel({
    // Whoever looks at one cell wants no other one that took longer to load.
    isWanted: (cell) => opened() === cell,
    closed: () => remember(null),
  });

  function open(cell) {
    const [id, place] = cell.split("/");
    if (addresses.includes(place) && clauses.some((item) => item.row.id === id)) panel.open(id, place);
  }

  const keys = window.fitspec.keys(table, (place) => shown[place]);

  table.addEventListener("click", (event) => {
    const fold = event.target.closest(".fold");
    if (fold) {
      const group = groups.find((item) => item.button === fold);
      setOpen([group], !group.open);
      return;
    }
    const link = event.target.closest("td > a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const place = link.parentElement.cellIndex - 1;
    location.hash = address(`${link.closest("tr").id}/${addresses[place]}`);
  });

  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  const onClick = (id, action) => document.getElementById(id).addEventListener("click", action);
  onClick("fold", () => setOpen(groups, false));
  onClick("unfold", () => setOpen(groups, true));
  onClick("clear", () => {
    form.reset();
    table.classList.remove("with-sentences");
    filter();
  });
  const all = (yes) => () => {
    for (const box of columns) box.checked = yes;
    filter();
  };
  form.addEventListener("click", (event) => {
    const family = event.target.closest(".family");
    if (!family) return;
    for (const box of columns) box.checked = box.dataset.family === family.value;
    filter();
  });
  onClick("all-columns", all(true));
  onClick("no-columns", all(false));
  const sentences = document.getElementById("sentences");
  sentences.addEventListener("change", () => {
    table.classList.toggle("with-sentences", sentences.checked);
  });

  // The method that one is in stays in sight below the heading.
  const measure = () => {
    const top = `top: ${table.tHead.offsetHeight}px`;
    sticking.replaceSync(`.method .group { ${top} }`);
  };
  measure();
  window.addEventListener("resize", measure);

  window.addEventListener("hashchange", () => recall());
  // Where there is little room, the matrix comes first.
  const box = document.getElementById("box");
  box.hidden = false;
  box.open = matchMedia("(min-width: 45rem)").matches;
  document.getElementById("hint").hidden = false;
  recall(true);
})();
