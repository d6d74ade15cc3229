"use strict";
// What differs between two columns, in the groups of `fitspec diff`.
(() => {
  const KINDS = [
    ["starts to fail", "Starts to fail"],
    ["starts to pass", "Starts to pass"],
    ["fails otherwise", "Falls short before and after, otherwise"],
    ["behaves otherwise", "Behaves otherwise, where the documents leave it open"],
  ];
  const form = document.getElementById("compared");
  const before = document.getElementById("before");
  const after = document.getElementById("after");
  const count = document.getElementById("count");
  const changes = document.getElementById("changes");
  let site = null;

  function element(name, attributes, ...content) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...content);
    return made;
  }

  // Statements mark code with backticks.
  function ticked(text) {
    return text.split(/`([^`]+)`/).map((part, place) =>
      place % 2 ? element("code", {}, part) : part);
  }

  const [KIND, MARK, EXPECTED, OBSERVED] = [0, 1, 2, 3];

  function side(name, outcome, clause, address) {
    const mark = element("span", { class: `mark ${outcome[KIND]}`, "aria-hidden": "true" }, outcome[MARK]);
    const link = element("a", { href: `clauses/${clause.id}.html#${address}` }, mark, ` ${name}: ${outcome[KIND]}`);
    const block = element("div", {}, element("h4", {}, link));
    if (outcome[OBSERVED]) block.append(element("pre", {}, outcome[OBSERVED]));
    return block;
  }

  function entry(clause, from, to, columns) {
    const item = element("li", {},
      element("a", { href: `clauses/${clause.id}.html`, class: "id" }, clause.id),
      element("p", {}, ...ticked(clause.statement)));
    const expected = to[EXPECTED] || from[EXPECTED];
    if (expected) item.append(element("p", { class: "cause" }, "Expected: ", element("code", {}, expected)));
    item.append(element("div", { class: "sides" },
      side(columns[0].name, from, clause, columns[0].address),
      side(columns[1].name, to, clause, columns[1].address)));
    return item;
  }

  function show() {
    const byMethod = (items) => {
      const methods = new Map();
      for (const [clause, from, to] of items) {
        const method = clause.id.split(".")[0];
        if (!methods.has(method)) methods.set(method, element("ul", { class: "findings changes" }));
        methods.get(method).append(entry(clause, from, to, columns));
      }
      return [...methods].flatMap(([method, list]) => [element("h3", {}, method), list]);
    };
    const places = [before, after].map((choice) =>
      site.columns.findIndex((column) => column.address === choice.value));
    const columns = places.map((place) => site.columns[place]);
    const groups = new Map(KINDS.map(([kind]) => [kind, []]));
    let compared = 0;
    const alone = [0, 0];
    for (const clause of site.clauses) {
      const ends = places.map((place) => clause.at[place]);
      const [from, to] = ends.map((end) => clause.outcomes[end]);
      if (from && to) compared += 1;
      else if (from) alone[0] += 1;
      else if (to) alone[1] += 1;
      if (!from || !to) continue;
      const kind = clause.changes[ends[0]][ends[1]];
      if (kind) groups.get(kind).push([clause, from, to]);
    }
    changes.replaceChildren();
    const summary = element("ul", { class: "overview" });
    changes.append(summary);
    for (const [kind, heading] of KINDS) {
      const items = groups.get(kind);
      const id = kind.replaceAll(" ", "-");
      const told = `${items.length}: ${kind}`;
      summary.append(element("li", {}, items.length ? element("a", { href: `#${id}` }, told) : told));
      if (!items.length) continue;
      const block = element("details", { id, open: "" },
        element("summary", {}, element("h2", {}, `${heading} (${items.length})`)),
        ...byMethod(items));
      changes.append(block);
    }
    const only = columns
      .map((column, place) => (alone[place] ? ` ${alone[place]} only on ${column.name}.` : ""))
      .join("");
    count.textContent = `${compared} clauses were examined on both.${only}`;
    document.title = `${columns[0].name} to ${columns[1].name}: what changes - fitspec`;
  }

  function remember() {
    const kept = new URLSearchParams({ before: before.value, after: after.value });
    history.replaceState(null, "", `#${kept}`);
    show();
  }

  function recall() {
    const kept = new URLSearchParams(location.hash.slice(1));
    const choices = [...before.options].map((option) => option.value);
    const known = (address) => choices.includes(address);
    if (!kept.has("before") && !kept.has("after") && location.hash) return; // within the page
    const first = choices[0];
    const second = choices[1] || first;
    before.value = known(kept.get("before")) ? kept.get("before") : first;
    after.value = known(kept.get("after")) ? kept.get("after") : second;
    show();
  }

  window.fitspecOutcomes = (outcomes) => {
    site = outcomes;
    if (!before.options.length) {
      count.textContent = "No implementation could be started, so that there is nothing to compare.";
      return;
    }
    form.hidden = false;
    form.addEventListener("input", remember);
    form.addEventListener("submit", (event) => event.preventDefault());
    document.getElementById("swap").addEventListener("click", () => {
      [before.value, after.value] = [after.value, before.value];
      remember();
    });
    window.addEventListener("hashchange", recall);
    recall();
  };
})();
