/* A formula that is wider than its place is set anew: each reason goes under its line, the left side
   onto a line of its own, and long lines are broken before a relation or a sign that stands outside
   of all brackets. What is still too wide is set smaller. */
(() => {
  "use strict";
  const COMPILED = 20; // from this state on MathJax reads the formula again
  const SMALLEST = 0.6;
  const MANY = 12; // breaks of one formula
  const LONG = 14; // signs of a line that may be broken
  const REASON = /&&\s*(\\text\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})/g;
  const FIRST_ROW = /(\\begin\{aligned\})([^&]*)&/;
  const IN_ROWS = /^((?:\\begin\{(?:split|aligned)\}\s*)+)(.*?)((?:\s*\\end\{(?:split|aligned)\})+)$/s;

  const reasonsBelow = (tex) => tex.replace(REASON, "\\\\ & \\quad {\\small $1}");
  const leftSideAbove = (tex) => tex.replace(FIRST_ROW, "$1 & $2 \\\\ & \\quad ");

  /* The signs of a line, with the depth of brackets at which they stand. */
  const TOKEN =
    /\\(?:begin|end)\{\w+\}|\\(?:left|right)(?![a-zA-Z])\s*(?:\\[a-zA-Z]+|\\?.)|\\[a-zA-Z]+|\\.|:=|\S/gs;
  const OPENS = /^(?:\\begin\{.*|\\left(?![a-zA-Z]).*|\\lvert|\\lVert|\\\{|[{([])$/s;
  const CLOSES = /^(?:\\end\{.*|\\right(?![a-zA-Z]).*|\\rvert|\\rVert|\\\}|[})\]])$/s;
  const tokens = (tex) => {
    let depth = 0;
    return [...tex.matchAll(TOKEN)].map(({ 0: token, index }) => {
      if (CLOSES.test(token)) depth -= 1;
      const found = { token, index, depth };
      if (OPENS.test(token)) depth += 1;
      return found;
    });
  };

  const rows = (tex) => {
    const ends = tokens(tex).filter(({ token, depth }) => token === "\\\\" && depth === 0);
    const places = [0, ...ends.map(({ index }) => index + 2)];
    return places.map((place, n) => tex.slice(place, ends[n]?.index));
  };

  /* Where a line can be broken: rank 0 before a relation or a condition, rank 1 before a sign. */
  const RELATION = /^(?::?=|<|>|\\le|\\ge|\\ne|\\quad)$/;
  const breaks = (row) => {
    let before = "";
    const found = [];
    for (const { token, index, depth } of tokens(row)) {
      if (depth === 0 && before && !RELATION.test(before)) {
        if (RELATION.test(token)) found.push({ index, rank: 0 });
        else if (/^[+-]$/.test(token)) found.push({ index, rank: 1 });
      }
      if (!/^[&{}]$/.test(token) && (before || token !== "\\quad")) before = token;
    }
    return found;
  };
  const length = (row) => tokens(row).filter(({ token }) => !/^(?:[{}&^_]|\\quad)$/.test(token)).length;

  /* Break the longest line that can be broken, as near to its middle as may be. */
  const brokenOnce = (tex) => {
    const [, head, body, tail] = tex.trim().match(IN_ROWS) ?? ["", "\\begin{aligned} ", tex, " \\end{aligned}"];
    const all = rows(body);
    const long = all.filter((row) => length(row) > LONG && breaks(row).length > 0);
    const [row] = long.sort((one, other) => length(other) - length(one));
    if (row === undefined) return tex;
    const far = ({ index, rank }) => rank * row.length + Math.abs(index - row.length / 2);
    const [{ index }] = breaks(row).sort((one, other) => far(one) - far(other));
    const first = row.trim().startsWith("&") ? "" : "& ";
    all.splice(all.indexOf(row), 1, first + row.slice(0, index), ` & \\quad {} ${row.slice(index)}`);
    return head + all.join("\\\\") + tail;
  };

  const share = ({ typesetRoot: box }) => box.clientWidth / box.scrollWidth;
  const tooWide = (item) => share(item) < 0.995;

  const fit = (item) => {
    for (const change of [reasonsBelow, leftSideAbove, ...Array(MANY).fill(brokenOnce)]) {
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

  /* Fractions in two lines, one under the other, must not touch. */
  const apart = ({ data }) =>
    data.root.walkTree((node) => {
      if (node.isKind("mtable") && node.attributes.get("displaystyle")) {
        node.attributes.set("rowspacing", "0.6em");
      }
    });

  /* A formula in a sentence takes its size from the letters around it: these have to be there. */
  if (window.MathJax) {
    const letters = () => document.fonts.load("1em 'Source Serif 4'").catch(() => {});
    MathJax.startup = {
      ready: () => {
        MathJax.startup.defaultReady();
        MathJax.startup.document.inputJax[0].postFilters.add(apart);
      },
      pageReady: () => letters().then(() => MathJax.startup.defaultPageReady()),
    };
  }

  window.addEventListener("load", () => {
    if (window.MathJax?.startup.promise) {
      MathJax.startup.promise.then(() => document.fonts.ready).then(fitAll);
    }
  });
})();
