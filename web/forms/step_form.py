"""One step in a case, as values: what it can be about, its form, the order it makes; changed, it is another step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import product
from typing import Any

from werkzeug.datastructures import MultiDict

from mediation_engine.decisions.options import Option
from mediation_engine.domain.case import Case, machine_of
from mediation_engine.domain.command import Command
from mediation_engine.domain.fields import FieldSpec, Text, fields_of
from mediation_engine.domain.files import takes_files
from mediation_engine.domain.formatting import heading
from mediation_engine.domain.guard import POLICY, Refusal
from mediation_engine.domain.limits import LONGEST_REASON, MOST_ROWS_SHOWN
from mediation_engine.domain.machine import Machine, T
from mediation_engine.domain.occurred import UNREPORTED, Occurred
from mediation_engine.domain.order import Order
from mediation_engine.domain.proposal import SEVERAL
from mediation_engine.domain.roles import Office
from mediation_engine.domain.workflow import HINT
from mediation_engine.errors import FormFaults
from mediation_engine.ids import new_id, system_randomness
from mediation_engine.input.command_schema import typed_sum
from mediation_engine.input.days import typed_when
from mediation_engine.input.new_people import Newcomers, bytes_from
from mediation_engine.ports.register import Person
from mediation_engine.record.sealing import TextRef
from workflows.facts import facts_of
from workflows.parts.batch import RecordBatch
from workflows.parts.confirmation import ConfirmAgreement, RecordSignatures
from workflows.parts.queries import MOST_ON_SHEET
from workflows.tracks import track_of
from workflows.vocabulary import SigningManner

from ..presenters import naming
from ..presenters.capacities import is_own, likely, offered
from ..presenters.case_details import Casework
from ..presenters.case_options import Asking
from ..presenters.marks_ahead import Mark, marks_ahead
from ..presenters.refusal_reasons import Reason, Way, reasons
from ..presenters.step_matter import MOST_MATTERS, Matter, about_of, alternatives, matters
from . import roster_terms
from .checkboxes import FIND, Choosing
from .checkboxes import Option as Choice
from .command_form import ID, NEW, PREFIX, Faults, Sheet, Typed, count_of, is_blank
from .filled_form import typed_of, typed_of_rows
from .form_fields import Asked, Known, Run, runs_of
from .occurred_field import WHEN, asked, happened
from .plan import MADE, NUMBER, PLAN, Plan, come_to, mark_of
from .roster_terms import Filled
from .term_clauses import WRITTEN, unfilled

ON, SEEN, WAIVE, DRAWN, CAPACITY, SHOWN = "on", "v.", "waive.", "drawn", "capacity", "shown"
OF = "of"
"""What the things that the step can be about belong to: an agreement, of whose signers some signed on one sheet."""
TERMS, PAYER, DUE = "terms", "roster.payer", "roster.due"
MOST_TICKED = 4
"""So many things at most are ticked beforehand: of more, seldom all are meant."""
WHO_CAME = frozenset({"attended", "invited"})
"""Fields that ask which parties come: each is shown with who comes for it."""
CLAUSES = "clauses"
"""What the part of a form is called by which terms to begin with are put in."""
MOST_BESIDE = 4
"""So many fields at most have what they are about shown in full above them."""
BARRING = frozenset({"office", "state", "phase", "other_kind", "stepped_back"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Something of the case that the step can be about."""

    key: str
    label: str
    state: str
    version: str
    """As the reader saw it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """What a step can be about, and what it is about."""

    machine: Machine | None
    """Whose instances it moves; None for a step of another phase."""
    is_of_phase: bool
    sources: frozenset[str | None]
    """States (codes) it starts from."""
    chosen: tuple[str, ...]
    """The instances it is given for."""
    shown: tuple[Target, ...]
    """What there is to choose from; nothing for a step of the phase or for something new."""
    finding: str
    """What the names shown are narrowed to."""

    @property
    def is_new(self) -> bool:
        """Whether it brings something new into being."""
        return None in self.sources and not self.chosen

    @property
    def choosing(self) -> Choosing:
        """What it can be about, as boxes to tick."""
        return Choosing(
            name=ON,
            options=[(t.key, t.label) for t in self.shown],
            chosen=self.chosen,
            finding=self.finding,
            states={t.key: t.state for t in self.shown},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A command about to be given."""

    asked: Asking
    kind: type[Command]
    targets: Targets
    sheet: Sheet
    refusals: Sequence[Refusal] = ()
    marks: Sequence[Mark] = ()
    """What it would be recorded with, as it is filled in."""
    asks: bool = False
    """Whether it has come back for these to be seen."""

    @property
    def case(self) -> Case:
        return self.asked.case

    @property
    def typed(self) -> Typed:
        return self.sheet.typed

    @property
    def faults(self) -> Faults:
        """What is wrong, with the fields and beside them."""
        return self.sheet.faults

    @property
    def takes_files(self) -> bool:
        """Whether files are handed in with it."""
        return takes_files(self.kind)

    @property
    def takes_table(self) -> bool:
        """Whether its rows can be read from a table that somebody else has made."""
        return self.kind is RecordBatch

    @property
    def sheet_of(self) -> str:
        """The agreement of which many have signed on one sheet (签名册); empty for any other step."""
        whole = self.typed.get(OF, "")
        is_one = self.kind is ConfirmAgreement and whole in facts_of(self.case).agreements
        return whole if is_one else ""

    @property
    def title(self) -> str:
        """What it is called on its page."""
        return "签名册" if self.sheet_of else self.kind.label

    @property
    def press(self) -> str:
        """What the button says that gives it."""
        return "就这样办理" if self.asks else self.title

    @property
    def shown(self) -> list[str]:
        """The marks (codes) that have been shown on the form."""
        return list(dict.fromkeys((*self.typed.getlist(SHOWN), *(mark.code for mark in self.marks))))

    @property
    def unseen(self) -> list[Mark]:
        """Those of its marks that have not been shown before."""
        there = set(self.typed.getlist(SHOWN))
        return [mark for mark in self.marks if mark.code not in there]

    @property
    def after(self) -> str:
        """What happens once it is pressed."""
        machine = self.targets.machine
        events = (
            [row.records for row in machine.rows if isinstance(row, T) and row.command is self.kind] if machine else []
        )
        relied_on = any(event.relied_on for event in events)
        return "按下就记入本案，不会发消息给当事人" + ("。" if relied_on else "；记错了，可以在“经过”里更正。")

    @property
    def help(self) -> str:
        """What it is for."""
        told = "许多人签在一张纸上的，勾选签了的人，一次记录；没签的不要勾"
        return (
            f"{naming.thing(self.case, self.asked.teller, self.sheet_of)}：{told}" if self.sheet_of else self.kind.help
        )

    @property
    def parties(self) -> str:
        """Who is in the case."""
        return heading([self.asked.teller.thing(key) for key in self.case.facts.people()])

    @property
    def matters(self) -> list[Matter]:
        """What it is about, as far as that is there already: the first few."""
        return matters(self.asked, self.kind, self._meant)

    @property
    def shows_matters(self) -> bool:
        """Whether what it is about is shown at once: one thing, little to fill in, and all to look at."""
        is_there = DRAWN in self.typed or len(self.matters) > 1
        return (len(self.sheet.first) <= MOST_BESIDE and not is_there) or bool(self.alternatives)

    @property
    def more_matters(self) -> int:
        """How many beside these there are."""
        return max(0, len(about_of(self.asked, self.kind, self._meant)) - MOST_MATTERS)

    @property
    def alternatives(self) -> list[Way]:
        """Other ways to take up what waits to be taken up by this one, each with what it means."""
        return alternatives(self.asked, self.kind, self._on)

    @property
    def _meant(self) -> tuple[str, ...]:
        """What it is given on as far as that is said: what is only offered for choosing is not, unless there is one."""
        return self._on if self.targets.chosen or len(self._on) == 1 else ()

    @property
    def _on(self) -> tuple[str, ...]:
        """What it is given on, chosen or to be chosen; nothing for a step of the phase or for something new."""
        if self.targets.is_of_phase or self.targets.is_new:
            return ()
        return self.targets.chosen or tuple(target.key for target in self.targets.shown)

    def seen(self, key: str) -> str:
        """The version of an instance as the reader saw it."""
        return _seen(self.case, self.typed, key)

    @property
    def summary(self) -> list[tuple[str, str, str]]:
        """(id, label, sentence) of all that is wrong, with what it is given on and when."""
        beside = ((ON, "针对哪一项"), (WHEN, self.when.spec.label))
        found = [(name, label, said) for name, label in beside for said in self.faults.get(name, ())]
        planned = self.plan.summary() if self.has_plan else []
        return [*found, *planned, *self.sheet.summary()]

    @property
    def capacities(self) -> list[Choice]:
        """In which capacities somebody could have done it for the party; nothing where it needs no asking."""
        on = self.targets.chosen or [target.key for target in self.targets.shown]
        return offered(self.asked.workflow, self.asked.view, self.kind, on)

    @property
    def runs(self) -> list[Run]:
        """What is asked at once as it lies on the page; the time with the first small fields, else at the end."""
        fields = self.sheet.first
        at = next((n for n, a in enumerate(fields) if a.shape in ("cell", "double")), len(fields))
        return runs_of([*fields[:at], self.when, *fields[at:]])

    @property
    def instead(self) -> str:
        """What to do where this has not happened yet."""
        arranged = self.asked.workflow.guidance.arranged_by.get(self.kind.name())
        return f"约以后的日子，请办理“{arranged.label}”" if arranged else ""

    @property
    def when(self) -> Asked:
        """When it happened, as a line."""
        faults = self.faults.get(WHEN, ())
        return asked(self.typed, self.asked.view.today, faults, label=self.kind.occurs)

    @property
    def has_terms(self) -> bool:
        """Whether the terms of an agreement are written in it."""
        return any(a.spec.name == TERMS and a.spec.row for a in self.sheet.fields)

    @property
    def payers(self) -> list[Choice]:
        """Who may owe what those on a roster claim; nothing where this step has no terms, or nobody stands on one."""
        if not self.has_terms or not roster_terms.listed(self.case):
            return []
        return [(key, self.asked.teller.thing(key)) for key in roster_terms.payers(self.case)]

    # -- what stands against it

    @property
    def against(self) -> list[Reason]:
        """Why it cannot be done."""
        return reasons(self.case, self.refusals, self.asked.teller, self.asked.office, self.asked.allowed)

    @property
    def is_barred(self) -> bool:
        """Whether no way of filling in the form would help: another state, another office."""
        return any(r.code in BARRING for r in self.refusals)

    @property
    def waivable(self) -> list[tuple[str, str, str]]:
        """(name, sentence, what was typed) of the gates of policy that the lead may set aside here."""
        if self.asked.office is not Office.LEAD:
            return []
        policy = self.asked.workflow.policy_sentences
        codes = [r.code for r in self.refusals if r.basis == POLICY and r.code in policy]
        said = [code for code in policy if self.typed.get(WAIVE + code, "").strip()]
        shown = dict.fromkeys((*codes, *said))
        return [(WAIVE + code, policy[code], self.typed.get(WAIVE + code, "")) for code in shown]

    # -- another step

    @property
    def several(self) -> Choosing | None:
        """For whom else the same is given; None where it is given for one alone."""
        whom = self.asked.workflow.guidance.for_several.get(self.kind.name())
        spec = next((spec for spec in fields_of(self.kind) if spec.name == whom), None)
        if spec is None:
            return None
        options, ticked = self.sheet.known.things(spec), self.typed.getlist(PREFIX + SEVERAL)
        chosen = self.typed.get(PREFIX + spec.name, "")
        return Choosing(
            name=PREFIX + SEVERAL,
            options=options,
            chosen=[key for key, _ in options if key in ticked and key != chosen],
            away=chosen,
            finding=self.typed.get(FIND + PREFIX + SEVERAL, "").strip(),
        )

    @property
    def whom(self) -> str:
        """The control that says for whom it is given, where it can be given for several."""
        return PREFIX + self.asked.workflow.guidance.for_several.get(self.kind.name(), "")

    def for_others(self) -> Iterator[Step]:
        """The step as it is given for each of the others that are ticked."""
        for key in self.several.chosen if self.several else ():
            typed = MultiDict(self.typed)
            typed[self.whom] = key
            yield self.retyped(typed)

    def refused(self, refusals: Sequence[Refusal]) -> Step:
        """The step with why it cannot be done."""
        return replace(self, refusals=refusals)

    def asked_of(self, refusals: Sequence[Refusal]) -> Step:
        """The step refused, with a row for each hint that is to be answered."""
        typed, name = MultiDict(self.typed), f"{PREFIX}hints"
        there = {typed.get(f"{name}.{n}.hint") for n in range(count_of(typed, name))}
        for code in (r.code.removeprefix(HINT) for r in refusals if r.code.startswith(HINT)):
            if code not in there:
                n = count_of(typed, name)
                typed[name], typed[f"{name}.{n}.hint"] = str(n + 1), code
        sheet = self.sheet.with_typed(typed)
        at = dict((*_at_rows(self.kind, typed, refusals), *self._at_empty(refusals)))
        return replace(self.refused(refusals), sheet=sheet.with_faults(at))

    def _at_empty(self, refusals: Sequence[Refusal]) -> Iterator[tuple[str, list[str]]]:
        """What is lacking, at each field left empty that would answer a refusal with others."""
        answers, known = self.asked.workflow.guidance.answered_by, {spec.name for spec in fields_of(self.kind)}
        names = (name for r in refusals for name in answers.get(r.code, ()) if name in known)
        for name in dict.fromkeys(names):
            if not any(value.strip() for value in self.typed.getlist(PREFIX + name)):
                yield PREFIX + name, ["这里还没有填"]

    def wrong(self, faults: Faults) -> Step:
        """The step with what is wrong on its form."""
        return replace(self, sheet=self.sheet.with_faults(faults))

    def marked(self, marks: Sequence[Mark], *, asks: bool = False) -> Step:
        """The step with what it would be recorded with; `asks` for it to be seen before it is given."""
        return replace(self, marks=marks, asks=asks)

    def renumbered(self) -> Step:
        """The step as another order, whatever has been ordered before."""
        return replace(self, sheet=self.sheet.renumbered())

    def retyped(self, typed: Typed) -> Step:
        """The step filled in otherwise."""
        return replace(self, sheet=self.sheet.with_typed(typed))

    def given_for(self, keys: Sequence[str]) -> Step:
        """The step given for other things."""
        return replace(self, targets=targets_of(self.asked, self.kind, self.typed, tuple(keys)))

    def with_row(self, table: str) -> Step:
        """The step with one more row in a table of its form."""
        return replace(self, sheet=self.sheet.with_row(table))

    def with_sums(self, table: str, *, every: bool) -> Step:
        """The step with what is owed by today in each row of a table, or with none; with all where none is yet."""
        ahead = _not_due(self)
        keys = {value for name, value in self.typed.items(multi=True) if name.startswith(f"{table}.")}
        now = {key for key in keys & set(self.case.instances) if key not in ahead}
        return replace(self, sheet=self.sheet.with_sums(table, every=every, only=now if every else ()))

    def with_roster(self) -> Step:
        """The step with a payment term for each of those on a roster, and with all of them as signers."""
        payer, due = self.typed.get(PAYER, ""), self.typed.get(DUE, "").strip()
        if payer not in dict(self.payers):
            return self.wrong({PAYER: ["请选择由谁付"]})
        filled = roster_terms.terms(self.asked.view, payer, due, self.targets.chosen)
        if len(filled) > MOST_ROWS_SHOWN:
            many = f"一页最多列 {MOST_ROWS_SHOWN} 条；更多的请用 mediation case roster --terms"
            return self.wrong({PAYER: [many]})
        typed = self._typed_but(PREFIX + TERMS, _cells(filled))
        typed[f"{PREFIX}amount"] = roster_terms.total(filled, self.case)
        if any(a.spec.name == "signers" for a in self.sheet.fields):
            typed.setlist(f"{PREFIX}signers", [payer, *(row["payee"] for row in filled)])
        return replace(self, sheet=self.sheet.with_typed(typed))

    @property
    def plan(self) -> Plan:
        """Instalments to be listed as terms; not where this step has no terms, or there are too many people."""
        return Plan(view=self.asked.view, typed=self.typed, faults=self.faults_of(PLAN))

    def faults_of(self, place: str) -> dict[str, list[str]]:
        """What is wrong in a part of the page beside the fields."""
        return {name: list(said) for name, said in self.faults.items() if name.startswith(f"{place}.")}

    @property
    def has_plan(self) -> bool:
        """Whether terms of payment can be listed by instalments."""
        return self.has_terms and self.plan.is_offered

    def with_plan(self) -> Step:
        """The step with the payments of a plan below what stands there, and with what all payments come to.

        What was listed before for the same people and nobody has changed gives way.
        """
        try:
            planned, _ = self.plan.rows()
        except FormFaults as fault:
            return self.wrong(fault.faults)
        there = self.terms
        kept = [n for n, row in enumerate(there, 1) if not self.plan.replaces(row, planned)]
        if len(planned) + len(kept) > MOST_ROWS_SHOWN:
            return self.wrong({NUMBER: [f"一页最多列 {MOST_ROWS_SHOWN} 条"]})
        moved = {str(n): str(at) for at, n in enumerate(kept, 1)}
        rows = [*(_renumbered(there[n - 1], moved) for n in kept), *planned]
        typed = self._typed_but(PREFIX + TERMS, _cells(rows))
        typed[f"{PREFIX}amount"] = typed_sum(come_to(rows))
        for name in [name for name in typed if name.startswith(f"{PLAN}.")]:
            typed.poplist(name)
        typed.setlist(MADE, [*dict.fromkeys((*self.plan.made, *map(mark_of, planned)))])
        return replace(self, sheet=self.sheet.with_typed(typed))

    def with_terms(self, rows: Sequence[Filled], otherwise: str) -> Step:
        """The step with more terms after those that stand there; with what is `otherwise` to be said where there are
        none."""
        if not rows:
            return self.wrong({CLAUSES: [otherwise]})
        there = self.terms
        moved = (row | {"part_of": str(int(row["part_of"]) + len(there))} if "part_of" in row else row for row in rows)
        filled = [*there, *moved]
        if len(filled) > MOST_ROWS_SHOWN:
            return self.wrong({CLAUSES: [f"一页最多列 {MOST_ROWS_SHOWN} 条"]})
        return replace(self, sheet=self.sheet.with_typed(self._typed_but(PREFIX + TERMS, _cells(filled))))

    @property
    def terms(self) -> list[Filled]:
        """The terms as they were typed, those left blank not counted."""
        spec = next((a.spec for a in self.sheet.fields if a.spec.name == TERMS and a.spec.row), None)
        if spec is None or spec.row is None:
            return []
        place, names = PREFIX + TERMS, [column.name for column in fields_of(spec.row)]
        rows = range(count_of(self.typed, place))
        kept = [n for n in rows if not is_blank(spec, self.typed, place, n, self.sheet.known)]
        names += [name + NEW for name in names if any(f"{place}.{n}.{name}{NEW}" in self.typed for n in kept)]
        return [{name: self.typed.get(f"{place}.{n}.{name}", "") for name in names} for n in kept]

    def filled_with(self, rows: Sequence[Any]) -> Step:
        """The step with rows of its table as they were read elsewhere, in the place of those that stood there."""
        spec = next(s for s in fields_of(self.kind) if s.row and isinstance(rows[0], s.row))
        typed = self._typed_but(PREFIX + spec.name, typed_of_rows(spec.name, rows))
        return replace(self, sheet=self.sheet.with_typed(typed))

    def over(self, asked: Asking) -> Step:
        """The step as it is, over a case to which something was added meanwhile."""
        return step_of(asked, self.kind, self.typed)

    def with_sheet(self, exhibit: str) -> Step:
        """The step resting on a sheet."""
        typed = MultiDict(self.typed)
        typed[f"{PREFIX}sheet"] = exhibit
        return replace(self, sheet=self.sheet.with_typed(typed))

    def _typed_but(self, table: str, rows: Typed) -> Typed:
        """What was typed, with other rows in a table."""
        others = ((n, v) for n, v in self.typed.items(multi=True) if n != table and not n.startswith(f"{table}."))
        return MultiDict((*others, *rows.items(multi=True)))

    def with_picked(self, place: str, *, every: bool) -> Step:
        """The step with all that is shown of a list of choices ticked, or none of it."""
        if place == PREFIX + SEVERAL and self.several:
            typed = MultiDict(self.typed)
            typed.setlist(place, self.several.picked(every))
            return self.retyped(typed)
        if place == ON:
            return self.given_for(self.targets.choosing.picked(every))
        return replace(self, sheet=self.sheet.with_picked(place, every=every))


