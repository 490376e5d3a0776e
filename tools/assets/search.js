// Titles as one types: the service is asked when the typing pauses, and only the answer to the last question is shown.
"use strict";
(() => {
  const field = document.getElementById("q"), list = document.getElementById("found");
  const PAUSE = 80;
  let asked = "", timer = 0;

  const hide = () => { list.hidden = true; };

  const show = papers => {
    list.replaceChildren(...papers.map(paper => {
      const item = document.createElement("li"), link = document.createElement("a");
      link.href = "/papers/" + encodeURIComponent(paper.id);
      link.textContent = paper.title;
      link.dir = "auto";
      item.append(link);
      return item;
    }));
    list.hidden = papers.length === 0;
  };

  const ask = async () => {
    const words = field.value.trim();
    if (words === asked)
      return;
    asked = words;
    if (words.length < 2)
      return hide();
    try {
      const answer = await fetch("/v1/titles?limit=8&q=" + encodeURIComponent(words));
      const found = answer.ok ? (await answer.json()).papers : [];
      if (words === asked)
        show(found);
    } catch {
      hide(); // without the service the form still works when it is back
    }
  };

  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE); });
  field.form.addEventListener("keydown", event => {
    const links = [...list.querySelectorAll("a")], at = links.indexOf(document.activeElement);
    if (event.key === "Escape") {
      hide();
      field.focus();
    } else if (!list.hidden && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const next = at + (event.key === "ArrowDown" ? 1 : -1);
      (next < 0 ? field : links[Math.min(next, links.length - 1)]).focus();
      event.preventDefault();
    }
  });
  document.addEventListener("click", event => { if (!field.form.contains(event.target)) hide(); });
})();
