"""离结案还差什么: the way forward first, and giving up only beside it."""

from __future__ import annotations

import pytest

from mediation_engine.decisions.closing import Need, missing
from mediation_engine.domain.machine import T
from mediation_engine.domain.roles import Office
from workflows.parts.agreement import DraftAgreement, ReachAgreement, SignAsMediator
from workflows.phases.intake import AcceptCase
from workflows.rules_2026.fast_track import FAST_TRACK

from ...support.story import NOW, PAY, Story

pytestmark = pytest.mark.quick

AFTERWARDS = (
    (AcceptCase(),),
    (ReachAgreement(terms=(PAY,)),),
    (DraftAgreement(signers=("party/1", "party/2")), "agreement/1"),
    (SignAsMediator(), "agreement/1"),
)


def needs(story: Story) -> dict[str, Need]:
    return {n.key: n for n in missing(FAST_TRACK, story.case, NOW.date())}


def test_an_issue_is_settled_by_talking_about_it(story: Story) -> None:
    need = needs(story.accepted())["issue/1"]
    assert (need.path[0], *need.instead) == ("记录单独沟通", "安排会议", "记录会议", "记录谈妥")
    assert need.giving_up == ("另行处理争议事项",)
    assert (need.at, need.refusals) == (None, ())


def test_before_talks_may_begin_an_issue_waits(story: Story) -> None:
    need = needs(story.registered())["issue/1"]
    assert (need.by, need.refusals) == ((), ())


def test_once_an_agreement_is_under_way_the_issue_waits_for_it(story: Story) -> None:
    story.accepted().do(ReachAgreement(terms=(PAY,)))
    assert needs(story)["issue/1"].by == ()
    assert needs(story)["agreement/1"].path == ("拟定协议书",)
    assert needs(story)["agreement/1"].instead == ("按口头协议生效",)


def test_a_text_is_signed_by_the_parties_first_then_by_the_mediator(story: Story) -> None:
    need = needs(story.drafted())["agreement/1"]
    assert (need.by, need.giving_up) == ((), ("记录未签成",))
    story.confirm("confirmation/1", "confirmation/2")
    assert needs(story)["agreement/1"].path == ("调解员签名",)


def test_what_the_mediator_has_signed_is_sealed_once_all_have_signed(story: Story) -> None:
    story.drafted().do(SignAsMediator(), "agreement/1")
    need = needs(story)["agreement/1"]
    assert (need.path, need.by) == (("加盖调解组织印章",), (Office.LEAD,))
    assert "all_confirmed" in {r.code for r in need.refusals}
    assert needs(story)["confirmation/1"].path == ("记录谁签了协议",)
    assert needs(story)["confirmation/1"].giving_up == ("拒绝签署",)


def test_what_would_follow_by_itself_is_no_way_to_choose(story: Story) -> None:
    """A visit is dropped when the case closes, an obligation lapses with its agreement: nobody works towards that."""
    told = needs(story.effective())
    assert (told["visit/1"].path, told["visit/1"].instead) == (("记录走访",), ())
    assert (told["obligation/1"].path, told["obligation/1"].instead) == (("记录付款",), ("记录已履行",))


def test_no_way_to_closing_gives_anything_up_where_another_leads_there(story: Story) -> None:
    rows = (r for m in FAST_TRACK.machines.values() for r in m.rows if isinstance(r, T))
    labels = {r.command.label for r in rows if r.command.gives_up}
    assert {"撤回申请", "终止调解", "拒绝签署", "列明未了事项结案"} <= labels
    story.registered()
    for command, *on in ((None,), *AFTERWARDS):
        if command is not None:
            story.do(command, *on, by=Office.LEAD)
        for need in needs(story).values():
            assert not labels.intersection((*need.path, *need.instead)), need
