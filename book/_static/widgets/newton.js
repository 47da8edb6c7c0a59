/* A loss along one score: its tangent, its parabola, and the lowest point of the parabola, which is
   where Newton's step leads. */
courseWidget("newton", (widget) => {
  "use strict";
  const { fixed, showAll, softplus } = courseWidget;
  const LEADS = { min: -8, max: 8, step: 0.1, value: -1 };
  const TOP = 4;

  const lead = widget.slider("lead", "lead of the first class", LEADS);
  const shares = { min: 0, max: 1, step: 0.05, value: 0.7, digits: 2 };
  const share = widget.slider("share", "its share of the pictures", shares);
  const go = widget.button("Take Newton's step", () => {
    if (go.getAttribute("aria-disabled") === "false") widget.move(lead, local().lands);
  }, widget.row());

  const lossAt = (s, y) => y * softplus(-s) + (1 - y) * softplus(s);
  /* Height, slope and curvature where the point is, and where the parabola is lowest. */
  const local = () => {
    const [s, y] = [lead.value, share.value];
    const a = 1 / (1 + Math.exp(-s));
    const small = Math.exp(-Math.abs(s));
    const [slope, bend] = [a - y, small / (1 + small) ** 2];
    const lands = s - slope / bend;
    return { s, y, loss: lossAt(s, y), slope, bend, lands };
  };

  const chart = widget.chart("The loss with its tangent and its parabola at a point", {
    x: [LEADS.min, LEADS.max],
    y: [0, TOP],
    xTicks: [-8, -4, 0, 4, 8],
    yTicks: [0, 1, 2, 3],
    xTitle: "lead of the first class",
    yTitle: "loss",
  });
  const curve = chart.curve("stroke-ink");
  const tangent = chart.curve("stroke-muted");
  const parabola = chart.curve("stroke-purple widget-dotted");
  const step = chart.line("stroke-purple widget-arrow");
  const lowest = chart.dot("fill-none stroke-purple", null, 6);
  const point = chart.dot("fill-purple", (s) => widget.move(lead, s));
  chart.text(150, 14, "tangent", "end", "fill-muted");
  chart.text(328, 14, "parabola, Newton's step", "end", "fill-purple");

  const cells = widget.table(
    ["", "at the point"],
    [
      ["loss", "loss"],
      ["slope g", "slope"],
      ["curvature h", "bend"],
      ["Newton's step −g/h", "step"],
      ["it leads to the lead", "lands"],
      ["loss there", "after"],
    ],
  );
  const draw = ({ s, y, loss, slope, bend, lands }) => {
    curve((x) => lossAt(x, y));
    tangent((x) => loss + slope * (x - s));
    parabola((x) => loss + slope * (x - s) + (bend * (x - s) ** 2) / 2);
    point(s, loss);
    lowest(lands, loss - slope ** 2 / bend / 2);
    step(s, 0.06, lands, 0.06);
  };

  return () => {
    const here = local();
    const [after, isShown] = [lossAt(here.lands, here.y), Math.abs(here.lands) <= LEADS.max];
    draw(here);
    go.setAttribute("aria-disabled", String(!isShown));
    const numbers = { ...here, step: here.lands - here.s, after };
    showAll(cells, numbers);
    const verdict = after > here.loss ? "higher than before" : "lower than before";
    widget.say(
      `Newton's step leads from ${fixed(here.s, 1)} to ${fixed(here.lands, 2)}` +
        `${isShown ? "" : ", outside of the picture"}. The loss there is ${fixed(after)}, ` +
        `${after === here.loss ? "the same" : verdict}.`,
    );
  };
});
