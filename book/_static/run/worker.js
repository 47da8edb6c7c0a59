/* What runs the cells: Pyodide in a worker. The text of this function becomes the worker, since a
   page from disk may start no other. A worker cannot read from disk either, so the page gives it
   every file, when it is needed; nothing is asked of the network from here. */
window.courseWorker = () => {
  "use strict";
  const PLACE = "http://in.the.page/"; // a base that Pyodide wants to see; nobody is asked there
  const TYPES = { wasm: "application/wasm", json: "application/json" };
  const waiting = new Map();
  const tell = (kind, more = {}) => postMessage({ kind, ...more });

  const unpacked = (text) => {
    const bytes = Uint8Array.fromBase64?.(text) ?? Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    return new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  };

  self.fetch = async (address) => {
    const name = String(address.url ?? address).split("/").pop();
    const text = await new Promise((resolve, reject) => {
      waiting.set(name, { resolve, reject });
      tell("need", { name });
    });
    const type = TYPES[name.split(".").pop()] ?? "application/octet-stream";
    return new Response(unpacked(text), { headers: { "Content-Type": type } });
  };

  const start = async () => {
    for (const name of ["pyodide.asm.js", "pyodide.js"]) {
      const script = await (await fetch(name)).blob();
      importScripts(URL.createObjectURL(script));
    }
    const python = await loadPyodide({ indexURL: PLACE, packages: ["course-page"] });
    python.runPython(`
      import os, site
      os.makedirs("/page/notebooks", exist_ok=True)
      os.symlink(site.getsitepackages()[0] + "/records", "/page/records")
      os.chdir("/page/notebooks")`);
    const names = python.runPython("{'__name__': '__main__'}");
    return { python, names, page: python.pyimport("course_page") };
  };

  let started;
  const run = async ({ cell, name, code }) => {
    const { python, names, page } = await (started ??= start());
    await python.loadPackagesFromImports(code, { messageCallback() {} });
    tell("running", { cell });
    const hand = (what, text) => tell("output", { cell, what, text });
    tell("done", { cell, ok: page.run(name, code, names, hand) });
  };

  let turn = Promise.resolve(); // one after another
  self.onmessage = ({ data }) => {
    if (data.kind === "run") {
      turn = turn.then(() => run(data)).catch((error) => tell("broken", { message: String(error) }));
      return;
    }
    const { resolve, reject } = waiting.get(data.name);
    waiting.delete(data.name);
    if (data.text) resolve(data.text);
    else reject(new Error(`${data.name} is not to be had`));
  };
};
