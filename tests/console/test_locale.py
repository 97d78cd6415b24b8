"""Whatever click says by itself, it says in Chinese."""

from __future__ import annotations

import ast
import os
import re
import string
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from web.console.locale import DOMAIN, LANGUAGE, LOCALE

ROOT = Path(__file__).parents[2]
CLICK = Path(click.__file__).parent
PO = LOCALE / LANGUAGE / "LC_MESSAGES" / f"{DOMAIN}.po"
MO = PO.with_suffix(".mo")

HOW_TO_RENEW = f"""\
To renew the catalogue, from the root of the project:
  mkdir -p build
  .venv/bin/pybabel extract --no-location --no-wrap -o build/click.pot \
"$(.venv/bin/python -c 'import click; print(*click.__path__)')"
  .venv/bin/pybabel update --no-wrap --no-fuzzy-matching -i build/click.pot -D {DOMAIN} -d web/locale -l {LANGUAGE}
translate what is empty in {PO.relative_to(ROOT)}, then
  .venv/bin/pybabel compile -D {DOMAIN} -d web/locale -l {LANGUAGE}
"""


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_mo(file) if path.suffix == ".mo" else read_po(file, locale=LANGUAGE, abort_invalid=True)


def messages(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def forms(words: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    """A message or translation as all its forms: one, or where it counts something, one for each plural."""
    return tuple(words) if isinstance(words, (list, tuple)) else (words or "",)


def placeholders(words: str) -> list[str]:
    """Every place to be filled in, however often it occurs, in both ways click fills in: {name!r} and %(name)s."""
    braces = [
        f"{{{name}!{conversion}:{spec}}}"
        for _, name, spec, conversion in string.Formatter().parse(words)
        if name is not None
    ]
    return sorted(braces + re.findall(r"%\(\w+\)\w", words))


def filled_in() -> Iterator[tuple[str, set[str]]]:
    """Of each `ngettext(one, many, n).format(...)` in click: the first message, and the names it is given."""
    for path in CLICK.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(
                        value=ast.Call(func=ast.Name(id="ngettext"), args=[ast.Constant(value=str(one)), *_]),
                        attr="format",
                    )
                ):
                    yield one, {str(keyword.arg) for keyword in node.keywords}


@pytest.fixture(scope="module")
def source() -> Catalog:
    return read(PO)


@pytest.fixture(scope="module")
def said_by_click() -> set[str | tuple[str, ...]]:
    return {found[2] for found in extract_from_dir(CLICK)}


def test_every_message_click_can_say_is_translated(source: Catalog, said_by_click: set[str | tuple[str, ...]]) -> None:
    translated = {m.id for m in messages(source) if not m.fuzzy and all(forms(m.string))}
    missing = said_by_click - translated
    listed = "\n".join(f"  {id!r}" for id in sorted(missing, key=str))
    assert not missing, f"not translated, of what click {CLICK} can say:\n{listed}\n{HOW_TO_RENEW}"


def test_every_translation_is_in_chinese(source: Catalog) -> None:
    assert [m.id for m in messages(source) if not all(re.search("[一-鿿]", form) for form in forms(m.string))] == []


def test_every_translation_keeps_the_placeholders_of_its_message(source: Catalog) -> None:
    """Chinese has one form for any number; it keeps those of the plural, which names every quantity there is."""
    changed = {
        m.id: form
        for m in messages(source)
        for form in forms(m.string)
        if placeholders(form) != placeholders(forms(m.id)[-1])
    }
    assert changed == {}


def test_the_one_form_for_any_number_finds_its_placeholders_filled_when_the_number_is_one(source: Catalog) -> None:
    given = dict(filled_in())
    plural = {forms(m.id)[0]: forms(m.string)[0] for m in messages(source) if m.pluralizable}
    assert given.keys() == plural.keys()
    for one, form in plural.items():
        names = {name for _, name, _, _ in string.Formatter().parse(form) if name is not None}
        assert names <= given[one], f"{form!r} would not be filled in"


def test_the_compiled_catalogue_is_the_source_compiled(source: Catalog) -> None:
    compiled = read(MO)
    assert (compiled.num_plurals, compiled.plural_expr) == (source.num_plurals, source.plural_expr)
    said, meant = ({forms(m.id): forms(m.string) for m in messages(catalog)} for catalog in (compiled, source))
    assert said == meant, HOW_TO_RENEW


DESK = """
import click
from web.console.locale import speak_chinese
speak_chinese()

@click.group()
@click.version_option("1.0")
def desk(): ...

@desk.command("登记")
@click.argument("name")
@click.option("--age", type=int, default=18, show_default=True, help="年龄")
@click.option("--letter", type=click.Path(exists=True, dir_okay=False), help="来信")
@click.option("--kind", type=click.Choice(["邻里", "婚姻"]), required=True, help="纠纷种类")
def enter(**entered): ...

desk(prog_name="desk")
"""

ENGLISH = re.compile(
    r"Usage|Error|Options|Commands|Missing|No such|Invalid|Show (this|the)|Try |Choose|default|required"
    # Two words in a row. A word alone may be a name, as in "--age INTEGER".
    r"|\b[A-Za-z]{2,} [a-z]{2,}\b"
)
ENGLISH_PC = {"LANG": "en_US.UTF-8", "LANGUAGE": "en_US:en", "LC_ALL": "en_US.UTF-8", "PYTHONUTF8": "1"}
NO_LANGUAGE = {"LANG": "C"}


def run(program: str, *args: str, language: dict[str, str]) -> str:
    """Everything a program prints, on either stream, on a PC set to `language`."""
    inherited = {k: v for k, v in os.environ.items() if k != "LANGUAGE" and not k.startswith(("LC_", "LANG"))}
    command = [sys.executable, "-W", "error", "-c", program, *args]
    ended = subprocess.run(command, cwd=ROOT, env=inherited | language, capture_output=True, check=False)
    printed = (ended.stdout + ended.stderr).decode("utf-8")
    assert "Traceback" not in printed, printed
    return printed


@pytest.mark.parametrize("language", [NO_LANGUAGE, ENGLISH_PC], ids=["no language", "English"])
@pytest.mark.parametrize(
    ("args", "answer"),
    [
        pytest.param(["登记", "--kind", "邻里"], "缺少参数 'NAME'", id="missing argument"),
        pytest.param(["登记", "张三"], "缺少选项 '--kind'", id="missing option"),
        pytest.param(
            ["登记", "张三", "--agee", "3"], "没有 '--agee' 这个选项。 您要输入的是否是：'--age'", id="unknown option"
        ),
        pytest.param(["登记", "张三", "--age", "abc"], "'abc' 不是有效的数值", id="bad integer"),
        pytest.param(
            ["登记", "张三", "--kind", "邻居"], "'邻居' 不在可选范围内，可选：'邻里', '婚姻'", id="bad choice"
        ),
        pytest.param(["登记", "张三", "--letter", "没有"], "文件 '没有' 不存在", id="missing file"),
        pytest.param(["登记", "张三", "李四", "--kind", "邻里"], "多出了不需要的参数（李四）", id="extra argument"),
        pytest.param(["登记", "张三", "--kind"], "选项 '--kind' 后面需要填写 1 个值", id="option without its value"),
        pytest.param(["登机"], "没有 '登机' 这个命令", id="unknown subcommand"),
        pytest.param(["--help"], "显示版本后退出。", id="help"),
        pytest.param(["登记", "--help"], "默认值：18", id="help of a subcommand"),
        pytest.param(["--version"], "desk，版本 1.0", id="version"),
    ],
)
def test_click_answers_in_chinese_whatever_the_language_of_the_pc(
    args: list[str], answer: str, language: dict[str, str]
) -> None:
    printed = run(DESK, *args, language=language)
    assert answer in printed
    assert not ENGLISH.search(printed), printed


IMPORT_CLICK = """
import gettext
asked = []
gettext.gettext = gettext.ngettext = lambda *words: asked.append(words) or words[0]
import click, click.shell_completion, click._termui_impl
print(asked)
"""


def test_click_looks_up_no_words_while_it_is_imported() -> None:
    """So `speak_chinese` need not come before `import click`, as its docstring says."""
    assert run(IMPORT_CLICK, language=NO_LANGUAGE).strip() == "[]"
