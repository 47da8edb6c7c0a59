/* Two bells on one measurement, threes on the left and nines on the right: where the border lies
   that costs least, as the share of nines and the price of a lost nine change. */
courseWidget("border", (widget) => {
  "use strict";
  const { fixed, showAll, sum } = courseWidget;
  const [CENTRE, ENDS, STRIPS] = [1.2, [-4.5, 4.5], 200];

  const share = widget.slider("nines", "share of nines", {
    min: 0.01, max: 0.99, step: 0.01, value: 0.09, digits: 2,
  });
  const price = widget.slider("price", "price of a lost nine", {
    min: 1, max: 20, step: 1, value: 1, digits: 0,
  });

  const bell = (x) => Math.exp(-(x ** 2) / 2) / Math.sqrt(2 * Math.PI);
  /* The area below x, by Simpson's rule from the middle of the bell. */
  const below = (x) => {
    const weights = Array.from({ length: STRIPS + 1 }, (_, n) => {
      const weight = n === 0 || n === STRIPS ? 1 : 2 + 2 * (n % 2);
      return weight * bell((n / STRIPS) * x);
    });
    return 0.5 + ((x / STRIPS) * sum(weights)) / 3;
  };
  const placed = (nines, cost) => {
    const border = Math.log((1 - nines) / (nines * cost)) / (2 * CENTRE);
    const lost = below(border - CENTRE);
    const taken = 1 - below(border + CENTRE);
    const bill = nines * cost * lost + (1 - nines) * taken;
    return { border, threshold: 1 / (1 + cost), lost, taken, bill };
  };

  const chart = widget.chart("Two bells with the border between them", {
    x: ENDS,
    y: [0, 0.45],
    xTicks: [-4, -2, 0, 2, 4],
    yTicks: [0, 0.2, 0.4],
    xTitle: "measurement",
    yTitle: "how often",
  });
  const threes = chart.curve("stroke-ink");
  const nines = chart.curve("stroke-orange");
  const priced = chart.curve("stroke-orange widget-dotted");
  const mark = chart.upright("stroke-purple");
  chart.text(180, 14, "threes", "end", "fill-ink");
  chart.text(328, 14, "nines (times price)", "end", "fill-orange");

  const cells = widget.table(
    ["", "now"],
    [
      ["border", "border"],
      ["probability of a nine there", "threshold"],
      ["nines taken for threes", "lost"],
      ["threes taken for nines", "taken"],
      ["cost of a picture", "bill"],
    ],
  );

  return () => {
    const [part, cost] = [share.value, price.value];
    const numbers = placed(part, cost);
    threes((x) => (1 - part) * bell(x + CENTRE));
    nines((x) => part * bell(x - CENTRE));
    priced((x) => part * cost * bell(x - CENTRE));
    mark(numbers.border);
    showAll(cells, numbers);
    const percent = (value) => `${fixed(100 * value, 1)}%`;
    widget.say(
      `The border is at ${fixed(numbers.border, 2)}. Right of it a picture is called a nine. ` +
        `${percent(numbers.lost)} of the nines and ${percent(numbers.taken)} of the threes are ` +
        "taken for the other.",
    );
  };
});
