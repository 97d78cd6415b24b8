"""Free words apart from the record: each `Text` in an order becomes a reference with a label and a salted digest.

The words and the salt lie in an erasable store. Erasing them leaves the chain whole, and without the salt the digest
tells nothing about what was said.
"""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from msgspec import Struct

from ..domain.command import Command
from ..domain.fields import CHOSEN, HOST_ONLY, JOINT, OF_PARTY, FieldSpec, Text, chosen_label, fields_of
from ..domain.files import FileHeld
from ..ids import Randomness

C = TypeVar("C", bound=Command)
ERASED = "（已依法删除）"
MISSING = "（文字缺失，未见删除记录）"
"""In place of words that are gone, though no line says so."""
GONE = frozenset({ERASED, MISSING})


class StoredText(Struct, frozen=True, kw_only=True):
    """Words somebody said or wrote, kept apart from the lines. `words` None: erased."""

    id: str
    case: str
    label: str
    """Who may read it: ``host``, ``joint``, or the party whose words they are."""
    salt: bytes | None
    words: str | None


@dataclass(frozen=True, slots=True)
class TextRef:
    """What a line holds in place of words."""

    id: str
    label: str
    digest: str

    @classmethod
    def read(cls, sealed: str) -> TextRef | None:
        """The reference in a sealed field; None where it is not one."""
        parts = sealed.split(":")
        return cls(*parts[1:]) if len(parts) == 4 and parts[0] == "text" else None

    def written(self) -> Text:
        return Text(f"text:{self.id}:{self.label}:{self.digest}")

    def matches(self, text: StoredText) -> bool:
        """Whether the stored words are the ones referred to; an erased text matches nothing it could betray."""
        if text.words is None:
            return text.label == self.label
        if not isinstance(text.salt, bytes) or not isinstance(text.words, str):
            return False
        same = hmac.compare_digest(digest_of_words(text.salt, text.words), self.digest)
        return same and text.label == self.label


SealedBefore = Callable[[str, Iterable[str]], Mapping[str, bytes | TextRef]]
"""Gives what is known of those of some texts of a case that were sealed before: the salt; where it is erased with the
words, which nothing can be compared with any more, the reference that stands in the record."""


def unsealed(case: str, ids: Iterable[str]) -> Mapping[str, bytes | TextRef]:
    """For words that nobody has sealed before."""
    return {}


def digest_of_words(salt: bytes, words: str) -> str:
    """SHA-256 keyed by the text's own salt, in hex."""
    return hmac.new(salt, words.encode(), hashlib.sha256).hexdigest()


def text_id(order: str, path: str) -> str:
    """The id of the words at a place of an order: the same for the same order, so that it can be asked again."""
    return hashlib.sha256(f"{order}\n{path}".encode()).hexdigest()[:32]


def seal(
    command: C,
    *,
    case: str,
    order: str,
    before: SealedBefore,
    randomness: Randomness,
    party: str | None = None,
    kept: Mapping[str, TextRef] | None = None,
) -> tuple[C, list[StoredText]]:
    """The command with every text replaced by its reference, and the texts to store.

    `order` is what no other order in the case is called. `before` tells how its texts were sealed, when
    the same order is asked again. `party` is the one the order is about, where the command does not name it.
    `kept` are references that stay, by place, where whoever may read them may read what stands there.
    """
    party = getattr(command, "party", None) or party
    theirs = party if isinstance(party, str) else HOST_ONLY
    labels = {OF_PARTY: theirs, CHOSEN: chosen_label(command) or HOST_ONLY}
    said = {path: (labels.get(spec.disclosure, spec.disclosure), words) for path, spec, words in _texts_in(command, "")}
    stays = {place: ref for place, ref in (kept or {}).items() if said.get(place, ("",))[0] == ref.label}
    new = {place: (label, words) for place, (label, words) in said.items() if words and place not in stays}
    refs, texts = _sealed(new, case, order, before, randomness)
    return _with_refs(command, "", refs | {place: ref.written() for place, ref in stays.items()}), texts


