"""消息: what fell due and what happened, told to whom it concerns; how one is reached; what did not get there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug import Response

from mediation_engine.adapters.plugins import installed_channels
from mediation_engine.descriptions.messages import message_words
from mediation_engine.domain.case import machine_of
from mediation_engine.domain.formatting import heading
from mediation_engine.domain.matter import CASE
from mediation_engine.domain.message import DIGEST, Takes
from mediation_engine.domain.workflow import Workflow
from mediation_engine.errors import OutsideOwnRemit
from mediation_engine.ports.channels import ChannelKind
from mediation_engine.ports.messages import Contact, Message, Parked
from mediation_engine.ports.views import Wanted
from mediation_engine.services.authorization import LOOKERS, check_concerned, reach
from mediation_engine.services.case_view import CaseView
from mediation_engine.services.sending import resend

from ..http.case_access import UNREADABLE, record_list
from ..http.request_context import door, reader, settings, skipped
from ..presenters.messages import standing_of, told_messages
from ..presenters.visits import visit_number
from ..security.permissions import may
from ..security.sessions import mine

pages = Blueprint("messages", __name__, url_prefix="/messages")
Answer = str | Response | tuple[str, int]
A_PAGE = 20


@pages.get("")
def index() -> str:
    """One's own messages, the latest first."""
    return _page({})


@pages.get("/<id>")
def follow(id: str) -> Response:
    """To what a message is about; it is read then."""
    with door().store.read() as unit:
        found = next((it for it in unit.messages.some(reader().actor.id, [id])), None)
    if found is None:
        abort(404)
    _read([found.id])
    return redirect(_onward(found))


@pages.post("/read")
def read() -> Response:
    """Mark all as read."""
    _read(None)
    return redirect(url_for("messages.index"), 303)


@pages.post("/contacts")
def contacts() -> Answer:
    """How one is to be reached besides."""
    who, kinds, wrong = reader().actor.id, _kinds(), dict[str, str]()
    typed = {name: request.form.get(name, "").strip()[:200] for name in kinds}
    for name, kind in kinds.items():
        if typed[name] and not kind.check(typed[name]):
            wrong[name] = f"不像{kind.address}，请再看看；不用这种方式就留空"
    if wrong:
        return _page(typed, wrong), 422
    with door().store.write() as unit:
        unit.journal.by = who
        for name, address in typed.items():
            if address:
                takes = _chosen([name])[name] or Takes.ALL
                unit.messages.put_contact(Contact(actor=who, channel=name, address=address, takes=takes))
            else:
                unit.messages.drop_contact(who, name)
    flash("已记下。从下一条消息起照这样通知您。")
    return redirect(url_for("messages.index"), 303)


@pages.route("/unsent", methods=["GET", "POST"])
def unsent() -> Answer:
    """What did not get there yet, and what was given up; to send that again."""
    if request.method == "POST":
        flash(_tried_again() if request.values.get("do") == "again" else f"{resend(door().store)} 条重新发送。")
        return redirect(url_for("messages.unsent"), 303)
    with door().store.read() as unit:
        found, aside = unit.messages.sendings(dead=False), unit.messages.parked()
        names = {actor.id: actor.name for actor in unit.register.actors()}
    kinds = _kinds()
    rows = [
        {
            "to": names.get(message.recipient, message.recipient),
            "by": kinds[it.channel].label if it.channel in kinds else it.channel,
            "what": message_words(door().catalogue.reading(message.workflow), message).title,
            "written": message.written,
            "standing": standing_of(it),
            "dead": it.dead is not None,
        }
        for message, it in found
    ]
    numbers, _ = _cases({it.case for it in aside})
    parked = [
        {
            "what": _aside_words(it),
            "case": it.case,
            "number": numbers.get(it.case) or it.case,
            "why": it.why,
            "at": it.at,
        }
        for it in aside
    ]
    dead = sum(bool(row["dead"]) for row in rows)
    return render_template("unsent.html", rows=rows, dead=dead, parked=parked)


def _tried_again() -> str:
    with door().store.write() as unit:
        count = unit.messages.take_up()
    return f"{count} 项一小时之内再试。"


