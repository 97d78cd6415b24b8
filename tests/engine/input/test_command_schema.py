"""Forms: what people type becomes a command, or every fault in it is named in Chinese."""

from __future__ import annotations

import json
from dataclasses import MISSING, dataclass, fields
from datetime import UTC, date, datetime
from typing import Any, ClassVar, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mediation_engine.domain.command import Command
from mediation_engine.domain.fields import (
    FieldSpec,
    Text,
    choice,
    code,
    count,
    day,
    flag,
    money,
    person,
    ref,
    refs,
    rows,
    text,
    typed_fields,
)
from mediation_engine.domain.item_kind import ItemKind
from mediation_engine.domain.line import Line
from mediation_engine.domain.machine import T
from mediation_engine.domain.order import Order
from mediation_engine.domain.people import PartyKind
from mediation_engine.domain.recorded_order import lines_of
from mediation_engine.domain.roles import Level, Office
from mediation_engine.errors import FormFaults
from mediation_engine.input.command_schema import MOST_FEN, MOST_PEOPLE, Names, read_form
from mediation_engine.record.codec import decode_order, encode_order, event_data, raw, read_event, recorded
from web.wiring import catalogue
from workflows.facts import RoleRule
from workflows.parts.agreement import ReachAgreement
from workflows.parts.capacity import EnterCapacity
from workflows.parts.exhibit import FileExhibit
from workflows.parts.party import JoinCase
from workflows.parts.session import RecordSession
from workflows.vocabulary import DossierPlace, Side, TermKind
from workflows.zone.alert.facts import Deputy
from workflows.zone.alert.vocabulary import DeputyLine
from workflows.zone.matter.kinds import shipped

