"""Who acts for whom: 授权委托书 (民法典 第165条), 推选书 (劳动争议调解仲裁法 第7条；民事诉讼法 第56条)."""

from __future__ import annotations

from mediation_engine.domain.case import Case
from mediation_engine.domain.formatting import civil_words, heading
from mediation_engine.domain.paper import Paper, PaperKind, PaperReading, Paragraph, Signatures, Style, chosen

from ..facts import Capacity, facts_of
from ..parts.states import CapacityState
from ..vocabulary import CapacityKind, DossierPlace, ExhibitKind, Power
from .parties import MOST_IN_BLOCKS, blocks, manner, person_entries
from .sheet import party_paper
from .story import between


def mandate(reading: PaperReading, key: str) -> Paper:
    """Who is entrusted with what, how far, until when."""
    of = facts_of(reading.case).capacities[key]
    day = of.since or reading.today
    powers = chosen([(power.label, power in of.powers) for power in Power])
    return party_paper(
        reading,
        title="授权委托书",
        day=day,
        blocks=(
            Paragraph("委托人：", Style.HEAD),
            *blocks(reading, of.principals, day, side=True, acting=False),
            Paragraph("受委托人：", Style.HEAD),
            person_entries(reading, of.person, "姓名", day),
            Paragraph(reading.wording("mandate_given", between=between(reading), host=reading.host.name)),
            Paragraph(f"委托权限：{powers}。"),
            Paragraph(f"委托期限：{_days(of)}。"),
            Paragraph(reading.wording("end"), Style.PLAIN),
            Signatures(
                left=(f"委托人（{manner(labour=False)}）：",) * min(len(of.principals), MOST_IN_BLOCKS),
                right=("受委托人（签名）：",),
            ),
        ),
    )


def _days(of: Capacity) -> str:
    since = f"自{civil_words(of.since)}起" if of.since else "自签署之日起"
    return f"{since}{f'至{civil_words(of.until)}止' if of.until else '至本纠纷调解终结止'}"


def election(reading: PaperReading, key: str) -> Paper:
    """Whom many have chosen to speak for them; each signs."""
    of = facts_of(reading.case).capacities[key]
    day, names = of.since or reading.today, [reading.thing(k) for k in of.principals]
    given = {"between": between(reading), "person": reading.name(of.person), "host": reading.host.name}
    return party_paper(
        reading,
        title="推选书",
        day=day,
        blocks=(
            Paragraph(reading.wording("election_chosen", principals=heading(names), **given)),
            person_entries(reading, of.person, "代表人", day),
            Paragraph(reading.wording("election_bounds")),
            Paragraph("推选人名册", Style.HEAD),
            *blocks(reading, of.principals, day),
            Signatures(left=(f"推选人（{manner(labour=False)}）：",) * len(of.principals), right=("代表人（签名）：",)),
        ),
    )


def _is(kind: CapacityKind, case: Case, key: str) -> bool:
    return facts_of(case).capacities[key].kind is kind and case.is_in(key, CapacityState.STANDING)


def _is_agent(case: Case, key: str) -> bool:
    return _is(CapacityKind.AGENT, case, key)


def _is_delegate(case: Case, key: str) -> bool:
    return _is(CapacityKind.DELEGATE, case, key)


MANDATE = PaperKind(
    code="mandate", label="授权委托书", about="capacity", place=DossierPlace.AUTHORITY, content=mandate, when=_is_agent,
    exhibit=ExhibitKind.AUTHORITY, basis="民法典 第165条",
)  # fmt: skip
ELECTION = PaperKind(
    code="election", label="推选书", about="capacity", place=DossierPlace.AUTHORITY, content=election,
    when=_is_delegate, exhibit=ExhibitKind.AUTHORITY, basis="劳动争议调解仲裁法 第7条；民事诉讼法 第56条",
)  # fmt: skip
