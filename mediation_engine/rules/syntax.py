"""Functions and classes as the syntax trees of their source: all that they say, and not how it is laid out.

A function is written as text without what decides nothing: docstrings, annotations, layout. A name that is not its own
stands for its value; so neither the name of a helper nor the file it is in matters. The text is our own, since that of
`ast.dump` changes with the version of the language.
"""

from __future__ import annotations

import ast
import builtins
import dis
import linecache
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum
from functools import cache
from types import CodeType, FunctionType, ModuleType
from typing import Any

from msgspec import Struct

from ..domain.machine import DeclarationFault

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_ANNOTATIONS = ("annotation", "returns")
_SILENT = ("ctx", "type_comment", "kind", "type_params")
"""Fields of a tree that decide nothing."""


@dataclass(frozen=True, slots=True)
class Value:
    """What a name in a function stands for."""

    value: Any


@dataclass(slots=True)
class Reading:
    """A function as read."""

    parts: list[str | Value] = field(default_factory=list)
    """Its text, with the values that its names stand for."""
    asked: set[str] = field(default_factory=set)
    """The attributes it asks for, by name."""
    classes: set[type] = field(default_factory=set)
    """The classes in its annotations."""


# -- finding


class _Module:
    """A file: its functions by first line and name, its classes by qualified name."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self.functions: dict[tuple[int, str], ast.AST] = {}
        self.classes: dict[str, ast.ClassDef] = {}
        self._index(tree.body, "")

    def _index(self, nodes: list[Any], place: str) -> None:
        for node in nodes:
            inner = place
            if isinstance(node, ast.ClassDef):
                self.classes[place + node.name] = node
                inner = f"{place}{node.name}."
            elif isinstance(node, _FUNCTIONS):
                first = min(n.lineno for n in (node, *node.decorator_list))
                self.functions[first, node.name] = node
                inner = f"{place}{node.name}.<locals>."
            for name in ("body", "orelse", "handlers", "finalbody", "cases"):
                if isinstance(block := getattr(node, name, None), list):
                    self._index(block, inner)

    def lambda_with(self, code: CodeType) -> ast.AST | None:
        """The lambda of a code: the innermost that all of the code lies in."""
        begun = [n for n in ast.walk(self.tree) if isinstance(n, ast.Lambda) and n.lineno == code.co_firstlineno]
        places = [place for place in code.co_positions() if None not in place and place[3]]
        around = [n for n in begun if all(_lies_in(place, n) for place in places)]
        return min(around, key=lambda n: (n.end_lineno, n.end_col_offset), default=None)


def _lies_in(place: Any, node: Any) -> bool:
    first, last, begin, end = place
    return (node.lineno, node.col_offset) <= (first, begin) and (last, end) <= (node.end_lineno, node.end_col_offset)


_modules: dict[str, _Module] = {}


def _module(path: str, names: dict[str, Any]) -> _Module:
    found = _modules.get(path)
    if found is None:
        found = _modules[path] = _Module(ast.parse("".join(linecache.getlines(path, names))))
    return found


def forget() -> None:
    """Drop the trees of the files read so far."""
    _modules.clear()


def _node(function: FunctionType) -> Any:
    code = function.__code__
    module = _module(code.co_filename, function.__globals__)
    named = module.functions.get((code.co_firstlineno, code.co_name))
    node = module.lambda_with(code) if code.co_name == "<lambda>" else named
    if node is None:
        raise DeclarationFault(f"{function.__qualname__} decides, and its source is not at hand ({code.co_filename})")
    return node


# -- reading a function


def read_function(function: FunctionType) -> Reading:
    """Read a function; once, as long as it has the same code.

    Raises:
        DeclarationFault: it cannot be read, or rests on what is not fixed: an import or a global name of its own.
    """
    known = _readings.get(function)
    if known is None or known[0] is not function.__code__:
        reader = _Reader(function, _node(function))
        reader.whole()
        known = _readings[function] = function.__code__, reader.reading
    return known[1]


_readings: dict[FunctionType, tuple[CodeType, Reading]] = {}


class _Reader:
    """Writes one function down."""

    def __init__(self, function: FunctionType, node: Any) -> None:
        self.function, self.node, self.reading = function, node, Reading()
        self.written: list[str] = []
        self.own = set(_own_names(function.__code__))
        self.names = _names(function)

    def whole(self) -> None:
        """The function without its name, decorators and defaults: the last are values of the function itself."""
        self._write(type(self.node).__name__)
        for part in ("posonlyargs", "args", "vararg", "kwonlyargs", "kwarg"):
            self._field(part, getattr(self.node.args, part))
        self._field("returns", getattr(self.node, "returns", None))
        self._field("body", self.node.body)
        code = self.function.__code__
        hidden = self.own & self.names.keys()  # bound in one place, and perhaps another's in another
        for name in sorted(_from_module(code, hidden) | hidden.intersection(code.co_freevars)):
            self._write(f";{name}=")
            self._value(self.names[name])
        self.reading.parts.append("".join(self.written))

    def _write(self, text: str) -> None:
        self.written.append(text)

    def _value(self, value: Any) -> None:
        self.reading.parts += ("".join(self.written), Value(value))
        self.written.clear()

    def _field(self, name: str, value: Any) -> None:
        if name in _ANNOTATIONS:
            self.reading.classes.update(_classes(value, self.names))
        elif value is not None and value != [] and name not in _SILENT:
            self._write(f" {name}=")
            self._any(value)

    def _any(self, value: Any) -> None:
        if isinstance(value, list):
            self._write("[")
            for item in value:
                if not _is_remark(item):
                    self._any(item)
                    self._write(",")
            self._write("]")
        elif isinstance(value, ast.Constant):
            self._constant(value)
        elif isinstance(value, ast.Name | ast.Attribute):
            self._name(value)
        elif isinstance(value, ast.Import | ast.ImportFrom | ast.Global):
            what = "a global name" if isinstance(value, ast.Global) else "an import"
            raise DeclarationFault(f"{self.function.__qualname__} decides, and has {what} of its own")
        elif isinstance(value, ast.AST):
            self._write(f"({type(value).__name__}")
            for part in value._fields:
                self._field(part, getattr(value, part, None))
            self._write(")")
        else:
            self._write(ascii(value))

    def _constant(self, node: ast.Constant) -> None:
        self._write(f"{type(node.value).__name__}:{node.value!a}")
        if isinstance(node.value, str) and node.value.isidentifier():
            self.reading.asked.add(node.value)  # perhaps for getattr

    def _name(self, node: ast.AST) -> None:
        """A name with the attributes asked of it: as far as they are constant, their value stands for them."""
        attributes: list[str] = []
        while isinstance(node, ast.Attribute):
            attributes.insert(0, node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            self._any(node)
        elif node.id in self.own:
            self._write(node.id)
        elif node.id not in self.names:
            self._write(f"?{node.id}")
        else:
            value = self.names[node.id]
            while attributes and _is_fixed(value, attributes[0]):
                value = getattr(value, attributes.pop(0))
            self._value(value)
        self._write("".join(f".{name}" for name in attributes))
        self.reading.asked.update(attributes)


def _is_remark(node: Any) -> bool:
    """Whether a statement only says something to the reader."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _names(function: FunctionType) -> dict[str, Any]:
    """What the names that are not a function's own stand for."""
    names = vars(builtins) | function.__globals__
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            names[name] = cell.cell_contents
        except ValueError:  # not assigned yet
            names.pop(name, None)
    return names