from ...support.thorough import much


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the sheet below."""

    who: str | None = ref("谁", "party", default=None)
    sum: int | None = money("钱数")
    side: Side = choice("哪方")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet(Command):
    """One field of each kind, all of which may be left empty."""

    label: ClassVar[str] = "填表"
    words: Text | None = text("说明", longest=10)
    due: date | None = day("期限")
    amount: int | None = money("金额")
    people: int | None = count("人数", default=1)
    kind: PartyKind = choice("类型", default=PartyKind.PERSON)
    yes: bool = flag("同意")
    one: str | None = ref("哪一位", "party", default=None)
    several: tuple[str, ...] = refs("哪几位", "party")
    somebody: str | None = person("来人", default=None)
    table: tuple[Row, ...] = rows("明细")
    token: str | None = code("代号", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Strict(Command):
    """Nothing in it may be left empty."""

    label: ClassVar[str] = "必填表"
    words: Text = text("说明", longest=10, default=MISSING)
    kind: PartyKind = choice("类型")
    one: str = ref("哪一位", "party")


KEYS = {"王某": "party/1", "某五金厂": "party/2", "约翰 史密斯": "party/3"}
NAMES = Names(key=lambda word, machine: KEYS.get(word, word), person=lambda name: f"id of {name}")
LABELS = {spec.label: spec.name for spec in typed_fields(Sheet)}


def read(label: str, typed: Any) -> Any:
    """What one field of the sheet makes of what was typed."""
    return getattr(read_form(Sheet, {label: typed}, NAMES), LABELS[label])


def faults(command: type[Command], filled: dict[str, Any]) -> dict[str, list[str]]:
    """Every sentence a form is refused with, by label."""
    with pytest.raises(FormFaults) as refused:
        read_form(command, filled, NAMES)
    return refused.value.faults


def fault(label: str, typed: Any) -> str:
    """The one sentence a field of the sheet is refused with."""
    found = faults(Sheet, {label: typed})
    assert list(found) == [label]
    (sentence,) = found[label]
    return sentence


class TestDays:
    @pytest.mark.parametrize(
        "typed",
        [
            "2026-11-03",
            "2026-11-3",
            "2026年11月3日",
            "2026/11/3",
            "2026.11.3",
            "20261103",
            " 2026-11-03 ",
            "２０２６-11-03",
        ],
    )
    def test_a_day_is_read_however_it_is_usually_written(self, typed: str) -> None:
        assert read("期限", typed) == date(2026, 11, 3)

    def test_a_day_that_is_one_already_stays_it(self) -> None:
        assert read("期限", date(2026, 11, 3)) == date(2026, 11, 3)

    @pytest.mark.parametrize(
        ("typed", "advice"),
        [
            ("2026-02-30", "没有这一天，请核对"),
            ("2026年13月1日", "没有这一天，请核对"),
            ("11月3日", "请写明年月日，如 2026年11月23日"),
            ("明天", "请写明年月日，如 2026年11月23日"),
            ("2026-W01-1", "应写成 2026年11月23日"),
            ("٢٠٢٦-11-03", "应写成 2026年11月23日"),
        ],
    )
    def test_what_is_no_day_is_quoted_with_an_example_of_one(self, typed: str, advice: str) -> None:
        assert fault("期限", typed) == f"“{typed}”不是有效日期，{advice}"

    def test_a_time_where_a_day_is_asked_for_is_told_from_the_day(self) -> None:
        assert fault("期限", "2026-11-03T09:30").startswith("“2026-11-03T09:30”：这一栏只写哪一天，请写 2026年11月3日")

    @pytest.mark.parametrize("typed", ["0206-11-03", "9026-11-03"])
    def test_a_slip_in_the_year_is_noticed(self, typed: str) -> None:
        assert "年份不对" in fault("期限", typed)

    @pytest.mark.parametrize("typed", [True, 3.5, ["2026-11-03"], {"年": 2026}])
    def test_other_things_than_words_are_no_day(self, typed: Any) -> None:
        assert fault("期限", typed)


class TestMoney:
    @pytest.mark.parametrize(
        ("typed", "fen"),
        [
            ("12345.60", 1_234_560),
            ("12,345.60", 1_234_560),
            ("￥12,345.60", 1_234_560),
            ("¥ 12,345.6", 1_234_560),
            ("￥１２，３４５．６０", 1_234_560),
            ("12345.60元", 1_234_560),
            ("1.2万", 1_200_000),
            ("75万元", 75_000_000),
            ("75 万元", 75_000_000),
            ("1.5亿", 15_000_000_000),
            ("0.00000001万", None),
            ("0", 0),
            ("0.1", 10),
            ("0.10000", 10),
            ("007", 700),
            (12345, 1_234_500),
            (12345.6, 1_234_560),
        ],
    )
    def test_a_sum_in_yuan_is_held_in_fen(self, typed: Any, fen: int | None) -> None:
        if fen is None:
            assert fault("金额", typed) == "金额最多到分"
        else:
            assert read("金额", typed) == fen

    @pytest.mark.parametrize("typed", ["0.001", "12.345", "1.23456789万", f"0.{'0' * 30}1"])
    def test_less_than_a_fen_is_refused_and_not_rounded(self, typed: str) -> None:
        assert fault("金额", typed) == "金额最多到分"

    @pytest.mark.parametrize("typed", ["-5", "￥-5", "－５", -5])
    def test_a_negative_sum_is_refused(self, typed: Any) -> None:
        assert fault("金额", typed) == "金额不能是负数"

    @pytest.mark.parametrize("typed", ["100000000000.01", "1001亿", "9" * 100, "9" * 10_000])
    def test_an_absurdly_large_sum_is_refused(self, typed: str) -> None:
        assert fault("金额", typed) == "金额过大"

    def test_the_largest_sum_is_read_to_the_fen(self) -> None:
        assert read("金额", "99,999,999,999.99") == MOST_FEN - 1

    @pytest.mark.parametrize("typed", ["abc", "1,5", "1,23,456", "1e5", "一万", "1.2.3", "12 345", "5²", "1万2千", "."])
    def test_what_is_no_sum_is_quoted_with_examples_of_one(self, typed: str) -> None:
        assert fault("金额", typed) == f"“{typed}”不是金额，应写成 12345.60 或 1.2万"

    @pytest.mark.parametrize("typed", [True, float("inf"), float("nan"), 1e300, [1], {}])
    def test_other_things_than_sums_are_refused(self, typed: Any) -> None:
        assert fault("金额", typed)

    @given(st.integers(0, MOST_FEN))
    def test_every_sum_comes_back_as_it_was_written(self, fen: int) -> None:
        assert read("金额", f"{fen // 100}.{fen % 100:02d}") == fen
        assert read("金额", f"￥{fen // 100:,}.{fen % 100:02d}元") == fen


class TestCounts:
    @pytest.mark.parametrize(("typed", "number"), [("3", 3), ("１０５", 105), ("105人", 105), (12, 12), (" 7 ", 7)])
    def test_a_number_of_people_is_read(self, typed: Any, number: int) -> None:
        assert read("人数", typed) == number

    @pytest.mark.parametrize("typed", ["0", "-1", "1000001", "9" * 5000, 0])
    def test_nobody_and_more_than_there_are_is_refused(self, typed: Any) -> None:
        assert fault("人数", typed) == f"应在1到{MOST_PEOPLE}之间"

    @pytest.mark.parametrize("typed", ["三", "3.7", 3.7, "1,000", "a"])
    def test_what_is_no_whole_number_is_refused_and_not_cut_off(self, typed: Any) -> None:
        assert fault("人数", typed) == "应为整数"

    def test_a_number_too_long_to_be_written_out_is_refused(self) -> None:
        assert fault("人数", 10**5000) == "数字过大"

    def test_left_out_it_is_the_usual_one_but_left_empty_it_is_unknown(self) -> None:
        assert read_form(Sheet, {}).people == 1
        assert read_form(Sheet, {"人数": ""}).people is None
        assert read_form(Sheet, {"人数": None}).people is None


class TestChoicesAndFlags:
    @pytest.mark.parametrize("typed", ["enterprise", "单位", " 单位 ", PartyKind.ENTERPRISE])
    def test_a_choice_is_made_by_code_or_label(self, typed: Any) -> None:
        assert read("类型", typed) is PartyKind.ENTERPRISE

    @pytest.mark.parametrize("typed", ["公司", "ENTERPRISE", "3"])
    def test_another_choice_is_answered_with_what_there_is(self, typed: str) -> None:
        assert fault("类型", typed) == f"“{typed}”不在可选范围：个人、单位、一群人"

    @pytest.mark.parametrize("typed", ["2 权利义务告知书", "权利义务告知书", "2", "rights", "２"])
    def test_a_numbered_choice_is_made_by_its_number_or_its_name(self, typed: str) -> None:
        filled = {"种类": "其他", "卷内位置": typed}
        assert read_form(FileExhibit, filled).place is DossierPlace.RIGHTS

    def test_choices_with_a_comma_of_their_own_are_told_with_more_between_them(self) -> None:
        said = faults(JoinCase, {"当事人": "王某", "哪一方": "申请人", "行为能力": "17岁"})["行为能力"][0]
        assert "：完全行为能力；16、17岁，以自己的劳动收入为主要生活来源；" in said

    def test_a_choice_left_empty_is_the_usual_one(self) -> None:
        assert read("类型", "") is PartyKind.PERSON

    @pytest.mark.parametrize("typed", ["是", "yes", "Yes", "1", True, 1, " 是 "])
    def test_yes_is_yes(self, typed: Any) -> None:
        assert read("同意", typed) is True

    @pytest.mark.parametrize("typed", ["否", "no", "0", False, 0, ""])
    def test_no_is_no_and_so_is_nothing(self, typed: Any) -> None:
        assert read("同意", typed) is False

    @pytest.mark.parametrize("typed", ["也许", "2", 2, [], {}])
    def test_perhaps_is_neither(self, typed: Any) -> None:
        assert fault("同意", typed) == "应为“是”或“否”"


class TestLabels:
    def test_what_a_label_begins_with_is_enough(self) -> None:
        given = {"代谁": "王某", "代理人": "李某", "权限：和解、签协议": "是"}
        made = read_form(EnterCapacity, given, NAMES)
        assert (made.principals, made.settle) == (("party/1",), True)

    def test_but_not_where_several_begin_so(self) -> None:
        assert "没有这一项" in faults(EnterCapacity, {"代理人": "李某", "权限": "是"})["权限"][0]


class TestReferences:
    @pytest.mark.parametrize("typed", ["party/1", "王某", " 王某 "])
    def test_one_thing_is_named_by_key_or_name(self, typed: str) -> None:
        assert read("哪一位", typed) == "party/1"

    @pytest.mark.parametrize(
        "typed",
        [
            "王某，某五金厂",
            "王某、某五金厂",
            "王某,某五金厂",
            "王某 某五金厂",
            "王某　某五金厂",
            "party/1、 某五金厂、",
            "王某、王某、某五金厂",
            ["王某", "party/2"],
            ("party/1", "某五金厂"),
        ],
    )
    def test_several_are_parted_by_any_usual_mark_and_counted_once(self, typed: Any) -> None:
        assert read("哪几位", typed) == ("party/1", "party/2")

    def test_a_name_with_a_space_in_it_is_one_name(self) -> None:
        assert read("哪几位", "约翰 史密斯") == ("party/3",)
        assert read("哪几位", ["约翰 史密斯", "王某"]) == ("party/3", "party/1")

    def test_nothing_but_marks_is_nobody(self) -> None:
        assert read("哪几位", "、，") == ()

    def test_a_name_that_nothing_has_is_left_for_the_door_to_refuse(self) -> None:
        assert read("哪一位", "赵某") == "赵某"

    @pytest.mark.parametrize("typed", [5, {"王某": 1}, True])
    def test_other_things_than_a_list_are_refused(self, typed: Any) -> None:
        assert fault("哪几位", typed) == "应为一项或几项"

    def test_a_person_is_entered_and_becomes_an_id(self) -> None:
        assert read("来人", "孙教授") == "id of 孙教授"


class TestRows:
    def test_rows_are_written_as_json_with_chinese_labels(self) -> None:
        typed = '[{"谁": "王某", "钱数": "1.2万", "哪方": "申请人"}, {"side": "respondent"}]'
        assert read("明细", typed) == (
            Row(who="party/1", sum=1_200_000, side=Side.APPLICANT),
            Row(side=Side.RESPONDENT),
        )

    def test_rows_that_are_a_list_already_are_taken_as_they_are(self) -> None:
        assert read("明细", [{"哪方": "申请人"}]) == (Row(side=Side.APPLICANT),)

    def test_one_row_needs_no_list(self) -> None:
        assert read("明细", '{"哪方": "申请人"}') == (Row(side=Side.APPLICANT),)

    @pytest.mark.parametrize("typed", ["[{", "申请人", "5", 5, True, '"x"', "[" * 100_000])
    def test_what_is_no_rows_is_refused_with_how_they_are_written(self, typed: Any) -> None:
        said = fault("明细", typed)
        assert said.startswith('应为若干行，写成 [{"')
        assert "一行一个括号；可写的项：" in said

    def test_a_fault_in_a_row_names_the_row_and_the_column(self) -> None:
        typed = [{"哪方": "申请人"}, {"钱数": "很多", "份数": 1}, 7]
        found = faults(Sheet, {"明细": typed})
        assert found == {
            "明细 第2行 哪方": ["必填"],
            "明细 第2行 钱数": ["“很多”不是金额，应写成 12345.60 或 1.2万"],
            "明细 第2行 份数": ["没有这一项；可填：谁、钱数、哪方"],
            "明细 第3行": ["应为若干“项=值”"],
        }

    def test_there_is_an_end_to_rows(self) -> None:
        assert fault("明细", [{"哪方": "申请人"}] * 2001) == "不能超过2000行"


class TestWords:
    def test_space_around_words_is_dropped_and_lines_end_as_everywhere(self) -> None:
        assert read("说明", "  一行\r\n二行\r\n ") == "一行\n二行"

    def test_words_too_long_are_told_how_long_they_may_be(self) -> None:
        assert read("说明", "好" * 10) == "好" * 10
        assert fault("说明", "好" * 11) == "不能超过10个字"

    @pytest.mark.parametrize(
        "typed",
        [
            "响\x07铃",
            "退\x08格",
            "颜色\x1b[31m",
            "\x9b31m",
            "删\x7f",
            "反\u202e写",
            "反\u2067写",
            "分\u2028行",
            "半\ud800个",
        ],
        ids=["bell", "backspace", "escape", "csi", "delete", "override", "isolate", "line", "surrogate"],
    )
    def test_what_cannot_be_seen_or_turns_the_writing_round_is_refused(self, typed: str) -> None:
        assert fault("说明", typed) == "含有不可显示的字符"
        assert fault("代号", typed) == "含有不可显示的字符"

    def test_a_token_is_on_one_line(self) -> None:
        assert fault("代号", "一\n二") == "不能换行"

    @pytest.mark.parametrize("typed", ["[bold]", "=1+1", "text:a:b:c", "{}", "<b>", "'; DROP TABLE"])
    def test_words_that_mean_something_elsewhere_are_words_here(self, typed: str) -> None:
        assert read("说明", typed[:10]) == typed[:10]

    @pytest.mark.parametrize("typed", [5, True, ["好"], {"好": 1}])
    def test_other_things_than_words_are_refused(self, typed: Any) -> None:
        assert fault("说明", typed) == "格式不对"

    @pytest.mark.parametrize("empty", ["", "  ", "\n", None])
    def test_an_answer_left_empty_is_no_answer(self, empty: Any) -> None:
        assert read_form(Sheet, dict.fromkeys(LABELS, empty)) == Sheet(people=None)

    def test_a_fault_quotes_the_beginning_of_something_long_and_nothing_that_disturbs_a_screen(self) -> None:
        assert fault("类型", "\x1b[2J" + "长" * 100).startswith(f"“?[2J{'长' * 36}…”")


class TestFaults:
    @pytest.mark.parametrize("empty", [{}, {"说明": " ", "类型": "", "哪一位": None}])
    def test_what_is_required_is_said_of_each(self, empty: dict[str, Any]) -> None:
        assert faults(Strict, empty) == {"说明": ["必填"], "类型": ["必填"], "哪一位": ["必填"]}

    def test_all_faults_are_named_at_once_by_the_labels_of_their_fields(self) -> None:
        filled = {"due": "2026-02-30", "金额": "abc", "人数": "0", "同意": "也许", "颜色": "红", "说明": "好" * 11}
        assert set(faults(Sheet, filled)) == {"期限", "金额", "人数", "同意", "颜色", "说明"}

    def test_an_unknown_field_is_named_with_those_there_are(self) -> None:
        assert faults(Strict, {"说明": "好", "类型": "个人", "哪一位": "王某", "颜色": "红"}) == {
            "颜色": ["没有这一项；可填：说明、类型、哪一位"]
        }

    def test_a_step_with_nothing_to_fill_in_says_so(self) -> None:
        bare = next(c for c in COMMANDS if not typed_fields(c))
        assert faults(bare, {"颜色": "红"}) == {"颜色": ["没有这一项；这一步不用填写"]}

    def test_the_sentence_of_the_error_names_them_all(self) -> None:
        with pytest.raises(FormFaults) as refused:
            read_form(Strict, {"说明": "好"})
        assert refused.value.sentence == "填写的内容有误：类型：必填；哪一位：必填"


class TestCommandsOfTheFastTrack:
    def test_an_agreement_reached_as_a_mediator_types_it(self) -> None:
        sides = '"种类": "付款", "付款方（义务人）": "某五金厂"'
        terms = f'[{{"内容": "月底前付清", {sides}, "金额": "1.2万", "期限": "2026年11月30日"}}]'
        reached = read_form(ReachAgreement, {"协议条款": terms, "协议总金额": "12,000"}, NAMES)
        (term,) = reached.terms
        assert (reached.amount, term.kind, term.payer) == (1_200_000, TermKind.PAY, "party/2")
        assert (term.amount, term.due) == (1_200_000, date(2026, 11, 30))

    def test_guests_come_with_those_who_agreed_to_them(self) -> None:
        guests = [{"受邀人": "孙教授", "身份": "有专门知识或经验的人", "已同意的当事人": "王某、某五金厂"}]
        (guest,) = read_form(RecordSession, {"受邀人": guests}, NAMES).guests
        assert (guest.person, guest.agreed_by) == ("id of 孙教授", ("party/1", "party/2"))

    def test_a_group_of_unknown_size_joins(self) -> None:
        joined = read_form(JoinCase, {"当事人": "工人", "哪一方": "申请人", "当事人是": "一群人", "人数": ""}, NAMES)
        assert (joined.kind, joined.count) == (PartyKind.GROUP, None)


# -- properties over every command of every installed workflow

WORKFLOWS = tuple(catalogue().workflows.values())
COMMANDS = tuple(dict.fromkeys(c for w in WORKFLOWS for c in w.commands.values()))
ROWS = tuple(
    {
        (r.command, r.records): r for w in WORKFLOWS for m in w.machines.values() for r in m.rows if isinstance(r, T)
    }.values()
)
ODD = st.sampled_from(
    [
        "2026-11-23",
        "1.2万",
        "是",
        "party/1",
        "王某、party/2",
        "[{}]",
        '{"a": 1}',
        "-0",
        "1e400",
        "\ud800",
        "\x00",
        "个人",
    ]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | ODD
JSON_LIKE = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def keys_of(command: type) -> list[str]:
    """What may stand before = in a form, rows included."""
    return [word for spec in typed_fields(command) for word in (spec.label, spec.name)]


def anything(command: type) -> st.SearchStrategy[dict[str, Any]]:
    """A form filled in by somebody who does not care, mostly in the right places."""
    keys = st.text(max_size=4)
    if keys_of(command):
        keys = st.sampled_from(keys_of(command)) | keys
    inner = [anything(spec.row) for spec in typed_fields(command) if spec.row]
    return st.dictionaries(keys, st.one_of(JSON_LIKE, *(st.lists(row, max_size=2) for row in inner)), max_size=6)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c.name())
@settings(max_examples=much(15, 25), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_whatever_is_filled_in_gives_the_command_or_its_faults(command: type[Command], data: st.DataObject) -> None:
    filled = data.draw(anything(command))
    made: Command | FormFaults
    try:
        made = read_form(command, filled, NAMES)
    except FormFaults as refused:
        made = refused
    assert made.faults and all(made.faults.values()) if isinstance(made, FormFaults) else type(made) is command


CHARACTERS = st.characters(codec="utf-8", exclude_categories=("C", "Z"))
WORDS = st.text(CHARACTERS, min_size=1, max_size=40)
MONEY = st.integers(0, MOST_FEN).map(lambda fen: f"￥{fen // 100:,}.{fen % 100:02d}")
DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
SAID_TIMES = st.times().filter(lambda t: not 1 <= t.hour <= 6)
"""Of 3时 it is asked whether it is in the morning or in the afternoon."""


def answers(spec: FieldSpec) -> st.SearchStrategy[Any]:
    """Valid answers to a field."""
    match spec.kind:
        case "day":
            return DAYS.map(date.isoformat) | DAYS.map(lambda d: f"{d.year}年{d.month}月{d.day}日")
        case "time":
            return st.times().map(lambda t: f"{t:%H:%M}") | SAID_TIMES.map(lambda t: f"{t.hour}时{t.minute}分")
        case "money":
            return MONEY
        case "count":
            return st.integers(1, MOST_PEOPLE).map(str)
        case "choice":
            return st.sampled_from([word for c in spec.choices or () for word in (c.value, c.label)])  # type: ignore[attr-defined]
        case "flag":
            return st.sampled_from(["是", "否"])
        case "ref":
            return keys(spec)
        case "refs":
            return st.lists(keys(spec), max_size=3) | st.lists(keys(spec), min_size=1, max_size=3).map("、".join)
        case "rows":
            assert spec.row is not None
            written = st.lists(filled(spec.row), max_size=2)
            return written | written.map(lambda rows: json.dumps(rows, ensure_ascii=False))
    return WORDS


def keys(spec: FieldSpec) -> st.SearchStrategy[str]:
    return st.integers(1, 20).map(lambda n: f"{spec.machine}/{n}")


def filled(command: type) -> st.SearchStrategy[dict[str, Any]]:
    """A form filled in as it should be, by labels."""
    specs = typed_fields(command)
    return st.fixed_dictionaries(
        {s.label: answers(s) for s in specs if s.required},
        optional={s.label: answers(s) for s in specs if not s.required},
    )


def own_fields(event: type) -> st.SearchStrategy[dict[str, Any]]:
    """What an event holds beside its command."""
    hints = get_type_hints(event)
    names = [f.name for f in fields(event) if f.name != "given"]
    return st.fixed_dictionaries({n: MADE[hints[n]] for n in names})


MADE: dict[Any, st.SearchStrategy[Any]] = {
    tuple[RoleRule, ...]: st.just((RoleRule("mentor", True, True),)),
    tuple[Deputy, ...]: st.just((Deputy(staff="li", line=DeputyLine.ZONE),)),
    tuple[tuple[str, ...], ...]: st.just((("worker",), ("firm",))),
    str: WORDS,
    tuple[int, ...]: st.tuples(st.integers(1, 365)),
    tuple[str, ...]: st.tuples(WORDS),
    Level | None: st.sampled_from([None, *Level]),
    date | None: st.sampled_from([None, date(2026, 12, 1)]),
    bool: st.booleans(),
    ItemKind: st.sampled_from(shipped()),
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.command.name()}-{row.records.name()}")
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_what_a_valid_form_makes_is_stored_and_read_back_the_same(row: T, data: st.DataObject) -> None:
    command = read_form(row.command, data.draw(filled(row.command)))
    event = row.records(given=command, **data.draw(own_fields(row.records)))
    line = Line(
        case="A1",
        version=1,
        instance="party/1",
        event=event.name(),
        command=command.name(),
        target="x",
        given=raw(command),
        data=event_data(event),
        recorded=datetime(2026, 11, 23, tzinfo=UTC),
        rules="r:1",
        command_id="c",
        ordinal=0,
    )
    order = Order(id="c", case="A1", command=command, actor="li", office=Office.MEDIATOR)
    [stored] = lines_of(decode_order(encode_order(recorded(order, [line], asked=""))))
    assert read_event(row.records, stored) == event


def test_steps_are_told_apart_by_their_labels_within_a_workflow() -> None:
    for workflow in WORKFLOWS:
        labels = [c.label for c in workflow.commands.values()]
        assert len(labels) == len(set(labels))


def test_fields_are_told_apart_by_their_labels_within_a_form() -> None:
    for command in COMMANDS:
        labels = [s.label for s in typed_fields(command)]
        assert len(labels) == len(set(labels)), command.name()
