/* Two distributions over the weather; entropy, cross-entropy and KL divergence as areas. */
courseWidget("distributions", (widget) => {
  "use strict";
  const { html, svg, fixed, show, sum, drag } = courseWidget;
  const WEATHER = ["sun", "cloud", "rain"];
  const PLACES = [0, 1, 2];
  const MOST = 4; // nats: no column is drawn higher
  const BARS = { width: 300, height: 165, bottom: 130, top: 10 };
  const AREA = { width: 300, height: 195, bottom: 155, top: 5, left: 10, right: 290 };

  const parts = { p: [50, 25, 25], q: [10, 10, 80] };
  const group = (letter, legend) => {
    const parent = widget.group(legend);
    const range = { min: 0, max: 100, step: 1, digits: null, parent };
    return PLACES.map((k) =>
      widget.slider(letter, `${letter} of ${WEATHER[k]}`, { ...range, value: parts[letter][k] }),
    );
  };
  const sliders = { p: group("p", "What happens"), q: group("q", "What is believed") };
  const units = [["nats", "nats"], ["bits", "bits"]];
  const unit = widget.select("unit", "unit", units);

  /* Something has to happen: when every part has been taken away, all become equal. */
  const distribution = (group) => {
    const weights = group.map((slider) => slider.value);
    if (sum(weights) === 0) {
      group.forEach((slider) => slider.set(1));
      return distribution(group);
    }
    return weights.map((weight) => weight / sum(weights));
  };

  /* The two distributions side by side. The top of every bar can be dragged. */
  const bars = widget.canvas(BARS.width, BARS.height, "Bars of both distributions");
  svg("line", { x1: 5, x2: 295, y1: BARS.bottom, y2: BARS.bottom, class: "stroke-muted" }, bars);
  const column = (letter, k) => {
    const x = 15 + 97 * k + (letter === "p" ? 0 : 40);
    const colour = letter === "p" ? "blue" : "orange";
    const bar = svg("rect", { x, width: 36, class: `fill-${colour}` }, bars);
    const grip = svg("rect", { x, width: 36, height: 10, rx: 3, class: "fill-ink" }, bars);
    const number = { x: x + 18, y: BARS.bottom + 14, "text-anchor": "middle" };
    svg("text", number, bars, letter);
    drag(bars, grip, (_, y) => {
      const share = Math.min(0.99, Math.max(0, (BARS.bottom - y) / (BARS.bottom - BARS.top)));
      const others = sum(sliders[letter].map((each, j) => (j === k ? 0 : each.value)));
      sliders[letter][k].set(Math.round((others * share) / (1 - share)));
      widget.changed();
    });
    return (share) => {
      const height = share * (BARS.bottom - BARS.top);
      bar.setAttribute("y", BARS.bottom - height);
      bar.setAttribute("height", height);
      grip.setAttribute("y", BARS.bottom - height - 5);
    };
  };
  const columns = { p: PLACES.map((k) => column("p", k)), q: PLACES.map((k) => column("q", k)) };
  PLACES.forEach((k) => {
    const name = { x: 53 + 97 * k, y: BARS.bottom + 29, "text-anchor": "middle" };
    svg("text", name, bars, WEATHER[k]);
  });

  /* What the colours of the areas mean. */
  const key = html("ul", { class: "widget-key" }, widget.picture);
  const swatches = [
    ["fill-sky", "surprise that belief and truth share"],
    ["fill-orange", "surprise because too little was expected"],
    ["fill-none widget-dashed", "surprise saved because more was expected"],
  ];
  for (const [colour, text] of swatches) {
    const item = html("li", {}, key);
    const swatch = svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, item);
    svg("rect", { x: 1, y: 1, width: 14, height: 14, class: `widget-block ${colour}` }, swatch);
    item.append(text);
  }

  /* One world: the width of a column is how often it happens, its height the surprise. */
  const scale = (surprise) => (Math.min(surprise, MOST) * (AREA.bottom - AREA.top)) / MOST;
  const world = (happens, believed) => {
    const title = `Areas when ${happens} happens and ${believed} is believed`;
    const canvas = widget.canvas(AREA.width, AREA.height, title);
    const layer = svg("g", {}, canvas);
    const base = { x1: AREA.left, x2: AREA.right, y1: AREA.bottom, y2: AREA.bottom };
    svg("line", { ...base, class: "stroke-muted" }, canvas);
    const caption = { x: 150, y: AREA.bottom + 34, "text-anchor": "middle" };
    svg("text", caption, canvas, `${happens} happens, ${believed} is believed`);
    const block = (x, width, low, high, colour) => {
      const [y, height] = [AREA.bottom - scale(high), scale(high) - scale(low)];
      if (height > 0) svg("rect", { x, y, width, height, class: `widget-block ${colour}` }, layer);
    };
    return (p, q) => {
      layer.replaceChildren();
      let x = AREA.left;
      for (const k of PLACES.filter((each) => p[each] > 0)) {
        const width = p[k] * (AREA.right - AREA.left);
        const [own, other] = [-Math.log(p[k]), -Math.log(q[k])];
        block(x, width, 0, Math.min(own, other), "fill-sky");
        block(x, width, own, other, "fill-orange");
        block(x, width, other, own, "fill-none widget-dashed");
        if (width > 30) {
          const middle = { x: x + width / 2, "text-anchor": "middle" };
          svg("text", { ...middle, y: AREA.bottom + 15 }, layer, WEATHER[k]);
          if (other > MOST) {
            const beyond = other === Infinity ? "∞" : "▲";
            svg("text", { ...middle, y: AREA.top + 16, class: "fill-paper" }, layer, beyond);
          }
        }
        x += width;
      }
    };
  };
  const worlds = [world("p", "q"), world("q", "p")];

  /* The numbers. */
  const table = widget.table(["", "p happens", "q happens"], [
    ["entropy: shared + saved", "Hp", "Hq"],
    ["cross-entropy: shared + too little", "Hpq", "Hqp"],
    ["KL divergence: the difference", "KLpq", "KLqp"],
  ]);

  const plogq = (p, q) => (p === 0 ? 0 : -p * Math.log(q));
  const surprise = (p, q) => sum(PLACES.map((k) => plogq(p[k], q[k])));
  const divergence = (p, q) => sum(PLACES.map((k) => (p[k] ? p[k] * Math.log(p[k] / q[k]) : 0)));

  return () => {
    const [p, q] = [distribution(sliders.p), distribution(sliders.q)];
    for (const [letter, values] of [["p", p], ["q", q]]) {
      PLACES.forEach((k) => {
        columns[letter][k](values[k]);
        sliders[letter][k].tell(fixed(values[k], 2));
      });
    }
    worlds[0](p, q);
    worlds[1](q, p);
    const base = unit.value === "bits" ? Math.log(2) : 1;
    const pairs = [["p", "q", p, q], ["q", "p", q, p]];
    for (const [name, other, mine, its] of pairs) {
      show(table[`H${name}`], surprise(mine, mine) / base);
      show(table[`H${name}${other}`], surprise(mine, its) / base);
      show(table[`KL${name}${other}`], divergence(mine, its) / base);
    }
    const [there, back] = [table.KLpq.textContent, table.KLqp.textContent];
    widget.say(
      `Believing q costs ${there} ${unit.value} more than it must where p happens. ` +
        `The other way round it is ${back} ${unit.value}.`,
    );
  };
});
