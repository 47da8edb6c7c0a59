/* The loss against the lead of the right class, with softmax once and twice. */
courseWidget("twice", (widget) => {
  "use strict";
  const { fixed, show, softplus } = courseWidget;
  const LEADS = { min: -8, max: 12, step: 0.1, value: 2 };
  const COUNTS = [2, 3, 10, 100, 1000].map((K) => [String(K), `${K} classes`]);

  const lead = widget.slider("lead", "lead of the right class", LEADS);
  const count = widget.select("K", "how many classes", COUNTS);

  /* The rivals all have the score zero, so the lead and their number say everything. */
  const rivals = () => Number(count.value) - 1;
  const lossOf = (s) => softplus(Math.log(rivals()) - s);
  const once = (s) => {
    const loss = lossOf(s);
    return { a: Math.exp(-loss), loss, slope: Math.expm1(-loss) };
  };
  /* The second softmax takes the first one's probabilities for scores. Their lead is at most one,
     and it answers to the lead of the scores by the Jacobian of the first softmax. */
  const twice = (s) => {
    const { a, slope } = once(s);
    const second = once(a + slope / rivals());
    const answer = a * -slope * (1 + 1 / rivals());
    return { ...second, slope: second.slope * answer };
  };
  const floor = () => lossOf(1);

  const across = { x: [LEADS.min, LEADS.max], xTicks: [-8, -4, 0, 4, 8, 12] };
  const drawing = (label, axis) => {
    const chart = widget.chart(label, { ...across, xTitle: "lead of the right class", ...axis });
    const moved = (s) => widget.move(lead, s);
    return {
      curves: [chart.curve("stroke-ink"), chart.curve("stroke-red")],
      dots: [chart.dot("fill-ink", moved), chart.dot("fill-red", moved)],
      chart,
    };
  };
  const losses = drawing("The loss with softmax once and twice, and its floor", {
    y: [0, 10], yTicks: [0, 2, 4, 6, 8], yTitle: "loss in nats",
  });
  const pulls = drawing("How strongly the right score is pulled up, with softmax once and twice", {
    y: [0, 1.1], yTicks: [0, 0.5, 1], yTitle: "pull on the right score",
  });
  const level = losses.chart.line("stroke-muted widget-dotted");
  const floorName = losses.chart.text(60, 0, "", "start", "fill-muted");
  for (const { chart } of [losses, pulls]) {
    chart.text(285, 14, "once", "end", "fill-ink");
    chart.text(328, 14, "twice", "end", "fill-red");
  }
  const draw = ({ curves, dots }, height) => {
    [once, twice].forEach((loss, n) => {
      curves[n]((s) => height(loss(s)));
      dots[n](lead.value, height(loss(lead.value)));
    });
  };

  const cells = widget.table(
    ["", "once", "twice"],
    [
      ["probability of the right class", "a1", "a2"],
      ["loss in nats", "loss1", "loss2"],
      ["slope at the right score", "slope1", "slope2"],
      ["lowest possible loss", "floor1", "floor2"],
      ["loss of knowing nothing", "nothing"],
    ],
  );

  return () => {
    draw(losses, ({ loss }) => loss);
    draw(pulls, ({ slope }) => -slope);
    level(LEADS.min, floor(), LEADS.max, floor());
    floorName.setAttribute("y", losses.chart.y(floor()) + 15);
    floorName.textContent = `floor ${fixed(floor())}`;
    [once(lead.value), twice(lead.value)].forEach((values, n) => {
      for (const [name, value] of Object.entries(values)) show(cells[`${name}${n + 1}`], value);
    });
    show(cells.floor1, 0);
    show(cells.floor2, floor());
    show(cells.nothing, Math.log(Number(count.value)));
    widget.say(
      `With ${count.value} classes and a lead of ${fixed(lead.value, 1)} the loss is ` +
        `${fixed(once(lead.value).loss)} nats with softmax once and ` +
        `${fixed(twice(lead.value).loss)} with softmax twice, which never gets below ` +
        `${fixed(floor())}.`,
    );
  };
});