def _renumbered(row: Filled, moved: Mapping[str, str]) -> Filled:
    """A row that says which row it is a part of, where rows have moved."""
    whole = row.get("part_of", "").strip()
    return row | {"part_of": moved.get(whole, "")} if whole.isdecimal() else row


def _cells(rows: Sequence[Filled]) -> Typed:
    """Terms as a browser would have posted them."""
    place = PREFIX + TERMS
    cells = {f"{place}.{n}.{name}": value for n, row in enumerate(rows) for name, value in row.items()}
    return MultiDict({place: str(len(rows)), **cells})


def open_step(asked: Asking, command: str, typed: Typed) -> Step | None:
    """A step of the case's workflow; None where there is none of this name, or none on what was chosen."""
    kind = asked.workflow.commands.get(command)
    if kind is None or kind in asked.workflow.openings:
        return None
    given = _about_fields(asked, kind, typed)
    targets = targets_of(asked, kind, given)
    machine = targets.machine
    if machine and not targets.is_of_phase and any(machine_of(k) != machine.name for k in targets.chosen):
        return None
    return _given_on(asked, kind, given, targets)


def _about_fields(asked: Asking, kind: type[Command], typed: Typed) -> Typed:
    """What an address names that a step brings nothing into, but asks of: 记录付款 on a duty asks of that duty."""
    machine, keys = asked.workflow.machine_for(kind, asked.case), typed.getlist(ON)
    others = [key for key in keys if machine is not None and machine_of(key) not in ("", machine.name)]
    fields = {key: spec.name for key in others for spec in fields_of(kind) if spec.machine == machine_of(key)}
    if machine is None or machine in asked.workflow.phases or not others or len(fields) < len(others):
        return typed
    changed = MultiDict(typed)
    changed.setlist(ON, [key for key in keys if key not in fields])
    for key, name in fields.items():
        changed.add(PREFIX + name, key)
    return changed


