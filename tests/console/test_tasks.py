"""Two whole cases at the console, from the first word to a dossier that lacks nothing: `tasks/a.txt`, `tasks/b.txt`.

A line there is a command; `# 2026-11-23 09:00` sets the clock; what stands in braces is written out here.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
from pypdf import PdfReader

from mediation_engine.adapters.papers.pdf import FONTS
from mediation_engine.domain.formatting import CHINA

from ..support.files import photo
from ..support.papers import flat
from .test_console import Console, nowhere, root

__all__ = ["nowhere", "root"]
typst = pytest.importorskip("typst")
pytestmark = pytest.mark.skipif(
    not set(FONTS) & set(typst.Fonts(include_embedded_fonts=False).families()), reason="no font for Chinese"
)

CONFIG = """\
[organisation]
id = "room"
name = "喜哥调解室"
short_name = "永开"
kind = "mediation_room"
[console]
actor = "li"
"""
STAFF = (("li", "李调解", "调解员"), ("chenji", "陈记录", "调解员"), ("wang", "王主任", "室主任"))
FIRM, XINGU, HONGYE = "永康市宏达五金厂", "浙江鑫固建设", "宏业建设"
FAMILY = ("杨秀兰", "石雨欣", "石雨轩", "石德福", "王桂英")
PANEL = ("徐国强", "王某", "李某", "周律师", "胡某", "和事嫂甲", "和事嫂乙", "喜哥")


def written(rows: list[dict[str, str]]) -> str:
    return json.dumps(rows, ensure_ascii=False)


def term(payer: str, payee: str, fen: int, due: str, **more: str) -> dict[str, str]:
    sides = {"付款方（义务人）": payer, "收款方（权利人）": payee, "金额": str(fen), "期限": due}
    return {"内容": f"{payer}以转账方式付给{payee}", "种类": "付款", **sides, **more}


def wages() -> str:
    late = "任何一期逾期，剩下的立即全部到期"
    shares = {"张桂花": 6000, "刘建军": 5750, "韦小妹": 4750}
    days = ("2026-11-28", "2026-12-28")
    return written([term(FIRM, name, share, day, 违约后果=late) for day in days for name, share in shares.items()])


def compensation(last: str) -> str:
    """In two halves by either firm through the custodian; of the first, what was paid for the funeral is taken off."""
    rows = [
        {
            "内容": "已付的丧葬费抵作赔偿款",
            "种类": "已付抵扣",
            "付款方（义务人）": XINGU,
            "收款方（权利人）": FAMILY[0],
            "金额": "3万",
        }
    ]
    for firm, share in ((XINGU, 60_000), (HONGYE, 40_000)):
        for day in ("2026-12-05", last):
            shares = [share] * len(FAMILY)
            shares[0] -= 30_000 if (firm, day) == (XINGU, "2026-12-05") else 0
            rows += [term(firm, who, of, day, 代收代付人="钱代管") for who, of in zip(FAMILY, shares, strict=True)]
    return written(rows)


def attendance() -> str:
    opinion = {"到会情况": "书面意见", "意见": "建议调解解决"}
    return written([{"会诊成员": name} | (opinion if name == "李某" else {"到会情况": "到会"}) for name in PANEL])


def shares(found: re.Match[str]) -> str:
    """{1:6000,2:5750} as what of a payment goes to which obligation."""
    pairs = (pair.split(":") for pair in found[1].split(","))
    return written([{"应付的": f"协议义务{number}", "这次付了": of} for number, of in pairs])


A = {"条款": wages()}
B = {
    "各方": "、".join((*FAMILY, XINGU, HONGYE)),
    "成员": "、".join(PANEL),
    "到会": attendance(),
    "初稿": compensation("2027-01-20"),
    "定稿": compensation("2027-01-30"),
}


@pytest.fixture
def office(nowhere: Console) -> Console:
    """An empty folder with settings and a database of one's own."""
    staff = (f'[[staff]]\nid = "{id}"\nname = "{name}"\noffices = ["{office}"]\n' for id, name, office in STAFF)
    (nowhere.folder / "config.toml").write_text("".join((CONFIG, *staff)), "utf-8")
    nowhere("init")
    return nowhere


