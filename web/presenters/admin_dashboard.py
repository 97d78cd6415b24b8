"""The administrator's dashboard: staff and their accounts."""

from __future__ import annotations

from dataclasses import dataclass

from mediation_engine.domain.roles import STAFF_OFFICES, Actor
from mediation_engine.ports.accounts import Account
from mediation_engine.services.mediation import MediationService


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A member of the staff and its account."""

    actor: Actor
    offices: str
    state: str
    tone: str


def staff(door: MediationService) -> list[Held]:
    """Everybody on the staff, those whose account wants something first."""
    with door.store.read() as unit:
        accounts = {a.actor: a for a in unit.accounts.accounts()}
        actors = [a for a in unit.register.actors() if a.offices.intersection(STAFF_OFFICES)]
    held = [_held(actor, accounts.get(actor.id)) for actor in actors]
    return sorted(held, key=lambda it: (it.tone != "late", it.actor.id))


def _held(actor: Actor, account: Account | None) -> Held:
    if not actor.active:
        state, tone = "已停用", ""
    elif account is None:
        state, tone = "还没有密码", "late"
    elif account.once_until:
        state, tone = "首次登录须改密码", "late"
    else:
        state, tone = ("密码和动态口令", "now") if account.totp else ("只有密码", "now")
    offices = "、".join(o.label for o in STAFF_OFFICES if o in actor.offices)
    return Held(actor=actor, offices=offices, state=state, tone=tone)