def step_of(asked: Asking, kind: type[Command], typed: Typed) -> Step:
    """A step as it was filled in."""
    return _given_on(asked, kind, typed, targets_of(asked, kind, typed))


def _given_on(asked: Asking, kind: type[Command], typed: Typed, targets: Targets) -> Step:
    there = known(asked, targets.chosen, kind=kind, about=_named(kind, typed))
    there = replace(there, presets=_fitting(kind, there.presets, typed))
    return Step(asked=asked, kind=kind, targets=targets, sheet=Sheet.of(kind, typed, there))


def _fitting(kind: type[Command], presets: Mapping[str, str], typed: Typed) -> Mapping[str, str]:
    """What is usual; without the things it is about, where another kind is chosen than is usual."""
    kinds = {spec.name: spec.kind for spec in fields_of(kind)}
    chosen = {name: typed.get(PREFIX + name) for name in presets if kinds.get(name) == "choice"}
    if all(value in (None, presets[name]) for name, value in chosen.items()):
        return presets
    return {name: value for name, value in presets.items() if kinds.get(name) != "ref"}


def begun(step: Step) -> Step:
    """A fresh form, and what already stands against it."""
    typed = MultiDict(step.typed)
    typed.setdefault(ID, new_id(system_randomness, 16))
    presets = step.sheet.known.presets
    typed.setdefault(WHEN, _planned(presets.get(WHEN, ""), step.asked.view.today))
    typed.setdefault(CAPACITY, likely(step.asked.workflow, step.asked.view, step.kind, step.targets.chosen))
    drawn = _drawn(step)
    for name, values in drawn.lists() if drawn is not None else ():
        typed.setlist(name, values)
    if drawn is not None and step.targets.chosen:
        typed[DRAWN] = "1"
    if step.kind is RecordBatch:
        _keep_due(step, typed)
    fresh = _opened_for(replace(step, sheet=step.sheet.with_typed(typed).begun()))
    n, is_for_all = len(fresh.targets.chosen), step.kind.name() in step.asked.workflow.guidance.for_all
    if (n > MOST_TICKED and not is_for_all) or (n > 1 and _is_for_each(fresh) and not is_for_all):
        fresh = fresh.given_for(())
    ahead = looked_ahead(fresh)
    return ahead if ahead.refusals else ahead.marked(_marks_at_first(ahead))


