"""The settings file: strictly read; what is wrong in it is said in Chinese, with the file and the key."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from marshmallow import fields

from mediation_engine.domain.roles import Office
from mediation_engine.errors import ConfigFault, OfficesClash
from web.config import Settings, _File, read_settings

pytestmark = pytest.mark.quick

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
ROOM = '[organisation]\nid = "room"\nname = "喜哥调解室"\nshort_name = "永开"\nkind = "mediation_room"\n'
LI = '[[staff]]\nid = "li"\nname = "李调解"\noffices = ["调解员"]\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def fault(file: Path, content: str | bytes) -> str:
    """Why a file is refused; always with its path."""
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return refusal(file)


def refusal(file: Path) -> str:
    with pytest.raises(ConfigFault) as refused:
        read_settings(file)
    assert refused.value.sentence.startswith(f"配置文件“{file}”有误：")
    return str(refused.value.about["why"])


class TestTheExample:
    def test_it_is_valid_and_makes_a_room_with_its_staff(self) -> None:
        settings = read_settings(EXAMPLE)
        assert settings.url == "sqlite:///var/mediation.db"
        assert settings.organisation.short_name == "永开"
        assert [(a.id, a.offices) for a in settings.staff] == [
            ("li", {Office.MEDIATOR}),
            ("wang", {Office.LEAD}),
            ("gao", {Office.GRID_WORKER}),
            ("chen", {Office.AUDITOR}),
        ]
        assert settings.actor == "li"
        assert {a.organisation for a in settings.staff} == {settings.organisation.id}

    def test_it_names_every_key_there_is(self) -> None:
        written = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))
        sections = {name: set(one[0] if isinstance(one, list) else one) for name, one in written.items()}
        known = {name: field for name, field in _File().fields.items() if not isinstance(field, fields.Dict)}
        assert sections == {
            name: {f.data_key or key for key, f in _section(section).fields.items()} for name, section in known.items()
        }


def _section(field: object) -> object:
    """The schema of a section, or of what is listed in it."""
    return getattr(field, "schema", None) or field.inner.schema  # type: ignore[attr-defined]


class TestWhatIsGood:
    def test_an_empty_file_leaves_everything_as_it_is_by_itself(self, file: Path) -> None:
        file.write_text("", encoding="utf-8")
        settings = read_settings(file)
        assert (settings.url, settings.staff, settings.actor) == ("sqlite:///var/mediation.db", (), None)

    def test_somebody_may_hold_two_offices_that_need_not_be_apart(self, file: Path) -> None:
        file.write_text(LI.replace('["调解员"]', '["调解员", "lead"]'), encoding="utf-8")
        (li,) = read_settings(file).staff
        assert li.offices == {Office.MEDIATOR, Office.LEAD}

    def test_an_editor_may_have_put_its_mark_before_the_text(self, file: Path) -> None:
        file.write_bytes(b"\xef\xbb\xbf" + ROOM.replace("\n", "\r\n").encode())
        assert read_settings(file).organisation.id == "room"


class TestWhatIsNot:
    @pytest.mark.parametrize(
        ("content", "key"),
        [
            ("[stroe]\n", "stroe"),
            ('[store]\nurl = "x"\nuser = "y"\n', "store user"),
            (ROOM + 'phone = "1"\n', "organisation phone"),
            (LI + 'phone = "1"\n', "staff 第1项 phone"),
            ("debug = true\n", "debug"),
        ],
    )
    def test_a_key_nobody_knows_is_refused_by_name(self, file: Path, content: str, key: str) -> None:
        assert fault(file, content) == f"{key}：没有这一项"

    @pytest.mark.parametrize(
        ("content", "told"),
        [
            ("[store]\nurl = 5\n", "store url：应为文字"),
            ('[store]\nurl = ""\n', "store url：不能为空"),
            ("store = 5\n", "store：应为一节设置"),
            ('staff = "li"\n', "staff：应写成 [[staff]]"),
            ("[staff]\n", "staff：应写成 [[staff]]"),
            ("staff = [5]\n", "staff 第1项：应为一节设置"),
            (LI.replace('["调解员"]', '"调解员"'), 'staff 第1项 offices：应为一列职务，如 ["调解员"]'),
            (LI.replace('["调解员"]', "[]"), "staff 第1项 offices：至少要有一项职务"),
            (LI.replace('"李调解"', '""'), "staff 第1项 name：应有1到100个字"),
            (LI.replace('"li"', '"李"'), "staff 第1项 id：只能用小写字母、数字和横线，最多40个"),
            (ROOM.replace('"喜哥调解室"', "7"), "organisation name：应为文字"),
            ("[console]\nactor = 1\n", "console actor：应为文字"),
        ],
    )
    def test_a_value_of_the_wrong_kind_is_refused_with_the_right_one(self, file: Path, content: str, told: str) -> None:
        assert fault(file, content) == told

    def test_what_is_missing_from_a_section_is_named(self, file: Path) -> None:
        assert fault(file, '[organisation]\nid = "room"\n') == (
            "organisation name：必填；organisation short_name：必填；organisation kind：必填"
        )

    def test_a_kind_of_organisation_there_is_not_is_answered_with_those_there_are(self, file: Path) -> None:
        assert "organisation kind：应为 mediation_committee、" in fault(file, ROOM.replace("mediation_room", "club"))

    def test_as_what_a_body_counts_that_the_form_has_no_column_for_is_the_rooms_to_say(self, file: Path) -> None:
        file.write_text('[zone.bodies]\nmediation_room = "street"\n', encoding="utf-8")
        assert read_settings(file).zone.bodies == {"mediation_room": "street"}

    def test_where_the_form_says_as_what_a_body_counts_the_room_does_not(self, file: Path) -> None:
        assert "village_committee" in fault(file, '[zone.bodies]\nvillage_committee = "street"\n')
        assert "village、residents" in fault(file, '[zone.bodies]\nmediation_room = "club"\n')

    def test_an_office_there_is_not_is_answered_with_those_there_are(self, file: Path) -> None:
        told = fault(file, LI + LI.replace('"li"', '"wu"').replace("调解员", "门卫"))
        offices = "调解员、室主任、核查员、管理员、网格员"
        assert told == f"staff 第2项 offices 第1项：没有“门卫”这项职务；可用：{offices}"

    def test_two_of_the_staff_with_one_id_are_refused(self, file: Path) -> None:
        assert fault(file, LI + LI) == "staff id 重复：li"

    @pytest.mark.parametrize("other", ["当事人代表", "走访人", "自动办理"])
    def test_nobody_on_the_staff_has_an_office_without_an_account(self, file: Path, other: str) -> None:
        told = fault(file, LI.replace("调解员", other))
        assert told.startswith(f"staff 第1项 offices 第1项：没有“{other}”这项职务")

    @pytest.mark.parametrize("other", ["调解员", "室主任"])
    def test_an_auditor_audits_only(self, file: Path, other: str) -> None:
        told = fault(file, LI.replace('["调解员"]', f'["核查员", "{other}"]'))
        assert told == f"staff li offices：“核查员”与“{other}”不能由同一人担任（职责分离）。"

    def test_and_that_it_is_for_separation_of_duties_can_be_told_from_the_error(self, file: Path) -> None:
        file.write_text(LI.replace('["调解员"]', '["核查员", "调解员"]'), encoding="utf-8")
        with pytest.raises(ConfigFault) as refused:
            read_settings(file)
        assert isinstance(refused.value.__cause__, OfficesClash)

    def test_all_faults_are_named_at_once(self, file: Path) -> None:
        told = fault(file, "[store]\nurl = 5\n" + LI.replace("调解员", "门卫") + "[stroe]\n")
        assert [part.partition("：")[0] for part in told.split("；") if "：" in part][:3] == [
            "store url",
            "staff 第1项 offices 第1项",
            "可用",
        ]
        assert told.endswith("stroe：没有这一项")


class TestTheFileItself:
    def test_one_that_is_no_utf_8_is_refused(self, file: Path) -> None:
        assert fault(file, ROOM.encode("gbk")) == "须以 UTF-8 保存"

    @pytest.mark.parametrize(
        ("content", "told"),
        [
            ("[store]\nurl = sqlite\n", "第2行第7个字附近不合 TOML 写法"),
            ("[store]\nurl =", "末尾不合 TOML 写法：没有写完，或同一项写了两次"),
        ],
    )
    def test_one_that_is_no_toml_is_refused_with_the_place(self, file: Path, content: str, told: str) -> None:
        assert fault(file, content) == told

    def test_one_that_is_not_there_is_refused(self, tmp_path: Path) -> None:
        assert refusal(tmp_path / "config.toml") == "文件或目录不存在"

    def test_a_folder_is_refused(self, tmp_path: Path) -> None:
        assert refusal(tmp_path) == "这是一个目录"


class TestTheWebSection:
    def test_without_one_the_pages_are_for_this_machine_only(self, file: Path) -> None:
        file.write_text(ROOM, encoding="utf-8")
        web = read_settings(file).web
        assert (web.public_url, web.is_https, web.totp, web.proxies) == ("http://127.0.0.1:8000", False, False, 0)
        assert web.hosts == ["127.0.0.1", "localhost"]

    def test_a_public_address_is_https(self, file: Path) -> None:
        file.write_text('[web]\npublic_url = "https://tiaojie.example.cn/"\ntotp = true\n', encoding="utf-8")
        web = read_settings(file).web
        assert (web.public_url, web.is_https, web.hosts) == ("https://tiaojie.example.cn", True, ["tiaojie.example.cn"])
        assert web.totp

    @pytest.mark.parametrize(
        ("line", "words"),
        [
            ('public_url = "http://tiaojie.example.cn"', "须用 https"),
            ('public_url = "http://127.0.0.1.example.cn"', "须用 https"),
            ('public_url = "http://192.168.1.5:8000"', "须用 https"),
            ('public_url = "tiaojie.example.cn"', "应为网址"),
            ('public_url = "ftp://tiaojie.example.cn"', "应为网址"),
            ('public_url = "https://a.example/path"', "应为网址"),
            ('public_url = "https://a.example?x"', "应为网址"),
            ('public_url = "https://a.example:99999"', "应为网址"),
            ('public_url = "https://[::1]"', "应为网址"),
            ('public_url = "https://"', "应为网址"),
            ('totp = "yes"', "true 或 false"),
            ("totp = 1", "true 或 false"),
            ('proxies = "1"', "应为整数"),
            ("proxies = -1", "0到5"),
            ("proxies = 6", "0到5"),
            ('secret = ""', "1到100"),
        ],
    )
    def test_what_is_wrong_is_said(self, file: Path, line: str, words: str) -> None:
        assert words in fault(file, f"[web]\n{line}\n")


class TestWordingOfItsOwn:
    @pytest.fixture
    def own(self, tmp_path: Path) -> Path:
        return tmp_path / "wording.toml"

    def read(self, file: Path, own: Path, words: str) -> Settings:
        own.write_text(words, encoding="utf-8")
        file.write_text(f"[papers]\nwording = {str(own)!r}\n", encoding="utf-8")
        return read_settings(file)

    def test_it_takes_the_place_of_the_usual_sentence_and_of_no_other(self, file: Path, own: Path) -> None:
        words = self.read(file, own, 'end = "（完）"').papers.wording
        assert words["end"] == "（完）"
        assert words["minutes_closing"].startswith("以上笔录")

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            ('nonsense = "x"', "没有叫 nonsense 的句子"),
            ("end = 3", "end 应为文字"),
            ('end = " "', "end 应为文字"),
            ('end = "{"', "花括号不成对"),
            ('end = "{host}"', "end 里填不了 host；能填的：没有"),
            ('receipt = "{payer.name}"', "receipt 里填不了 payer.name；能填的：{day}、{payer}、{sum}、{what}"),
            ('receipt = "{payer!r}"', "花括号不成对"),
            ('receipt = "收到{sum}和{mystery}"', "receipt 里填不了 mystery；能填的：{day}、{payer}、{sum}、{what}"),
            ("end =", "不合 TOML 写法"),
        ],
    )
    def test_what_is_wrong_in_it_is_told_when_it_is_read(self, file: Path, own: Path, words: str, told: str) -> None:
        with pytest.raises(ConfigFault, match=re.escape(told)):
            self.read(file, own, words)

    def test_a_file_that_is_not_there_is_named(self, file: Path, own: Path) -> None:
        file.write_text(f"[papers]\nwording = {str(own)!r}\n", encoding="utf-8")
        with pytest.raises(ConfigFault, match=r"wording\.toml"):
            read_settings(file)


class TestDossier:
    """For how long a dossier is kept, and what stands under the room's name."""

    def test_it_is_the_usual_unless_the_room_says_otherwise(self, file: Path) -> None:
        file.write_text('[dossier]\nsimple = 3\ngeneral = "永久"\n', encoding="utf-8")
        terms = read_settings(file).terms
        assert terms == {"simple": 3, "general": None, "difficult": None, "major": None, "": 10}
        assert Settings().terms == {"simple": 5, "general": 10, "difficult": None, "major": None, "": 10}

    @pytest.mark.parametrize("years", ["0", "101", "-1", "2.5", "true", '"十年"', "[]"])
    def test_what_is_no_number_of_years_is_refused(self, file: Path, years: str) -> None:
        file.write_text(f"[dossier]\nsimple = {years}\n", encoding="utf-8")
        with pytest.raises(ConfigFault, match='dossier simple：应为1到100的整数（年），或 "永久"'):
            read_settings(file)

    def test_lines_of_the_letterhead_stand_on_papers_as_they_are(self, file: Path) -> None:
        file.write_text('[papers]\nletterhead = ["地址：总部中心一楼", "电话：0579-87000000"]\n', encoding="utf-8")
        assert read_settings(file).papers.letterhead == ("地址：总部中心一楼", "电话：0579-87000000")

    @pytest.mark.parametrize(
        ("lines", "told"),
        [
            ('"一行"', "应为几行文字"),
            ('[""]', "每行应有1到60个字"),
            ('["{}"]'.format("长" * 61), "每行应有1到60个字"),
            ('["上\\n下"]', "不能有换行"),
            ('["左\\u202e右"]', "看不见的字符"),
            ('["1", "2", "3", "4", "5"]', "最多四行"),
            ("[3]", "应为文字"),
        ],
    )
    def test_a_line_that_would_not_is_refused(self, file: Path, lines: str, told: str) -> None:
        file.write_text(f"[papers]\nletterhead = {lines}\n", encoding="utf-8")
        with pytest.raises(ConfigFault, match=re.escape(told)):
            read_settings(file)


