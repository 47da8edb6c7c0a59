"""Code for a reader to complete, made from the solution of an exercise."""

from __future__ import annotations

import ast

CHECK = "exercises.check"
FIRST_LINE = "# Your answer. Take the # from the last line, and run the cell to have it checked."


def stub(sources: list[str]) -> str:
    """Return the names that the check of a solution asks for, without what they stand for.

    Parameters
    ----------
    sources : list of str
        The cells of the solution.

    Returns
    -------
    str
        Empty if the solution is not checked, or if the check asks for nothing that it defines.
    """
    for source in sources:
        tree = ast.parse(source)
        for call in filter(is_check, ast.walk(tree)):
            wanted = {name.id for name in ast.walk(call) if isinstance(name, ast.Name)}
            if parts := [part for node in tree.body for part in opened(node, wanted)]:
                return "\n\n".join([f"{FIRST_LINE}\n{parts[0]}", *parts[1:], f"# {shown(call)}"])
    return ""


def is_check(node: ast.AST) -> bool:
    """Tell whether an expression has an answer checked."""
    return isinstance(node, ast.Call) and ast.unparse(node.func) == CHECK


def opened(node: ast.stmt, wanted: set[str]) -> list[str]:
    """Return a definition without what it defines, if it is wanted."""
    if isinstance(node, ast.FunctionDef) and node.name in wanted:
        return [f"def {node.name}({ast.unparse(node.args)}):\n    ..."]
    targets = node.targets if isinstance(node, ast.Assign) else []
    names = [name.id for name in targets if isinstance(name, ast.Name) and name.id in wanted]
    return [f"{name} = ..." for name in names]


def shown(call: ast.AST) -> str:
    """Return a call with its texts between double quotes."""
    return ast.unparse(call).replace("'", '"')
