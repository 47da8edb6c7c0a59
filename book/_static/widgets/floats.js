/* Softmax in three kinds of numbers: what overflows, what vanishes, and what the shift saves. */
courseWidget("floats", (widget) => {
  "use strict";
  const { html, svg, fixed, show } = courseWidget;
  const CLASSES = [0, 1, 2];
  const RULER = { width: 320, height: 120, left: 20, right: 300, middle: 55 };
  const EXAMPLES = [[123, 456, 789], [1000, 0, -1000], [0, -90, -110], [12, 5, -10], [2, 1, 0]];

  /* Round to half precision: to the nearest mark of the ruler, from half way to the even one.
     Below the smallest normal number the marks lie at a fixed distance. */
  const view = new DataView(new ArrayBuffer(8));
  const half = (value) => {
    if (value === 0 || !Number.isFinite(value)) return value;
    view.setFloat64(0, value);
    const exponent = ((view.getUint16(0) >> 4) & 0x7ff) - 1023;
    const mark = 2 ** (Math.max(exponent, -14) - 10);
    const below = Math.floor(value / mark);
    const rest = value / mark - below;
    const rounded = (rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below) * mark;
    return Math.abs(rounded) > 65504 ? Math.sign(value) * Infinity : rounded;
  };
  courseWidget.half = half; // the tests compare it with NumPy's

  /* As NumPy does it, half precision computes in single precision and rounds the result. */
  const TYPES = {
    float16: { round: (x) => half(Math.fround(x)), largest: 65504, smallest: 2 ** -24 },
    float32: { round: Math.fround, largest: (2 - 2 ** -23) * 2 ** 127, smallest: 2 ** -149 },
    float64: { round: (x) => x, largest: Number.MAX_VALUE, smallest: Number.MIN_VALUE },
  };

  const range = { min: -1000, max: 1000, step: 1, digits: 0 };
  const scores = CLASSES.map((k) =>
    widget.slider("scores", `score of class ${k + 1}`, { ...range, value: EXAMPLES[0][k] }),
  );
  const names = Object.keys(TYPES).reverse().map((name) => [name, name]);
  const type = widget.select("dtype", "kind of number", names);
  const shift = widget.checkbox("shift", "subtract the largest score", false);
  const row = widget.row();
  html("span", {}, row, "Scores to try:");
  for (const example of EXAMPLES) {
    widget.button(example.map((score) => fixed(score, 0)).join(", "), () => {
      scores.forEach((score, k) => score.set(example[k]));
      widget.changed();
    }, row);
  }

  const softmaxIn = ({ round }, z, shifted) => {
    const largest = Math.max(...z);
    const exponents = shifted ? z.map((each) => round(each - largest)) : z;
    const add = (terms) => terms.reduce((total, term) => round(total + term));
    const e = exponents.map((each) => round(Math.exp(each)));
    const total = add(e);
    const p = e.map((each) => round(each / total));
    const gaps = z.map((each) => round(each - largest));
    const others = gaps.filter((_, k) => k !== z.indexOf(largest));
    const logTotal = round(Math.log1p(add(others.map((gap) => round(Math.exp(gap))))));
    return {
      exponents, e, total, p,
      logs: p.map((each) => round(Math.log(each))),
      direct: gaps.map((gap) => round(gap - logTotal)),
    };
  };

  /* The ruler: where the exponential is a usable number, and where the three exponents are. */
  const ruler = widget.canvas(RULER.width, RULER.height, "Exponents beside what the type can hold");
  const layer = svg("g", {}, ruler);
  const drawRuler = ({ largest, smallest }, exponents) => {
    const [low, high] = [Math.log(smallest) - Math.log(2), Math.log(largest)];
    const ends = [Math.min(low, ...exponents), Math.max(high, ...exponents)];
    const x = (value) =>
      RULER.left + ((value - ends[0]) / (ends[1] - ends[0])) * (RULER.right - RULER.left);
    const text = (at, y, content) =>
      svg("text", { x: at, y, "text-anchor": "middle" }, layer, content);
    layer.replaceChildren();
    const line = { x1: RULER.left - 15, x2: RULER.right + 15, y1: RULER.middle, y2: RULER.middle };
    svg("line", { ...line, class: "stroke-red widget-arrow" }, layer);
    const band = { x: x(low), width: x(high) - x(low), y: RULER.middle - 12, height: 24 };
    svg("rect", { ...band, class: "fill-sky" }, layer);
    const usable = `${fixed(low, 0)} to ${fixed(high, 0)}`;
    text(RULER.width / 2, RULER.middle + 32, `the exponential is usable from ${usable}`);
    text(RULER.left + 25, RULER.middle + 54, "← vanishes");
    text(RULER.right - 25, RULER.middle + 54, "overflows →");
    exponents.forEach((exponent, k) => {
      const fits = exponent >= low && exponent <= high;
      const dot = { cx: x(exponent), cy: RULER.middle, r: 6 };
      svg("circle", { ...dot, class: fits ? "fill-blue" : "fill-red" }, layer);
      text(x(exponent), RULER.middle - 20 - 13 * (k % 2), String(k + 1));
    });
  };

  const cells = widget.table(
    ["", "class 1", "class 2", "class 3"],
    [
      ["exponent", "x1", "x2", "x3"],
      ["its exponential", "e1", "e2", "e3"],
      ["sum of the three", "total"],
      ["probability", "p1", "p2", "p3"],
      ["log of it", "l1", "l2", "l3"],
      ["log-softmax", "d1", "d2", "d3"],
    ],
  );
  const brief = (value) => {
    const size = Math.abs(value);
    if (size < 1e5 && Number.isInteger(value)) return fixed(value, 0);
    if (!Number.isFinite(value)) return fixed(value);
    if (size >= 1e-3 && size < 1e5) return fixed(value, size < 10 ? 4 : 2);
    return value.toExponential(2).replaceAll("-", "−");
  };
  const mark = (name, value, word) => {
    const cell = cells[name];
    show(cell, value, brief);
    cell.classList.toggle("widget-lost", word !== "");
    if (word && word !== "broken") html("small", {}, cell, word);
    return word;
  };

  const fate = (value) => {
    if (Number.isNaN(value)) return "broken";
    if (value === Infinity) return "overflow";
    return value === 0 ? "vanished" : "";
  };

  return () => {
    const z = scores.map((score) => score.value);
    const found = softmaxIn(TYPES[type.value], z, shift.value);
    drawRuler(TYPES[type.value], found.exponents);
    const fates = { overflow: [], vanished: [], "divided by ∞": [], broken: [], lost: [] };
    for (const k of CLASSES) {
      const n = k + 1;
      mark(`x${n}`, found.exponents[k], "");
      const e = mark(`e${n}`, found.e[k], fate(found.e[k]));
      const divided = found.total === Infinity && found.e[k] > 0 && found.p[k] === 0;
      const p = mark(`p${n}`, found.p[k], divided ? "divided by ∞" : fate(found.p[k]));
      const log = found.logs[k];
      const l = mark(`l${n}`, log, Number.isFinite(log) ? "" : fate(log) || "lost");
      mark(`d${n}`, found.direct[k], "");
      new Set([e, p, l]).forEach((word) => fates[word]?.push(n));
    }
    mark("total", found.total, fate(found.total));
    const said = Object.entries(fates)
      .filter(([, classes]) => classes.length)
      .map(([word, classes]) => `${word}: class ${classes.join(" and ")}`);
    widget.say(`In ${type.value}, ${said.join("; ") || "nothing is lost"}.`);
  };
});
