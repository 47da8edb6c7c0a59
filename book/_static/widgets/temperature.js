/* A temperature divides the scores of many pictures; what becomes of their confidence, of the
   calibration error and of the mean loss. The pictures are those of the page. */
courseWidget("temperature", (widget) => {
  "use strict";
  const { svg, fixed, show, sum, softmax, lossOf } = courseWidget;
  const UNIT = 512; // what the page calls one, in the scores that it has sent
  const { labels, scores } = widget.data;
  const CLASSES = 10;
  const HEAT = { min: 0.2, max: 5, step: 0.05, value: 1, digits: 2 };

  const machines = Object.keys(scores).map((name) => [name, name]);
  const machine = widget.select("machine", "machine", machines);
  const T = widget.slider("T", "temperature T", HEAT);
  const bins = widget.slider("bins", "number of bins", { min: 1, max: 45, step: 1, value: 15, digits: 0 });

  const rowsOf = (packed) => {
    const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
    const whole = new DataView(bytes.buffer);
    return labels.map((_, row) =>
      Array.from({ length: CLASSES }, (_, k) => whole.getInt16(2 * (CLASSES * row + k), true) / UNIT),
    );
  };
  const rows = Object.fromEntries(machines.map(([name]) => [name, rowsOf(scores[name])]));
  const divided = (heat) => rows[machine.value].map((z) => z.map((each) => each / heat));
  const meanLoss = (heat) => sum(divided(heat).map((z, n) => lossOf(z, labels[n]))) / labels.length;

  /* Bins of equal width, closed above; each with its mean confidence and its share of right answers. */
  const binned = (heat, count) => {
    const found = Array.from({ length: count }, () => ({ count: 0, sure: 0, right: 0 }));
    divided(heat).forEach((z, n) => {
      const a = softmax(z);
      const sure = Math.max(...a);
      const bin = found[Math.min(count, Math.max(1, Math.ceil(sure * count))) - 1];
      bin.count += 1;
      bin.sure += sure;
      bin.right += Number(a.indexOf(sure) === labels[n]);
    });
    return found;
  };

  const chart = widget.chart("The share of right answers in each bin, against its confidence", {
    x: [0, 1.02],
    y: [0, 1.05],
    xTicks: [0, 0.5, 1],
    yTicks: [0, 0.5, 1],
    xTitle: "confidence; area: number of pictures",
    yTitle: "share of right answers",
  });
  chart.line("stroke-muted")(0, 0, 1, 1);
  chart.text(84, 190, "honest", "start", "fill-muted");
  const points = svg("g", {}, chart.canvas);

  const LOSSES = 49; // points of the curve: each takes a pass over all pictures
  const curve = widget.chart("The mean loss against the temperature", {
    x: [0, HEAT.max],
    y: [0, 1],
    xTicks: [0, 1, 2, 3, 4, 5],
    yTicks: [0, 0.5, 1],
    xTitle: "temperature",
    yTitle: "mean loss in nats",
  });
  const line = curve.path("stroke-ink");
  const point = curve.dot("fill-purple", (heat) => widget.move(T, heat));
  const curves = new Map();
  const lossesOf = (name) => {
    if (!curves.has(name)) {
      const heats = Array.from({ length: LOSSES }, (_, n) => HEAT.min + 0.1 * n);
      curves.set(name, heats.map((heat) => [heat, meanLoss(heat)]));
    }
    return curves.get(name);
  };

  const cells = widget.table(
    ["", "now", "at T = 1"],
    [
      ["mean loss in nats", "loss", "loss1"],
      ["calibration error", "error", "error1"],
      ["mean confidence", "sure", "sure1"],
      ["share of right answers", "right", "right1"],
    ],
  );
  const summary = (heat) => {
    const found = binned(heat, bins.value);
    const share = (values) => sum(values) / labels.length;
    return {
      found,
      loss: meanLoss(heat),
      error: share(found.map(({ sure, right }) => Math.abs(right - sure))),
      sure: share(found.map(({ sure }) => sure)),
      right: share(found.map(({ right }) => right)),
    };
  };
  const drawBins = (found) => {
    points.replaceChildren();
    for (const { count, sure, right } of found.filter((bin) => bin.count > 0)) {
      const r = 3 + 9 * Math.sqrt(count / labels.length); // the area grows with the pictures
      const place = { cx: chart.x(sure / count), cy: chart.y(right / count), r };
      svg("circle", { ...place, class: "fill-purple widget-block" }, points);
    }
  };

  return () => {
    const [now, before] = [summary(T.value), summary(1)];
    drawBins(now.found);
    line(lossesOf(machine.value));
    point(T.value, now.loss);
    for (const name of ["loss", "error", "sure", "right"]) {
      show(cells[name], now[name], (value) => fixed(value, 4));
      show(cells[`${name}1`], before[name], (value) => fixed(value, 4));
    }
    const way = now.sure > now.right ? "overconfident" : "underconfident";
    widget.say(
      `At temperature ${fixed(T.value, 2)} the mean confidence is ${fixed(now.sure)}, and ` +
        `${fixed(now.right)} of the answers are right: on average it is ${way}. ` +
        `The mean loss is ${fixed(now.loss)} nats.`,
    );
  };
});