def _not_due(step: Step) -> set[str]:
    """The things of the case that fall due after today."""
    days = step.case.facts.due_days(set(step.case.instances))
    return {key for key, day in days if day > step.asked.view.today}


def _keep_due(step: Step, typed: Typed) -> None:
    """Leave the sums of a batch empty that are not due yet."""
    ahead = _not_due(step)
    for n in range(count_of(typed, f"{PREFIX}rows")):
        if typed.get(f"{PREFIX}rows.{n}.obligation") in ahead:
            typed[f"{PREFIX}rows.{n}.amount"] = ""


def _marks_at_first(step: Step) -> list[Mark]:
    """What a fresh form would be recorded with if it were given as it is."""
    try:
        given = step.sheet.read(lambda _: "").completed(step.case)
        occurred = happened(step.typed, step.asked.view.today)
    except FormFaults:
        given, occurred = None, None
    return marks_ahead(step.asked, step.kind, step.targets.chosen, given, occurred)


def _planned(when: str, today: date) -> str:
    """A time that was planned, as it would be typed, once its day has come."""
    occurred = Occurred(when) if when else None
    return typed_when(occurred) if occurred and (day := occurred.first_day()) and day <= today else ""


def _opened_for(step: Step) -> Step:
    """The sums of what the address names filled in, where a table has a row for it; there it is named once."""
    for spec in fields_of(step.kind):
        if spec.row is None or spec.fill is None:
            continue
        table, kept = PREFIX + spec.name, next(s.name for s in fields_of(spec.row) if s.kept)
        named = set(step.typed.getlist(PREFIX + kept))
        if named and named <= {step.typed.get(f"{table}.{n}.{kept}") for n in range(count_of(step.typed, table))}:
            typed = MultiDict(step.typed)
            typed.poplist(PREFIX + kept)
            step = replace(step, sheet=step.sheet.with_typed(typed).with_sums(table, every=True, only=named))
    return step


