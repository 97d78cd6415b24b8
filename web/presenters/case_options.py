"""A case asked what can be done with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from mediation_engine.decisions.closing import Need, missing
from mediation_engine.decisions.decide import Ask, remembering
from mediation_engine.decisions.options import Option, options_by_office
from mediation_engine.descriptions.lines import Teller
from mediation_engine.domain.case import Case
from mediation_engine.domain.command import Command
from mediation_engine.domain.roles import Office
from mediation_engine.domain.workflow import Workflow
from mediation_engine.services.case_view import CaseView

from .exhibits import listed
from .refusal_reasons import Allowed, Way

ACTING = (Office.MEDIATOR, Office.LEAD)


@dataclass(frozen=True, kw_only=True)
class Asking:
    """A case being asked what can be done with it, under the rules in force, by the reader and by those who act."""

    view: CaseView
    workflow: Workflow
    ask: Ask = field(default_factory=remembering)
    """Remembers what the guards said."""
    offers: dict[Office, Sequence[Way]] = field(default_factory=dict)
    """What has been found to be offered to an office: see `next_offers.offered`."""

    @property
    def case(self) -> Case:
        return self.view.case

    @property
    def teller(self) -> Teller:
        return self.view.teller

    @property
    def office(self) -> Office:
        return self.view.office

    @cached_property
    def found(self) -> dict[Office, tuple[Option, ...]]:
        """All options, by office."""
        offices = dict.fromkeys((*ACTING, self.office))
        return options_by_office(
            self.workflow,
            self.case,
            offices,
            self.view.today,
            every=True,
            ask=self.ask,
            marked=False,
            people=self._reader,
        )

    @property
    def _reader(self) -> dict[Office, str]:
        return {self.office: self.view.access.by} if self.view.access.by else {}

    @property
    def options(self) -> Sequence[Option]:
        """Those of the reader."""
        return self.found[self.office]

    @cached_property
    def allowed(self) -> Allowed:
        """What each office can do."""
        return {office: [o for o in options if o.allowed] for office, options in self.found.items()}

    @cached_property
    def refused(self) -> Mapping[Office, Mapping[tuple[type[Command], str | None], Option]]:
        """What each office that acts cannot do."""
        return {office: {(o.command, o.key): o for o in self.found[office] if not o.allowed} for office in ACTING}

    @cached_property
    def needs(self) -> list[Need]:
        """What stands between the case and its closing."""
        return missing(self.workflow, self.case, self.view.today, self.ask)

    @cached_property
    def titles(self) -> dict[str, str]:
        """What exhibits are called, as far as the reader is told."""
        return {it.key: it.title for it in listed(self.view) if it.title != it.name}

    def options_for(self, office: Office, commands: Collection[type[Command]]) -> tuple[Option, ...]:
        """All options of some commands, for one office; asked without those of all others."""
        found = options_by_office(
            self.workflow,
            self.case,
            (office,),
            self.view.today,
            every=True,
            only=commands,
            ask=self.ask,
            marked=False,
            people=self._reader,
        )
        return found[office]

    def options_of(self, command: type[Command], on: str | None = None) -> tuple[Option, ...]:
        """The reader's options of one command; `on` also for a thing whose state has no such step."""
        offices, today = (self.office,), self.view.today
        found = options_by_office(
            self.workflow,
            self.case,
            offices,
            today,
            on=on,
            every=on is None,
            only=(command,),
            ask=self.ask,
            people=self._reader,
        )
        return found[self.office]

    def why_not(self, option: Option) -> Option:
        """The step as refused to whoever may take it at all: of the office alone nothing is put right."""
        if all(r.code != "office" for r in option.refusals):
            return option
        theirs = (held.get((option.command, option.key)) for held in self.refused.values())
        return next((o for o in theirs if o and all(r.code != "office" for r in o.refusals)), option)
