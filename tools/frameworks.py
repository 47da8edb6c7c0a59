"""Run the losses of the frameworks and compare them with the recorded table.

    python -m tools.frameworks check     # exit 1 and show the cells that differ
    python -m tools.frameworks record    # run all and write the results into the table

The table is ``book/records/frameworks.json``::

    {"recorded": {"python": version, "packages": {name: version}},
     "inputs": {name: numbers},
     "rows": [one object for each call]}

A row is written by hand in these fields:

- ``framework``; ``function``, its full name;
- ``wants``: logits, probabilities or log-probabilities;
- ``labels``: indices, one-hot, either, distribution, binary, or null for a function without any;
- ``reduction``: what the function does by default to the losses of a batch, or null;
- ``call``: a Python expression, and ``wrong_call``: the same function fed with the wrong thing,
  or null. The names in them are the ``inputs``, as arrays of the framework in its default type;
- ``note``; ``source``, a web page, only where the framework could not be run: such a row has no
  ``call`` and no results.

The rest is what `record` found when it evaluated the two expressions:

- ``arguments``: the names of the first two arguments, in order;
- ``input``, ``wrong_input``: the numbers behind the names in the two expressions;
- ``value``, ``wrong_value``: the results, a number or nested lists of them; ``"inf"`` and ``"nan"``
  are strings, since JSON has no such numbers, and ``"raises ValueError"`` stands for an exception;
- ``warning``, ``wrong_warning``: the text of the warnings, or null if the function was silent.

Each framework runs in a process of its own, so that one which is missing does not hide the others.
"""

import ast
import inspect
import json
import math
import os
import platform
import subprocess
import sys
import warnings
from functools import partial
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "book" / "records" / "frameworks.json"

FIELDS = (
    *("framework", "function", "wants", "labels", "reduction", "arguments"),
    *("call", "input", "value", "warning"),
    *("wrong_call", "wrong_input", "wrong_value", "wrong_warning"),
    *("note", "source"),
)

# Most rows are float32, 1.2e-7 apart near 1; another processor may add in another order.
# There is no absolute tolerance: whether a tiny loss comes out as zero is part of the story.
TOLERANCE = 1e-5

# A CPU only, without messages, and without the reordering of sums that oneDNN brings.
ENVIRONMENT = {
    "CUDA_VISIBLE_DEVICES": "",
    "JAX_PLATFORMS": "cpu",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
}


# What each framework needs: the modules that its expressions name, and its maker of arrays.


def _pytorch():
    import torch

    return {"torch": torch}, torch.tensor


def _tensorflow():
    import tensorflow

    return {"tf": tensorflow}, tensorflow.constant


def _keras(backend):
    os.environ["KERAS_BACKEND"] = backend  # Keras reads it once, when it is imported
    import keras

    return {"keras": keras}, keras.ops.convert_to_tensor


def _jax():
    import jax
    import jax.numpy as jnp
    import jax.scipy.special  # a submodule that `import jax` leaves out

    return {"jax": jax, "jnp": jnp}, jnp.array


def _optax():
    import jax.numpy as jnp
    import optax

    return {"optax": optax, "jnp": jnp}, jnp.array


def _scipy():
    import scipy.special
    import scipy.stats

    return {"scipy": scipy, "np": np}, np.array


def _sklearn():
    import scipy.special
    import sklearn.metrics

    return {"sklearn": sklearn, "scipy": scipy, "np": np}, np.array


LOADERS = {
    "PyTorch": _pytorch,
    "TensorFlow": _tensorflow,
    "Keras on TensorFlow": partial(_keras, "tensorflow"),
    "Keras on JAX": partial(_keras, "jax"),
    "Keras on PyTorch": partial(_keras, "torch"),
    "JAX": _jax,
    "Optax": _optax,
    "SciPy": _scipy,
    "scikit-learn": _sklearn,
}


# One framework: evaluate its rows.


def plain(value):
    """Return a number or an array of any framework as what JSON can hold."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    if not isinstance(value, float):
        return plain(np.asarray(value).astype(float).tolist())
    return value + 0.0 if math.isfinite(value) else str(value)  # + 0.0 turns -0.0 into 0.0


def names_used(expression, inputs):
    """Return the inputs that an expression names, in the order of the table."""
    used = {node.id for node in ast.walk(ast.parse(expression)) if isinstance(node, ast.Name)}
    return [name for name in inputs if name in used]


def describe(expression, inputs):
    """Return the numbers behind the names in an expression, as text."""
    if expression is None:
        return None
    return "; ".join(f"{name} = {inputs[name]}" for name in names_used(expression, inputs))


def evaluate(expression, names):
    """Return the value of an expression and the text of its warnings, or None for each."""
    if expression is None:
        return None, None
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", UserWarning)
        try:
            value = plain(eval(expression, dict(names)))
        except (NameError, AttributeError, SyntaxError):
            raise  # the row is written wrongly: this is no answer of the framework
        except Exception as error:
            value = f"raises {type(error).__name__}"
    texts = {" ".join(str(warning.message).split()) for warning in caught}
    return value, " ".join(sorted(texts)) or None


def first_arguments(function):
    """Return the names of the first two arguments; of a loss class, those of calling the loss."""
    if inspect.isclass(function):
        function = getattr(function, "forward", None) or function.__call__
    names = [name for name in inspect.signature(function).parameters if name != "self"]
    return ", ".join(names[:2])


def result(row, inputs, names):
    """Return the fields of a row that come from running it."""
    value, warning = evaluate(row["call"], names)
    wrong_value, wrong_warning = evaluate(row["wrong_call"], names)
    return {
        "arguments": first_arguments(eval(row["function"], dict(names))),
        "input": describe(row["call"], inputs),
        "value": value,
        "warning": warning,
        "wrong_input": describe(row["wrong_call"], inputs),
        "wrong_value": wrong_value,
        "wrong_warning": wrong_warning,
    }


def rows_of(framework, table):
    """Return the rows of one framework."""
    return [row for row in table["rows"] if row["framework"] == framework]


def run(framework, table):
    """Run one framework here; return its packages' versions and a result for each of its rows."""
    names, array = LOADERS[framework]()
    versions = {m.__name__: m.__version__ for m in names.values() if hasattr(m, "__version__")}
    names |= {name: array(numbers) for name, numbers in table["inputs"].items()}
    results = [result(row, table["inputs"], names) for row in rows_of(framework, table)]
    return {"packages": versions, "results": results}


