"""Settings: a TOML file, strictly read. An unknown or ill-typed key is refused, named, with what was expected."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate

from mediation_engine.domain.roles import Actor, Office, Organisation, clashing_offices
from mediation_engine.errors import ConfigFault, OfficesClash

DEFAULT_URL = "sqlite:///var/mediation.db"
KINDS = ("mediation_committee", "enterprise_committee", "mediation_room", "labour_organisation", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the program runs with."""

    url: str = DEFAULT_URL
    organisation: Organisation = Organisation(
        id="xige", name="永康经济开发区喜哥调解室", short_name="永开", kind="mediation_room"
    )
    staff: tuple[Actor, ...] = field(default_factory=tuple)
    actor: str | None = None


class _Strict(Schema):
    error_messages = {"unknown": "没有这一项", "type": "应为一节设置"}  # noqa: RUF012  # marshmallow's own attribute

    class Meta:
        unknown = RAISE


def _words(**given: Any) -> fields.String:
    said: dict[str, Any] = {"required": "必填", "null": "不能为空", "invalid": "应为文字"}
    return fields.String(error_messages=said, **given)


class _StoreSection(_Strict):
    url = _words(load_default=DEFAULT_URL)


class _OrganisationSection(_Strict):
    id = _words(required=True, validate=validate.Regexp("^[a-z0-9_-]{1,40}$", error="只能用小写字母、数字和横线"))
    name = _words(required=True)
    short_name = _words(required=True)
    kind = _words(required=True, validate=validate.OneOf(KINDS, error=f"应为 {'、'.join(KINDS)} 之一"))

    @post_load
    def make(self, filled: dict[str, Any], **_: Any) -> Organisation:
        return Organisation(**filled)


class _OfficeName(fields.Field[Office]):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Office:
        office = Office.named(str(value))
        if office is None:
            raise ValidationError(f"没有“{value}”这项职务；可用：{'、'.join(o.label for o in Office)}")
        return office


class _StaffSection(_Strict):
    id = _words(required=True, validate=validate.Regexp("^[a-z0-9_-]{1,40}$", error="只能用小写字母、数字和横线"))
    name = _words(required=True)
    offices = fields.List(_OfficeName(), required=True, error_messages={"required": "必填", "invalid": "应为一列职务"})


class _ConsoleSection(_Strict):
    actor = _words(load_default=None, allow_none=True)


class _File(_Strict):
    store = fields.Nested(_StoreSection)
    organisation = fields.Nested(_OrganisationSection)
    staff = fields.List(fields.Nested(_StaffSection), error_messages={"invalid": "应写成 [[staff]]"})
    console = fields.Nested(_ConsoleSection)


def read_settings(path: Path) -> Settings:
    """The settings in a file. ConfigFault names file, key and what was expected."""
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
        filled: dict[str, Any] = _File().load(read)
    except tomllib.TOMLDecodeError as fault:
        raise ConfigFault(path=path, why=f"不是有效的 TOML（{fault}）") from fault
    except UnicodeDecodeError as fault:
        raise ConfigFault(path=path, why="须以 UTF-8 保存") from fault
    except OSError as fault:
        raise ConfigFault(path=path, why=f"打不开（{fault.strerror}）") from fault
    except ValidationError as fault:
        raise ConfigFault(path=path, why="；".join(_told(fault.messages))) from fault
    return _settings(path, filled)


def _told(messages: Any, place: str = "") -> list[str]:
    if isinstance(messages, dict):
        return [w for k, inner in messages.items() for w in _told(inner, f"{place}.{k}" if place else str(k))]
    return [f"{place}：{message}" for message in messages]


def _settings(path: Path, filled: dict[str, Any]) -> Settings:
    organisation = filled.get("organisation", Settings().organisation)
    staff = []
    for person in filled.get("staff", ()):
        offices = frozenset(person["offices"])
        clash = clashing_offices(offices)
        if clash:
            raise OfficesClash(one=clash[0].label, other=clash[1].label)
        staff.append(Actor(id=person["id"], name=person["name"], organisation=organisation.id, offices=offices))
    ids = [a.id for a in staff]
    repeated = sorted({i for i in ids if ids.count(i) > 1})
    if repeated:
        raise ConfigFault(path=path, why=f"staff.id 重复：{'、'.join(repeated)}")
    actor = filled.get("console", {}).get("actor")
    return Settings(
        url=filled.get("store", {}).get("url", DEFAULT_URL),
        organisation=organisation,
        staff=tuple(staff),
        actor=actor,
    )
