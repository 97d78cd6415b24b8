"""各人的资料: what is known of all parties of a case, filled in on one page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug import Response

from mediation_engine.domain.limits import MOST_PARTIES_SHOWN
from mediation_engine.domain.people import PersonDetails, age
from mediation_engine.errors import PersonMoved, UnfitText
from mediation_engine.input.roster import OF_AGE
from mediation_engine.ports.register import ERASED
from mediation_engine.services.case_view import CaseView
from workflows.facts import facts_of
from workflows.vocabulary import Ability

from ..forms.particulars_form import ParticularsForm, Party
from ..forms.party_lines import Filled
from ..http import drafts
from ..http.case_access import look, record_person
from ..http.request_context import door, reader, register

pages = Blueprint("particulars", __name__, url_prefix="/cases/<case_id>")
Answer = str | Response | tuple[str, int]
MOVED = "刚才有人改过{name}的资料，这一行没有保存；请核对后再按“保存”。"


@pages.route("/people", methods=["GET", "POST"])
def edit(case_id: str) -> Answer:
    """The form, filled in with what is known; and what is changed. What is masked stays as it is."""
    if put_by := drafts.answer():
        return put_by
    view = look(case_id, "particulars")
    draft, parties = drafts.here(), _parties(view)
    if draft is None and request.method == "GET":
        for it in parties:
            record_person(it.person, "person edit")
        return _page(view, ParticularsForm.of(parties))
    form = ParticularsForm(parties=parties, typed=draft or request.form)
    if draft is not None:
        return _page(view, form, draft=True)
    read = form.read(door().today())
    faults = {name: said for it in read.values() for name, said in it.faults.items()}
    if faults:
        return _page(view, form.wrong(faults)), 422
    return _changed(view, form, read)


def _parties(view: CaseView) -> tuple[Party, ...]:
    """The parties whose details can be filled in here: the first so many."""
    found = dict(list(facts_of(view.case).parties.items())[:MOST_PARTIES_SHOWN])
    known = register().all_details(reader().actor, {it.person for it in found.values()})
    return tuple(
        Party(key=key, side=it.side.label, person=known[it.person][0], details=known[it.person][1])
        for key, it in found.items()
        if it.person in known and known[it.person][0].name != ERASED
    )


def _changed(view: CaseView, form: ParticularsForm, read: dict[str, Filled]) -> Answer:
    """Enter what is new, each party by itself; and tell of whom that was not possible."""
    changed, moved, late = [], [], []
    for it in form.parties:
        if it.key not in read or form.is_late(it):
            late += [it.person.name] if it.key in read else []
            continue
        if read[it.key].details == it.details:
            continue
        try:
            _change(form, it, read[it.key])
            changed.append(it)
        except (PersonMoved, UnfitText) as fault:
            moved.append(MOVED.format(name=it.person.name) if isinstance(fault, PersonMoved) else fault.sentence)
    if moved:
        again = ParticularsForm(parties=_parties(view), typed=form.typed)
        return _page(view, again.renewed(), wrong=moved), 409
    drafts.done()
    flash(f"已保存{len(changed)}人的资料。" if changed else "没有改动。")
    for name in late:
        flash(f"{name}的号码刚才已经填过，这次没有改动；要改的请到“资料”里改。")
    for it in changed:
        for sentence in (*read[it.key].warnings, *_under_age(view, it, read[it.key])):
            flash(f"请核对{it.person.name}：{sentence}。")
    return redirect(url_for("cases.show", case_id=view.case.id), 303)


def _change(form: ParticularsForm, party: Party, filled: Filled) -> None:
    if not form.is_current(party):
        raise PersonMoved(version=party.person.version)
    register().change(reader().actor, party.person.id, expects=party.person.version, details=filled.details)


def _under_age(view: CaseView, party: Party, filled: Filled) -> list[str]:
    """That somebody is a minor, of whom the record says nothing."""
    details, told = filled.details, facts_of(view.case).parties[party.key].ability
    if not isinstance(details, PersonDetails) or details.birth is None or told is not Ability.FULL:
        return []
    years = age(details.birth, view.today)
    return [f"今年{years}岁，请记录行为能力"] if years < OF_AGE else []


def _page(view: CaseView, form: ParticularsForm, *, draft: bool = False, **more: Any) -> str:
    left = len(facts_of(view.case).parties) - len(form.parties)
    return render_template("particulars.html", case=view.case, form=form, draft=draft, left=left, **more)
