/* The network of two inputs, two hidden units and two scores: values go forward, and the errors of
   the answer that the reader calls right come back, a layer at a time. */
courseWidget("backward", (widget) => {
  "use strict";
  const { svg, fixed, show, sum, softmax, lossOf } = courseWidget;
  const PAIR = [0, 1];
  const { W, V } = widget.data;
  const STAGES = ["values forward", "error at the scores", "second layer", "through the ReLU", "first layer"];
  const LAST = STAGES.length - 1;

  const inputs = { min: -3, max: 3, step: 0.5 };
  const x = PAIR.map((n) => widget.slider("x", `input ${n + 1}`, { ...inputs, value: [1, 2][n] }));
  const answers = [["1", "the first class"], ["2", "the second class"]];
  const right = widget.select("right", "right answer", answers);
  const stages = { min: 0, max: LAST, step: 1, value: LAST, digits: 0 };
  const stage = widget.slider("stage", "how far back", stages);
  const go = (by) => widget.move(stage, stage.value + by);
  const row = widget.row();
  widget.button("Back", () => go(1), row);
  widget.button("Forward", () => go(-1), row);

  const times = (rows, vector) => rows.map((weights) => sum(weights.map((w, n) => w * vector[n])));
  const transposed = (rows) => PAIR.map((n) => rows.map((weights) => weights[n]));
  const outer = (ends, starts) => ends.map((end) => starts.map((start) => end * start));
  /* All values, and the slope of the loss at each of them. */
  const pass = (input, label) => {
    const S = times(W, input);
    const U = S.map((each) => Math.max(0, each));
    const z = times(V, U);
    const [a, loss] = [softmax(z), lossOf(z, label)];
    const e = a.map((each, k) => (k === label ? Math.expm1(-loss) : each));
    const d = times(transposed(V), e);
    const g = d.map((each, h) => (S[h] > 0 ? each : 0));
    return { x: input, S, U, z, a, loss, e, d, g, V: outer(e, U), W: outer(g, input) };
  };

  /* The drawing: a circle for each value, a line for each weight. Below a value, in red, its slope. */
  const canvas = widget.canvas(340, 300, "The network with its weights, values and slopes");
  const COLUMNS = [40, 165, 290];
  const ROWS = [95, 235];
  const RADIUS = 23;
  const word = (px, py, kind, name = "") => {
    const place = { x: px, y: py, "text-anchor": "middle", class: kind };
    return svg("text", name ? { ...place, "data-name": name } : place, canvas);
  };
  ["inputs", "hidden units", "scores"].forEach((name, n) => {
    word(COLUMNS[n], 20, "fill-ink").textContent = name;
  });
  const legend = word(165, 38, "fill-red");

  /* Two lines cross in the middle, so their numbers stand nearer to the end. */
  const edge = (layer, to, from) => {
    const [x1, x2] = [COLUMNS[layer] + RADIUS, COLUMNS[layer + 1] - RADIUS];
    const line = svg("line", { x1, x2, y1: ROWS[from], y2: ROWS[to] }, canvas);
    const near = to === from ? 0.5 : 0.24;
    const [px, py] = [x1 + near * (x2 - x1), ROWS[from] + near * (ROWS[to] - ROWS[from])];
    svg("rect", { x: px - 19, y: py - 16, width: 38, height: 32, class: "fill-paper" }, canvas);
    word(px, py - 3, "fill-muted").textContent = fixed([W, V][layer][to][from], 0);
    const slope = word(px, py + 12, "fill-red", `${"WV"[layer]}${to + 1}${from + 1}`);
    return (value, isThere) => {
      line.setAttribute("class", isThere ? "stroke-red" : "stroke-muted");
      show(slope, value, (each) => (isThere ? fixed(each, 2) : ""));
    };
  };
  const edges = [0, 1].map((layer) => PAIR.map((to) => PAIR.map((from) => edge(layer, to, from))));
  const node = (column, n, value, slope) => {
    const middle = { cx: COLUMNS[column], cy: ROWS[n] };
    const circle = svg("circle", { ...middle, r: RADIUS }, canvas);
    const inside = word(middle.cx, middle.cy + 4, "fill-ink", `${value}${n + 1}`);
    const below = slope && word(middle.cx, middle.cy + RADIUS + 15, "fill-red", `${slope}${n + 1}`);
    return (state, isThere) => {
      circle.setAttribute("class", `fill-paper ${isThere ? "stroke-red" : "stroke-ink"}`);
      show(inside, state[value][n], (each) => fixed(each, 1));
      if (below) show(below, state[slope][n], (each) => (isThere ? fixed(each, 2) : ""));
    };
  };
  const nodes = [["x"], ["U", "d"], ["z", "e"]].map(([value, slope], column) =>
    PAIR.map((n) => node(column, n, value, slope)),
  );
  const ticks = PAIR.map((k) => word(COLUMNS[2], ROWS[k] - RADIUS - 8, "fill-blue"));

  const cells = widget.table(
    ["", "first", "second"],
    [
      ["sum into the unit", "S1", "S2"],
      ["error at the sum", "g1", "g2"],
      ["probability", "a1", "a2"],
      ["loss in nats", "loss"],
    ],
  );

  return () => {
    const label = Number(right.value) - 1;
    const state = pass(x.map(({ value }) => value), label);
    const seen = stage.value;
    legend.textContent = seen > 0 ? "red: slopes of the loss" : "";
    nodes.forEach((column, n) => column.forEach((draw) => draw(state, n > 0 && seen >= [0, 2, 1][n])));
    edges.forEach((layer, n) =>
      layer.forEach((ends, to) =>
        ends.forEach((draw, from) => draw(state["WV"[n]][to][from], seen >= [4, 2][n])),
      ),
    );
    ticks.forEach((tick, k) => (tick.textContent = k === label ? "right ✓" : ""));
    for (const name of ["S", "g", "a"])
      PAIR.forEach((n) => {
        const isHidden = name === "g" && seen < 3;
        show(cells[`${name}${n + 1}`], state[name][n], (each) => (isHidden ? "" : fixed(each)));
      });
    show(cells.loss, state.loss);
    stage.tell(STAGES[seen]);
    const closed = PAIR.filter((h) => state.S[h] <= 0).map((h) => h + 1);
    const stopped = closed.length > 0 ? ` No error passes through hidden unit ${closed.join(" and ")}.` : "";
    widget.say(
      `Shown: ${STAGES[seen]}. The errors at the scores are ${fixed(state.e[0], 2)} and ` +
        `${fixed(state.e[1], 2)}.${stopped}`,
    );
  };
});