def _drawn(step: Step) -> Typed | None:
    """What there is of what a step changes, as it would have been typed; None where a form begins empty."""
    chosen = step.targets.chosen or (_named_first(step.kind, step.typed),)
    if step.kind.each:
        named = _chosen(step.asked, step.kind, step.targets.machine, step.typed)
        first, *more = named if 0 < len(named) <= MOST_ON_SHEET else (step.typed.get(OF, ""),)
        return _drawn_for(step, first, more)
    return _drawn_for(step, chosen[0]) if len(chosen) == 1 else None


def _drawn_for(step: Step, key: str, more: Sequence[str] = ()) -> Typed | None:
    """The same from one thing; with the rows about some `more` as these draw them."""
    command = step.kind.drawn_from(step.case, key)
    if command is None:
        return None
    filled = typed_of(command, UNREPORTED, step.asked.view.words)
    typed = MultiDict((name, value) for name, value in filled.items(multi=True) if name.startswith(PREFIX))
    for other in more:
        _draw_row(typed, step.kind, other, _drawn_for(step, other))
    return typed


def _draw_row(typed: Typed, kind: type[Command], key: str, drawn: Typed | None) -> None:
    """Put a row about a thing in the place of that which stands there, as it was drawn for that thing."""
    table = next(spec for spec in fields_of(kind) if spec.name == kind.each)
    kept = next((spec.name for spec in fields_of(table.row) if spec.kept), "") if table.row else ""
    for n in range(count_of(drawn, PREFIX + table.name) if drawn else 0):
        place = f"{PREFIX}{table.name}.{n}."
        if drawn and drawn.get(place + kept) == key == typed.get(place + kept):
            for name in [name for name in typed if name.startswith(place)]:
                typed.poplist(name)
            typed.update((name, value) for name, value in drawn.items(multi=True) if name.startswith(place))


