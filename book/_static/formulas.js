/* A derivation that is wider than its place is set anew: each reason goes under its line, then the
   left side goes onto a line of its own, and what is still too wide is set smaller. */
(() => {
  "use strict";
  const COMPILED = 20; // from this state on MathJax reads the formula again
  const SMALLEST = 0.7;
  const REASON = /&&\s*(\\text\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})/g;
  const FIRST_ROW = /(\\begin\{aligned\})([^&]*)&/;

  const reasonsBelow = (tex) => tex.replace(REASON, "\\\\ & \\quad {\\small $1}");
  const leftSideAbove = (tex) => tex.replace(FIRST_ROW, "$1 & $2 \\\\ & \\quad ");

  const share = ({ typesetRoot: box }) => box.clientWidth / box.scrollWidth;
  const tooWide = (item) => share(item) < 0.995;

  const fit = (item) => {
    for (const change of [reasonsBelow, leftSideAbove]) {
      const changed = change(item.math);
      if (changed !== item.math && tooWide(item)) {
        item.math = changed;
        item.rerender(MathJax.startup.document, COMPILED);
      }
    }
    if (tooWide(item)) {
      const place = item.typesetRoot.parentElement;
      place.style.fontSize = `${Math.max(SMALLEST, share(item)) * 100}%`;
    }
  };

  const fitAll = () => {
    for (const item of MathJax.startup.document.math) {
      if (item.display && item.typesetRoot && tooWide(item)) {
        fit(item);
      }
    }
    window.dispatchEvent(new Event("resize")); // the theme looks again for what scrolls
  };

  window.addEventListener("load", () => {
    if (window.MathJax && MathJax.startup) {
      MathJax.startup.promise.then(() => document.fonts.ready).then(fitAll);
    }
  });
})();
