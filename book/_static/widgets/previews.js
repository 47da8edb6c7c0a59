/* A reference shows what it leads to, under the mouse or when it has the focus: a formula, a source,
   a word of the glossary, a figure of the same page. The box stays while the mouse is on it, and
   Escape takes it away. */
(() => {
  "use strict";
  const PAUSE = 200; // ms: time to cross the gap between the reference and the box
  const here = document.currentScript.src;
  const root = new URL("../../", here).pathname; // of the book
  const box = document.createElement("div");
  box.id = "formula-preview";
  let shown = null; // the reference whose box is shown
  let waiting;

  /* What the whole book can show, asked for once. */
  const loading = new Map();
  const load = (name, variable) => {
    if (!loading.has(name)) {
      loading.set(name, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = new URL(name, here);
        script.onload = () => resolve(window[variable]);
        script.onerror = reject;
        document.head.append(script);
      }));
    }
    return loading.get(name);
  };

  const formula = async (anchor) => {
    const latex = (await load("formulas.js", "courseFormulas"))[anchor];
    return latex && new Text(`\\[${latex}\\]`);
  };
  const words = async (anchor, page) => {
    const said = (await load("words.js", "courseWords"))[`${page}#${anchor}`];
    if (!said) return undefined;
    const text = document.createElement("div");
    text.innerHTML = said;
    return text;
  };
  const figure = async (anchor) => {
    const original = document.getElementById(anchor);
    if (original?.tagName !== "FIGURE") return undefined;
    const copy = original.cloneNode(true);
    copy.removeAttribute("id");
    for (const one of copy.querySelectorAll("figcaption[id]")) one.removeAttribute("id");
    for (const one of copy.querySelectorAll("[tabindex]")) one.removeAttribute("tabindex");
    for (const one of copy.querySelectorAll(".headerlink")) one.remove();
    return copy;
  };
  const KINDS = { "equation-": formula, "fig-": figure, "source-": words, "term-": words };

  const LOOKS = { "#text": "math", DIV: "tex2jax_process", FIGURE: "figure-preview" };

  /* What a reference leads to, or nothing. */
  const target = (link) => {
    const { hash, pathname } = new URL(link.href);
    const anchor = hash.slice(1);
    const kind = Object.keys(KINDS).find((prefix) => anchor.startsWith(prefix));
    return KINDS[kind](anchor, pathname.slice(root.length));
  };

  /* Below the reference, or above it where only there is room, and inside the window. */
  const place = (link) => {
    box.style.left = 0; // a box further right would be narrower
    const [at, own] = [link.getBoundingClientRect(), box.getBoundingClientRect()];
    const origin = box.offsetParent.getBoundingClientRect();
    const left = Math.min(at.left, document.documentElement.clientWidth - own.width - 8);
    const room = window.innerHeight - at.bottom;
    const below = own.height + 8 < room || at.top < room;
    const top = below ? at.bottom + 4 : at.top - own.height - 4;
    box.style.left = `${Math.max(8, left) - origin.left}px`;
    box.style.top = `${top - origin.top}px`;
  };

  const hide = () => {
    clearTimeout(waiting);
    if (!shown) return;
    shown.removeAttribute("aria-describedby");
    shown = null;
    window.MathJax?.typesetClear?.([box]);
    box.remove();
  };
  const show = async (link) => {
    const content = await target(link);
    await window.MathJax?.startup.promise;
    if (!content || !link.matches(":hover, :focus")) return;
    hide();
    shown = link;
    box.className = `formula-preview ${LOOKS[content.nodeName]}`;
    box.replaceChildren(content);
    box.style.visibility = "hidden";
    (link.closest("main") ?? document.body).append(box);
    if (content.nodeName !== "FIGURE") await window.MathJax?.typesetPromise?.([box]);
    if (shown !== link) return;
    place(link);
    box.style.visibility = "visible";
    link.setAttribute("aria-describedby", box.id);
  };
  const later = (action) => {
    clearTimeout(waiting);
    waiting = setTimeout(action, PAUSE);
  };

  const references = Object.keys(KINDS).map((prefix) => `a[href*="#${prefix}"]:not(.headerlink)`);
  for (const link of document.querySelectorAll(references.join())) {
    if (link.hash.startsWith("#source-")) link.removeAttribute("title"); // the box says it
    link.addEventListener("focus", () => show(link));
    link.addEventListener("blur", hide);
    link.addEventListener("mouseenter", () => later(() => show(link)));
    link.addEventListener("mouseleave", () => later(hide));
  }
  box.addEventListener("mouseenter", () => clearTimeout(waiting));
  box.addEventListener("mouseleave", () => later(hide));
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
})();