def _named_first(kind: type[Command], typed: Typed) -> str:
    """What the address of a form for something new says that it is about."""
    return next(iter(_named(kind, typed).split()), "")


def _named(kind: type[Command], typed: Typed) -> str:
    """All that its first answered reference names, with spaces between."""
    refs = (" ".join(typed.getlist(PREFIX + spec.name)) for spec in fields_of(kind) if spec.kind == "ref")
    return next(filter(str.strip, refs), "").strip()


def emptied(step: Step) -> dict[str, list[str]]:
    """The controls of a form begun with what there is whose answer is gone: a blank one would leave all as it was.

    None where others have changed it since the form was opened: that is told first.
    """
    seen = _expected(step)
    if DRAWN not in step.typed or any(step.case.instances[key].seen != version for key, version in seen.items()):
        return {}
    now = _answered(step.kind, step.typed)
    gone = (name for name in _answered(step.kind, _drawn(step) or Typed()) if name not in now)
    return {name: ["原来填有内容，空着等于不改；请改成别的内容"] for name in gone}


def _answered(kind: type[Command], typed: Typed) -> list[str]:
    """The controls of a form that hold something; a table by its name."""
    named = ((PREFIX + spec.name, f"{PREFIX}{spec.name}." if spec.row else "") for spec in fields_of(kind))
    said = [name for name, value in typed.items(multi=True) if value.strip()]
    return [name for name, row in named if any(n.startswith(row) if row else n == name for n in said)]


def renewed(step: Step, asked: Asking) -> Step:
    """The step going on from how things stand now, what was typed kept."""
    typed = MultiDict((name, value) for name, value in step.typed.items(multi=True) if not name.startswith(SEEN))
    if step.targets.is_of_phase:
        typed.setlist(ON, [asked.case.phase])
    return looked_ahead(step_of(asked, step.kind, typed))


def _is_for_each(step: Step) -> bool:
    """Whether it is done for nobody unless chosen: a party's own act, or one that gives something up."""
    is_own_act = is_own(step.asked.workflow, step.asked.view, step.kind)
    return is_own_act or step.kind.gives_up or step.kind.one_by_one


def _at_rows(kind: type[Command], typed: Typed, refusals: Sequence[Refusal]) -> Iterator[tuple[str, list[str]]]:
    """What is wrong with what rows are about, by the name of the control."""
    for spec in fields_of(kind):
        kept = [column for column in fields_of(spec.row) if column.kept] if spec.row else []
        for n, column in product(range(count_of(typed, PREFIX + spec.name)) if kept else (), kept):
            name = f"{PREFIX}{spec.name}.{n}.{column.name}"
            if said := [r.sentence for r in refusals if typed.get(name) in r.about]:
                yield name, said


# -- what it is about


def targets_of(asked: Asking, kind: type[Command], typed: Typed, chosen: tuple[str, ...] | None = None) -> Targets:
    """What a command can be about; `chosen` is what was typed unless given."""
    machine = asked.workflow.machine_for(kind, asked.case)
    is_of_phase = machine in asked.workflow.phases
    sources = frozenset(s for s, c in machine.commanded if c is kind) if machine else frozenset()
    if kind.each:  # its rows say what it is given on
        sources, chosen = frozenset((None,)), ()
    elif chosen is None:
        chosen = _of_phase(asked.case, typed) if is_of_phase else _chosen(asked, kind, machine, typed)
    is_to_choose = machine is not None and not is_of_phase and (bool(chosen) or None not in sources)
    return Targets(
        machine=machine,
        is_of_phase=is_of_phase,
        sources=sources,
        chosen=chosen,
        shown=tuple(_shown(asked, machine, sources, chosen, typed)) if machine and is_to_choose else (),
        finding=typed.get(FIND + ON, "").strip(),
    )


