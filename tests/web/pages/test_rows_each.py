"""Forms whose rows each have a line: who signed, and a panel invited at once."""

from __future__ import annotations

from html import unescape

import pytest

from workflows.parts.member import seats_to_fill
from workflows.vocabulary import CapacityKind, SigningManner

from ...support.story import Story
from ..conftest import Browser
from .test_dashboard import li_over
from .test_steps import filled, filled_again

SIGNING, PANEL, SEAT = (f"/cases/A1/steps/{name}" for name in ("RecordSignatures", "InvitePanel", "SeatMember"))


@pytest.fixture
def li(story: Story) -> Browser:
    """A mediator over a text that is out for signature; the firm is signed for by its head."""
    story.drafted().acting_for("party/2", kind=CapacityKind.HEAD)
    return li_over(story)


def test_only_who_is_ticked_has_signed_each_as_its_row_says(li: Browser, story: Story) -> None:
    form = filled(li, SIGNING, f__identity_checked="是", do="do", f__signatures__1__signed="是")
    assert li.post(SIGNING, data=form).status_code == 303
    assert (story.state("confirmation/1"), story.state("confirmation/2")) == ("awaited", "given")
    held = story.case.facts.confirmations["confirmation/2"]
    assert (held.manner, held.capacity) == (SigningManner.SIGNATURE_SEAL, "capacity/1")


def test_those_are_ticked_whom_the_address_names(li: Browser) -> None:
    def ticked(path: str) -> list[str]:
        return [name for name in filled(li, path) if name.endswith(".signed")]

    assert ticked(SIGNING) == []
    assert ticked(f"{SIGNING}?on=confirmation/1&on=confirmation/2") == [
        "f.signatures.0.signed",
        "f.signatures.1.signed",
    ]
    assert ticked(f"{SIGNING}?on=confirmation/2") == ["f.signatures.1.signed"]


def test_a_row_stands_there_for_each_and_none_is_to_be_added(li: Browser) -> None:
    assert "再加一行" not in li.get(SIGNING).text
    assert "再加一行" in li.get(PANEL).text


def test_a_sheet_on_which_nobody_is_ticked_says_what_to_do(li: Browser, story: Story) -> None:
    answer = li.post(SIGNING, data=filled(li, SIGNING, do="do"))
    assert answer.status_code == 422
    assert "“记录谁签了协议”至少要填一行" in unescape(answer.text)
    assert story.state("confirmation/1") == "awaited"


def test_what_is_wrong_with_a_signature_stands_at_its_row(li: Browser) -> None:
    rows = {"f__signatures__0__signed": "是", "f__signatures__0__capacity": "capacity/1"}
    answer = li.post(SIGNING, data=filled(li, SIGNING, f__identity_checked="是", do="do", **rows))
    assert answer.status_code == 422
    row = answer.text.partition('id="f.signatures.0"')[2].partition('id="f.signatures.1"')[0]
    assert "写的应是这一位当事人的代理人或代表" in row


def test_where_nobody_has_to_sign_the_form_says_so(li: Browser, story: Story) -> None:
    story.confirm("confirmation/1", "confirmation/2")
    page = li.get(SIGNING).text
    assert "本案现在没有可以“记录谁签了协议”的事项" in page
    assert 'name="f.signatures' not in page


def test_a_panel_is_invited_and_seated_with_two_forms(li: Browser, story: Story) -> None:
    names = {"f__seats__0__person.new": "陈律师", "f__seats__1__person.new": "徐庭长"}
    assert li.post(PANEL, data=filled(li, PANEL, do="do", **names)).status_code == 303
    assert [story.state(key) for key in story.case.of("member")] == ["invited", "invited"]
    form = filled(li, f"{SEAT}?on=member", do="do") | {"f.agreed_by": ["party/1", "party/2"]}
    assert li.post(SEAT, data=form).status_code == 303
    assert [story.state(key) for key in story.case.of("member")] == ["seated", "seated"]


def test_a_row_without_a_name_does_not_count_and_one_without_a_role_is_asked_for_it(li: Browser, story: Story) -> None:
    last = len(seats_to_fill(story.case)) - 1
    answer = li.post(PANEL, data=filled(li, PANEL, do="do", **{f"f__seats__{last}__person.new": "王大妈"}))
    assert answer.status_code == 422
    assert f"成员第{last + 1}行，代表哪一方" in unescape(answer.text)
    again = filled_again(answer.text) | {f"f.seats.{last}.role": ["mentor"], "do": ["do"]}
    assert li.post(PANEL, data=again).status_code == 303
    assert [m.role for m in story.case.facts.members.values()] == ["mentor"]
