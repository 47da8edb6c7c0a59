/* Run this page: its cells become editable and run here, in a worker; an exercise that can be checked
   gets a cell for its answer. Nothing is loaded before the reader asks for it. `data-python` of the
   script says where the files lie, `data-about` what they are, `data-size` how many megabytes. */
(() => {
  "use strict";
  const { python, about, size } = document.currentScript.dataset;
  const folder = new URL(python, location.href).href.replace(/\/?$/, "/");
  const CELLS = ".bd-article div.cell:has(.cell_input pre)";
  const GONE = "Stopped. What the cells had computed is gone: the next run begins anew.";

  const make = (tag, attributes = {}, text = "") => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.textContent = text;
    return element;
  };
  const button = (text, pressed, attributes = {}) => {
    const made = make("button", { type: "button", ...attributes }, text);
    made.addEventListener("click", pressed);
    return made;
  };

  /* -- the files: each is a script, as browsers read nothing else from disk */

  const files = new Map();
  window.pagePython = { take: (name, text) => files.set(name, text) };
  let loading = 0;

  const bring = (name) =>
    new Promise((resolve) => {
      const script = make("script", { src: `${folder}${name}.js` });
      loading += 1;
      script.onload = script.onerror = () => {
        loading -= 1;
        script.remove();
        resolve(files.get(name));
        files.delete(name); // the worker has it, and the browser's cache
      };
      document.head.append(script);
    });

  /* -- a cell */

  class Cell {
    constructor(host, number, name) {
      Object.assign(this, { host, number, name, state: "new" });
      this.code = host.querySelector(".cell_input pre");
      this.original = this.code.innerHTML;
      this.text = this.written();
      this.built = host.querySelector(":scope > .cell_output, :scope > details .cell_output");
      this.output = make("div", { class: "run-output", tabindex: "-1" });
    }

    /* Folded text has no innerText; a browser may break a line by an element. */
    written() {
      const copy = this.code.cloneNode(true);
      for (const end of copy.querySelectorAll("br")) end.replaceWith("\n");
      return copy.textContent.replaceAll("\u00a0", " ").replace(/\n*$/, "\n");
    }

    /* The box of the code stays as it is, since the theme decides whether it is a tab stop. */
    open() {
      const editor = make("span", {
        class: "run-code", contenteditable: "plaintext-only", role: "textbox", tabindex: "0",
        "aria-multiline": "true", "aria-label": `Code of ${this.name}`, spellcheck: "false",
      });
      editor.append(...this.code.childNodes);
      this.code.append(editor);
      this.code = editor;
      this.code.addEventListener("input", () => this.changed());
      this.code.addEventListener("keydown", (event) => {
        event.stopPropagation(); // "/" and other keys open the search elsewhere
        if (event.key !== "Enter" || !(event.shiftKey || event.ctrlKey)) return;
        event.preventDefault();
        runner.run(this);
      });
      const label = (verb) => ({ "aria-label": `${verb} ${this.name}` });
      this.bar = make("div", { class: "run-buttons" });
      this.undo = button("Reset", () => this.reset(), { hidden: "", ...label("Reset") });
      this.note = make("span", { class: "run-note" });
      this.bar.append(button("Run", () => runner.run(this), label("Run")), this.undo, this.note);
      this.code.closest(".cell_input").append(this.bar);
      if (!this.built) this.host.append((this.built = make("div", { class: "cell_output" })));
      this.built.prepend(this.output);
    }

    /* An answer that nobody has begun is nothing to run. */
    get empty() {
      return this.host.matches(".run-answer") && this.written() === this.text;
    }

    changed() {
      this.undo.hidden = this.written() === this.text;
      this.state = "new";
    }

    reset() {
      this.code.innerHTML = this.original;
      this.changed();
      this.forget();
      this.code.focus();
    }

    /* What the build has shown is to be seen again. */
    forget() {
      this.state = "new";
      this.output.replaceChildren();
      this.built.classList.remove("run-done");
      this.say("");
    }

    begin() {
      this.state = "waiting";
      this.say("waiting");
    }

    say(text) {
      this.note.textContent = text;
    }

    running() {
      this.output.replaceChildren();
      this.built.classList.add("run-done");
      this.say("running");
    }

    show(what, text) {
      const last = this.output.lastElementChild;
      if (what === "text" && last?.matches(".run-text")) return last.firstChild.append(text);
      const part = make("div", { class: `output run-${what}` });
      if (what === "html" || what === "svg") part.innerHTML = text;
      else part.append(make("pre", { tabindex: "0" }, text));
      if (what === "cannot") this.built.classList.remove("run-done");
      if (what === "svg") this.describe(part.querySelector("svg"));
      this.output.append(part);
    }

    /* A drawing of an unchanged cell is described by what its author wrote. */
    describe(drawing) {
      const authors = this.built.querySelectorAll("figure svg[role], .output:not(.run-svg) svg[role]");
      const number = this.output.querySelectorAll("svg").length;
      const said = this.undo.hidden && authors[number]?.getAttribute("aria-label");
      drawing.setAttribute("aria-label", said || `Figure drawn by ${this.name}`);
    }

    done(ok) {
      this.state = ok ? "ran" : "failed";
      this.say(ok ? "" : "an error, see below");
    }
  }

  /* The place for the answer to an exercise, below it. */
  const answerTo = (exercise) => {
    const host = make("div", { class: "cell docutils container run-answer" });
    const input = make("div", { class: "cell_input docutils container" });
    const box = make("div", { class: "highlight" });
    box.append(make("pre", {}, exercise.dataset.answer));
    input.append(box);
    host.append(input);
    exercise.after(host);
  };

  /* All cells in the order of the page; those of the book keep their numbers. */
  const collected = () => {
    const numbers = { cell: 0, answer: 0 };
    return [...document.querySelectorAll(CELLS)].map((host, number) => {
      const kind = host.matches(".run-answer") ? "answer" : "cell";
      return new Cell(host, number, `${kind} ${(numbers[kind] += 1)}`);
    });
  };
  let cells = [];

  /* -- the worker, and who waits for it */

  const runner = {
    waiting: [],

    /* Run a cell, and first every cell above it that has not yet run. */
    run(cell) {
      const above = cells.slice(0, cell.number).filter(({ state, empty }) => state !== "ran" && !empty);
      this.enqueue([...above, cell]);
    },

    enqueue(chosen) {
      const asked = new Set(this.waiting);
      const fresh = chosen.filter((cell) => !asked.has(cell));
      for (const cell of fresh) cell.begin();
      if (!this.waiting.length) this.ran = 0;
      this.waiting.push(...fresh);
      if (this.waiting.length === fresh.length) this.next();
    },

    next() {
      const [cell] = this.waiting;
      panel.busy(Boolean(cell));
      if (!cell) return panel.say("Every cell that was asked for has run.");
      const { number, name } = cell;
      this.tell(cell);
      this.worker ??= this.start();
      this.worker.postMessage({ kind: "run", cell: number, name, code: cell.written() });
    },

    tell({ name }) {
      panel.say(`Running ${name} …`);
      panel.show(this.ran, this.ran + this.waiting.length);
    },

    start() {
      panel.say("Python is being loaded …");
      panel.show();
      const text = new Blob([`(${window.courseWorker})()`], { type: "text/javascript" });
      const address = URL.createObjectURL(text);
      const worker = new Worker(address);
      URL.revokeObjectURL(address);
      worker.onmessage = ({ data }) => worker === this.worker && this.hear(worker, data);
      worker.onerror = ({ message }) => this.end(`Python cannot run here: ${message}`);
      return worker;
    },

    async hear(worker, { kind, cell, ...data }) {
      if (kind === "need") {
        panel.say(`Python is being loaded: ${data.name} …`);
        worker.postMessage({ name: data.name, text: await bring(data.name) });
        if (!loading) panel.say("Python is getting ready …");
      } else if (kind === "running") {
        this.tell(cells[cell]); // all it needs is loaded
        cells[cell].running();
      } else if (kind === "output") cells[cell].show(data.what, data.text);
      else if (kind === "done") this.done(cells[cell], data.ok);
      else this.end(`Python cannot go on: ${data.message}`);
    },

    done(cell, ok) {
      cell.done(ok);
      this.waiting.shift();
      this.ran += 1;
      if (ok) return this.next();
      const others = this.waiting.length ? "; the cells below it did not run" : "";
      this.drop();
      panel.busy(false);
      panel.say(`An error in ${cell.name}${others}.`);
    },

    /* Those who still wait show what they showed. */
    drop() {
      for (const cell of this.waiting.splice(0)) cell.forget();
    },

    end(message) {
      this.worker?.terminate();
      this.worker = undefined;
      this.drop();
      for (const cell of cells) if (cell.state === "ran") cell.state = "new";
      panel.busy(false);
      panel.say(message);
    },
  };

  /* -- what stands at the head of the page */

  const panel = {
    host: make("div", { class: "run-panel", role: "group", "aria-label": "Run this page" }),
    status: make("p", { class: "run-status", role: "status" }),
    progress: make("progress", { hidden: "", "aria-label": "How far the run is" }),

    place() {
      const text = `${about}: they run here, in the page. At most ${size} MB are loaded; nothing is sent.`;
      this.go = button("Run this page", () => this.begin());
      this.stop = button("Stop", () => runner.end(GONE), { hidden: "" });
      const row = make("div", { class: "run-buttons" });
      row.append(this.go, this.stop, this.progress);
      this.host.append(row, this.status);
      this.say(text);
      const above = ".bd-article .reading-time, .bd-article section:not(:has(.reading-time)) > h1";
      document.querySelector(above).after(this.host);
    },

    begin() {
      if (!cells.length) this.open();
      runner.enqueue(cells.filter(({ empty }) => !empty));
    },

    open() {
      for (const exercise of document.querySelectorAll("[data-answer]")) answerTo(exercise);
      cells = collected();
      for (const cell of cells) cell.open();
      this.go.textContent = "Run all";
    },

    /* How many of the cells that were asked for have run; without numbers, that it goes on. */
    show(ran, all) {
      if (all) Object.assign(this.progress, { max: all, value: ran });
      else this.progress.removeAttribute("value");
    },

    /* A button that goes hands the keyboard on to the one that comes. */
    busy(is) {
      const focused = [this.go, this.stop].includes(document.activeElement);
      this.go.disabled = is;
      this.stop.hidden = this.progress.hidden = !is;
      if (focused) (is ? this.stop : this.go).focus();
    },

    say(text) {
      this.status.textContent = text;
    },
  };

  if (document.querySelector(CELLS)) panel.place();
})();
