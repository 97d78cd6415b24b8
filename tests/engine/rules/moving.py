"""The files of a package moved, renamed and written otherwise, so that they still say the same."""

from __future__ import annotations

import ast

_FOLDER = "kept"


def elsewhere(files: dict[str, str]) -> dict[str, str]:
    """Every file under another name in one folder, without its comments, with other docstrings and another layout."""
    places = {path: place(path) for path in files}
    return {f"{_FOLDER}/{places[path]}.py": _written(path, text, places) for path, text in files.items()}


def place(path: str) -> str:
    """The new name of a file: what made its path is in its name."""
    parts = path.removesuffix(".py").removesuffix("/__init__").split("/")
    return "_".join((*reversed(parts), "too"))


def _written(path: str, text: str, places: dict[str, str]) -> str:
    tree = ast.parse(text)
    folder = path.split("/")[:-1]
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [new for old in body for new in _otherwise(old, folder, places)]  # type: ignore[attr-defined]
    return ast.unparse(tree)


def _otherwise(node: ast.stmt, folder: list[str], places: dict[str, str]) -> list[ast.stmt]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return [ast.Expr(ast.Constant(f"换一种说法：{node.value.value}"))]
    if isinstance(node, ast.ImportFrom) and node.level:
        base = folder[: len(folder) + 1 - node.level] + (node.module.split(".") if node.module else [])
        return [_imported("/".join(base), name, places) for name in node.names]
    return [node]


def _imported(base: str, name: ast.alias, places: dict[str, str]) -> ast.ImportFrom:
    """One import of one name, a module or something in one, from where it is now."""
    module = f"{base}/{name.name}.py".lstrip("/")
    if module in places:
        return ast.ImportFrom(None, [ast.alias(places[module], name.asname or name.name)], 1)
    file = f"{base}.py" if f"{base}.py" in places else f"{base}/__init__.py"
    return ast.ImportFrom(places[file], [name], 1)
