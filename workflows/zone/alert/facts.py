"""Facts of an alert: who is in it, who answers for it, who was met, what came of it, what the police were told."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, cast

from msgspec import Struct

from mediation_engine.domain.case import Case, Situation
from mediation_engine.domain.facts import ListRow, fact
from mediation_engine.domain.occurred import Occurred
from mediation_engine.domain.people import PartyKind

from ...phases.intake import PartyRow
from ...vocabulary import Elsewhere, Side, Source
from ..outcome import ItemFacts, Sent
from ..vocabulary import OutcomeState
from .vocabulary import ContactManner, ContactResult, DeputyLine, Standing, Trouble, Urgency

INBOX = "inbox/1"
"""The first phase, which every alert has once: what is due of it is that somebody signs."""
SIDES = {Standing.REPORTER: Side.APPLICANT, Standing.OTHER: Side.RESPONDENT, Standing.RELATED: Side.RELATED}


class Involved(Struct, frozen=True, kw_only=True):
    """Somebody the alert is about."""

    person: Annotated[str, fact("姓名或名称", "person")]
    standing: Annotated[Standing, fact("是谁")]
    kind: Annotated[PartyKind, fact("主体")] = PartyKind.PERSON


class Deputy(Struct, frozen=True, kw_only=True):
    """One of the pair that answers for it."""

    staff: Annotated[str, fact("人员", "staff")]
    line: Annotated[DeputyLine, fact("职务")]
    relieved: Annotated[bool, fact("已改派")] = False


class Contact(Struct, frozen=True, kw_only=True):
    """That somebody was looked for or spoken to."""

    whom: Annotated[str | None, fact("联系谁")] = None
    manner: Annotated[ContactManner, fact("方式")]
    result: Annotated[ContactResult, fact("结果")]
    made: Annotated[Occurred, fact("时间")]


class Feedback(Struct, frozen=True, kw_only=True):
    """What the police were told."""

    outcome: Annotated[str, fact("哪一项处置")]
    state: Annotated[OutcomeState, fact("反馈的结果")]
    told: Annotated[Occurred, fact("时间")]


@dataclass
class AlertFacts(ItemFacts):
    """All facts of one alert."""

    trouble: Annotated[Trouble | None, fact("类型")] = None
    urgency: Annotated[Urgency | None, fact("紧急程度")] = None
    district: Annotated[str, fact("片区")] = ""
    district_name: Annotated[str, fact("片区名称")] = ""
    pushed: Annotated[Occurred | None, fact("推送到本室的时间")] = None
    sign_by: Annotated[str, fact("签收期限")] = ""
    """By when it is to be signed for, in EDTF; empty where the calendar does not reach so far."""
    signed: Annotated[Occurred | None, fact("签收时间")] = None
    signed_by: Annotated[str | None, fact("签收人", "staff")] = None
    returned: Annotated[Occurred | None, fact("退回时间")] = None
    announced: Annotated[tuple[Involved, ...], fact("推送时写明、尚待列入的人")] = ()
    """People named in the push whom the same order is to bring in."""
    naming: Annotated[tuple[Deputy, ...], fact("尚待列入的副片长")] = ()
    """The pair that the same order is to bring in."""
    involved: dict[str, Involved] = field(default_factory=dict)
    deputies: dict[str, Deputy] = field(default_factory=dict)
    contacts: dict[str, Contact] = field(default_factory=dict)
    feedbacks: dict[str, Feedback] = field(default_factory=dict)

    @property
    def pair(self) -> tuple[str, ...]:
        """Members of staff (ids) who answer for it, either for both."""
        return tuple(it.staff for it in self.deputies.values() if not it.relieved)

    def untold(self) -> list[str]:
        """What came of it (keys) that the police should know and were not told."""
        return [key for key, outcome in self.outcomes.items() if outcome.is_untold]

    # -- of a case that it leads to

    def for_case(self) -> tuple[PartyRow, ...]:
        people = self.involved.values()
        return tuple(PartyRow(person=it.person, side=SIDES[it.standing], kind=it.kind) for it in people)

    def sent(self) -> Sent:
        return Sent(source=Source.POLICE, by=Elsewhere.POLICE)  # 若干规定 第22条

    # -- what the engine asks

    def people(self) -> Mapping[str, str]:
        return {key: one.person for key, one in self.involved.items()}

    def sides(self) -> Sequence[tuple[str, Sequence[str]]]:
        by = [(it.label, [key for key, one in self.involved.items() if one.standing is it]) for it in Standing]
        return [(label, keys) for label, keys in by if keys]

    def staff(self) -> Mapping[str, str]:
        return {key: deputy.staff for key, deputy in self.deputies.items()}

    def leading(self) -> str | None:
        own = (key for key, it in self.deputies.items() if it.staff == self.signed_by and not it.relieved)
        return next(own, None)

    def lead_mediator(self) -> str | None:
        return self.signed_by

    def subject(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.trouble and self.trouble.label, self.district_name)))

    def named_by(self, key: str) -> tuple[str, ...]:
        one, deputy = self.involved.get(key), self.deputies.get(key)
        return tuple(filter(None, [one.person if one else deputy.staff if deputy else None]))

    def with_party(self, key: str) -> str | None:
        contact = self.contacts.get(key)
        return contact.whom if contact else None

    def due_days(self, open: Collection[str]) -> Iterator[tuple[str, date]]:
        by = Occurred(self.sign_by).day if self.sign_by else None
        if by is not None and self.signed is None and self.closed is None:
            yield INBOX, by

    def list_row(self, is_over: Callable[[str], bool]) -> ListRow:
        return ListRow(parties=len(self.involved), district=self.district or None)


def facts_of(of: Case | Situation) -> AlertFacts:
    """Facts of an alert: of one, or of what a guard sees."""
    return cast(AlertFacts, of.facts)
