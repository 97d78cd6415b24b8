"""自查: every rule finds what it is for and leaves what is as near; it accuses nobody and tells nothing private."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from mediation_engine.adapters.plugins import installed_workflows
from mediation_engine.clock import FixedClock
from mediation_engine.domain.fields import Readers
from mediation_engine.domain.machine import T
from mediation_engine.domain.matter import CASE
from mediation_engine.domain.roles import Office
from mediation_engine.errors import CaseNotFound, GuardRefused, OfficeNotHeld
from mediation_engine.ids import seeded_randomness
from mediation_engine.services.exempting import set_aside, take_back
from mediation_engine.services.exhibits import Shelf
from web.presenters.self_check import Found, checked, desk_of, found_in
from web.presenters.self_check_all import SETS_ASIDE, SETS_ASIDE_FLAGS, Asked, CheckBook, Checking, Flagged, Overview
from workflows.parts.agreement import AmendAgreement
from workflows.parts.visit import Finding, RecordVisit
from workflows.self_check import RULES
from workflows.self_check.across import ACROSS
from workflows.self_check.alike import alike, likeness, shingles
from workflows.self_check.heads import MARKED, USUAL, CheckHead
from workflows.self_check.sheet import plain
from workflows.vocabulary import DossierPlace, ExhibitKind

from ..support.checks import ACROSS_PAIRS, CLEAR, PAIRS, agreed, files, in_full, more, oral, orderly, term
from ..support.exhibits import ROOM_KEY, Shelved
from ..support.files import photo
from ..support.story import STAFF, ZHOU, Story

CODES = [rule.code for rule in RULES]
BYTES = "same_file"
"""The rule over all cases that looks at bytes."""


def found(story: Story, office: Office = Office.LEAD) -> list[Found]:
    with story.store.read() as unit:
        return found_in(desk_of(story.view(office), unit, USUAL))


def codes(story: Story, office: Office = Office.LEAD) -> set[str]:
    return {it.rule.code for it in found(story, office)}


def checking(story: Story, office: Office = Office.LEAD, folder: Path = Path("/nowhere")) -> Checking:
    shelf = Shelf(blobs=Shelved(story, folder).folder, room_key=ROOM_KEY)
    actor = STAFF[office]
    return Checking(door=story.door, actor=actor, office=office, policy=USUAL, shelf=shelf, book=CheckBook())


def flagged(story: Story, code: str, folder: Path = Path("/nowhere")) -> list[Flagged]:
    flags = checking(story, Office.AUDITOR, folder).overview(Asked()).flags
    return [it for it in flags if it.rule.code == code]


# -- rules of one case


def test_every_rule_has_a_pair_and_no_two_are_called_the_same() -> None:
    assert sorted(PAIRS) == sorted(CODES)
    assert sorted([*ACROSS_PAIRS, BYTES]) == sorted(rule.code for rule in ACROSS)
    labels = [rule.label for rule in (*RULES, *ACROSS)]
    assert len(set(labels)) == len(labels) == len({*CODES, *(rule.code for rule in ACROSS)})


def test_every_head_of_an_inspection_has_rules() -> None:
    assert {rule.head for rule in RULES} == set(CheckHead)


def test_the_marks_of_every_machine_of_a_case_are_found_by_some_rule() -> None:
    cases = [it for it in installed_workflows() if it.matter is CASE]
    rows = [(m.name, row) for w in cases for m in w.machines.values() for row in m.rows]
    assert {name for name, row in rows if isinstance(row, T) and row.marks} <= MARKED


@pytest.mark.parametrize("code", CODES)
def test_it_finds_what_it_is_for(code: str, kept: Story) -> None:
    PAIRS[code][0](kept)
    mine = [it for it in found(kept) if it.rule.code == code]
    assert mine
    assert all(it.finding.words and it.basis and "None" not in it.finding.words for it in mine)
    assert len({it.key for it in mine}) == len(mine)


@pytest.mark.parametrize("code", CODES)
def test_it_leaves_what_is_as_near(code: str, kept: Story) -> None:
    PAIRS[code][1](kept)
    assert code not in codes(kept)


@pytest.mark.parametrize("code", CODES)
def test_every_mend_leads_somewhere(code: str, story: Story) -> None:
    PAIRS[code][0](story)
    view = story.view(Office.LEAD)
    assert view.workflow
    for it in found(story):
        for mend in it.finding.mends:
            assert bool(mend.step) + bool(mend.line) + bool(mend.person) == 1
            assert not mend.step or mend.step in view.workflow.commands
            assert set(mend.on) <= view.case.instances.keys()
            assert mend.line <= view.case.version
            assert not mend.person or mend.person in view.people


def test_what_is_missing_is_what_the_dossier_says_is_missing(story: Story) -> None:
    in_full(story.accepted(), DossierPlace.RIGHTS)
    [it] = [it for it in found(story) if it.rule.code == "place_missing"]
    assert it.finding.about == "rights"
    assert it.finding.mends[0].given == {"place": "rights"}


def test_a_mark_of_a_text_that_was_amended_is_not_found_any_more(story: Story) -> None:
    story.drafted(terms=(term(),))
    before = [it.finding.about for it in found(story) if "terms_clear" in it.finding.about]
    story.do(AmendAgreement(terms=(CLEAR,)), "agreement/1")
    after = [it.finding.about for it in found(story) if "terms_clear" in it.finding.about]
    assert (len(before), after) == (1, [])


def test_the_heaviest_stands_first(story: Story) -> None:
    PAIRS["signature_in_dispute"][0](story)
    weights = [it.weight.label for it in found(story)]
    assert weights == sorted(weights, key="重中轻".index)
    assert weights[0] == "重"


def test_at_an_orderly_case_no_rule_cries(kept: Story) -> None:
    orderly(kept)
    assert kept.case.facts.closed == "performed"
    assert [(it.rule.code, it.finding.words) for it in found(kept)] == []
    assert overview(kept, Office.AUDITOR).flags == []


# -- who learns what


def test_who_is_not_told_what_an_exhibit_is_is_not_told_what_is_missing(story: Story) -> None:
    in_full(story.accepted(), DossierPlace.IDENTITY)
    for party in ("party/1", "party/2"):
        files(story, ExhibitKind.IDENTITY, party=party, readers=Readers.HOST)
    assert "place_missing" not in codes(story, Office.LEAD)
    assert "place_missing" not in codes(story, Office.AUDITOR)
    with story.store.read() as unit:
        unseen = [checked(story.view(office), unit, USUAL).unseen for office in (Office.LEAD, Office.AUDITOR)]
    assert unseen == [0, 2]


def test_of_several_parties_each_has_his_own_paper(story: Story) -> None:
    in_full(story.accepted(), DossierPlace.IDENTITY)
    files(story, ExhibitKind.IDENTITY, party="party/1")
    [gap] = [it.finding for it in found(story) if it.rule.code == "place_missing"]
    assert "3 当事人身份证明”：某五金厂的" in gap.words
    assert gap.mends[0].given == {"place": "identity", "party": "party/2"}
    files(story, ExhibitKind.OTHER, place=DossierPlace.IDENTITY)  # of no party in particular: for all of them
    assert "place_missing" not in codes(story, Office.LEAD)


def test_an_event_is_set_aside_for_itself_and_no_other_of_the_same_cases(kept: Story) -> None:
    ACROSS_PAIRS["visits_in_one_minute"][0](kept)
    [one] = flagged(kept, "visits_in_one_minute")
    findings = {(case, "visits_in_one_minute", "another minute") for case in one.flag.cases}
    set_aside(kept.store, RANDOMNESS, STAFF[Office.AUDITOR], findings, REASON, SETS_ASIDE_FLAGS)
    assert [it.aside for it in flagged(kept, "visits_in_one_minute")] == [()]
    own = {(case, "visits_in_one_minute", one.flag.about) for case in one.flag.cases}
    set_aside(kept.store, RANDOMNESS, STAFF[Office.AUDITOR], own, REASON, SETS_ASIDE_FLAGS)
    [after] = flagged(kept, "visits_in_one_minute")
    assert {it.reason for it in after.aside} == {REASON}


# -- over all cases


@pytest.mark.parametrize("code", ACROSS_PAIRS)
def test_it_finds_what_it_is_for_over_all_cases(code: str, kept: Story) -> None:
    ACROSS_PAIRS[code][0](kept)
    [it] = flagged(kept, code)
    assert it.flag.words
    assert it.flag.cases


@pytest.mark.parametrize("code", ACROSS_PAIRS)
def test_it_leaves_what_is_as_near_over_all_cases(code: str, kept: Story) -> None:
    ACROSS_PAIRS[code][1](kept)
    assert flagged(kept, code) == []


def test_the_same_file_in_two_cases_is_found_and_another_of_its_size_is_not(kept: Story, tmp_path: Path) -> None:
    one = photo()
    other = one[:15] + bytes([one[15] ^ 3]) + one[16:]
    for number, content in enumerate((one, one, other)):
        it = more(kept, number).accepted()
        Shelved(it, tmp_path).file(content)
    [it] = flagged(kept, BYTES, tmp_path)
    assert it.flag.cases == ("C0", "C1")


def test_the_same_file_twice_in_one_case_is_nobodys_business(kept: Story, tmp_path: Path) -> None:
    Shelved(kept.accepted(), tmp_path).file(photo(), photo())
    assert flagged(kept, BYTES, tmp_path) == []


def overview(story: Story, office: Office = Office.LEAD, **asked: str) -> Overview:
    return checking(story, office).overview(Asked(**asked))  # type: ignore[arg-type]


def test_all_are_counted_by_rule_and_narrowed_by_rule_weight_mediator_and_month(story: Story) -> None:
    story.with_colleague()
    oral(more(story, 1))
    oral(more(story, 2), term("自愿放弃缴纳社会保险"))
    whole = overview(story)
    counts = {rule.code: (count, cases) for rule, count, cases in whole.rules}
    assert whole.counted == 2
    assert counts["no_talks"] == (2, 2)
    assert counts["terms_hinted"] == (1, 1)
    assert [it.row.case for it in whole.cases] == ["C2", "C1"]
    assert [it.row.case for it in overview(story, rule="terms_hinted").cases] == ["C2"]
    assert [it.row.case for it in overview(story, weight="heavy").cases] == ["C2"]
    assert overview(story, mediator="li").counted == 2
    assert overview(story, mediator="zhou").counted == 0
    assert whole.months == ["2026-11"]
    assert overview(story, month="2026-10").counted == 0


def test_a_mediator_sees_his_own_cases_and_no_flags(story: Story) -> None:
    for number in range(6):
        oral(more(story, number))
    mine = overview(story, Office.MEDIATOR)
    assert (mine.counted, mine.flags) == (6, ())
    theirs = Checking(
        door=story.door,
        actor=ZHOU,
        office=Office.MEDIATOR,
        policy=USUAL,
        shelf=checking(story).shelf,
        book=CheckBook(),
    )
    story.with_colleague()
    assert theirs.overview(Asked()).counted == 0


def test_a_case_is_checked_again_once_it_has_moved_or_the_day_is_another(story: Story) -> None:
    PAIRS["visit_late"][1](story)
    desk = checking(story)
    assert desk.overview(Asked(rule="visit_late")).cases == []
    story.clock.now = story.clock.now.replace(day=story.clock.now.day + 1)
    assert [it.row.case for it in desk.overview(Asked(rule="visit_late")).cases] == ["A1"]
    story.do(RecordVisit(party="party/1", finding=Finding.STABLE), "visit/1")
    assert desk.overview(Asked(rule="visit_late")).cases == []


def test_a_page_checks_so_many_at_a_time_and_says_how_many_are_left(story: Story) -> None:
    for number in range(6):
        oral(more(story, number))
    desk = replace(checking(story), most=4)
    first, second = desk.overview(Asked()), desk.overview(Asked())
    assert (first.counted, first.waiting, first.unread, first.flags) == (4, 2, 0, ())
    assert (second.counted, second.waiting, second.unread) == (6, 0, 0)
    assert [it.rule.code for it in second.flags] == ["many_a_day"]


# -- set aside

RANDOMNESS = seeded_randomness(3)
REASON = "同一单位三十人，用同一份文本"


def aside(story: Story, code: str, *cases: str, office: Office = Office.LEAD, reason: str = REASON) -> list[str]:
    entitled = SETS_ASIDE if code in CODES else SETS_ASIDE_FLAGS
    findings = {(case, code, "") for case in cases}
    return [it.id for it in set_aside(story.store, RANDOMNESS, STAFF[office], findings, reason, entitled)]


def test_what_is_set_aside_is_struck_with_the_reason_and_comes_back(kept: Story) -> None:
    agreed(kept)
    [id] = aside(kept, "no_talks", "A1")
    assert aside(kept, "no_talks", "A1") == []
    with kept.store.read() as unit:
        it = checked(kept.view(Office.LEAD), unit, USUAL)
    assert "no_talks" not in {one.rule.code for one in it.open}
    [(struck, entry)] = it.aside
    assert (struck.rule.code, entry.reason, entry.by, entry.at) == ("no_talks", REASON, "wang", kept.clock.now)
    assert take_back(kept.store, RANDOMNESS, STAFF[Office.LEAD], id, "理由不成立", SETS_ASIDE)
    assert take_back(kept.store, RANDOMNESS, STAFF[Office.LEAD], id, "再撤一次", SETS_ASIDE) is None
    with kept.store.read() as unit:
        it = checked(kept.view(Office.LEAD), unit, USUAL)
        assert len(unit.exemptions.exemptions()) == 2
    assert "no_talks" in {one.rule.code for one in it.open}


def test_a_batch_of_one_employer_is_set_aside_at_once(kept: Story) -> None:
    ACROSS_PAIRS["similar_agreements"][0](kept)
    [before] = flagged(kept, "similar_agreements")
    aside(kept, "similar_agreements", *before.flag.cases, office=Office.AUDITOR)
    [after] = flagged(kept, "similar_agreements")
    assert {it.reason for it in after.aside} == {REASON}
    assert len(after.aside) == len(before.flag.cases) == 2


def test_a_flag_stands_for_the_cases_that_nobody_set_aside(kept: Story) -> None:
    for number in range(8):
        oral(more(kept, number))
    aside(kept, "many_a_day", "C0", "C1")
    live, struck = flagged(kept, "many_a_day")
    assert (len(live.flag.cases), live.aside) == (6, ())
    assert {it.case for it in struck.aside} == {"C0", "C1"}


def test_the_lead_sets_aside_and_the_auditor_only_what_he_asks_over_all_cases(story: Story) -> None:
    agreed(story)
    for office in (Office.MEDIATOR, Office.AUDITOR, Office.ADMINISTRATOR):
        with pytest.raises(OfficeNotHeld):
            aside(story, "no_talks", "A1", office=office)
    with pytest.raises(OfficeNotHeld):
        aside(story, "edited_after_closing", "A1", office=Office.MEDIATOR)
    assert aside(story, "edited_after_closing", "A1", office=Office.AUDITOR)


def test_without_a_reason_or_another_rooms_case_nothing_is_set_aside(story: Story, clock: FixedClock) -> None:
    story.accepted()
    with pytest.raises(GuardRefused, match="请写明理由"):
        aside(story, "no_talks", "A1", reason="  ")
    with pytest.raises(GuardRefused, match="还没有选"):
        aside(story, "no_talks")
    with pytest.raises(CaseNotFound):
        aside(story, "no_talks", "nowhere")


# -- texts that are alike


def test_names_sums_and_days_make_no_difference() -> None:
    texts = ["王某应于2026年12月1日前付清八千元。", "李大某应于12月31日前付清 12,000 元！"]
    assert len({plain(text, ["李大某", "王某"]) for text in texts}) == 1


def test_all_that_are_alike_are_found_and_none_else() -> None:
    """Held against comparing all with all."""
    chance = random.Random(5)
    signs = "协议双方自愿达成一致约定甲乙支付补偿金额账户银行期限违约责任"
    base = ["".join(chance.choices(signs, k=120)) for _ in range(12)]
    texts = list(base)
    for text in base[:8]:
        for changed in (1, 2, 5, 20):
            at = chance.randrange(len(text) - changed)
            texts.append(text[:at] + "某" * changed + text[at + changed :])
    linked = [(a, b) for a in range(len(texts)) for b in range(a) if likeness(texts[a], texts[b]) >= 0.9]
    groups = alike(texts, 0.9)
    together = {frozenset((a, b)) for group in groups for a in group for b in group if a != b}
    assert linked
    assert {frozenset(pair) for pair in linked} <= together
    chained = {n for pair in linked for n in pair}
    assert {n for group in groups for n in group} == chained


def test_short_texts_are_never_alike() -> None:
    assert alike(["月底前付清货款"] * 5, 0.9) == []
    assert shingles("月底前") == frozenset()