class TestDistricts:
    ONE = '[[zone.districts]]\ncode = "{}"\nname = "{}"\n'

    @pytest.mark.parametrize(
        ("districts", "says"),
        [
            ([("a", "甲片"), ("a", "乙片")], "code 重复：a"),
            ([("a", "甲片"), ("b", "甲片")], "name 重复：甲片"),
            ([("", "甲片")], "只能用小写字母"),
            ([("a", "甲" * 61)], "1到60个字"),
            ([("a", "甲\u202e片")], "看不见的字符"),
        ],
    )
    def test_two_that_are_the_same_and_one_that_is_none_are_said(
        self, file: Path, districts: list[tuple[str, str]], says: str
    ) -> None:
        assert says in fault(file, "".join(self.ONE.format(*it) for it in districts))


CAMPAIGN = {
    "code": '"wages"',
    "name": '"无欠薪"',
    "since": "2026-11-01",
    "until": "2027-02-05",
    "disputes": '["labour_pay"]',
}


def campaigns(*sections: dict[str, str]) -> str:
    """The settings of some campaigns, each as it is usually but for what is said."""
    written = (CAMPAIGN | own for own in sections)
    return "".join("[[zone.campaigns]]\n" + "".join(f"{k} = {v}\n" for k, v in it.items()) for it in written)


