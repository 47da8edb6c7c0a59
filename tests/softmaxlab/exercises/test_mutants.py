"""Right answers, changed in one place by machine, are refused, or are right for a stated reason.

The right answers of ``test_answers.py`` are read as text. Every operator, comparison, number,
keyword, index and call in them is changed or dropped, one at a time. ``equivalent.json`` lists
the changed answers that pass, under the reason why they are right.
"""

import ast
import contextlib
import copy
import io
import json
import runpy
from pathlib import Path

import numpy as np
import pytest
from softmaxlab import exercises

ANSWERS = Path(__file__).with_name("test_answers.py")
EQUIVALENT = json.loads(Path(__file__).with_name("equivalent.json").read_text("utf-8"))

OPERATORS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.Pow: ast.Mult,
}
COMPARISONS = {
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
}
NAMES = {
    "abs": "sign",
    "argmax": "argmin",
    "exp": "exp2",
    "expit": "tanh",
    "imag": "real",
    "log": "log2",
    "log1p": "log",
    "max": "min",
    "maximum": "minimum",
    "mean": "sum",
    "minimum": "maximum",
    "sum": "mean",
}
COMMUTATIVE = {"np.maximum", "np.minimum", "np.logaddexp", "max", "min"}
MODULES = {"np", "special", "softmaxlab"}


def variants(node):
    """Return what a node of the tree could be in its place."""
    match node:
        case ast.BinOp(left, op, right):
            other = OPERATORS.get(type(op))
            swapped = [ast.BinOp(left, other(), right)] if other else []
            turned = [] if isinstance(op, (ast.Add, ast.Mult)) else [ast.BinOp(right, op, left)]
            return [*swapped, left, right, *turned]
        case ast.UnaryOp(ast.USub(), operand):
            return [operand]
        case ast.Compare(left, [op], right):
            return [ast.Compare(left, [other()], right) for other in COMPARISONS[type(op)]]
        case ast.Constant(bool(value)):
            return [ast.Constant(not value)]
        case ast.Constant(int(value)):
            return [ast.Constant(value + 1), ast.Constant(value - 1)]
        case ast.Constant(float(value)):
            return [ast.Constant(2 * value)]
        case ast.Subscript(value) | ast.Attribute(value, "T"):
            return [value]
        case ast.IfExp(_, body, orelse):
            return [body, orelse]
        case ast.Call():
            return list(calls(node))
    return []


def calls(node):
    """Return the calls of another function or with other arguments, and none at all."""
    function, arguments, keywords = node.func, node.args, node.keywords
    of_module = isinstance(function, ast.Name) or (
        isinstance(function.value, ast.Name) and function.value.id in MODULES
    )
    if isinstance(function, ast.Attribute):
        if function.attr in NAMES:
            other = ast.Attribute(function.value, NAMES[function.attr])
            yield ast.Call(other, arguments, keywords)
        if not of_module:
            yield function.value
    if arguments and of_module:
        yield arguments[0]
    if len(arguments) == 2 and ast.unparse(function) not in COMMUTATIVE:
        yield ast.Call(function, arguments[::-1], keywords)
    for keyword in keywords:
        yield ast.Call(function, arguments, [one for one in keywords if one is not keyword])


def shortened(body):
    """Return the lists of statements that lack one: all but definitions and the last."""
    for place, statement in enumerate(body[:-1]):
        if isinstance(statement, (ast.AugAssign, ast.If)) or (
            isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Subscript)
        ):
            yield body[:place] + body[place + 1 :]


def mutants(function):
    """Return all trees that differ from that of a function in one place."""
    for place, node in enumerate(ast.walk(function)):
        changes = variants(node) if isinstance(node, ast.expr) else []
        for change in changes:
            yield replaced(function, place, change)
        for body in shortened(getattr(node, "body", [])) if isinstance(node, ast.stmt) else []:
            mutant = copy.deepcopy(function)
            list(ast.walk(mutant))[place].body = body
            yield mutant


def replaced(function, place, change):
    """Return a copy of a tree with another node at a place, counted as ``ast.walk`` does."""
    mutant = copy.deepcopy(function)
    old = list(ast.walk(mutant))[place]
    change = copy.deepcopy(change)
    if hasattr(change, "ctx"):
        change.ctx = getattr(old, "ctx", ast.Load())
    for node in ast.walk(mutant):
        for name, value in ast.iter_fields(node):
            if value is old:
                setattr(node, name, change)
            elif isinstance(value, list):
                setattr(node, name, [change if one is old else one for one in value])
    return mutant


def right_answers():
    """Return the syntax trees of the right answers that are written out, by exercise."""
    tree = ast.parse(ANSWERS.read_text("utf-8"))
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    table = next(
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "RIGHT"
    )
    return {
        ast.literal_eval(key): [
            functions.get(ast.unparse(answer), answer)
            for answer in answers.elts
            if isinstance(answer, ast.Lambda) or ast.unparse(answer) in functions
        ]
        for key, answers in zip(table.keys, table.values, strict=True)
    }


def compiled(tree, names):
    """Return the function of a tree, among the names of the answers."""
    if isinstance(tree, ast.Lambda):
        return eval(ast.unparse(tree), names)
    scope = dict(names)
    exec(ast.unparse(tree), scope)
    return scope[tree.name]


def passes(name, tree, names):
    """Tell whether an exercise accepts the function of a tree."""
    try:
        answer = compiled(tree, names)
        with contextlib.redirect_stdout(io.StringIO()):
            exercises.check(name, answer)
    except (exercises.NotYet, SyntaxError):
        return False
    return True


def described(tree, mutant):
    """Return the lines of two functions that differ."""
    lines = [ast.unparse(one).splitlines() for one in (tree, mutant)]
    if len(lines[0]) != len(lines[1]):
        gone = [line.strip() for line in lines[0] if line not in lines[1]]
        return f"{' '.join(gone)} -> "
    first = next(pair for pair in zip(*lines, strict=True) if pair[0] != pair[1])
    return " -> ".join(line.strip() for line in first)


NAMES_OF_ANSWERS = runpy.run_path(str(ANSWERS))
TREES = right_answers()


@pytest.mark.parametrize("name", [name for name, trees in TREES.items() if trees])
def test_what_passes_is_equivalent(name):
    passing = set()
    with np.errstate(all="ignore"):
        for tree in TREES[name]:
            for mutant in mutants(tree):
                if ast.unparse(mutant) != ast.unparse(tree) and passes(
                    name, mutant, NAMES_OF_ANSWERS
                ):
                    passing.add(f"{name}: {described(tree, mutant)}")
    listed = [mutant for mutants in EQUIVALENT.values() for mutant in mutants]
    assert passing == {mutant for mutant in listed if mutant.startswith(f"{name}: ")}
