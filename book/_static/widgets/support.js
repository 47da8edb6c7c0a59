/* Twelve points of two groups that one can move, and the border that each of two losses draws
   between them: the hinge by its dual, softmax by Newton's steps. */
courseWidget("support", (widget) => {
  "use strict";
  const { fixed, show, sum, softplus } = courseWidget;
  const [STEP, LEFT_TO_DO, MOST_ROUNDS] = [0.2, 1e-12, 20000];
  const [ENDS, HEIGHTS] = [[-4, 4], [-2.4, 2.4]];
  const POINTS = [
    [-3, 1.2], [-2.2, -0.6], [-1.8, 1.6], [-1.4, 0.2], [-2.8, -1.6], [-0.6, -1],
    [1, 0.8], [1.8, -1.2], [2.6, 1], [3.2, -0.4], [1.4, 1.8], [0.6, -0.4],
  ];
  const SIDES = POINTS.map((_, n) => (n < POINTS.length / 2 ? -1 : 1));
  const COUNT = POINTS.length;

  const places = POINTS.map((_, n) => [String(n), `point ${n + 1}`]);
  const chosen = widget.select("point", "which point moves", places);
  const penalty = widget.slider("penalty", "penalty on weights", {
    min: 0.01, max: 0.5, step: 0.01, value: 0.05, digits: 2,
  });
  const asText = (points) => points.flat().map((x) => x.toFixed(1)).join("_");
  const state = widget.hidden("points", asText(POINTS), (text) =>
    new RegExp(`^(-?\\d\\.\\d_){${2 * COUNT - 1}}-?\\d\\.\\d$`).test(text));
  const pointsNow = () => {
    const numbers = state.value.split("_").map(Number);
    return POINTS.map((_, n) => [numbers[2 * n], numbers[2 * n + 1]]);
  };
  const within = (x, [low, high]) => Math.min(high, Math.max(low, x));
  const put = (n, x, y) => {
    const points = pointsNow();
    points[n] = [within(x, ENDS), within(y, HEIGHTS)];
    state.set(asText(points));
    chosen.set(String(n));
    widget.changed();
  };

  const row = widget.row();
  for (const [name, x, y] of [["left", -1, 0], ["right", 1, 0], ["up", 0, 1], ["down", 0, -1]]) {
    widget.button(name, () => {
      const n = Number(chosen.value);
      const [from, height] = pointsNow()[n];
      put(n, from + STEP * x, height + STEP * y);
    }, row);
  }

  /* Both costs are a mean loss and half the penalty times the squared weights. The weights are two
     and a bias, which is the weight of a feature that is always one. */
  const dot = (u, v) => sum(u.map((x, n) => x * v[n]));
  const along = (features, pulls) =>
    [0, 1, 2].map((d) => sum(pulls.map((pull, n) => pull * SIDES[n] * features[n][d])));
  const hinge = (features, most) => {
    const [pulls, w] = [SIDES.map(() => 0), [0, 0, 0]];
    for (let round = 0, moved = 1; moved > LEFT_TO_DO && round < MOST_ROUNDS; round += 1) {
      moved = 0;
      features.forEach((x, n) => {
        const wanted = pulls[n] + (1 - SIDES[n] * dot(w, x)) / dot(x, x);
        const step = within(wanted, [0, most]) - pulls[n];
        pulls[n] += step;
        x.forEach((each, d) => (w[d] += step * SIDES[n] * each));
        moved = Math.max(moved, Math.abs(step));
      });
    }
    return { w, pulls: pulls.map((pull) => pull / most) };
  };
  const solved = (A, b) => {
    const det = (M) =>
      M[0][0] * (M[1][1] * M[2][2] - M[1][2] * M[2][1]) -
      M[0][1] * (M[1][0] * M[2][2] - M[1][2] * M[2][0]) +
      M[0][2] * (M[1][0] * M[2][1] - M[1][1] * M[2][0]);
    return b.map((_, d) => det(A.map((each, r) => each.map((x, c) => (c === d ? b[r] : x)))) / det(A));
  };
  const leadsOf = (w, features) => features.map((x, n) => SIDES[n] * dot(w, x));
  const softCost = (w, features, weight) =>
    sum(leadsOf(w, features).map((lead) => softplus(-lead))) / COUNT + (weight / 2) * dot(w, w);
  const pullsOf = (w, features) => leadsOf(w, features).map((lead) => 1 / (1 + Math.exp(lead)));
  const soft = (features, weight) => {
    let w = [0, 0, 0];
    for (let step = 0; step < 60; step += 1) {
      const pulls = pullsOf(w, features);
      const slope = along(features, pulls).map((x, d) => weight * w[d] - x / COUNT);
      const bend = [0, 1, 2].map((r) => [0, 1, 2].map((c) =>
        (r === c ? weight : 0) +
        sum(features.map((x, n) => pulls[n] * (1 - pulls[n]) * x[r] * x[c])) / COUNT));
      const whole = solved(bend, slope);
      let [part, next] = [1, w];
      do {
        next = w.map((x, d) => x - part * whole[d]);
        part /= 2;
      } while (softCost(next, features, weight) > softCost(w, features, weight) && part > 1e-6);
      w = next;
    }
    return { w, pulls: pullsOf(w, features) };
  };

  const chart = widget.chart("Twelve points of two groups, and the borders of two machines", {
    x: ENDS, y: HEIGHTS, xTicks: [-4, -2, 0, 2, 4], yTicks: [-2, 0, 2],
    xTitle: "first measurement", yTitle: "second measurement",
  });
  chart.text(262, 14, "hinge", "end", "fill-ink");
  chart.text(328, 14, "softmax", "end", "fill-purple");
  const borders = {
    hinge: chart.path("stroke-ink"),
    low: chart.path("stroke-ink widget-dotted"),
    high: chart.path("stroke-ink widget-dotted"),
    soft: chart.path("stroke-purple"),
  };
  const rings = POINTS.map(() => chart.dot("fill-none stroke-ink", null, 11));
  const dots = SIDES.map((side, n) =>
    chart.dot(side < 0 ? "fill-orange" : "fill-blue", (x, y) => put(n, x, y), 7));
  const mark = chart.text(0, 0, "", "middle", "fill-paper");
  mark.setAttribute("pointer-events", "none");
  /* Where a score has a value: a line of which both ends are far outside. */
  const level = ([u, v, bias], value) => {
    const size = Math.hypot(u, v);
    const [x, y] = [(u * (value - bias)) / size ** 2, (v * (value - bias)) / size ** 2];
    return [-20, 20].map((far) => [x - (far * v) / size, y + (far * u) / size]);
  };

  const cells = widget.table(["", "hinge", "softmax"], [
    ["points that pull", "hingeCount", "softCount"],
    ["pull of the chosen point", "hingePull", "softPull"],
    ["share of the three strongest", "hingeShare", "softShare"],
    ["length of the weights and bias", "hingeLength", "softLength"],
  ]);
  const tell = (name, { w, pulls }, n) => {
    const strongest = [...pulls].sort((a, b) => b - a).slice(0, 3);
    show(cells[`${name}Count`], pulls.filter((pull) => pull > 1e-9).length, (x) => fixed(x, 0));
    show(cells[`${name}Pull`], pulls[n]);
    show(cells[`${name}Share`], sum(strongest) / sum(pulls));
    show(cells[`${name}Length`], Math.sqrt(dot(w, w)));
  };

  return () => {
    const [points, n] = [pointsNow(), Number(chosen.value)];
    const features = points.map(([x, y]) => [x, y, 1]);
    const hard = hinge(features, 1 / (COUNT * penalty.value));
    const gentle = soft(features, penalty.value);
    borders.hinge(level(hard.w, 0));
    borders.low(level(hard.w, -1));
    borders.high(level(hard.w, 1));
    borders.soft(level(gentle.w, 0));
    points.forEach(([x, y], k) => {
      dots[k](x, y);
      const ring = rings[k](x, y);
      ring.setAttribute("visibility", hard.pulls[k] > 1e-9 ? "visible" : "hidden");
    });
    const [x, y] = points[n];
    mark.setAttribute("x", chart.x(x));
    mark.setAttribute("y", chart.y(y) + 4);
    mark.textContent = String(n + 1);
    tell("hinge", hard, n);
    tell("soft", gentle, n);
    const pull = hard.pulls[n];
    const held = pull > 1e-9 ? `pulls with ${fixed(pull)}` : "does not pull at all";
    widget.say(
      `Point ${n + 1} ${held} on the border of the hinge, and with ` +
        `${fixed(gentle.pulls[n])} on that of softmax. ` +
        `The points in rings hold the border of the hinge.`,
    );
  };
});
