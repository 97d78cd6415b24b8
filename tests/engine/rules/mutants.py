"""A function with one place changed, put in the place of the real one for as long as one looks."""

from __future__ import annotations

import ast
import inspect
import linecache
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from types import CodeType, FunctionType, ModuleType
from typing import Any

_NUMBERS = count(1)


class _Negate(ast.NodeTransformer):
    """What is returned becomes its opposite."""

    def visit_Return(self, node: ast.Return) -> ast.AST:
        return ast.Return(ast.UnaryOp(ast.Not(), node.value)) if node.value else node


class _Shift(ast.NodeTransformer):
    """Every constant becomes another."""

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        value = node.value
        if isinstance(value, bool) or value is None:
            return ast.Constant(not value)
        if isinstance(value, str | int):
            return ast.Constant(value + " " if isinstance(value, str) else value + 1)
        return node


class _Turn(ast.NodeTransformer):
    """Every comparison and every `and` and `or` becomes another."""

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        return ast.UnaryOp(ast.Not(), node)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        return ast.BoolOp(ast.And() if isinstance(node.op, ast.Or) else ast.Or(), node.values)


class _Drop(ast.NodeTransformer):
    """Its last statement does nothing."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.body[-1] = ast.Pass()
        return node


CHANGES = (_Negate, _Shift, _Turn, _Drop)


def mutant(function: FunctionType) -> CodeType:
    """The code of a function changed in the first of the ways that make a difference to it."""
    source = textwrap.dedent(inspect.getsource(function))
    same = ast.unparse(_definition(source))
    changed = (ast.unparse(change().visit(_definition(source))) for change in CHANGES)
    return _compiled(next(c for c in changed if c != same), function)


def _definition(source: str) -> ast.FunctionDef:
    """A function without its decorators, docstring and annotations."""
    node = ast.parse(source).body[0]
    assert isinstance(node, ast.FunctionDef)
    node.decorator_list, node.returns = [], None
    for part in ast.walk(node):
        if isinstance(part, ast.arg):
            part.annotation = None
    if ast.get_docstring(node) is not None and len(node.body) > 1:
        del node.body[0]
    return node


def _compiled(source: str, function: FunctionType) -> CodeType:
    """The code of a function, with a source that can be found again."""
    outer = "".join(f"    {name} = None\n" for name in function.__code__.co_freevars)
    outer += f"    global {function.__name__}\n"  # a function that calls another of its name calls no free variable
    source = f"def around():\n{outer}{textwrap.indent(source, '    ')}\n"
    path = f"<mutant {next(_NUMBERS)}>"
    linecache.cache[path] = (len(source), None, source.splitlines(keepends=True), path)
    module = compile(source, path, "exec", dont_inherit=True)
    (around,) = _codes(module)
    (code,) = (c for c in _codes(around) if c.co_name == function.__name__)
    return code


def _codes(code: CodeType) -> Iterator[CodeType]:
    return (c for c in code.co_consts if isinstance(c, CodeType))


@contextmanager
def instead(function: FunctionType, code: CodeType) -> Iterator[None]:
    """Let a function run another code."""
    kept, function.__code__ = function.__code__, code
    try:
        yield
    finally:
        function.__code__ = kept


def functions_of(module: ModuleType) -> Iterator[FunctionType]:
    """The functions written in a module, those of its guards and classes included."""
    for value in vars(module).values():
        own = vars(value).values() if isinstance(value, type) else (value,)
        for function in map(_function, own):
            if function is not None and function.__code__.co_filename == module.__file__:
                yield function


def _function(value: Any) -> FunctionType | None:
    for name in ("check", "__func__", "fget", "__wrapped__"):
        value = getattr(value, name, value)
    return value if isinstance(value, FunctionType) else None
