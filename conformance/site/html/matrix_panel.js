"use strict";
// The panel that a cell of the matrix opens. What it shows is loaded when it is first asked for: a
// page in a folder may load a script, but may not fetch.
(() => {
  const contents = new Map();
  const waiting = new Map();
  window.fitspecCell = (id, content) => {
    contents.set(id, content);
  };

  function load(id) {
    if (contents.has(id)) return Promise.resolve(contents.get(id));
    if (!waiting.has(id)) {
      waiting.set(id, new Promise((resolve) => {
        const script = document.createElement("script");
        script.src = `cells/${encodeURIComponent(id)}.js`;
        script.addEventListener("load", () => resolve(contents.get(id)));
        script.addEventListener("error", () => {
          waiting.delete(id);
          resolve(null);
        });
        document.head.append(script);
      }));
    }
    return waiting.get(id);
  }

  function links(id, address) {
    const list = document.createElement("p");
    list.className = "links";
    for (const [text, to] of [
      ["Page of the clause", `clauses/${id}.html#${address}`],
      ["Page of the implementation", `implementations/${address}.html`],
      ["Link to this cell", `#cell=${id}/${address}`],
    ]) {
      const link = document.createElement("a");
      link.textContent = text;
      link.href = to;
      list.append(link);
    }
    return list;
  }

  // `isWanted(cell)` tells whether that cell is still the one to be shown; `closed()` is called
  // when a person has closed the panel.
  window.fitspec.panel = ({ isWanted, closed }) => {
    const panel = document.getElementById("panel");
    const title = document.getElementById("panel-title");
    const body = document.getElementById("panel-body");

    function fill(id, address, content) {
      const found = content && content.cells[address];
      const part = (html) => {
        const block = document.createElement("div");
        block.innerHTML = html; // made by the templates, which escape
        body.append(block);
      };
      title.textContent = found ? `${id} on ${found.name}` : id;
      body.replaceChildren();
      if (found) {
        part(`<p>${found.verdict}</p>`);
        part(content.facts);
        part(found.text);
      } else {
        part("<p>What belongs here could not be loaded.</p>");
      }
      body.append(links(id, address));
      window.fitspec.revealButtons(body);
    }

    async function open(id, address) {
      const content = await load(id);
      if (!isWanted(`${id}/${address}`)) return;
      fill(id, address, content);
      if (!panel.open) panel.showModal();
      panel.scrollTop = 0;
      title.focus();
    }

    function close() {
      if (panel.open) panel.close();
    }

    panel.addEventListener("close", closed);
    panel.addEventListener("click", (event) => {
      if (event.target === panel) close(); // beside it
    });
    document.getElementById("close").addEventListener("click", close);
    return { open, close };
  };
})();
