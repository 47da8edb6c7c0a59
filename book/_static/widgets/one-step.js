/* Gradient descent on three scores: every step moves them against a - y, and the loss falls. */
courseWidget("one-step", (widget) => {
  "use strict";
  const { svg, fixed, show, softmax, lossOf } = courseWidget;
  const CLASSES = [0, 1, 2];
  const MANY = 500; // steps that the address may ask for
  const RUN = 50; // steps of one run
  const TICK = 120; // ms
  const PLOT = { width: 300, height: 220, top: 20, bottom: 180, left: 30, right: 290 };

  const range = { min: -5, max: 5, step: 0.1 };
  const scores = CLASSES.map((k) =>
    widget.slider("logits", `score of class ${k + 1}`, { ...range, value: [3, 1, -3][k] }),
  );
  const classes = CLASSES.map((k) => [String(k + 1), `class ${k + 1}`]);
  const right = widget.select("right", "right class", classes);
  const rates = { min: 0.1, max: 10, step: 0.1, value: 1 };
  const rate = widget.slider("rate", "learning rate", rates);
  const steps = widget.hidden("steps", "0", (text) => /^\d{1,3}$/.test(text) && text <= MANY);
  const row = widget.row();

  const state = (z, label) => {
    const [loss, a] = [lossOf(z, label), softmax(z)];
    const gradient = a.map((each, k) => (k === label ? Math.expm1(-loss) : each));
    return { z, a, loss, gradient };
  };
  const path = (start, label, eta, count) => {
    const states = [state(start, label)];
    for (let n = 0; n < count; n++) {
      const { z, gradient } = states[n];
      states.push(state(z.map((each, k) => each - eta * gradient[k]), label));
    }
    return states;
  };

  const axis = (canvas) => {
    const line = { class: "stroke-muted" };
    const { left, right, top, bottom } = PLOT;
    svg("line", { ...line, x1: left, x2: left, y1: top, y2: bottom }, canvas);
    svg("line", { ...line, x1: left, x2: right, y1: bottom, y2: bottom }, canvas);
    return svg("g", {}, canvas);
  };
  const height = (value, low, high) =>
    PLOT.bottom - ((value - low) / (high - low)) * (PLOT.bottom - PLOT.top);
  const label = (layer, x, y, text, anchor = "middle") =>
    svg("text", { x, y, "text-anchor": anchor }, layer, text);

  /* The scores as dots; the arrow beside each shows what the next step would do. */
  const dots = widget.canvas(PLOT.width, PLOT.height, "Scores, with an arrow for the next step");
  const dotLayer = axis(dots);
  label(dots, 160, PLOT.bottom + 36, "score, and where the next step leads");
  const arrow = (x, from, to) => {
    const size = 0.6 * Math.min(15, Math.abs(to - from));
    const base = to - Math.sign(to - from) * size;
    const stem = { x1: x, x2: x, y1: from, y2: base };
    svg("line", { ...stem, class: "stroke-purple widget-curve" }, dotLayer);
    const head = `${x},${to} ${x - size / 2},${base} ${x + size / 2},${base}`;
    svg("polygon", { points: head, class: "fill-purple" }, dotLayer);
  };
  const drawScores = ({ z, gradient }, eta, target) => {
    const next = z.map((each, k) => each - eta * gradient[k]);
    const [low, high] = [Math.min(-5, ...z, ...next) - 1, Math.max(5, ...z, ...next) + 1];
    const y = (value) => height(value, low, high);
    dotLayer.replaceChildren();
    const zero = { x1: PLOT.left, x2: PLOT.right, y1: y(0), y2: y(0), class: "stroke-grid" };
    svg("line", zero, dotLayer);
    label(dotLayer, PLOT.left - 4, y(0) + 4, "0", "end");
    for (const k of CLASSES) {
      const x = 75 + 85 * k;
      const [from, to] = [y(z[k]), y(next[k])];
      arrow(x - 14, from, to);
      svg("circle", { cx: x, cy: from, r: 5, class: k === target ? "fill-blue" : "fill-orange" }, dotLayer);
      label(dotLayer, x + 10, from + 4, fixed(z[k], 2), "start");
      label(dotLayer, x, PLOT.bottom + 17, `class ${k + 1}${k === target ? " ✓" : ""}`);
    }
  };

  /* The loss after every step so far. */
  const curve = widget.canvas(PLOT.width, PLOT.height, "The loss after each step");
  const curveLayer = axis(curve);
  label(curve, 160, PLOT.bottom + 36, "steps");
  const drawLoss = (states) => {
    const losses = states.map(({ loss }) => loss);
    const [most, length] = [Math.max(...losses, 1e-3), Math.max(10, losses.length - 1)];
    const x = (n) => PLOT.left + (n / length) * (PLOT.right - PLOT.left - 10);
    const points = losses.map((loss, n) => `${x(n)},${height(loss, 0, most)}`).join(" ");
    curveLayer.replaceChildren();
    svg("polyline", { points, class: "fill-none stroke-blue widget-arrow" }, curveLayer);
    const now = losses.length - 1;
    const dot = { cx: x(now), cy: height(losses[now], 0, most), r: 5, class: "fill-blue" };
    svg("circle", dot, curveLayer);
    label(curveLayer, PLOT.left + 8, PLOT.top - 3, `loss, from ${fixed(losses[0])}`, "start");
    label(curveLayer, x(length), PLOT.bottom + 17, length);
    label(curveLayer, PLOT.left, PLOT.bottom + 17, 0);
  };

  const cells = widget.table(
    ["", "class 1", "class 2", "class 3"],
    [
      ["score z", "z1", "z2", "z3"],
      ["probability a", "a1", "a2", "a3"],
      ["target y", "y1", "y2", "y3"],
      ["slope a − y", "g1", "g2", "g3"],
      ["loss in nats", "loss"],
    ],
  );
  /* Step and run. */
  let timer = null;
  const step = (count) => {
    steps.set(String(Math.min(MANY, Number(steps.value) + count)));
    widget.changed();
  };
  const stop = () => {
    clearInterval(timer);
    timer = null;
    run.textContent = "Run";
  };
  const start = () => {
    let left = RUN;
    run.textContent = "Stop";
    timer = setInterval(() => {
      step(1);
      left -= 1;
      if (left === 0) stop();
    }, TICK);
  };
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  widget.button("Step", () => step(1), row);
  const run = widget.button("Run", () => (timer ? stop() : calm.matches ? step(RUN) : start()), row);
  widget.button("Start again", () => {
    stop();
    steps.set("0");
    widget.changed();
  }, row);
  for (const { input } of [...scores, right, rate]) {
    input.addEventListener("input", () => {
      stop();
      if (input !== rate.input) steps.set("0");
    }, { capture: true });
  }

  return () => {
    const target = Number(right.value) - 1;
    const begin = scores.map((score) => score.value);
    const states = path(begin, target, rate.value, Number(steps.value));
    const now = states.at(-1);
    drawScores(now, rate.value, target);
    drawLoss(states);
    for (const k of CLASSES) {
      show(cells[`z${k + 1}`], now.z[k]);
      show(cells[`a${k + 1}`], now.a[k]);
      show(cells[`y${k + 1}`], Number(k === target), String);
      show(cells[`g${k + 1}`], now.gradient[k]);
    }
    show(cells.loss, now.loss, (value) => fixed(value, 6));
    const done = Number(steps.value) === 1 ? "1 step" : `${steps.value} steps`;
    widget.say(
      `After ${done} the loss is ${fixed(now.loss)} nats. ` +
        `The next step moves the score of the right class by ` +
        `${fixed(-rate.value * now.gradient[target])}.`,
    );
  };
});
