/* Three scores, of which the first is right: what the hinge and softmax charge for them, and how
   hard each pushes, as one rival moves. */
courseWidget("rival", (widget) => {
  "use strict";
  const { fixed, show, sum, softmax, lossOf } = courseWidget;
  const [SCORES, MARGIN, TOP] = [{ min: -6, max: 10, step: 0.1 }, 1, 8];
  const CLASSES = [0, 1, 2];

  const right = widget.slider("right", "score of the right class", { ...SCORES, value: 3.2 });
  const rival = widget.slider("rival", "score of the rival", { ...SCORES, value: 5.1 });
  const other = widget.slider("third", "score of the third", { ...SCORES, value: -1.7 });
  const scoresWith = (z) => [right.value, z, other.value];

  /* Each loss with its slopes at the three scores. */
  const hinge = (z) => {
    const owed = CLASSES.map((k) => (k === 0 ? 0 : Math.max(0, z[k] - z[0] + MARGIN)));
    const slopes = owed.map((each) => Number(each > 0));
    return { loss: sum(owed), slopes: [-sum(slopes), slopes[1], slopes[2]] };
  };
  const soft = (z) => {
    const [a, loss] = [softmax(z), lossOf(z, 0)];
    return { loss, slopes: [Math.expm1(-loss), a[1], a[2]] };
  };

  const ends = [SCORES.min, SCORES.max];
  const across = { x: ends, xTicks: [-5, 0, 5, 10], xTitle: "score of the rival" };
  const drawing = (label, axis) => {
    const chart = widget.chart(label, { ...across, ...axis });
    const moved = (z) => widget.move(rival, z);
    return {
      curves: [chart.curve("stroke-ink"), chart.curve("stroke-purple")],
      mark: chart.upright("stroke-grid"),
      dots: [chart.dot("fill-ink", moved), chart.dot("fill-purple", moved)],
      chart,
    };
  };
  const losses = drawing("What both losses charge, against the score of the rival", {
    y: [0, TOP], yTicks: [0, 2, 4, 6], yTitle: "loss",
  });
  const pushes = drawing("How hard each loss pushes the rival down, against its score", {
    y: [0, 1.1], yTicks: [0, 0.5, 1], yTitle: "slope at the rival",
  });
  for (const { chart } of [losses, pushes]) {
    chart.text(265, 14, "hinge", "end", "fill-ink");
    chart.text(328, 14, "softmax", "end", "fill-purple");
  }
  const draw = ({ curves, mark, dots, chart }, height) => {
    [hinge, soft].forEach((loss, n) => {
      curves[n]((z) => height(loss(scoresWith(z))));
      dots[n](rival.value, height(loss(scoresWith(rival.value))));
    });
    mark(rival.value);
  };

  const cells = widget.table(
    ["", "hinge, points", "softmax, nats"],
    [
      ["loss", "hinge", "soft"],
      ["slope at the right score", "hinge0", "soft0"],
      ["slope at the rival", "hinge1", "soft1"],
      ["slope at the third", "hinge2", "soft2"],
    ],
  );

  return () => {
    draw(losses, ({ loss }) => loss);
    draw(pushes, ({ slopes }) => slopes[1]);
    const z = scoresWith(rival.value);
    const charged = { hinge: hinge(z), soft: soft(z) };
    for (const [name, { loss, slopes }] of Object.entries(charged)) {
      show(cells[name], loss);
      slopes.forEach((slope, k) => show(cells[`${name}${k}`], slope));
    }
    const lead = z[1] - z[0];
    const place = lead > 0 ? "ahead of" : "behind";
    widget.say(
      `The rival is ${fixed(Math.abs(lead), 1)} ${place} the right class. ` +
        `The hinge pushes it with ${fixed(charged.hinge.slopes[1], 0)}, ` +
        `softmax with ${fixed(charged.soft.slopes[1])}.`,
    );
  };
});
