/* One digit from its pixels to a step: scores by the templates, probabilities, the loss, and where a
   step of gradient descent on the scores leads. */
courseWidget("digit", (widget) => {
  "use strict";
  const { svg, fixed, show, sum, softmax, lossOf, FULL } = courseWidget;
  const { weights, biases, samples } = widget.data;
  const DIGITS = biases.map((_, digit) => digit);
  const MANY = 100; // steps that the address may ask for

  const classes = DIGITS.map((digit) => [String(digit), String(digit)]);
  const right = widget.select("right", "right class", classes);
  const rates = { min: 0.5, max: 10, step: 0.5, value: 3 };
  const rate = widget.slider("rate", "learning rate", rates);
  const steps = widget.hidden("steps", "0", (text) => /^\d{1,3}$/.test(text) && text <= MANY);
  const begin = () => steps.set("0");
  const sheet = widget.sheet(samples[0], () => FULL, begin);
  sheet.offer(samples, "From the test set:");
  right.input.addEventListener("input", begin, { capture: true });
  const row = widget.row();
  widget.button("Step", () => {
    steps.set(String(Math.min(MANY, Number(steps.value) + 1)));
    widget.changed();
  }, row);
  widget.button("Start again", () => {
    begin();
    widget.changed();
  }, row);

  const slopes = (z, label) => {
    const loss = lossOf(z, label);
    return softmax(z).map((each, k) => (k === label ? Math.expm1(-loss) : each));
  };
  const stepped = (z, label) => slopes(z, label).map((slope, k) => z[k] - rate.value * slope);
  const scoresAfter = (count, label) => {
    let z = biases.map((bias, k) => {
      return bias + sum(sheet.pixels.map((ink, j) => weights[k][j] * (ink / FULL)));
    });
    for (let n = 0; n < count; n++) z = stepped(z, label);
    return z;
  };

  /* One row for each digit: its score with an arrow for the next step, and its probability. */
  const ROW = { top: 30, height: 22, left: 26, right: 190, bar: 215, width: 80 };
  const rows = widget.canvas(340, 262, "The score of each digit, and its probability");
  svg("text", { x: ROW.left, y: 16 }, rows, "score, and the next step");
  svg("text", { x: ROW.bar, y: 16 }, rows, "probability");
  const layer = svg("g", {}, rows);
  const colour = (digit, label) => (digit === label ? "fill-blue" : "fill-orange");
  const drawRow = (digit, { z, next, a, label, x }) => {
    const y = ROW.top + (digit + 0.5) * ROW.height;
    svg("text", { x: 8, y: y + 4 }, layer, digit);
    const [zero, from, to] = [x(0), x(z[digit]), x(next[digit])];
    svg("line", { x1: zero, x2: from, y1: y, y2: y, class: "stroke-muted" }, layer);
    svg("line", { x1: from, x2: to, y1: y, y2: y, class: "stroke-purple widget-arrow" }, layer);
    const [size, way] = [Math.min(8, Math.abs(to - from)), Math.sign(to - from)];
    const head = [[to, y], [to - way * size, y - size / 2], [to - way * size, y + size / 2]];
    svg("polygon", { points: head.map((point) => point.join()).join(" "), class: "fill-purple" }, layer);
    const point = { "data-name": `z${digit}`, "data-value": z[digit], class: colour(digit, label) };
    svg("circle", { ...point, cx: from, cy: y, r: 5 }, layer);
    const bar = { x: ROW.bar, y: y - 8, width: ROW.width * a[digit], height: 16 };
    svg("rect", { ...bar, class: colour(digit, label) }, layer);
    const number = { x: ROW.bar + 5 + bar.width, y: y + 4, "data-name": `a${digit}` };
    show(svg("text", number, layer), a[digit], (value) => fixed(value, 2));
  };
  const drawRows = (values) => {
    const all = [...values.z, ...values.next, 0];
    const [low, high] = [Math.min(-2, ...all) - 0.3, Math.max(3, ...all) + 0.3];
    const x = (value) => ROW.left + ((value - low) / (high - low)) * (ROW.right - ROW.left);
    layer.replaceChildren();
    const ends = { y1: ROW.top, y2: ROW.top + 10 * ROW.height, class: "stroke-grid" };
    svg("line", { x1: x(0), x2: x(0), ...ends }, layer);
    for (const digit of DIGITS) drawRow(digit, { ...values, x });
  };

  /* The loss is the surprise at the right class. */
  const chart = widget.chart("The loss for each probability of the right class", {
    x: [0, 1],
    y: [0, 5],
    xTicks: [0, 0.5, 1],
    yTicks: [0, 1, 2, 3, 4, 5],
    xTitle: "probability of the right class",
    yTitle: "loss in nats",
  });
  chart.curve("stroke-ink")((p) => -Math.log(p));
  const dot = chart.dot("fill-blue");
  const beside = chart.text(0, 0, "");
  beside.dataset.name = "loss";

  const drawLoss = (a, loss) => {
    const height = Math.min(loss, 5);
    dot(a, height);
    const [side, anchor] = a < 0.85 ? [7, "start"] : [12, "end"]; // above the curve, inside the chart
    beside.setAttribute("x", chart.x(a) + side);
    beside.setAttribute("y", chart.y(height) - 12);
    beside.setAttribute("text-anchor", anchor);
    show(beside, loss, (value) => fixed(value, 2));
  };

  return () => {
    const label = Number(right.value);
    const z = scoresAfter(Number(steps.value), label);
    const [a, loss, next] = [softmax(z), lossOf(z, label), stepped(z, label)];
    const best = a.indexOf(Math.max(...a));
    sheet.draw();
    drawRows({ z, next, a, label });
    drawLoss(a[label], loss);
    const done = Number(steps.value) === 1 ? "1 step" : `${steps.value} steps`;
    const after = steps.value === "0" ? "The" : `After ${done} the`;
    widget.say(
      `${after} machine reads ${best}, with probability ${fixed(a[best])}. If ${label} is right, ` +
        `the loss is ${fixed(loss)} nats. The next step moves the score of ${label} up by ` +
        `${fixed(next[label] - z[label], 2)} and the others down by as much together.`,
    );
  };
});
