/* A reference to a formula shows the formula, under the mouse or when it has the focus. It stays
   while the mouse is on it, and Escape takes it away. */
(() => {
  "use strict";
  const PAUSE = 200; // ms: time to cross the gap between the reference and the formula
  const source = new URL("formulas.js", document.currentScript.src);
  const box = document.createElement("div");
  box.className = "formula-preview math";
  box.id = "formula-preview";
  let shown = null; // the reference whose formula is shown
  let waiting;

  /* The formulas of the whole book, asked for once. */
  let loading;
  const formulas = () => {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = source;
      script.onload = () => resolve(window.courseFormulas);
      script.onerror = reject;
      document.head.append(script);
    });
    return loading;
  };

  /* Below the reference, or above it where there is no room, and inside the window. */
  const place = (link) => {
    box.style.left = 0; // a box further right would be narrower
    const [at, own] = [link.getBoundingClientRect(), box.getBoundingClientRect()];
    const origin = box.offsetParent.getBoundingClientRect();
    const left = Math.min(at.left, document.documentElement.clientWidth - own.width - 8);
    const below = at.bottom + own.height + 8 < window.innerHeight;
    const top = below ? at.bottom + 4 : at.top - own.height - 4;
    box.style.left = `${Math.max(8, left) - origin.left}px`;
    box.style.top = `${top - origin.top}px`;
  };

  const hide = () => {
    clearTimeout(waiting);
    if (!shown) return;
    shown.removeAttribute("aria-describedby");
    shown = null;
    MathJax.typesetClear([box]);
    box.remove();
  };
  const show = async (link) => {
    const latex = (await formulas())[new URL(link.href).hash.slice(1)];
    await MathJax.startup.promise;
    if (!latex || !link.matches(":hover, :focus")) return;
    hide();
    shown = link;
    box.textContent = `\\[${latex}\\]`;
    box.style.visibility = "hidden";
    (link.closest("main") ?? document.body).append(box);
    await MathJax.typesetPromise([box]);
    if (shown !== link) return;
    place(link);
    box.style.visibility = "visible";
    link.setAttribute("aria-describedby", box.id);
  };
  const later = (action) => {
    clearTimeout(waiting);
    waiting = setTimeout(action, PAUSE);
  };

  for (const link of document.querySelectorAll('a[href*="#equation-"]:not(.headerlink)')) {
    link.addEventListener("focus", () => show(link));
    link.addEventListener("blur", hide);
    link.addEventListener("mouseenter", () => later(() => show(link)));
    link.addEventListener("mouseleave", () => later(hide));
  }
  box.addEventListener("mouseenter", () => clearTimeout(waiting));
  box.addEventListener("mouseleave", () => later(hide));
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
})();