def _of_phase(case: Case, typed: Typed) -> tuple[str, ...]:
    return tuple(key for key in typed.getlist(ON) if key in case.instances) or (case.phase,)


def _chosen(asked: Asking, kind: type[Command], machine: Machine | None, typed: Typed) -> tuple[str, ...]:
    """The instances that were named; all that can be for the name of a machine alone."""
    name = machine.name if machine else ""
    keys = [key for word in typed.getlist(ON) for key in (_all(asked, kind) if word == name else (word,))]
    return tuple(key for key in dict.fromkeys(keys) if key in asked.case.instances)


def _all(asked: Asking, kind: type[Command]) -> list[str]:
    return [option.key for option in asked.options_of(kind) if option.allowed and option.key]


def _shown(
    asked: Asking, machine: Machine, sources: frozenset[str | None], chosen: tuple[str, ...], typed: Typed
) -> Iterator[Target]:
    """What is open comes first."""
    case, teller = asked.case, asked.teller
    keys = [k for k in case.of(machine.name) if case.state(k) in sources or k in chosen]
    if whole := typed.get(OF):
        keys = [k for k in keys if case.facts.whole_of(k) == whole]
    for key in sorted(keys, key=lambda k: case.state(k) in machine.done):
        label, state = _called(asked, key), teller.state(key, case.state(key))
        yield Target(key=key, label=label, state=state, version=_seen(case, typed, key))


def _seen(case: Case, typed: Typed, key: str) -> str:
    return typed.get(SEEN + key) or str(case.instances[key].seen)


# -- what already stands against it


def looked_ahead(step: Step) -> Step:
    """The step before anything is filled in, with why it cannot be done."""
    workflow, mine = step.asked.workflow, _options(step)
    if step.targets.machine is None:
        phase = workflow.phase_of(step.case)
        sentence = f"案件现在处于“{phase.label if phase else ''}”，不能办理“{step.kind.label}”"
        return step.refused((Refusal("phase", sentence),))
    if step.kind.each and not mine:
        return step.refused((Refusal("state", f"本案现在没有可以“{step.kind.label}”的事项"),))
    if mine and not any(o.allowed for o in mine):
        return step.refused(tuple(dict.fromkeys(r for o in mine for r in o.refusals)))
    return step


def _options(step: Step) -> list[Option]:
    """The step for each thing chosen, or that a row may be about; also for one whose state has no such step any more,
    to say so."""
    if step.kind.each:
        return [*step.asked.options_of(step.kind)]
    chosen = step.targets.chosen
    mine = {o.key: o for o in step.asked.options_of(step.kind) if o.key in (chosen or (None,))}
    lost = (step.asked.options_of(step.kind, on=key) for key in chosen if key not in mine)
    return [*mine.values(), *(option for found in lost for option in found)]


# -- what is ordered


def order_of(step: Step, actor: str) -> tuple[Order, list[Person]]:
    """What was ordered and who is new; FormFaults with every sentence under the name of its control."""
    occurred, wrong = _beside_fields(step)
    newcomers = Newcomers(bytes_from(step.case.id, step.typed.get(ID, "")))
    try:
        command = step.sheet.read(newcomers.enter_once).completed(step.case)
    except FormFaults as fault:
        raise FormFaults(wrong | fault.faults) from fault
    places = range(count_of(step.typed, PREFIX + TERMS)) if step.has_terms else ()
    rows = [{name: step.typed.get(f"{PREFIX}{TERMS}.{n}.{name}", "") for name in WRITTEN} for n in places]
    wrong |= {f"{PREFIX}{TERMS}.{n}.{name}": [said] for n, name, said in unfilled(rows)}
    if differs := step.sheet.sums_differ():
        wrong[differs[0]] = [differs[1]]
    if wrong:
        raise FormFaults(wrong)
    order = Order(
        id=step.typed.get(ID, "")[:64],
        case=step.case.id,
        command=command,
        actor=actor,
        office=step.asked.office,
        on=step.targets.chosen,
        expects=_expected(step),
        occurred=occurred,
        waives=_waived(step),
        capacity=step.typed.get(CAPACITY, ""),
    )
    return order, newcomers.of_kind(command)


def _beside_fields(step: Step) -> tuple[Occurred | None, dict[str, list[str]]]:
    """When it happened, and all that is wrong beside the command's own fields."""
    typed, wrong, occurred = step.typed, dict[str, list[str]](), None
    try:
        occurred = happened(typed, step.asked.view.today, step.instead)
    except FormFaults as fault:
        wrong |= fault.faults
    if not step.targets.chosen and None not in step.targets.sources:
        wrong[ON] = ["请选择针对哪一项"]
    if not 8 <= len(typed.get(ID, "")) <= 64:
        wrong[ID] = ["这张表不完整，请从案件页重新打开"]
    policy = step.asked.workflow.policy_sentences
    long = [name for code in policy if len(typed.get(name := WAIVE + code, "")) > LONGEST_REASON]
    return occurred, wrong | {name: [f"不能超过{LONGEST_REASON}个字"] for name in long}


def _expected(step: Step) -> dict[str, int]:
    """The version of each instance as it was when the form was opened; a form without one is out of date."""
    seen = {key: step.typed.get(SEEN + key, "") for key in step.targets.chosen}
    return {k: int(v) if v.isascii() and v.isdecimal() and len(v) < 10 else 0 for k, v in seen.items()}


