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
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const softmax = (logits) => {
    const largest = Math.max(...logits);
    const exponentials = logits.map((z) => Math.exp(z - largest));
    return exponentials.map((e) => e / sum(exponentials));
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
      this.sentence = html("p", { class: "widget-says", "aria-live": "polite" });
      this.draw = () => {};
    }

    /* Take the place of what readers without scripts see. */
    open(draw) {
      const fallback = this.host.querySelector(".widget-fallback");
      fallback.replaceWith(this.panel, this.picture, this.sentence, this.footer());
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

    say(sentence) {
      clearTimeout(this.saying);
      this.saying = setTimeout(() => (this.sentence.textContent = sentence), PAUSE);
    }

    /* A drawing with a name; its numbers are said in the sentence. */
    canvas(width, height, label) {
      const viewBox = `0 0 ${width} ${height}`;
      return svg("svg", { viewBox, role: "img", "aria-label": label }, this.picture);
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

  window.courseWidget = Object.assign(start, { html, svg, fixed, show, sum, softmax, drag });
})();
