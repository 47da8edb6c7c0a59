/* What a machine believes of the next word, and what is left of it to draw from: a temperature,
   then the best k words, then the fewest words that reach a probability together. */
courseWidget("cut", (widget) => {
  "use strict";
  const { svg, fixed, show, sum, softmax } = courseWidget;
  const { pasts, words, scores } = widget.data; // of each past: the best words, and all scores in order
  const [SHOWN, ALL] = [12, 101]; // the end of the slider of k keeps all
  const count = scores[0].length;

  const past = widget.select("past", "past", pasts.map((text, n) => [String(n), text]));
  const T = widget.slider("T", "temperature", { min: 0.2, max: 2, step: 0.05, value: 1, digits: 2 });
  const k = widget.slider("k", "top-k: keep", { min: 1, max: ALL, step: 1, value: ALL, digits: null });
  const p = widget.slider("p", "top-p: reach", { min: 0.05, max: 1, step: 0.05, value: 0.9, digits: 2 });

  const BAR = { left: 96, width: 190, top: 26, step: 24, thick: 17 };
  const height = BAR.top + BAR.step * (SHOWN + 1);
  const bars = widget.canvas(340, height, "A bar for the probability of each of the best words");
  svg("text", { x: 4, y: 14 }, bars, "outline: believed; bar: drawn from");
  const rows = Array.from({ length: SHOWN + 1 }, (_, n) => {
    const y = BAR.top + BAR.step * n;
    const at = { y: y + BAR.thick - 4 };
    const box = { x: BAR.left, y, height: BAR.thick };
    return {
      word: svg("text", { ...at, x: BAR.left - 8, "text-anchor": "end" }, bars),
      bar: svg("rect", { ...box, class: "fill-sky" }, bars),
      outline: svg("rect", { ...box, class: "fill-none stroke-ink" }, bars),
      number: svg("text", { ...at, "data-name": `b${n}` }, bars),
    };
  });
  const cells = widget.table(
    ["", "now"],
    [
      ["words kept", "kept"],
      ["their probability together", "together"],
      ["what the cut costs, in nats", "cost"],
    ],
  );
  const drawRow = ({ word, bar, outline, number }, name, believed, drawn) => {
    word.textContent = name;
    bar.setAttribute("width", BAR.width * drawn);
    outline.setAttribute("width", BAR.width * believed);
    number.setAttribute("x", BAR.left + BAR.width * Math.max(believed, drawn) + 6);
    show(number, drawn, (x) => (x > 0 ? fixed(x) : "out"));
  };

  return () => {
    const n = Number(past.value);
    k.tell(k.value < ALL ? String(k.value) : "all");
    const believed = softmax(scores[n].map((z) => z / T.value));
    const best = believed.slice(0, k.value < ALL ? k.value : count);
    const mass = sum(best);
    let [kept, reached] = [0, 0];
    while (kept < best.length && (p.value === 1 || reached < p.value * mass)) reached += best[kept++];
    const drawn = believed.map((a, place) => (place < kept ? a / reached : 0));
    rows.slice(0, SHOWN).forEach((row, place) =>
      drawRow(row, words[n][place], believed[place], drawn[place]));
    const rest = (values) => sum(values.slice(SHOWN));
    drawRow(rows[SHOWN], `${count - SHOWN} others`, rest(believed), rest(drawn));
    show(cells.kept, kept, (x) => fixed(x, 0));
    show(cells.together, reached);
    show(cells.cost, -Math.log(reached));
    widget.say(
      `After “${pasts[n]}” ${kept} of ${count} words are kept, which have the probability ` +
        `${fixed(reached)} together at temperature ${fixed(T.value, 2)}.`,
    );
  };
});
