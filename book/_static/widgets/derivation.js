/* The checked lines of a formula, one after another, each with its reason. */
courseWidget("derivation", (widget) => {
  "use strict";
  const list = widget.host.querySelector(".widget-lines");
  const lines = [...list.children];
  const last = lines.length - 1;

  const range = { min: 0, max: last, step: 1, value: 1, digits: 0 };
  const line = widget.slider("line", `line (of ${last})`, range);
  const row = widget.row();
  const go = (number) => {
    line.set(number);
    widget.changed();
  };
  const back = widget.button("Back", () => go(line.value - 1), row);
  const forward = widget.button("Forward", () => go(line.value + 1), row);
  widget.button("All lines", () => go(last), row);
  widget.picture.append(list);

  return () => {
    const now = line.value;
    lines.forEach((each, number) => {
      each.hidden = number > now;
      each.classList.toggle("widget-current", number === now);
    });
    back.setAttribute("aria-disabled", now === 0);
    forward.setAttribute("aria-disabled", now === last);
    const rest = now === last ? "this is the last one" : "Forward shows the next one";
    widget.say(now === 0 ? "What is to be found." : `Line ${now} of ${last}; ${rest}.`);
  };
});
