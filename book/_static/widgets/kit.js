/* What the figures one can touch share: controls, drawing, numbers, and the state in the address.

   A figure is made by

     courseWidget("kind", (widget) => { ...controls and picture...; return draw; });

   `draw` puts the values of the controls into the picture. It is called once at the start and
   after every change. Whatever has a key is kept in the address, `?logits=2,1,0.1&T=1`, so that a
   setting can be shared. A classic script: module scripts do not run from file://. */
(() => {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";
  const PAUSE = 250; // ms without a change before the address and the spoken sentence follow
  let elements = 0;

  const fill = (element, attributes, parent, text) => {
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    if (text !== undefined) element.textContent = text;
    if (parent) parent.append(element);
    return element;
  };
  const html = (tag, attributes, parent, text) =>
    fill(document.createElement(tag), attributes, parent, text);
  const svg = (tag, attributes, parent, text) =>
    fill(document.createElementNS(SVG, tag), attributes, parent, text);

  /* Numbers: what is shown is rounded, `data-value` has every digit. */
  const fixed = (value, digits = 3) => {
    if (Number.isNaN(value)) return "nan";
    if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
    const text = Math.abs(value).toFixed(digits);
    return value < 0 && Number(text) !== 0 ? `−${text}` : text;
  };
  const show = (element, value, format = fixed) => {
    element.dataset.value = String(value);
    element.textContent = format(value);
  };
  const showAll = (cells, numbers) => {
    for (const [name, cell] of Object.entries(cells)) show(cell, numbers[name]);
  };
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const softmax = (logits) => {
    const largest = Math.max(...logits);
    const exponentials = logits.map((z) => Math.exp(z - largest));
    return exponentials.map((e) => e / sum(exponentials));
  };

  const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  /* The loss keeps its digits when it is small: from the largest score outward. */
  const lossOf = (logits, label) => {
    const largest = Math.max(...logits);
    const first = logits.indexOf(largest);
    const others = sum(logits.map((z, k) => (k === first ? 0 : Math.exp(z - largest))));
    return largest - logits[label] + Math.log1p(others);
  };

  /* Dragging is an extra: whatever can be dragged has a control as well. */
  const drag = (picture, handle, moved) => {
    const follow = (event) => {
      const point = new DOMPoint(event.clientX, event.clientY);
      const { x, y } = point.matrixTransform(picture.getScreenCTM().inverse());
      moved(x, y);
    };
    handle.classList.add("widget-handle");
    handle.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      handle.setPointerCapture(event.pointerId);
    });
    handle.addEventListener("pointermove", (event) => {
      if (handle.hasPointerCapture(event.pointerId)) follow(event);
    });
  };

  /* Two axes, and what is drawn along them: `x` and `y` are the ends of what is shown. Curves end
     where the chart ends. */
  const CHART = { width: 340, height: 250, left: 38, right: 328, top: 26, bottom: 206 };
  const SAMPLES = 240; // points of a curve

  class Chart {
    constructor(canvas, { x, y, xTicks, yTicks, xTitle, yTitle }) {
      Object.assign(this, { canvas, xEnds: x, yEnds: y });
      const { left, right, top, bottom } = CHART;
      const id = `widget-clip-${++elements}`;
      const box = { x: left, y: top, width: right - left, height: bottom - top };
      svg("rect", box, svg("clipPath", { id }, canvas));
      for (const tick of xTicks) this.tick(this.x(tick), bottom + 16, tick, "middle");
      for (const tick of yTicks) this.tick(left - 6, this.y(tick) + 4, tick, "end");
      const line = { class: "stroke-muted" };
      svg("line", { ...line, x1: left, x2: left, y1: top, y2: bottom }, canvas);
      svg("line", { ...line, x1: left, x2: right, y1: bottom, y2: bottom }, canvas);
      this.text((left + right) / 2, bottom + 36, xTitle, "middle");
      this.text(4, top - 12, yTitle, "start");
      this.layer = svg("g", { "clip-path": `url(#${id})` }, canvas);
    }

    tick(x, y, value, anchor) {
      this.text(x, y, fixed(value, Number.isInteger(value) ? 0 : 1), anchor);
    }

    x(value) {
      const [low, high] = this.xEnds;
      return CHART.left + ((value - low) / (high - low)) * (CHART.right - CHART.left);
    }

    y(value) {
      const [low, high] = this.yEnds;
      return CHART.bottom - ((value - low) / (high - low)) * (CHART.bottom - CHART.top);
    }

    /* The value on the horizontal axis at a place of the drawing. */
    at(place) {
      const [low, high] = this.xEnds;
      return low + ((place - CHART.left) / (CHART.right - CHART.left)) * (high - low);
    }

    /* The value on the upright axis at a height of the drawing. */
    up(place) {
      const [low, high] = this.yEnds;
      return low + ((CHART.bottom - place) / (CHART.bottom - CHART.top)) * (high - low);
    }

    text(x, y, text, anchor = "start", kind = "") {
      return svg("text", { x, y, "text-anchor": anchor, class: kind }, this.canvas, text);
    }

    /* A line through points, which can be drawn anew; what is far outside of the chart is cut. */
    path(kind) {
      const line = svg("polyline", { class: `fill-none widget-curve ${kind}` }, this.layer);
      const cut = (place) => Math.min(1e4, Math.max(-1e4, place)).toFixed(2);
      return (points) => {
        const places = points.map(([x, y]) => `${cut(this.x(x))},${cut(this.y(y))}`);
        line.setAttribute("points", places.join(" "));
      };
    }

    /* The curve of a function. */
    curve(kind) {
      const [path, [low, high]] = [this.path(kind), this.xEnds];
      const places = Array.from({ length: SAMPLES + 1 }, (_, n) => low + (n / SAMPLES) * (high - low));
      return (height) => path(places.map((x) => [x, height(x)]));
    }

    /* A line between two points. */
    line(kind) {
      const line = svg("line", { class: kind }, this.layer);
      return (x1, y1, x2, y2) =>
        fill(line, { x1: this.x(x1), y1: this.y(y1), x2: this.x(x2), y2: this.y(y2) });
    }

    /* A line from the bottom to the top, at a place along the horizontal axis. */
    upright(kind) {
      const line = this.line(kind);
      return (x) => line(x, this.yEnds[0], x, this.yEnds[1]);
    }

    /* A point; `moved` is told where it is dragged to. */
    dot(kind, moved, r = 8) {
      const dot = svg("circle", { r, class: kind }, this.canvas);
      if (moved) drag(this.canvas, dot, (x, y) => moved(this.at(x), this.up(y)));
      return (x, y) => fill(dot, { cx: this.x(x), cy: this.y(y) });
    }
  }

  /* A sheet of pixels to paint on: 64 buttons, one of them reached by Tab, the others by the arrows.
     In the address the drawing has one letter for each pixel, 0 to 9 and then a to g. `pen` gives
     the ink; `painted` is told of a new drawing before it is shown. */
  const SIDE = 8;
  const FULL = 16; // the ink of a pixel, as in the data
  const PLACES = Array.from({ length: SIDE * SIDE }, (_, place) => place);
  const ARROWS = {
    ArrowLeft: (place) => place % SIDE > 0 && place - 1,
    ArrowRight: (place) => place % SIDE < SIDE - 1 && place + 1,
    ArrowUp: (place) => place >= SIDE && place - SIDE,
    ArrowDown: (place) => place < SIDE * (SIDE - 1) && place + SIDE,
  };

  class Sheet {
    constructor(widget, start, pen, painted = () => {}) {
      Object.assign(this, { widget, pen, painted });
      this.state = widget.hidden("pixels", this.asText(start), (text) => /^[0-9a-g]{64}$/.test(text));
      const name = "Drawing, 8 by 8 pixels; the arrow keys move, Space paints";
      this.box = html("div", { class: "widget-sheet", role: "group", "aria-label": name }, widget.picture);
      this.cells = PLACES.map((place) => {
        const tabindex = place === 0 ? 0 : -1;
        return html("button", { type: "button", class: "widget-pixel", tabindex }, this.box);
      });
      this.box.addEventListener("pointerdown", (event) => this.paintAt(event));
      this.box.addEventListener("pointermove", (event) => event.buttons && this.paintAt(event));
      this.box.addEventListener("click", ({ detail, target }) => {
        if (detail === 0 && this.cells.includes(target)) this.paint(this.cells.indexOf(target));
      });
      this.box.addEventListener("keydown", (event) => this.move(event));
    }

    asText(pixels) {
      return pixels.map((ink) => ink.toString(FULL + 1)).join("");
    }

    get pixels() {
      return [...this.state.value].map((letter) => parseInt(letter, FULL + 1));
    }

    set(pixels) {
      this.state.set(this.asText(pixels));
      this.painted();
      this.widget.changed();
    }

    paint(place) {
      const pixels = this.pixels;
      const faint = Math.floor(this.pen() / 3); // a pen is a little wider than a pixel
      pixels[place] = this.pen();
      for (const arrow of Object.values(ARROWS)) {
        const near = arrow(place);
        if (near !== false) pixels[near] = Math.max(pixels[near], faint);
      }
      this.set(pixels);
    }

    paintAt(event) {
      const place = this.cells.indexOf(document.elementFromPoint(event.clientX, event.clientY));
      if (place >= 0) this.paint(place);
    }

    move(event) {
      const here = this.cells.indexOf(event.target);
      if (here < 0 || !(event.key in ARROWS)) return;
      event.preventDefault();
      const there = ARROWS[event.key](here);
      if (there === false) return;
      this.cells[here].tabIndex = -1;
      this.cells[there].tabIndex = 0;
      this.cells[there].focus();
    }

    draw() {
      this.pixels.forEach((ink, place) => {
        const [x, y] = [(place % SIDE) + 1, Math.floor(place / SIDE) + 1];
        this.cells[place].style.setProperty("--ink", ink / FULL);
        this.cells[place].setAttribute("aria-label", `row ${y}, column ${x}: ink ${ink}`);
      });
    }

    /* Buttons for digits of the data, in order of what they show, and an empty sheet. */
    offer(samples, words) {
      const row = this.widget.row();
      html("span", {}, row, words);
      samples.forEach((sample, digit) => {
        this.widget.button(String(digit), () => this.set(sample), row);
      });
      this.widget.button("Clear", () => this.set(PLACES.map(() => 0)), row);
    }
  }

  class Widget {
    constructor(host) {
      this.host = host;
      this.start = new URLSearchParams(host.dataset.start);
      this.address = new URLSearchParams(location.search);
      this.controls = new Map(); // key: controls that share it, in order
      const data = host.querySelector("script.widget-data");
      this.data = data && JSON.parse(data.textContent);
      this.panel = html("div", { class: "widget-controls" });
      this.picture = html("div", { class: "widget-picture" });
      this.sentence = html("p", { class: "widget-says", "aria-hidden": "true" });
      this.spoken = html("p", { class: "visually-hidden", "aria-live": "polite" });
      this.draw = () => {};
    }

    /* Stand below what the page says about the figure. */
    open(draw) {
      const about = this.host.querySelector(".widget-about");
      about.after(this.panel, this.picture, this.sentence, this.spoken, this.footer());
      this.draw = draw;
      draw();
      this.link.href = this.url();
    }

    footer() {
      const row = html("p", { class: "widget-footer" });
      this.button("Reset", () => this.reset(), row);
      this.link = html("a", { href: "" }, row, "Link to this setting");
      return row;
    }

    /* -- controls; those with a key begin with what the address says, if it makes sense */

    register(key, control) {
      const group = this.controls.get(key) ?? this.controls.set(key, []).get(key);
      const place = group.push(control) - 1;
      control.initial = control.get();
      this.set(control, this.start.get(key)?.split(",")[place]);
      control.initial = control.get();
      this.set(control, this.address.get(key)?.split(",")[place]);
      return control;
    }

    set(control, text) {
      if (text !== undefined && text !== "" && control.accepts(text)) control.set(text);
    }

    field(label, parent = this.panel) {
      const id = `widget-control-${++elements}`;
      const row = html("div", { class: "widget-field" }, parent);
      html("label", { for: id }, row, label);
      return { id, row };
    }

    listen(input) {
      input.addEventListener("input", () => this.changed());
    }

    slider(key, label, { min, max, step, value, digits = 1, parent }) {
      const { id, row } = this.field(label, parent);
      const input = html("input", { id, type: "range", min, max, step, value }, row);
      const shown = html("span", { class: "widget-number", "aria-hidden": "true" }, row);
      const tell = (text) => {
        shown.textContent = text;
        input.setAttribute("aria-valuetext", text);
      };
      const update = () => digits !== null && tell(fixed(input.valueAsNumber, digits));
      update();
      input.addEventListener("input", update);
      this.listen(input);
      return this.register(key, {
        input,
        tell, // for a slider with `digits: null`, whose number is not its value
        get: () => input.value,
        set: (text) => {
          input.value = text; // the browser keeps it in range and on a step
          update();
        },
        accepts: (text) => Number.isFinite(Number(text)),
        get value() {
          return input.valueAsNumber;
        },
      });
    }

    /* Put a slider where a point was dragged. */
    move(slider, value) {
      slider.set(String(value));
      this.changed();
    }

    select(key, label, options, parent) {
      const { id, row } = this.field(label, parent);
      const input = html("select", { id }, row);
      for (const [value, text] of options) html("option", { value }, input, text);
      this.listen(input);
      return this.register(key, {
        input,
        get: () => input.value,
        set: (text) => (input.value = text),
        accepts: (text) => options.some(([value]) => String(value) === text),
        get value() {
          return input.value;
        },
      });
    }

    checkbox(key, label, checked, parent) {
      const { id, row } = this.field(label, parent);
      const input = html("input", { id, type: "checkbox" });
      row.prepend(input);
      row.classList.add("widget-check");
      input.checked = checked;
      this.listen(input);
      return this.register(key, {
        input,
        get: () => (input.checked ? "1" : "0"),
        set: (text) => (input.checked = text === "1"),
        accepts: (text) => text === "0" || text === "1",
        get value() {
          return input.checked;
        },
      });
    }

    /* A part of the state that no single control shows. */
    hidden(key, value, accepts) {
      const control = { value, accepts };
      control.get = () => control.value;
      control.set = (text) => (control.value = text);
      return this.register(key, control);
    }

    button(label, pressed, parent = this.panel) {
      const button = html("button", { type: "button" }, parent, label);
      button.addEventListener("click", pressed);
      return button;
    }

    row() {
      return html("div", { class: "widget-buttons" }, this.panel);
    }

    reset() {
      for (const control of [...this.controls.values()].flat()) control.set(control.initial);
      this.changed();
    }

    group(legend) {
      const group = html("fieldset", {}, this.panel);
      html("legend", {}, group, legend);
      return group;
    }

    /* -- what follows a change */

    changed() {
      this.draw();
      clearTimeout(this.saving);
      this.saving = setTimeout(() => this.save(), PAUSE);
    }

    /* Only what differs from the start stands in the address; what others put there stays. */
    query() {
      const query = new URLSearchParams(location.search);
      for (const [key, group] of this.controls) {
        query.delete(key);
        if (group.some((control) => control.get() !== control.initial))
          query.set(key, group.map((control) => control.get()).join(","));
      }
      return query.toString().replaceAll("%2C", ",");
    }

    url() {
      return `?${this.query()}#${this.host.id}`;
    }

    save() {
      const query = this.query();
      const search = query ? `?${query}` : "";
      history.replaceState(history.state, "", `${location.pathname}${search}${location.hash}`);
      this.link.href = this.url();
    }

    /* The sentence is seen at once; it is read aloud when nothing has changed for a while. */
    say(sentence) {
      this.sentence.textContent = sentence;
      clearTimeout(this.saying);
      this.saying = setTimeout(() => (this.spoken.textContent = sentence), PAUSE);
    }

    /* A drawing with a name; its numbers are said in the sentence. */
    canvas(width, height, label) {
      const viewBox = `0 0 ${width} ${height}`;
      return svg("svg", { viewBox, role: "img", "aria-label": label }, this.picture);
    }

    /* A sheet to paint on. */
    sheet(start, pen, painted) {
      return new Sheet(this, start, pen, painted);
    }

    /* A drawing with two axes. */
    chart(label, options) {
      return new Chart(this.canvas(CHART.width, CHART.height, label), options);
    }

    /* A table with a heading in each row; returns its cells by their names. */
    table(titles, rows) {
      const table = html("table", { class: "widget-table" }, this.picture);
      const head = html("tr", {}, html("thead", {}, table));
      for (const title of titles) html(title ? "th" : "td", title ? { scope: "col" } : {}, head, title);
      const [body, cells] = [html("tbody", {}, table), {}];
      for (const [title, ...names] of rows) {
        const row = html("tr", {}, body);
        html("th", { scope: "row" }, row, title);
        const colspan = (titles.length - 1) / names.length;
        for (const name of names) cells[name] = html("td", { "data-name": name, colspan }, row);
      }
      return cells;
    }
  }

  const start = (kind, build) => {
    for (const host of document.querySelectorAll(`.widget[data-widget="${kind}"]`)) {
      const widget = new Widget(host);
      widget.open(build(widget));
    }
  };

  window.courseWidget = Object.assign(start, {
    html, svg, fixed, show, showAll, sum, softmax, softplus, lossOf, drag, PLACES, SIDE, FULL,
  });
})();
