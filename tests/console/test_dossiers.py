"""The dossier on the console: shown, bound, put in a folder; whoever may not read it gets nothing."""

from __future__ import annotations

import subprocess
from zipfile import ZipFile

import pytest
from pypdf import PdfReader

from mediation_engine.adapters.papers.pdf import FONTS

from ..support.files import photo
from ..support.papers import flat
from .test_console import Console, case, nowhere, one_case, root, staffed

__all__ = ["case", "nowhere", "one_case", "root", "staffed"]
typst = pytest.importorskip("typst")
has_fonts = pytest.mark.skipif(
    not set(FONTS) & set(typst.Fonts(include_embedded_fonts=False).families()), reason="no font for Chinese"
)


@pytest.fixture
def filed(case: Console) -> Console:
    """A photo for all, one for those who handle the case."""
    case("key", "make")
    (case.folder / "a.jpg").write_bytes(photo())
    add = ("exhibit", "add", "A1", "a.jpg", "--as", "li")
    case(*add, "--kind", "身份证明", "--title", "身份证正面", "--party", "王某")
    case(*add, "--kind", "证据", "--readers", "host", "--title", "病历")
    return case


def test_it_is_shown_as_far_as_one_may_read_it(filed: Console) -> None:
    said = filed("dossier", "show", "A1", "--as", "li")
    assert "身份证正面" in said
    assert "病历" in said
    assert "电子打印件，未见签名件" in said
    assert "保管期限：10年。" in said
    assert "病历" not in filed("dossier", "show", "A1", "--as", "chen")
    rows = filed.json("dossier", "show", "A1", "--as", "chen")["lying"]
    assert [row["title"] for row in rows if row["missing"]][:1] == ["权利义务告知书"]
    assert {"title": "材料2", "remark": "内容不公开，未放入"}.items() <= rows[-1].items()


def test_what_is_missing_is_summed_up(filed: Console) -> None:
    show = ("dossier", "show", "A1", "--as", "li")
    lacking = "1 申请书或受理登记表、2 权利义务告知书、3 当事人身份证明（某五金厂的）"
    assert f"缺 3 样：{lacking}。" in filed(*show)
    assert f"案卷里还缺：{lacking}；见 mediation dossier show A1" in filed("case", "missing", "A1", "--as", "li")
    filed("exhibit", "add", "A1", "a.jpg", "--kind", "其他", "--set", "卷内位置=1", "--as", "li")
    filed("exhibit", "add", "A1", "a.jpg", "--kind", "其他", "--set", "卷内位置=2", "--as", "li")
    filed("exhibit", "add", "A1", "a.jpg", "--kind", "身份证明", "--party", "某五金厂", "--as", "li")
    assert "不缺什么。" in filed(*show)
    assert "还缺：" not in filed("case", "missing", "A1", "--as", "li")


def test_the_paper_on_which_all_have_signed_is_the_agreement_signed(filed: Console) -> None:
    filed.do("记录谈妥", "--set", "协议总金额=1万")
    filed.do("拟定协议书", "--on", "协议1", "--set", "签署的当事人=王某、某五金厂")
    filed("exhibit", "add", "A1", "a.jpg", "--kind", "协议书签署件", "--as", "li")
    for party, manner in (("王某", "签名"), ("某五金厂", "盖章")):
        filed.do("确认协议", "--on", party, "--set", f"确认方式={manner}", "--set", "签名册或签署件=材料3")
    filed.do("调解员签名", "--on", "协议1")
    filed.do("加盖调解组织印章", "--on", "协议1", by="wang")
    said = filed("dossier", "show", "A1", "--as", "li")
    assert "材料3" in said
    assert "协议书（协议1）" not in said


