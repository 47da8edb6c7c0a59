/* A network of two hidden layers reads a digit that the reader draws; its weights were learned when
   the page was built. */
courseWidget("network", (widget) => {
  "use strict";
  const { svg, fixed, show, sum, softmax, PLACES, SIDE, FULL } = courseWidget;
  const { layers, samples } = widget.data;
  const DIGITS = samples.map((_, digit) => digit);

  const pen = { min: 0, max: FULL, step: 1, value: FULL, digits: 0 };
  const ink = widget.slider("ink", "ink of the pen", pen);
  const classes = DIGITS.map((digit) => [String(digit), `for ${digit}`]);
  const chosen = widget.select("evidence", "evidence", [["best", "for the best"], ...classes]);
  const sheet = widget.sheet(samples[2], () => ink.value);
  sheet.offer(samples, "From the test set:");

  /* The network: sums and ReLU, and how a score depends on the pixels that are there. Where no unit
     changes sides, a score is a weighted sum of pixels; `evidence` has its terms. */
  const forward = (pixels) => {
    const outputs = [pixels.map((each) => each / FULL)];
    layers.forEach(({ W, b }, depth) => {
      const sums = W.map((weights, unit) => sum(weights.map((w, j) => w * outputs[depth][j])) + b[unit]);
      outputs.push(depth < layers.length - 1 ? sums.map((each) => Math.max(0, each)) : sums);
    });
    return outputs;
  };
  const evidence = (outputs, digit) => {
    let slopes = DIGITS.map((each) => Number(each === digit));
    for (let depth = layers.length - 1; depth >= 0; depth--) {
      const { W } = layers[depth];
      slopes = W[0].map((_, j) => sum(W.map((weights, unit) => weights[j] * slopes[unit])));
      if (depth > 0) slopes = slopes.map((slope, j) => (outputs[depth][j] > 0 ? slope : 0));
    }
    return slopes.map((slope, j) => slope * outputs[0][j]);
  };

  /* What it makes of the drawing. */
  const SQUARE = 30;
  const squares = (canvas, count, columns, left, top, size, names) =>
    Array.from({ length: count }, (_, n) => {
      const [x, y] = [left + (n % columns) * size, top + Math.floor(n / columns) * size];
      const box = { x, y, width: size - 2, height: size - 2 };
      svg("rect", { ...box, class: "fill-none stroke-grid" }, canvas);
      return svg("rect", { ...box, "data-name": `${names}${n}` }, canvas);
    });
  const map = widget.canvas(260, 270, "What each pixel adds to the score");
  const mapTitle = svg("text", { x: 10, y: 15 }, map);
  const terms = squares(map, PLACES.length, SIDE, 10, 25, SQUARE, "m");
  const signs = PLACES.map((place) => {
    const [x, y] = [place % SIDE, Math.floor(place / SIDE)];
    const middle = { x: 24 + x * SQUARE, y: 44 + y * SQUARE, "text-anchor": "middle" };
    return svg("text", { ...middle, class: "widget-sign" }, map);
  });

  const hidden = widget.canvas(300, 170, "How active the units of the two hidden layers are");
  svg("text", { x: 10, y: 15 }, hidden, "25 units");
  svg("text", { x: 165, y: 15 }, hidden, "15 units");
  const units = [squares(hidden, 25, 5, 10, 25, 28, "h"), squares(hidden, 15, 5, 165, 25, 26, "u")];

  const bars = widget.canvas(300, 215, "The probabilities of the ten digits");
  const lines = DIGITS.map((digit) => {
    const y = 5 + digit * 21;
    svg("text", { x: 10, y: y + 14 }, bars, digit);
    const bar = svg("rect", { x: 28, y, height: 17, class: "fill-blue" }, bars);
    const number = svg("text", { y: y + 14, "data-name": `a${digit}` }, bars);
    return (a) => {
      bar.setAttribute("width", 210 * a);
      number.setAttribute("x", 34 + 210 * a);
      show(number, a);
    };
  });

  const drawMap = (values, digit) => {
    const most = Math.max(...values.map(Math.abs), 1e-9);
    mapTitle.textContent = `what each pixel says for ${digit}`;
    values.forEach((value, place) => {
      const share = Math.abs(value) / most;
      terms[place].setAttribute("class", value > 0 ? "fill-blue" : "fill-red");
      terms[place].setAttribute("opacity", share);
      terms[place].dataset.value = value;
      signs[place].textContent = share < 0.15 ? "" : value > 0 ? "+" : "−";
    });
  };
  const drawUnits = (outputs) => {
    units.forEach((layer, depth) => {
      const active = outputs[depth + 1];
      const most = Math.max(...active, 1e-9);
      layer.forEach((unit, n) => {
        unit.setAttribute("class", "fill-purple");
        unit.setAttribute("opacity", active[n] / most);
        unit.dataset.value = active[n];
      });
    });
  };
  return () => {
    const outputs = forward(sheet.pixels);
    const scores = outputs.at(-1);
    const a = softmax(scores);
    const best = a.indexOf(Math.max(...a));
    const digit = chosen.value === "best" ? best : Number(chosen.value);
    const values = evidence(outputs, digit);
    sheet.draw();
    drawMap(values, digit);
    drawUnits(outputs);
    lines.forEach((draw, k) => draw(a[k]));
    const [pixelSum, score] = [sum(values), scores[digit]];
    widget.say(
      `The network reads ${best}, with probability ${fixed(a[best])}. The score of ${digit} is ` +
        `${fixed(score, 2)}: the pixels add ${fixed(pixelSum, 2)}, ` +
        `the biases ${fixed(score - pixelSum, 2)}.`,
    );
  };
});