# All frameworks: run each apart, then compare or write.


def run_apart(framework):
    """Run one framework in a new process; raise RuntimeError with its last words if it fails."""
    command = [sys.executable, "-m", "tools.frameworks", "run", framework]
    environment = os.environ | ENVIRONMENT
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        words = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
        raise RuntimeError(words[-1])
    return json.loads(done.stdout)


def run_all(runner=run_apart):
    """Run every framework; return what each gave, and a line for each that did not run."""
    runs, failures = {}, []
    for framework in LOADERS:
        try:
            runs[framework] = runner(framework)
        except RuntimeError as error:
            failures.append(f"{framework}: did not run: {error}")
    return runs, failures


def packages_of(runs):
    """Return the versions of all packages that took part, by name."""
    versions = {}
    for outcome in runs.values():
        versions |= outcome["packages"]
    return {name: versions[name] for name in sorted(versions)}


def same(recorded, now):
    """Tell whether two cells agree; numbers to a relative TOLERANCE, all else exactly."""
    if isinstance(recorded, list) and isinstance(now, list):
        return len(recorded) == len(now) and all(map(same, recorded, now))
    if isinstance(recorded, float) and isinstance(now, float):
        return math.isclose(recorded, now, rel_tol=TOLERANCE)
    return recorded == now


def differences(table, runs):
    """Return one line for each cell that differs from the record."""
    found = []
    for framework, outcome in runs.items():
        for row, now in zip(rows_of(framework, table), outcome["results"], strict=True):
            found += [
                f"{framework}: {row['call']}: {field}: recorded {row.get(field)!r}, now {cell!r}"
                for field, cell in now.items()
                if not same(row.get(field), cell)
            ]
    return found


def version_changes(table, runs):
    """Return one line for each package whose version is not the recorded one."""
    recorded = table["recorded"]["packages"]
    return [
        f"{name}: recorded with {recorded.get(name)}, now {version}"
        for name, version in packages_of(runs).items()
        if recorded.get(name) != version
    ]


def unexplained(table):
    """Return one line for each row that no framework here runs and that names no source."""
    return [
        f"{row['framework']}: {row['function']}: neither run nor with a source"
        for row in table["rows"]
        if row["framework"] not in LOADERS and not row.get("source")
    ]


def check(table):
    """Compare a fresh run with the table, print what differs; return the exit status."""
    runs, failures = run_all()
    for line in version_changes(table, runs):
        print(f"version   {line}")
    problems = unexplained(table) + failures + differences(table, runs)
    for line in problems:
        print(f"DIFFERENT {line}")
    count = sum(len(outcome["results"]) for outcome in runs.values())
    print(f"{count} rows of {len(runs)} frameworks were run, {len(problems)} problems")
    return int(bool(problems))


def record(table):
    """Write the results of a fresh run into the table, unless something failed to run."""
    runs, failures = run_all()
    problems = unexplained(table) + failures
    if problems:
        print("\n".join(problems) + "\nnothing was written")
        return 1
    for framework, outcome in runs.items():
        for row, now in zip(rows_of(framework, table), outcome["results"], strict=True):
            row.update(now)
    table["recorded"] = {"python": platform.python_version(), "packages": packages_of(runs)}
    TABLE.write_text(text_of(table), encoding="utf-8")
    return 0


def read():
    """Return the table."""
    return json.loads(TABLE.read_text(encoding="utf-8"))


def text_of(table):
    """Return the table as JSON with one cell on a line, so that a change shows as what it is."""
    rows = [_object({field: row.get(field) for field in FIELDS}, "  ") for row in table["rows"]]
    parts = {
        "recorded": _object(table["recorded"], " "),
        "inputs": _object(table["inputs"], " "),
        "rows": "[\n  " + ",\n  ".join(rows) + "\n ]",
    }
    return "{\n" + ",\n".join(f' "{name}": {part}' for name, part in parts.items()) + "\n}\n"


def _object(cells, indent):
    """Return an object as JSON with one cell on a line."""
    lines = [f"{indent} {json.dumps(name)}: {json.dumps(cell)}" for name, cell in cells.items()]
    return "{\n" + ",\n".join(lines) + f"\n{indent}}}"


def main(arguments):
    """Run one of the commands; return the exit status."""
    if arguments == ["check"]:
        return check(read())
    if arguments == ["record"]:
        return record(read())
    if len(arguments) == 2 and arguments[0] == "run" and arguments[1] in LOADERS:
        print(json.dumps(run(arguments[1], read())))
        return 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