def _own_names(code: CodeType) -> Iterator[str]:
    """The names that a code, or one inside it, binds."""
    yield from (*code.co_varnames, *code.co_cellvars)
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _own_names(inner)


def _from_module(code: CodeType, names: set[str]) -> set[str]:
    """Those of some names that a code, or one inside it, reads from its module."""
    if not names:
        return names
    found = {i.argval for i in dis.get_instructions(code) if "GLOBAL" in i.opname or "NAME" in i.opname} & names
    return found.union(*(_from_module(c, names) for c in code.co_consts if isinstance(c, CodeType)))


def _is_fixed(value: Any, name: str) -> bool:
    """Whether an attribute is a constant: of a module, an enumeration, one of its members, or a frozen value."""
    if isinstance(value, ModuleType):
        return hasattr(value, name)
    if isinstance(value, type):
        return issubclass(value, Enum) and name in value.__members__
    if isinstance(value, Enum):
        return name in ("name", "value") or name in vars(value)
    if isinstance(value, Struct):
        return name in value.__struct_fields__
    return is_dataclass(value) and name in (f.name for f in fields(value))


# -- reading a class


@dataclass(frozen=True, slots=True)
class ClassBody:
    """What is written in the body of a class."""

    methods: tuple[str, ...]
    classes: frozenset[type]
    """The classes in the annotations of its fields."""


@cache
def read_class(cls: type) -> ClassBody | None:
    """Read a class; None where no class statement has made it."""
    module = sys.modules[cls.__module__]
    path = getattr(module, "__file__", None) or ""
    node = _module(path, vars(module)).classes.get(cls.__qualname__) if path.endswith(".py") else None
    if node is None:
        return None
    methods = tuple(s.name for s in node.body if isinstance(s, _FUNCTIONS))
    classes = {c for s in node.body for c in _classes(getattr(s, "annotation", None), vars(module))}
    return ClassBody(methods, frozenset(classes))


def _classes(annotation: ast.AST | None, names: Mapping[str, Any]) -> Iterator[type]:
    """The classes named in an annotation."""
    for node in ast.walk(annotation) if annotation else ():
        named = names.get(node.id) if isinstance(node, ast.Name) else None
        if isinstance(named, type):
            yield named