def _waived(step: Step) -> dict[str, Text]:
    if step.asked.office is not Office.LEAD:
        return {}
    typed, policy = step.typed, step.asked.workflow.policy_sentences
    said = {code: typed.get(WAIVE + code, "").strip() for code in policy}
    return {code: Text(why) for code, why in said.items() if why}


# -- what there is to choose from


def known(
    asked: Asking,
    chosen: Sequence[str],
    named: Iterable[str] = (),
    kind: type[Command] | None = None,
    about: str = "",
) -> Known:
    """Things, people and codes of the case, in words; `chosen` are the things that a step of a `kind` is about.

    `named` are members of staff to choose from although they could not be given the case today; `about` is what the
    address of a form for something new names, with spaces between.
    """
    once = {id: asked.view.actors[id] for id in named if id in asked.view.actors}
    case, ends = asked.case, {m.name: {state.value for state in m.final} for m in asked.workflow.machines.values()}
    left = frozenset(key for key in case.facts.people() if case.state(key) in ends[machine_of(key)])

    @cache
    def things(machine: str) -> list[Choice]:
        return [(key, words_for(key)) for key in case.of(machine)]

    def with_agents(it: Choice) -> Choice:
        """A party with who acts for it: who comes for a firm."""
        standing = (c for c in facts_of(case).capacities.values() if it[0] in c.principals)
        acting = (c.person for c in standing if c.stands(Occurred(asked.view.today.isoformat())))
        names = "、".join(dict.fromkeys(asked.view.people.get(id, "") for id in acting))
        return (it[0], f"{it[1]}（{names}）") if names else it

    def words_for(key: str) -> str:
        called = _called(asked, key)
        is_told = key in left and any(it not in left for it in case.of(machine_of(key)))
        return f"{called}（{asked.teller.state(key, case.state(key))}）" if is_told else called

    return Known(
        things=lambda spec: (
            [*map(with_agents, things(spec.machine))] if spec.name in WHO_CAME else things(spec.machine)
        ),
        over=left,
        codes=lambda spec: _codes(asked, spec, chosen),
        people=tuple(asked.view.people.items()),
        staff=tuple({**asked.view.staff, **once}.items()),
        handlers=asked.workflow.handlers,
        today=asked.view.today,
        presets=_presets(asked, kind, chosen, about),
        about=lambda spec: list(spec.about(case)) if spec.about else [],
        fill=lambda spec, key: _sum(spec.fill(case, key)) if spec.fill and key in case.instances else "",
        choices=lambda spec, options: _choices(asked, kind, spec, options),
        row_words=lambda key: _row_words(asked, key),
    )


def _choices(asked: Asking, kind: type[Command] | None, spec: FieldSpec, options: list[Choice]) -> list[Choice]:
    """Ways of signing with which do not count by the track of the case; on a sheet without that which is not for it."""
    if spec.choices is not SigningManner:
        return options
    track = track_of(facts_of(asked.case).track)
    left_out = SigningManner.WRITTEN_FOR.code if kind is RecordSignatures else ""
    counting = {one.code for one in SigningManner if track is None or one.has(*track.manners)}
    counting |= {SigningManner.UNREPORTED.code, SigningManner.WRITTEN_FOR.code}
    return [(code, words if code in counting else f"{words}（不算数）") for code, words in options if code != left_out]


def _sum(fen: int | None) -> str:
    return "" if fen is None else typed_sum(fen).replace(",", "").removesuffix(".00")


def _row_words(asked: Asking, key: str) -> str:
    """What a row says of what it is about."""
    row = asked.workflow.machines[machine_of(key)].shown.row if key in asked.case.instances else None
    return row(Casework(asked.view), key) if row else ""


def _called(asked: Asking, key: str) -> str:
    """What something of the case is called where one chooses; an exhibit by its title, too."""
    called = naming.thing(asked.case, asked.teller, key)
    title = asked.titles.get(key, "")
    return f"{called}　{title}" if title else called


def _codes(asked: Asking, spec: FieldSpec, chosen: Sequence[str]) -> list[Choice]:
    """What is meant by a code: a track, a role, an organisation, a district, the text that is signed."""
    match spec.name:
        case "track":
            return [(t.code, t.label) for t in asked.workflow.tracks]
        case "role":
            return [(r.code, r.label) for r in asked.view.roles]
        case "organisation":
            return list(asked.view.hosts.items())
        case "body":
            return list(asked.view.organisations.items())
        case "district":
            return [(it.code, it.name) for it in asked.view.districts]
    return list(asked.case.facts.codes(spec.name, chosen))


def _presets(asked: Asking, kind: type[Command] | None, chosen: Sequence[str], about: str) -> Mapping[str, str]:
    """Whom a thing is about is whom the step will be about; and what the workflow says is usual."""
    usual = asked.workflow.guidance.usual.get(kind.name()) if kind else None
    machine = asked.workflow.machine_for(kind, asked.case) if kind and usual else None
    if not chosen:
        begins = machine is not None and ((None, kind) in machine.commanded or machine in asked.workflow.phases)
        found = usual(asked.case, about) if usual and begins else {}
    else:
        party = asked.case.facts.with_party(chosen[0])
        found = ({"party": party} if party else {}) | dict(usual(asked.case, chosen[0]) if usual else {})
    return {name: _in_words(asked, value) for name, value in found.items()}


def _in_words(asked: Asking, value: str) -> str:
    """Words for what stands in their place; the name of somebody who handles the case."""
    text = TextRef.read(value)
    return asked.view.words.get(text.id, "") if text else asked.view.actors.get(value, value)
