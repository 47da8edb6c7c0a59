/* A hill over the probability of rain, and the tangent at what a forecaster announces: its height
   above the belief is what the announcement is expected to cost. */
courseWidget("tangent", (widget) => {
  "use strict";
  const { fixed, showAll } = courseWidget;
  const SHARE = { min: 0.01, max: 0.99, step: 0.01, digits: 2 };

  /* What has to be paid if it rains with what was announced for rain; for a dry day the other way
     round. The spherical charge has one added, so that it begins at zero. */
  const CHARGES = {
    logarithm: (q) => -Math.log(q),
    Brier: (q) => 2 * (1 - q) ** 2,
    spherical: (q) => 1 - q / Math.hypot(q, 1 - q),
    "first scheme": (q) => (q === 0.5 ? 0.5 : Number(q < 0.5)),
  };
  const names = Object.keys(CHARGES).map((name) => [name, name]);
  const charge = widget.select("charge", "charge", names);
  const belief = widget.slider("belief", "belief in rain", { ...SHARE, value: 0.7 });
  const announced = widget.slider("announced", "announced", { ...SHARE, value: 0.3 });

  const charges = (q) => {
    const paid = CHARGES[charge.value];
    return { rains: paid(q), dry: paid(1 - q) };
  };
  /* The height of the tangent that was drawn at q. */
  const expected = (p, q) => {
    const { rains, dry } = charges(q);
    return p * rains + (1 - p) * dry;
  };

  const chart = widget.chart("A hill, and the tangent at the announced probability", {
    x: [0, 1],
    y: [0, 2],
    xTicks: [0, 0.5, 1],
    yTicks: [0, 0.5, 1, 1.5, 2],
    xTitle: "probability of rain",
    yTitle: "expected charge",
  });
  const mark = chart.upright("stroke-muted widget-dotted");
  const hill = chart.curve("stroke-ink");
  const tangent = chart.curve("stroke-orange");
  const lie = chart.line("stroke-purple widget-arrow");
  const honest = chart.dot("fill-ink", null, 6);
  const touch = chart.dot("fill-orange", (q) => widget.move(announced, q));
  chart.text(180, 14, "hill", "end", "fill-ink");
  chart.text(250, 14, "tangent", "end", "fill-orange");
  chart.text(328, 14, "the lie", "end", "fill-purple");

  const cells = widget.table(
    ["", "charge"],
    [
      ["if it rains", "rains"],
      ["if it stays dry", "dry"],
      ["expected for the announcement", "paid"],
      ["expected for honesty", "honest"],
      ["the lie costs", "extra"],
    ],
  );

  return () => {
    const [p, q] = [belief.value, announced.value];
    const [paid, low] = [expected(p, q), expected(p, p)];
    hill((t) => (t <= 0 || t >= 1 ? 0 : expected(t, t)));
    tangent((t) => expected(t, q));
    mark(p);
    lie(p, low, p, paid);
    honest(p, low);
    touch(q, expected(q, q));
    const numbers = { ...charges(q), paid, honest: low, extra: paid - low };
    showAll(cells, numbers);
    widget.say(
      `Whoever believes in rain with ${fixed(p, 2)} and announces ${fixed(q, 2)} expects to pay ` +
        `${fixed(paid)}, ${fixed(paid - low)} more than for honesty.`,
    );
  };
});
