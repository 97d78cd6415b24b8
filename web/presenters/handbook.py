"""手册: a chapter for each job, read from Markdown, with pictures; found by words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from mediation_engine.domain.workflow import Workflow

WEB = Path(__file__).parents[1]
FOLDER = next(it for it in (WEB / "handbook", WEB.parent / "docs" / "handbook") if it.is_dir())
"""Where the chapters lie: packed with the program, else beside it."""
OF_PARTIES = "party"
"""The chapter that is for parties, who have no account."""
STEPS = "[[steps]]"
"""Where a chapter tells what each step is for, in the words of the workflows."""
ON_PHONE, NARROW = "-phone", "(max-width: 40rem)"
"""How the name ends of what is shown instead where there is little room."""
AROUND = 36
"""Characters shown on each side of what was found."""
MOST_FOUND = 30
PRESSED = re.compile("「([^」]+)」")
ORDER = re.compile(r"^\d+-")
OTHER = re.compile(r"\d+-(.+)\.md")
Address = Callable[[str], str]
"""The address of a picture, or of a chapter, by its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One job of somebody, step by step."""

    code: str
    title: str
    source: str
    """Markdown, the title left out."""

    def sections(self) -> Iterator[tuple[str, str, str]]:
        """Anchor, heading and plain words of each of its parts; what comes before the first has no heading."""
        for n, part in enumerate(re.split(r"^## ", self.source, flags=re.MULTILINE)):
            heading, _, rest = part.partition("\n") if n else ("", "", part)
            yield (f"s{n}" if n else "", heading.strip(), _plain(rest))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A part of a chapter in which words occur."""

    chapter: Chapter
    anchor: str
    heading: str
    before: str
    words: str
    after: str


@cache
def _files() -> Mapping[str, str]:
    """What the chapters are written in, by code, in order."""
    return {ORDER.sub("", it.stem): it.read_text(encoding="utf-8") for it in sorted(FOLDER.glob("[0-9]*.md"))}


@cache
def pictures() -> Mapping[str, Mapping[str, Any]]:
    """Width, height and what else is known of each picture, by name; see docs/handbook_pictures.py."""
    known: Mapping[str, Mapping[str, Any]] = json.loads((FOLDER / "pictures.json").read_text(encoding="utf-8"))
    return known


def chapters(workflows: Collection[Workflow]) -> dict[str, Chapter]:
    """All of them by code, in order."""
    found = {}
    for code, text in _files().items():
        title, _, source = text.removeprefix("# ").partition("\n")
        if STEPS in source:
            source = source.replace(STEPS, _steps(workflows))
        found[code] = Chapter(code=code, title=title.strip(), source=source)
    return found


def _steps(workflows: Collection[Workflow]) -> str:
    """What each step is for, by what it is a step of."""
    machines = dict.fromkeys(it for workflow in workflows for it in (*workflow.phases, *workflow.parts))
    told: set[str] = set()
    lines = []
    for machine in machines:
        steps = [it for it in machine.commands if it.help and it.label not in told]
        told.update(it.label for it in steps)
        if steps:
            lines += [f"### {machine.label}", "", *(f"- **{it.label}**：{it.help}" for it in steps), ""]
    return "\n".join(lines)


def rendered(chapter: Chapter, picture: Address, address: Address) -> str:
    """A chapter as HTML. Nothing in it is taken over as HTML but what is made here."""
    made = MarkdownIt("commonmark", {"html": False}).enable("table")

    def image(token: Token) -> str:
        name, words = Path(str(token.attrGet("src"))).stem, token.content
        shown = f'<img src="{escape(picture(name))}" alt="{escape(words)}" loading="lazy"{_sized(name)}>'
        narrow = f"{name}{ON_PHONE}"
        if narrow not in pictures():
            return shown
        source = f'<source media="{NARROW}" srcset="{escape(picture(narrow))}"{_sized(narrow)}>'
        return f"<picture>{source}{shown}</picture>"

    def text(token: Token) -> str:
        return PRESSED.sub(r'<b class="press">「\1」</b>', escape(token.content, quote=False))

    made.add_render_rule("image", _rule(image))
    made.add_render_rule("text", _rule(text))
    tokens, number = made.parse(chapter.source), 0
    for token in tokens:
        for link in token.children or ():
            other = OTHER.fullmatch(str(link.attrGet("href"))) if link.type == "link_open" else None
            if other:
                link.attrSet("href", address(other[1]))
        if token.type == "heading_open" and token.tag == "h2":
            number += 1
            token.attrSet("id", f"s{number}")
    words: str = made.renderer.render(tokens, made.options, {})
    return words


def _sized(name: str) -> str:
    """Width and height, so that nothing moves when it comes."""
    size = pictures().get(name, {})
    return f' width="{size["width"]}" height="{size["height"]}"' if size else ""


def _rule(made: Callable[[Token], str]) -> Callable[..., str]:
    """How a token becomes HTML, as the library calls it."""
    return lambda _renderer, tokens, n, _options, _env: made(tokens[n])


def search(all_chapters: Collection[Chapter], words: str) -> list[Found]:
    """Where some words occur, in order: in a heading, else the first place of each part."""
    wanted, found = words.casefold().strip(), list[Found]()
    for chapter in all_chapters if wanted else ():
        for anchor, heading, said in chapter.sections():
            whole = f"{heading}　{said}" if heading else said
            at = whole.casefold().find(wanted)
            if at < 0:
                continue
            end = at + len(wanted)
            found.append(
                Found(
                    chapter=chapter,
                    anchor=anchor,
                    heading=heading,
                    before=whole[max(0, at - AROUND) : at],
                    words=whole[at:end],
                    after=whole[end : end + AROUND],
                )
            )
    return found[:MOST_FOUND]


def _plain(source: str) -> str:
    """Words without the marks of Markdown, on one line."""
    words = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", source)
    words = re.sub(r"^\s*(#+|[-*]|\d+\.)\s+|[*`|]", "", words, flags=re.MULTILINE)
    return re.sub(r"\s+", " ", words).strip()