def texts_by_place(command: Any) -> dict[str, str]:
    """Every text of a command by its place in it, be it empty."""
    return {place: words for place, _, words in _texts_in(command, "")}


def in_words(command: C, plain: Callable[[str], str]) -> C:
    """The command with what each of its texts says, reference or not; an empty one stays empty."""
    said = {place: Text(plain(words)) for place, words in texts_by_place(command).items() if words}
    return _with_refs(command, "", said)  # type: ignore[no-any-return]


def refs_by_place(command: Any) -> dict[str, TextRef]:
    """The references in a sealed command, by their place in it."""
    if command is None:
        return {}
    found = ((place, TextRef.read(words)) for place, _, words in _texts_in(command, ""))
    return {place: ref for place, ref in found if ref is not None}


def seal_reasons(
    reasons: Mapping[str, str],
    *,
    case: str,
    order: str,
    before: SealedBefore,
    randomness: Randomness,
) -> tuple[dict[str, Text], list[StoredText]]:
    """The reasons for setting rules of policy aside, sealed; everyone in the case may read them."""
    said = {f"waives.{guard}": (JOINT, words) for guard, words in reasons.items()}
    refs, texts = _sealed(said, case, order, before, randomness)
    return {guard: refs[f"waives.{guard}"] for guard in reasons}, texts


def _sealed(
    said: Mapping[str, tuple[str, str]], case: str, order: str, before: SealedBefore, randomness: Randomness
) -> tuple[dict[str, Text], list[StoredText]]:
    """References and texts for words by their place in an order, each with the label of who may read it."""
    keys = {path: text_id(order, path) for path in said}
    known = before(case, keys.values()) if keys else {}
    texts, refs = [], {}
    for path, (label, words) in said.items():
        salt = known.get(keys[path]) or randomness(16)
        if isinstance(salt, TextRef):
            refs[path] = replace(salt, label=label).written()
            continue
        texts.append(StoredText(id=keys[path], case=case, label=label, salt=salt, words=words))
        refs[path] = TextRef(keys[path], label, digest_of_words(salt, words)).written()
    return refs, texts


def _texts_in(value: Any, path: str) -> Iterator[tuple[str, FieldSpec, str]]:
    """(place, field, words) of every text in a dataclass of specified fields and in its rows, be it empty."""
    for spec in fields_of(type(value)):
        held, place = getattr(value, spec.name), f"{path}{spec.name}"
        if spec.kind == "text":
            yield place, spec, held or ""
        elif spec.kind == "rows":
            for number, row in enumerate(held):
                yield from _texts_in(row, f"{place}.{number}.")


def _with_refs(value: Any, path: str, refs: dict[str, Text]) -> Any:
    """The same value with the references in place of its texts."""
    changed: dict[str, Any] = {}
    for spec in fields_of(type(value)):
        place = f"{path}{spec.name}"
        if place in refs:
            changed[spec.name] = refs[place]
        elif spec.kind == "rows":
            rows = enumerate(getattr(value, spec.name))
            changed[spec.name] = tuple(_with_refs(row, f"{place}.{n}.", refs) for n, row in rows)
    return replace(value, **changed) if changed else value


def refs_in(value: Any) -> list[TextRef]:
    """Every text reference anywhere in an event, a command or a row."""
    return [ref for held in _strings_in(value) if (ref := TextRef.read(held))]


def files_named_in(value: Any) -> list[FileHeld]:
    """Every reference to a file, alike."""
    return [ref for held in _strings_in(value) if (ref := FileHeld.read(held))]


def _strings_in(value: Any) -> Iterator[str]:
    left = [value]
    while left:  # not by recursion: what lies in a record may have been nested on purpose
        held = left.pop()
        if isinstance(held, str):
            yield held
        elif dataclasses.is_dataclass(held) and not isinstance(held, type):
            left += [getattr(held, f.name) for f in reversed(dataclasses.fields(held))]
        elif isinstance(held, dict):
            left += reversed(held.values())
        elif isinstance(held, tuple | list):
            left += reversed(held)
