/* The search: chapters before the glossary, both before the names of the packages, and under each
   place the words around what was searched for. The words of a page lie in a script (course.search),
   loaded when the page is found; so they are there from a disk, too. */
(() => {
  "use strict";
  const BEFORE = 80, LENGTH = 220; // letters of an excerpt
  const texts = new Map();
  const root = document.documentElement.dataset.content_root;
  window.courseTexts = { take: (page, sections) => texts.set(page, sections) };

  /* Returns what a page says, section by section: [anchors, words]. */
  const waiting = new Map();
  const textOf = (page) => {
    if (!waiting.has(page))
      waiting.set(page, new Promise((resolve) => {
        const script = document.createElement("script");
        script.src = `${root}texts/${page}.js`;
        script.onload = script.onerror = () => resolve(texts.get(page) ?? []);
        document.head.append(script);
      }));
    return waiting.get(page);
  };

  /* How many of the words a text has, the whole question counting for all; and where. */
  const found = (text, asked, words) => {
    const lower = text.toLowerCase(), whole = lower.indexOf(asked);
    if (whole >= 0) return { many: words.length + 1, at: whole };
    const places = words.map((word) => lower.indexOf(word)).filter((at) => at >= 0);
    return { many: places.length, at: Math.min(...places, text.length) };
  };

  /* The words around: of the section itself if it has any, else of the one that has most. */
  const excerpt = (sections, anchor, asked, words) => {
    const own = sections.filter(([anchors]) => anchor && anchors.includes(anchor.slice(1)));
    const best = (some) => some.map(([, text]) => ({ text, ...found(text, asked, words) }))
      .reduce((one, other) => (other.many > one.many ? other : one), { text: "", many: 0, at: 0 });
    const { text, at } = [own, sections].map(best).find(({ many }) => many) ??
      { text: (own[0] ?? sections[0] ?? [[], ""])[1], at: 0 };
    const start = at > BEFORE ? text.indexOf(" ", at - BEFORE) + 1 : 0;
    const end = start + LENGTH < text.length ? text.lastIndexOf(" ", start + LENGTH) : text.length;
    return `${start ? "… " : ""}${text.slice(start, end)}${end < text.length ? " …" : ""}`;
  };

  /* A title with the words, the glossary, the very name of a function, other chapters. */
  Scorer.score = ([page, title, , description, score]) => {
    const [chapter] = (page.startsWith("book/chapters/") && title.match(/\d+/)) || [];
    const exact = description && score >= Scorer.objNameMatch + Scorer.objPrio[1];
    if (exact) return 80;
    if (!chapter) return score;
    return (score >= Scorer.partialTitle ? 300 + score : 60) - chapter / 1000;
  };

  const shown = (page, anchor, title, description) => {
    const item = document.createElement("li"), link = document.createElement("a");
    link.href = `${root}${page}${DOCUMENTATION_OPTIONS.LINK_SUFFIX}${anchor}`;
    link.innerHTML = title; // the index has it as mark-up
    const said = document.createElement("p");
    said.className = "context";
    said.innerHTML = description ?? "";
    item.append(link, said);
    return [item, said];
  };

  Search.query = async (query) => {
    const [asked, terms, excluded, words, objects] = Search._parseQuery(query);
    const results = Search._performSearch(asked, terms, excluded, words, objects).reverse();
    const question = query.toLowerCase().trim();
    const listed = new Set();
    for (const [page, title, anchor, description] of results) {
      const sections = await textOf(page);
      const place = sections[0]?.[0].includes(anchor.slice(1)) ? page : page + anchor; // its title
      if (listed.has(place)) continue;
      listed.add(place);
      const [item, said] = shown(page, anchor, title, description);
      Search.output.append(item);
      if (!description) said.textContent = excerpt(sections, anchor, question, [...words]);
      for (const word of words) _highlightText(item, word, "highlighted");
    }
    _finishSearch(listed.size);
  };
})();
