/* Three scores, the probabilities that softmax makes of them, and the triangle of all such triples. */
courseWidget("probabilities", (widget) => {
  "use strict";
  const { svg, fixed, show, sum, softmax, drag } = courseWidget;
  const CLASSES = [0, 1, 2];
  const COLOURS = ["blue", "orange", "green"];
  const BARS = { width: 300, height: 240, bottom: 205, top: 25, step: 95, left: 25, thick: 60 };
  const CORNERS = [[150, 25], [40, 215], [260, 215]];
  const HEAT = Array.from({ length: 61 }, (_, n) => 0.05 * 10 ** (n / 20)); // 0.05 to 50

  const range = { min: -5, max: 5, step: 0.1 };
  const scores = CLASSES.map((k) =>
    widget.slider("logits", `score of class ${k + 1}`, { ...range, value: [2, 1, 0.1][k] }),
  );
  const heat = { min: 0.1, max: 10, step: 0.1, value: 1 };
  const temperature = widget.slider("T", "temperature T", heat);

  /* The bars. */
  const bars = widget.canvas(BARS.width, BARS.height, "A bar for the probability of each class");
  svg("line", { x1: 5, x2: 295, y1: BARS.bottom, y2: BARS.bottom, class: "stroke-muted" }, bars);
  const columns = CLASSES.map((k) => {
    const x = BARS.left + BARS.step * k;
    const middle = { x: x + BARS.thick / 2, "text-anchor": "middle" };
    svg("text", { ...middle, y: BARS.bottom + 20 }, bars, `class ${k + 1}`);
    const bar = svg("rect", { x, width: BARS.thick, class: `fill-${COLOURS[k]}` }, bars);
    const number = svg("text", { ...middle, "data-name": `a${k + 1}` }, bars);
    return (a) => {
      const height = a * (BARS.bottom - BARS.top);
      bar.setAttribute("y", BARS.bottom - height);
      bar.setAttribute("height", height);
      number.setAttribute("y", BARS.bottom - height - 6);
      show(number, a);
    };
  });

  /* The triangle: a corner is certainty, the middle is ignorance. */
  const triangle = widget.canvas(300, 240, "A triangle with a point for the three probabilities");
  const place = (a) => [0, 1].map((axis) => sum(CLASSES.map((k) => a[k] * CORNERS[k][axis])));
  const points = (list) => list.map((point) => point.map((x) => x.toFixed(2)).join()).join(" ");
  const outline = { points: points(CORNERS), class: "fill-none stroke-muted" };
  svg("polygon", outline, triangle);
  for (const k of CLASSES) {
    const others = CLASSES.map((j) => (j === k ? 0 : 0.5)); // beyond the middle two classes tie
    const tie = { points: points([place([1 / 3, 1 / 3, 1 / 3]), place(others)]) };
    svg("polyline", { ...tie, class: "fill-none stroke-grid" }, triangle);
    const [x, y] = CORNERS[k];
    const name = { x, y: k === 0 ? y - 10 : y + 20, "text-anchor": "middle" };
    svg("text", name, triangle, `class ${k + 1}`);
  }
  const path = svg("polyline", { class: "fill-none stroke-purple" }, triangle);
  const point = svg("circle", { r: 8, class: "fill-purple" }, triangle);

  /* The scores nearest to a place in the triangle, at the temperature that is set. */
  drag(triangle, point, (x, y) => {
    const [[x0, y0], [x1, y1], [x2, y2]] = CORNERS;
    const area = (y1 - y2) * (x0 - x2) + (x2 - x1) * (y0 - y2);
    const first = ((y1 - y2) * (x - x2) + (x2 - x1) * (y - y2)) / area;
    const second = ((y2 - y0) * (x - x2) + (x0 - x2) * (y - y2)) / area;
    const logs = [first, second, 1 - first - second].map((a) => Math.log(Math.max(a, 1e-6)));
    const middle = sum(logs) / 3;
    scores.forEach((score, k) => score.set(temperature.value * (logs[k] - middle)));
    widget.changed();
  });

  return () => {
    const logits = scores.map((score) => score.value);
    const at = (T) => softmax(logits.map((z) => z / T));
    const a = at(temperature.value);
    columns.forEach((draw, k) => draw(a[k]));
    path.setAttribute("points", points(HEAT.map((T) => place(at(T)))));
    const [x, y] = place(a);
    point.setAttribute("cx", x);
    point.setAttribute("cy", y);
    const [p, q, r] = a.map((probability) => fixed(probability));
    widget.say(
      `The probabilities are ${p}, ${q} and ${r}. The curve in the triangle shows the temperatures from 0.05 to 50.`,
    );
  };
});