def typed(console: Console, file: str, meant: Mapping[str, str]) -> None:
    """Type a session, each command at its time; every one of them ends with 0."""
    for line in (Path(__file__).parent / "tasks" / file).read_text("utf-8").splitlines():
        if line.startswith("# "):
            console.clock.now = datetime.fromisoformat(line[2:]).replace(tzinfo=CHINA)
            continue
        words = [re.sub(r"\{([\d:,]+)\}", shares, word) for word in shlex.split(line)]
        words = [re.sub(r"\{(\w+)\}", lambda found: meant[found[1]], word) for word in words]
        for name in (word for word in words if word.endswith(".jpg")):
            (console.folder / name).write_bytes(photo(f"{len(name)} {sum(map(ord, name))}", (300, 400)))
        console(*words)


def is_whole(console: Console, case: str) -> None:
    """The dossier lacks nothing and is bound with true page numbers; its folder and the record stand their checks."""
    assert "不缺什么。" in console("dossier", "show", case)
    lying = console.json("dossier", "show", case)["lying"]
    assert not [row for row in lying if row["missing"]]
    assert "还缺" not in console("dossier", "make", case, "-o", "整卷.pdf")
    cover, *pages = [flat(page.extract_text()) for page in PdfReader(console.folder / "整卷.pdf").pages]
    assert re.search("（.*?号", console("case", "show", case))[0] in cover  # type: ignore[index]
    index = [page for page in pages if "卷内目录" in page]
    names_every_page("".join(index), pages[len(index) : -1], lying)  # the last is the back
    assert "✓ 完整合规" in console("audit", case)
    console("audit", "--all")
    console("dossier", "export", case, "-o", "卷.zip")
    with ZipFile(console.folder / "卷.zip") as packed:
        packed.extractall(console.folder / "卷")
    [own] = (console.folder / "卷").iterdir()
    assert subprocess.run(["sha256sum", "-c", "--quiet", "manifest.sha256"], cwd=own, check=False).returncode == 0


def names_every_page(index: str, pages: list[str], lying: list[dict[str, str]]) -> None:
    """The index names all that lies there in order, with the numbers that stand on the pages it is on."""
    at, page = index.index("备注") + 2, 1
    for number, row in enumerate(lying, 1):
        entry = re.compile(rf"{number}{re.escape(flat(row['title']))}(\d+)(?:—(\d+))?{row['remark']}").match(index, at)
        assert entry, index[at : at + 40]
        first, last = int(entry[1]), int(entry[2] or entry[1])
        assert first == page
        for own in range(first, last + 1):
            assert pages[own - 1].startswith(str(own)) or pages[own - 1].endswith(str(own))
        assert flat(row["title"] if row["exhibit"] else row["title"].partition("（")[0]) in pages[first - 1]
        at, page = entry.end(), last + 1
    assert page == len(pages) + 1


def agreement(console: Console) -> str:
    return flat("".join(page.extract_text() for page in PdfReader(console.folder / "协议书.pdf").pages))


def test_wages_of_three_workers_in_two_instalments(office: Console) -> None:
    typed(office, "a.txt", A)
    said = agreement(office)
    for sum in ("陆仟元整", "伍仟柒佰伍拾元整", "肆仟柒佰伍拾元整", "叁万叁仟元整"):
        assert f"人民币{sum}" in said
    assert "履行完毕结案" in office("case", "show", "A")
    is_whole(office, "A")


def test_a_death_at_a_building_site_is_settled_with_a_panel_and_confirmed_by_the_court(office: Console) -> None:
    typed(office, "b.txt", B)
    said = agreement(office)
    for sum in ("叁万元整", "陆万元整", "肆万元整", "壹佰万元整"):
        assert f"人民币{sum}" in said
    assert "2027年1月30日" in said
    assert "2027年1月20日" not in said
    assert "履行完毕结案" in office("case", "show", "B")
    is_whole(office, "B")