def test_a_campaign_may_come_again_under_its_name(tmp_path: Path) -> None:
    path = tmp_path / "room.toml"
    again = {"code": '"again"', "since": "2027-11-01", "until": "2028-01-20"}
    path.write_text(campaigns({}, again), encoding="utf-8")
    assert [it.since.year for it in read_settings(path).zone.campaigns] == [2026, 2027]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"until": "2026-10-31"}, "until 不应早于 since"),
        ({"since": '"2026-11-01"'}, "应写成 2026-11-01 的样子，不加引号"),
        ({"since": "2026-11-01T08:00:00"}, "应写成 2026-11-01 的样子，不加引号"),
        ({"disputes": "[]"}, "至少写一种纠纷类型"),
        ({"disputes": '["wages"]'}, "没有这种纠纷类型：wages"),
    ],
)
def test_what_is_wrong_with_a_campaign_is_said(tmp_path: Path, wrong: dict[str, str], says: str) -> None:
    path = tmp_path / "room.toml"
    path.write_text(campaigns(wrong), encoding="utf-8")
    with pytest.raises(ConfigFault, match=re.escape(says)):
        read_settings(path)


def test_two_campaigns_of_one_code_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "room.toml"
    path.write_text(campaigns({}, {}), encoding="utf-8")
    with pytest.raises(ConfigFault, match="code 重复：wages"):
        read_settings(path)
