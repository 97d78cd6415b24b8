"""What deciding code rests on, as text: helpers by what they do, constants by what they are, classes by what is asked.

Functions and classes of the language, its library and this engine count by name; all others are read.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, time, timedelta, tzinfo
from decimal import Decimal
from enum import Enum
from functools import cached_property, partial
from inspect import signature
from types import BuiltinFunctionType, EllipsisType, FunctionType, MemberDescriptorType, MethodType, ModuleType
from typing import Any, get_args, get_origin

from msgspec import Struct

from ..domain.command import Command, Event
from ..domain.decision_context import Question
from ..domain.guard import Guard
from ..domain.machine import DeclarationFault
from .syntax import ClassBody, Value, read_class, read_function

_ENGINE = __name__.partition(".")[0]
_PLAIN = (bool, int, float, complex, str, bytes, date, time, timedelta, tzinfo, Decimal, range, EllipsisType)
_WRAPPING = (classmethod, staticmethod, property, cached_property)
_BUILT_IN = (BuiltinFunctionType, type(str.upper), type(str.__len__), type("".__len__))


def digest(text: str) -> str:
    """Sixteen hexadecimal digits for a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class Description:
    """Describes values, and remembers what the functions among them ask for, and of which classes."""

    def __init__(self, asked: Iterable[str] = ()) -> None:
        self._asked = set(asked)
        self._classes: dict[type, ClassBody] = {}
        self._enumerations: set[type] = set()
        """Those of which code names a member: they count whole. One that is only filled in does not."""
        self._made: set[type] = set()
        """Those that code names, and may make an instance of."""
        self._known: dict[FunctionType, str] = {}
        self._open: list[FunctionType] = []
        """The functions that are being described, each used by the one before it."""
        self._back = 0
        """The place of the first of them that what was described since its beginning refers back to."""

    def text(self, value: Any) -> str:
        """A value as text.

        Raises:
            DeclarationFault: a rule rests on what cannot be described.
        """
        kind = type(value)
        self.meet(kind)
        if isinstance(value, Enum):
            if kind in self._classes:
                self._enumerations.add(kind)
            return f"{kind.__qualname__}={self.text(value.value)}"
        if value is None or isinstance(value, _PLAIN):
            return f"{kind.__qualname__}:{value!a}"
        if isinstance(value, tuple | list):
            return f"{kind.__qualname__}[{self._texts(value)}]"
        if isinstance(value, set | frozenset):
            return f"{kind.__qualname__}[{','.join(sorted(map(self.text, value)))}]"
        if isinstance(value, Mapping):
            return f"{kind.__qualname__}[{self._texts(x for pair in value.items() for x in pair)}]"
        if isinstance(value, Guard):
            fixed = " fixed" if value.fixed else ""
            return f"guard {value.code} ({value.basis}{fixed}) {self.text(value.check)}"
        if isinstance(value, Question):  # its answer is recorded: what it is made from decides nothing
            return f"question {value.name}"
        if isinstance(value, type) and not get_args(value):
            return self._class(value)
        if isinstance(value, Struct) or is_dataclass(value):
            return self._instance(value)
        return self._function_or_other(value)

    def _texts(self, values: Iterable[Any]) -> str:
        return ",".join(map(self.text, values))

    def _function_or_other(self, value: Any) -> str:
        if isinstance(value, FunctionType):
            return self._function(value) if _is_read(value.__globals__["__name__"]) else self._named(value)
        if isinstance(value, MethodType):
            return f"method {self.text(value.__func__)} of {self.text(value.__self__)}"
        if isinstance(value, partial):
            return f"partial {self.text(value.func)} {self.text(value.args)} {self.text(value.keywords)}"
        if isinstance(value, _WRAPPING):
            inner = [getattr(value, name, None) for name in ("__func__", "fget", "fset", "func")]
            return f"{type(value).__name__} {self._texts(i for i in inner if i is not None)}"
        if hasattr(value, "cache_parameters"):
            return f"cached {self.text(value.__wrapped__)}"
        if isinstance(value, _BUILT_IN):
            return self._named(value)
        if isinstance(value, ModuleType):
            return f"module {value.__name__}"
        if isinstance(value, re.Pattern):
            return f"pattern {self.text(value.pattern)} {value.flags}"
        if get_args(value):
            return f"{self.text(get_origin(value))}[{self._texts(get_args(value))}]"
        if type(value).__module__ == "typing":
            return f"typing {getattr(value, '__name__', value)}"
        raise DeclarationFault(f"a rule rests on {value!r}, which the fingerprint cannot take in")

    def _named(self, value: Any) -> str:
        """A function that counts by name; where it wraps another, that one too."""
        module = getattr(value, "__globals__", {}).get("__name__") or getattr(value, "__module__", None) or "builtins"
        code, inner = getattr(value, "__code__", None), getattr(value, "__wrapped__", None)
        owner = getattr(value, "__self__", None)
        name = code.co_qualname if code and inner else value.__qualname__
        of = f" of {self.text(owner)}" if owner is not None and not isinstance(owner, ModuleType) else ""
        return f"{_top(module)}.{name}{of}" + (f" around {self.text(inner)}" if inner else "")

    # -- functions

    def _function(self, function: FunctionType) -> str:
        """A digest of a function with all it uses; one that is being described already is known by its distance."""
        if function in self._known:
            return self._known[function]
        depth = len(self._open)
        if function in self._open:
            place = self._open.index(function)
            self._back = min(self._back, place)
            return f"^{depth - place}"
        outer, self._back = self._back, depth
        self._open.append(function)
        found = digest(self._function_text(function))
        self._open.pop()
        if self._back >= depth:  # else what it is called depends on where the description came from
            self._known[function] = found
        self._back = min(outer, self._back)
        return found

    def _function_text(self, function: FunctionType) -> str:
        reading = read_function(function)
        self._asked |= reading.asked
        for cls in reading.classes:
            self.meet(cls)
        parts = [self.text(p.value) if isinstance(p, Value) else p for p in reading.parts]
        defaults = (function.__defaults__, function.__kwdefaults__)
        return "".join([*parts, *(f" defaults {self.text(given)}" for given in defaults if given)])

    # -- classes and their instances

    def _instance(self, value: Any) -> str:
        names = value.__struct_fields__ if isinstance(value, Struct) else [f.name for f in fields(value)]
        return f"{type(value).__qualname__}({','.join(f'{n}={self.text(getattr(value, n))}' for n in names)})"

    def _class(self, cls: type) -> str:
        """A class named in code: what it is called and built on."""
        self.meet(cls)
        if cls not in self._classes:
            return f"{_top(cls.__module__)}.{cls.__qualname__}"
        self._made.add(cls)
        members = f"[{self._texts(cls)}]" if issubclass(cls, Enum) else ""
        return f"{cls.__qualname__}({self._texts(b for b in cls.__bases__ if b is not object)}){members}"

    def meet(self, cls: type) -> None:
        """Take in a class, with those it is built on and those of its fields."""
        if cls in self._classes or not _is_read(cls.__module__):
            return
        body = read_class(cls)
        if body is not None:
            self._classes[cls] = body
            for other in (*cls.__bases__, *body.classes):
                self.meet(other)

    def class_lines(self) -> Iterator[str]:
        """Of every class met: what is asked of it, by name. What is described for one may ask for more of another."""
        lines: list[str] = []
        known = -1
        while known < (now := sum(map(len, (self._asked, self._classes, self._enumerations, self._made)))):
            known, lines = now, [line for cls in tuple(self._classes) for line in self._lines_of(cls)]
        yield from sorted(lines)

    def _lines_of(self, cls: type) -> Iterator[str]:
        name = cls.__qualname__
        yield from (f"{name}.{n} {self.text(vars(cls)[n])}" for n in self._counting(cls))
        if issubclass(cls, Enum):
            yield from self._member_lines(cls) if cls in self._enumerations else ()
        elif issubclass(cls, Event) or cls in self._made:
            yield f"{name} {list(self._fields(cls))}"

    def _counting(self, cls: type) -> Iterator[str]:
        """What of a class counts: special methods, and all by whose name something is asked for; fields aside."""
        methods = self._classes[cls].methods
        yield from (name for name in methods if name.startswith("__") and name in vars(cls))
        asked = self._asked.intersection(methods if issubclass(cls, Enum) else vars(cls))
        yield from (name for name in asked if not isinstance(vars(cls).get(name), MemberDescriptorType))

    def _member_lines(self, cls: type[Enum]) -> Iterator[str]:
        """The members of an enumeration: their values, and what else of them is asked for, such as a label."""
        yield f"{cls.__qualname__} {sorted((m.name, self.text(m)) for m in cls)}"
        for name in sorted({n for m in cls for n in vars(m) if n in self._asked}):
            held = sorted((m.name, self.text(vars(m).get(name))) for m in cls)
            if any(vars(m).get(name) != m.value for m in cls):
                yield f"{cls.__qualname__}.{name} {held}"

    def _fields(self, cls: Any) -> Iterator[str]:
        """What an instance is made of: fields by place, and those asked for, with what they are where not given.

        Others may be added to it. All the fields of an event are recorded; a command comes whole from a form or a line.
        """
        for name, default, by_place in _parts(cls):
            if by_place or name in self._asked or issubclass(cls, Event):
                yield name if default is MISSING else f"{name}={self.text(default)}"


def _parts(cls: Any) -> Iterator[tuple[str, Any, bool]]:
    """The fields of a class: name, default or what makes it, whether it is given by its place. A command has none."""
    if issubclass(cls, Struct):
        for p in signature(cls).parameters.values():
            given = getattr(p.default, "factory", p.default)  # msgspec wraps a default that is made each time
            yield p.name, MISSING if given is p.empty else given, p.kind is not p.KEYWORD_ONLY
    elif is_dataclass(cls) and not issubclass(cls, Command):  # type: ignore[arg-type]  # a class, not an instance
        for f in fields(cls):
            yield f.name, f.default if f.default_factory is MISSING else f.default_factory, not f.kw_only


def _top(module: str) -> str:
    """The package a module is in; its compiled twin goes by the same name."""
    return module.partition(".")[0].lstrip("_")


def _is_read(module: str) -> bool:
    """Whether what is defined in a module counts by what it says, not by name."""
    top = module.partition(".")[0]
    return top != _ENGINE and top not in sys.stdlib_module_names