@has_fonts
def test_it_is_bound_and_that_is_on_record(filed: Console) -> None:
    said = filed("dossier", "make", "A1", "-o", "整卷.pdf", "--as", "li")
    assert "整卷已做好：整卷.pdf。还缺权利义务告知书" in said
    pages = [flat(page.extract_text()) for page in PdfReader(filed.folder / "整卷.pdf").pages]
    assert "人民调解卷宗" in pages[0]
    assert "身份证明：身份证正面（王某）2材料1" in pages[1]
    assert filed.raw("SELECT count(*) FROM reads WHERE what = 'bound dossier'") == [(1,)]
    assert filed.raw("SELECT count(*) FROM reads WHERE what = 'person paper'")[0][0] >= 1


@has_fonts
def test_the_folder_is_checked_by_itself(filed: Console) -> None:
    assert "电子卷已导出：卷.zip" in filed("dossier", "export", "A1", "-o", "卷.zip", "--as", "li")
    with ZipFile(filed.folder / "卷.zip") as packed:
        packed.extractall(filed.folder / "out")
    [own] = (filed.folder / "out").iterdir()
    checked = subprocess.run(["sha256sum", "-c", "--quiet", "manifest.sha256"], cwd=own, check=False)
    assert checked.returncode == 0


@pytest.mark.parametrize("step", ["make", "export"])
def test_an_auditor_takes_nothing_away_and_what_was_there_stays(filed: Console, step: str) -> None:
    there = filed.folder / "there"
    there.write_bytes(b"before")
    filed("dossier", step, "A1", "-o", "there", "--as", "chen", code=3)
    assert there.read_bytes() == b"before"
    (filed.folder / "folder").mkdir()
    assert "写不进去" in filed("dossier", step, "A1", "-o", "folder", "--as", "li", code=6)


@has_fonts
def test_a_paper_is_made_in_large_print(filed: Console) -> None:
    filed("paper", "make", "A1", "受理登记表", "--large", "-o", "大.html", "--as", "li")
    assert 'class="paper large"' in (filed.folder / "大.html").read_text("utf-8")
    assert "卷宗封面" in filed("paper", "list", "A1", "--as", "li")


@pytest.mark.parametrize("named", ["付款2", "某五金厂→王某 2万元，11月23日"])
def test_what_a_paper_is_about_is_called_by_its_number_or_its_name(filed: Console, named: str) -> None:
    for amount in ("1万", "2万"):
        filed.do("记录付款", "--set", f"金额={amount}", "--set", "付款人=某五金厂", "--set", "收款人=王某")
    make = ("paper", "make", "A1", "收条", "--as", "li", "-o", "收条.html")
    assert "有几份收条，请用 --about 写明是哪一份" in filed(*make, code=2)
    filed(*make, "--about", named)
    assert "贰万元整" in (filed.folder / "收条.html").read_text("utf-8")


def test_where_labour_calls_a_paper_otherwise_it_is_made_by_that_name(nowhere: Console) -> None:
    nowhere("init")
    parties = ("--applicant", "王某", "--respondent", "某五金厂:单位")
    about = ("--set", "调解程序=劳动争议调解", "--set", "纠纷类型=拖欠劳动报酬", "--set", "简要情况=欠工资")
    nowhere("case", "new", "--id", "A1", "--as", "li", *parties, *about)
    nowhere.do("受理", by="wang")
    terms = '[{"内容":"付工资","种类":"付款","付款方（义务人）":"某五金厂","收款方（权利人）":"王某","金额":"1.2万"}]'
    nowhere.do("记录谈妥", "--set", f"协议条款={terms}")
    nowhere.do(
        "记录付款",
        "--set",
        "金额=1.2万",
        "--set",
        "付款人=某五金厂",
        "--set",
        "收款人=王某",
        "--set",
        "依据哪份协议=协议1",
    )
    nowhere.do("记录协议履行情况", "--on", "协议1", "--set", "履行到什么程度=全部履行")
    listed = nowhere("paper", "list", "A1", "--as", "li")
    assert "即时履行登记表" in listed
    assert "口头协议登记表" not in listed
    nowhere("paper", "make", "A1", "即时履行登记表", "--as", "li", "-o", "登记表.html")