def _aside_words(it: Parked) -> str:
    """What was put aside, in words; the bare name where nothing that is installed knows it."""
    workflows = door().catalogue.workflows.values()
    steps = {step.code: step.label for workflow in workflows for step in workflow.automatic}
    steps |= {task.code: task.label for workflow in workflows for task in workflow.tasks}
    events = {name: event.label for workflow in workflows for name, event in workflow.events.items()}
    return steps.get(it.kind) or f"通知：{events.get(it.kind, it.kind)}"


def _kinds() -> dict[str, ChannelKind]:
    """The channels that are used here."""
    used = settings().channels
    return {name: kind for name, kind in installed_channels().items() if name in used} if used else {}


def _read(ids: Sequence[str] | None) -> None:
    with door().store.write() as unit:
        unit.messages.mark_read(reader().actor.id, ids)


def _onward(message: Message) -> str:
    """The step that leads on, for whoever mediates; else the case."""
    if message.topic == DIGEST:
        return url_for("dashboard.index")
    words = message_words(door().catalogue.reading(message.workflow), message, door().today())
    if words.step and message.version is None and may(reader(), "steps.step"):
        if visit := visit_number(message.instance):
            return url_for("visits.sheet", case_id=message.case, number=visit)
        on = _on(door().catalogue.reading(message.workflow), words.step, message.instance)
        return url_for("steps.step", case_id=message.case, command=words.step, on=on)
    return url_for("cases.show", case_id=message.case)


def _on(workflow: Workflow | None, step: str, instance: str) -> str | None:
    """The instance of a message, where the step that leads on is given on one of its kind."""
    machine = workflow.machines.get(machine_of(instance)) if workflow else None
    return instance if machine and any(command.name() == step for command in machine.commands) else None


def _page(typed: Mapping[str, str], wrong: Mapping[str, str] = {}) -> str:  # read only
    skip, who = skipped(), reader()
    with door().store.read() as unit:
        found = unit.messages.of(who.actor.id, skip=skip, most=A_PAGE + 1)
        contacts = unit.messages.contacts(who.actor.id)
    shown = found[:A_PAGE]
    numbers, names = _cases({it.case for it in shown})
    if names:
        record_list("messages", len(names))
    return render_template(
        "messages.html",
        messages=told_messages(shown, door().catalogue, numbers, names, door().today()),
        unread=mine().unread,
        skip=skip,
        further=skip + A_PAGE if len(found) > A_PAGE else 0,
        kinds=_kinds(),
        typed={it.channel: it.address for it in contacts} | dict(typed),
        takes={it.channel: it.takes for it in contacts} | _chosen(typed),
        all_takes=tuple(Takes),
        morning=settings().messages.morning,
        wrong=wrong,
    )


def _chosen(channels: Iterable[str]) -> dict[str, Takes | None]:
    """What was chosen to be sent through some channels."""
    return {name: Takes.named(request.form.get(f"{name}.takes", "")) for name in channels}


def _cases(ids: set[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Numbers, and parties' names or what they are about, of those cases that the reader may look at, by id."""
    if not ids or reader().office not in LOOKERS:
        return {}, {}
    with door().store.read() as unit:
        own = reach(unit.register, reader().actor.organisation)
        rows = unit.views.search(Wanted(cases=ids, organisations=own), most=len(ids))
    numbers, names = dict[str, str](), dict[str, str]()
    for row in rows:
        numbers[row.case] = row.number or ""
        try:
            [view] = door().outlines([row.case], reader().office, reader().actor)
            check_concerned(reader().actor, reader().office, view.case)
        except OutsideOwnRemit:
            del numbers[row.case]
        except UNREADABLE:
            continue
        else:
            names[row.case] = _about(view)
    return numbers, names


def _about(view: CaseView) -> str:
    """Of a case its parties; of anything else what it is about, and when."""
    facts = view.case.facts
    if view.workflow is None or view.workflow.matter == CASE:
        return heading([view.teller.thing(key) for key in facts.people()])
    return " · ".join(facts.subject())
