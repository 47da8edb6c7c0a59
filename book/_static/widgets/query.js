/* One word asks, three are asked: a query that one can turn, its products with the keys, and what
   softmax makes of them. */
courseWidget("query", (widget) => {
  "use strict";
  const { svg, fixed, show, sum, softmax } = courseWidget;
  const { words, keys, values } = widget.data;
  const [ACROSS, UP, STEP] = [3, 2, 0.1];
  const ROOT = Math.sqrt(keys[0].length);

  const within = (most) => ({ min: -most, max: most, step: STEP });
  const first = widget.slider("query", "first number", { ...within(ACROSS), value: 2 });
  const second = widget.slider("query", "second number", { ...within(UP), value: 1 });
  const turned = (x, y) => {
    first.set(x.toFixed(1)); // the browser keeps it in range
    second.set(y.toFixed(1));
    widget.changed();
  };

  const chart = widget.chart("The keys of three words, and the query of the word that asks", {
    x: [-3.5, 3.5], y: [-2.17, 2.17], // one unit is as long either way
    xTicks: [-3, -2, -1, 0, 1, 2, 3], yTicks: [-2, -1, 0, 1, 2],
    xTitle: "first number", yTitle: "second number",
  });
  const origin = chart.line("stroke-purple widget-arrow");
  const square = 9;
  words.forEach((word, n) => {
    const [x, y] = [chart.x(keys[n][0]), chart.y(keys[n][1])];
    const place = { x: x - square / 2, y: y - square / 2, width: square, height: square };
    svg("rect", { ...place, class: "fill-sky" }, chart.canvas);
    chart.text(x, y + (keys[n][1] > 0 ? -10 : 20), word, "middle");
  });
  const tip = chart.dot("fill-purple", turned);
  const name = chart.text(0, 0, "query", "middle", "fill-purple");
  name.setAttribute("pointer-events", "none");

  /* A bar for each weight, in the outline of the whole. */
  const BAR = { left: 60, width: 220, top: 40, step: 62, thick: 26 };
  const bars = widget.canvas(340, 250, "A bar for the weight of each word");
  svg("text", { x: BAR.left, y: 22 }, bars, "weights");
  const fills = words.map((word, n) => {
    const y = BAR.top + BAR.step * n;
    const middle = y + BAR.thick / 2 + 4;
    svg("text", { x: BAR.left - 8, y: middle, "text-anchor": "end" }, bars, word);
    const outline = { x: BAR.left, y, width: BAR.width, height: BAR.thick };
    svg("rect", { ...outline, class: "fill-none stroke-muted" }, bars);
    const bar = svg("rect", { ...outline, class: "fill-sky" }, bars);
    const number = svg("text", { x: BAR.left + BAR.width + 8, y: middle, "data-name": `weight${n}` }, bars);
    return (weight) => {
      bar.setAttribute("width", BAR.width * weight);
      show(number, weight, (x) => fixed(x, 2));
    };
  });

  const cells = widget.table(
    ["", ...words],
    [
      ["product", ...words.map((_, n) => `product${n}`)],
      ["score", ...words.map((_, n) => `score${n}`)],
      ["value", ...words.map((_, n) => `value${n}`)],
      ["passed on", "passed"],
    ],
  );
  values.forEach((value, n) => (cells[`value${n}`].textContent = `(${value.join(", ")})`));

  return () => {
    const query = [first.value, second.value];
    const products = keys.map((key) => sum(key.map((each, d) => each * query[d])));
    const scores = products.map((product) => product / ROOT);
    const weights = softmax(scores);
    const passed = [0, 1].map((d) => sum(values.map((value, n) => weights[n] * value[d])));
    origin(0, 0, ...query);
    tip(...query);
    const length = Math.hypot(...query) || 1;
    name.setAttribute("x", chart.x(query[0]) + (30 * query[0]) / length);
    name.setAttribute("y", chart.y(query[1]) + 4 - (20 * query[1]) / length);
    weights.forEach((weight, n) => {
      fills[n](weight);
      show(cells[`product${n}`], products[n], (x) => fixed(x, 1));
      show(cells[`score${n}`], scores[n], (x) => fixed(x, 2));
    });
    cells.passed.textContent = `(${passed.map((x) => fixed(x, 2)).join(", ")})`;
    cells.passed.dataset.value = JSON.stringify(passed);
    const most = weights.indexOf(Math.max(...weights));
    widget.say(
      `The query (${query.map((x) => fixed(x, 1)).join(", ")}) looks most at “${words[most]}”, with ` +
        `a weight of ${fixed(weights[most], 2)}. What is passed on is ${cells.passed.textContent}.`,
    );
  };
});
