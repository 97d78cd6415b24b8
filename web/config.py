"""Settings: a TOML file, strictly read. An unknown or ill-typed key is refused, named, with what was expected."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate, validates, validates_schema

from mediation_engine.domain.deadline import PAUSES
from mediation_engine.domain.item_kind import ItemKind
from mediation_engine.domain.paper import Wording
from mediation_engine.domain.roles import STAFF_OFFICES, Actor, Level, Office, Organisation, clashing_offices
from mediation_engine.domain.zone import Campaign, District, Grid, ReturnRules, Zone
from mediation_engine.errors import ConfigFault, OfficesClash, why
from mediation_engine.papers.fonts import FONTS
from mediation_engine.papers.text import clean
from mediation_engine.ports.exhibits import MEGABYTE, ExhibitLimits
from workflows import deadlines
from workflows.facts import HOST_KINDS
from workflows.figures import policy as figures
from workflows.figures.bodies import USUAL as OTHER_BODIES
from workflows.figures.bodies import Body
from workflows.papers import wording, wording_with
from workflows.papers.binding import TERMS
from workflows.papers.clauses import Clauses, clauses, clauses_with
from workflows.self_check.heads import BOUNDS, USUAL
from workflows.vocabulary import Dispute
from workflows.zone.alert.deadlines import SETTINGS as ALERT_DEADLINES
from workflows.zone.matter.kinds import kinds_with

R = TypeVar("R")
DEFAULT_URL = "sqlite:///var/mediation.db"
KINDS = tuple(HOST_KINDS)
LEVELS = tuple(level.code for level in Level)
BODIES = tuple(body.code for body in Body)
DEADLINES = {**deadlines.SETTINGS, **ALERT_DEADLINES}
"""How long the room sets its own deadlines, by name: usually, at least, at most."""
USUAL_DEADLINES: Mapping[str, int] = {**deadlines.USUAL} | {
    name: usual for name, (usual, _, _) in ALERT_DEADLINES.items()
}
FOR_GOOD = "永久"
ADDRESS = "http://127.0.0.1:8000"
SECRET = "var/secret"
KEY = "var/checkpoint.key"
ROOM_KEY = "var/room.key"
EXHIBITS = "var/exhibits"
LINK_DAYS = 3
JOTTING_DAYS = 90
SMALL_SUM = 100_000
"""Yuan up to which a dispute can be settled on one page."""
MOST_PARTY_DAYS = 7
"""A link for a party is good for so many days at most."""
LOOPBACK = ("127.0.0.1", "localhost")
APPLICATIONS = {
    "address_an_hour": (200, 1, 100_000),
    "address_a_day": (600, 1, 100_000),
    "browser_an_hour": (5, 1, 1000),
    "phone_a_day": (3, 1, 100),
    "all_a_day": (3000, 1, 1_000_000),
}
"""How many applications are taken on the page for everybody: usually, at least, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """What the pages are served with."""

    public_url: str = ADDRESS
    """As people type it: decides which hosts are answered, and whether cookies travel by https only."""
    totp: bool = False
    """Whether everybody must give a one-time code besides the password."""
    proxies: int = 0
    """How many proxies of our own stand before us, whose word on where a request comes from is taken."""
    secret: Path = Path(SECRET)
    """The file with the key that signs what is not kept in the database; made where there is none."""

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https:")

    @property
    def hosts(self) -> list[str]:
        """The hosts we answer to; a loopback address by any of its names."""
        named = urlsplit(self.public_url).hostname or ""
        return list(LOOPBACK) if named in LOOPBACK else [named]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExhibitSettings:
    """Where exhibits lie, and how much there may be of them."""

    folder: Path = Path(EXHIBITS)
    limits: ExhibitLimits = field(default_factory=ExhibitLimits)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSettings:
    """How papers are worded and set."""

    wording: Wording = field(default_factory=wording)
    clauses: Clauses = field(default_factory=clauses)
    fonts: tuple[str, ...] = FONTS
    """In order of preference."""
    letterhead: tuple[str, ...] = ()
    """Lines under the name of the room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationSettings:
    """How people apply without an account."""

    open: bool = True
    """Whether there is a page for everybody; at the window an application is always taken."""
    phone: str = ""
    """The telephone of the room, as people see it."""
    address_an_hour: int = APPLICATIONS["address_an_hour"][0]
    address_a_day: int = APPLICATIONS["address_a_day"][0]
    browser_an_hour: int = APPLICATIONS["browser_an_hour"][0]
    phone_a_day: int = APPLICATIONS["phone_a_day"][0]
    all_a_day: int = APPLICATIONS["all_a_day"][0]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftSettings:
    """How long drafts are kept, and how many."""

    days: int = 30
    """Days after somebody last typed into one."""
    most: int = 50
    """Of one person; the oldest goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSettings:
    """How the worker goes about it."""

    tick: int = 30
    """Seconds between two turns."""
    late: int = 300
    """Seconds after which pages say that no worker turns."""
    expected: bool = False
    """Whether they say so also where there never was one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSettings:
    """When messages are sent."""

    quiet: tuple[time, time] | None = None
    """From when to when, in China, only what is urgent is; None: always."""
    morning: time = time(8)
    """From which hour on, in China, morning digests are sent."""
    retry: int = 60
    """Seconds until the second try."""


TELEPHONE = re.compile(r"(?:\+86[ -]?)?(?:0\d{2,3}[- ]?)?\d{7,8}(?!\d)|1\d{10}")


def telephones(letterhead: Iterable[str]) -> list[str]:
    """The telephone numbers that stand in the letterhead of the room."""
    return [found for line in letterhead for found in TELEPHONE.findall(line)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the program runs with."""

    url: str = DEFAULT_URL
    organisation: Organisation = Organisation(
        id="xige", name="永康经济开发区喜哥调解室", short_name="永开", kind="mediation_room", level=Level.ZONE
    )
    staff: tuple[Actor, ...] = field(default_factory=tuple)
    actor: str | None = None
    web: WebSettings = WebSettings()
    key: Path = Path(KEY)
    """The file with the key that signs checkpoints."""
    room_key: Path = Path(ROOM_KEY)
    """The file with the key under which numbers, addresses and exhibits are encrypted."""
    exhibits: ExhibitSettings = field(default_factory=ExhibitSettings)
    papers: PaperSettings = field(default_factory=PaperSettings)
    terms: Mapping[str, int | None] = field(default_factory=lambda: TERMS)
    """For how many years a dossier is kept, by the grade of its case (code; empty: none); None for good."""
    self_check: Mapping[str, int] = field(default_factory=lambda: USUAL)
    """The thresholds of the self-check, by name."""
    deadlines: Mapping[str, int] = field(default_factory=lambda: USUAL_DEADLINES)
    """What the room sets itself of its deadlines, by name."""
    figures: Mapping[str, int] = field(default_factory=lambda: figures.USUAL)
    """What the room sets itself about figures, by name."""
    zone: Zone = Zone()
    """The districts around the room, and when it is open."""
    applications: ApplicationSettings = ApplicationSettings()
    drafts: DraftSettings = DraftSettings()
    worker: WorkerSettings = WorkerSettings()
    messages: MessageSettings = MessageSettings()
    link_days: int = LINK_DAYS
    """For how many days after the visit a link for it is good."""
    party_link_days: int = LINK_DAYS
    """For how many days after it was issued a link for a party is good."""
    small_sum: int = SMALL_SUM * 100
    """The sum up to which a dispute can be settled on one page, in 分."""
    in_zone: bool = True
    """Whether a form for a new case begins with that it happened in the zone."""
    jotting_days: int = JOTTING_DAYS
    """For how many days what somebody jotted down is kept for him."""
    channels: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The section of each channel that is used, by its name."""

    @property
    def counting(self) -> dict[str, int]:
        """How many days the room gives itself wherever figures are counted by them, by name."""
        return {**self.deadlines, **self.figures}

    @property
    def telephones(self) -> list[str]:
        """The numbers of the room, for whoever has no account."""
        return list(dict.fromkeys(filter(None, (self.applications.phone, *telephones(self.papers.letterhead)))))

    @property
    def telephone(self) -> str:
        """The first of them; empty where there is none."""
        return next(iter(self.telephones), "")

    def for_papers(self) -> dict[str, Any]:
        """What papers are made with, by the names under which they ask for it."""
        papers = self.papers
        given = {"wordings": papers.wording, "letterhead": papers.letterhead, "terms": self.terms}
        return given | {"public_url": self.web.public_url}


class _Strict(Schema):
    error_messages = {"unknown": "没有这一项", "type": "应为一节设置"}  # noqa: RUF012  # marshmallow's own attribute

    class Meta:
        unknown = RAISE


SAID: dict[str, Any] = {"required": "必填", "null": "不能为空"}


def _words(**given: Any) -> fields.String:
    given.setdefault("validate", validate.Length(min=1, max=100, error="应有1到100个字"))
    return fields.String(error_messages=SAID | {"invalid": "应为文字"}, **given)


def _id() -> fields.String:
    rule = validate.Regexp("^[a-z0-9_-]{1,40}$", error="只能用小写字母、数字和横线，最多40个")
    return _words(required=True, validate=rule)


class _StoreSection(_Strict):
    url = _words(load_default=DEFAULT_URL, validate=validate.Length(min=1, error="不能为空"))


class _OrganisationSection(_Strict):
    id = _id()
    name = _words(required=True)
    short_name = _words(required=True)
    kind = _words(required=True, validate=validate.OneOf(KINDS, error=f"应为 {'、'.join(KINDS)} 之一"))
    level = _words(
        load_default=Level.ZONE.code, validate=validate.OneOf(LEVELS, error=f"应为 {'、'.join(LEVELS)} 之一")
    )

    @post_load
    def make(self, filled: dict[str, Any], **_: Any) -> Organisation:
        return Organisation(**filled | {"level": Level.named(filled["level"])})


class _OfficeName(fields.Field[Office]):
    default_error_messages = SAID

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Office:
        office = Office.named(str(value))
        if office not in STAFF_OFFICES:
            raise ValidationError(f"没有“{value}”这项职务；可用：{'、'.join(o.label for o in STAFF_OFFICES)}")
        return office


class _StaffSection(_Strict):
    id = _id()
    name = _words(required=True)
    offices = fields.List(
        _OfficeName(),
        required=True,
        validate=validate.Length(min=1, error="至少要有一项职务"),
        error_messages=SAID | {"invalid": '应为一列职务，如 ["调解员"]'},
    )


class _ConsoleSection(_Strict):
    actor = _words(load_default=None, allow_none=True)


class _YesNo(fields.Field[bool]):
    default_error_messages = SAID

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("应为 true 或 false")
        return value


class _WebSection(_Strict):
    public_url = _words(load_default=ADDRESS)
    totp = _YesNo(load_default=False)
    proxies = fields.Integer(
        load_default=0,
        strict=True,
        validate=validate.Range(0, 5, error="应为0到5"),
        error_messages={"invalid": "应为整数"},
    )
    secret = _words(load_default=SECRET)

    @validates("public_url")
    def check_address(self, value: str, **_: Any) -> None:
        try:
            where = urlsplit(value)
            valid = (
                where.hostname
                and ":" not in where.hostname
                and where.path in ("", "/")
                and not where.query
                and where.port != 0
            )
        except ValueError:
            valid = False
        if not valid or where.scheme not in ("http", "https"):
            raise ValidationError("应为网址，如 https://tiaojie.example.cn")
        if where.scheme == "http" and where.hostname not in LOOPBACK:
            raise ValidationError("除本机（127.0.0.1）外须用 https，否则密码和案情在路上可被人看见")

    @post_load
    def make(self, filled: dict[str, Any], **_: Any) -> WebSettings:
        address, secret = filled.pop("public_url"), filled.pop("secret")
        return WebSettings(public_url=address.rstrip("/"), secret=Path(secret), **filled)


class _CheckpointSection(_Strict):
    key = _words(load_default=KEY)


class _PrivacySection(_Strict):
    key = _words(load_default=ROOM_KEY)


def _most(usual: int, most: int) -> fields.Integer:
    return fields.Integer(
        load_default=usual,
        strict=True,
        validate=validate.Range(1, most, error=f"应为1到{most}"),
        error_messages={"invalid": "应为整数"},
    )


class _ExhibitsSection(_Strict):
    folder = _words(load_default=EXHIBITS)
    each_mb = _most(20, 200)
    files_per_case = _most(200, 10_000)
    mb_per_case = _most(500, 100_000)

    @post_load
    def make(self, filled: dict[str, Any], **_: Any) -> ExhibitSettings:
        each, together = (filled[name] * MEGABYTE for name in ("each_mb", "mb_per_case"))
        limits = ExhibitLimits(each=each, files=filled["files_per_case"], together=together)
        return ExhibitSettings(folder=Path(filled["folder"]), limits=limits)


def _plain_line(line: str) -> None:
    """A line as it will stand on paper. ValidationError."""
    if not line.strip() or len(line) > 60:
        raise ValidationError("每行应有1到60个字")
    if clean(line) != line:
        raise ValidationError("一行里不能有换行、制表符和看不见的字符，请分成几行写")


def _threshold(usual: int, least: int, most: int) -> fields.Integer:
    return fields.Integer(
        load_default=usual,
        strict=True,
        validate=validate.Range(least, most, error=f"应为{least}到{most}"),
        error_messages={"invalid": "应为整数"},
    )


_SelfCheckSection = _Strict.from_dict({name: _threshold(*bounds) for name, bounds in BOUNDS.items()}, name="SelfCheck")


class _FiguresSection(_Strict.from_dict({name: _threshold(*it) for name, it in figures.BOUNDS.items()}, name="F")):  # type: ignore[misc]
    @validates_schema
    def check_order(self, filled: dict[str, Any], **_: Any) -> None:
        if filled.get("red", 1) <= filled.get("yellow", 0):
            raise ValidationError("red 应大于 yellow")


_DEADLINES: dict[str, fields.Field[Any]] = {name: _threshold(*bounds) for name, bounds in DEADLINES.items()}
_DeadlinesSection = _Strict.from_dict({**_DEADLINES, PAUSES: _YesNo(load_default=True)}, name="Deadlines")


class _PapersSection(_Strict):
    wording = _words(load_default="", validate=validate.Length(max=200, error="最多200个字"))
    clauses = _words(load_default="", validate=validate.Length(max=200, error="最多200个字"))
    fonts = fields.List(
        _words(),
        load_default=list(FONTS),
        validate=validate.Length(min=1, error="至少写一种字体"),
        error_messages=SAID | {"invalid": '应为一列字体的名字，如 ["仿宋", "宋体"]'},
    )

    letterhead = fields.List(
        _words(validate=_plain_line),
        load_default=list,
        validate=validate.Length(max=4, error="最多四行"),
        error_messages=SAID | {"invalid": '应为几行文字，如 ["地址：总部中心一楼", "电话：0579-87000000"]'},
    )

    @post_load
    def make(self, filled: dict[str, Any], **_: Any) -> PaperSettings:
        return PaperSettings(
            wording=_with_own("wording", filled, wording_with),
            clauses=_with_own("clauses", filled, clauses_with),
            fonts=tuple(filled["fonts"]),
            letterhead=tuple(filled["letterhead"]),
        )


class _Years(fields.Field[int | None]):
    """Years, or for good."""

    default_error_messages = SAID

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int | None:
        if value == FOR_GOOD:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 100:
            raise ValidationError(f'应为1到100的整数（年），或 "{FOR_GOOD}"')
        return value


class _DossierSection(_Strict):
    simple = _Years(load_default=TERMS["simple"])
    general = _Years(load_default=TERMS["general"])
    difficult = _Years(load_default=TERMS["difficult"])
    major = _Years(load_default=TERMS["major"])
    ungraded = _Years(load_default=TERMS[""])

    @post_load
    def make(self, filled: dict[str, Any], **_: Any) -> dict[str, int | None]:
        return {"" if name == "ungraded" else name: years for name, years in filled.items()}


class _VisitsSection(_Strict):
    link_days = _most(LINK_DAYS, 30)


class _SettleSection(_Strict):
    most = _threshold(SMALL_SUM, 1, 10_000_000)


class _RegisteringSection(_Strict):
    in_zone = _YesNo(load_default=True)


class _NotesSection(_Strict):
    keep_days = _threshold(JOTTING_DAYS, 7, 366)


class _PartiesSection(_Strict):
    link_days = _most(LINK_DAYS, MOST_PARTY_DAYS)
    electronic_signing = _YesNo(load_default=False)

    @validates("electronic_signing")
    def check(self, value: bool, **_: Any) -> None:
        if value:
            raise ValidationError("还不支持电子签名：在线确认只是意思表示的证据，签名仍在纸上；请写 false")


_APPLICATIONS: dict[str, fields.Field[Any]] = {name: _threshold(*bounds) for name, bounds in APPLICATIONS.items()}


class _ApplicationsSection(_Strict.from_dict(_APPLICATIONS, name="Counts")):  # type: ignore[misc]
    open = _YesNo(load_default=True)
    phone = _words(load_default="", validate=validate.Length(max=40, error="最多40个字"))

    @post_load
    def make(self, filled: dict[str, Any], **_: Any) -> ApplicationSettings:
        return ApplicationSettings(**filled)


class _DraftsSection(_Strict):
    days = _most(30, 365)
    most = _most(50, 500)

    @post_load
    def make(self, filled: dict[str, Any], **_: Any) -> DraftSettings:
        return DraftSettings(**filled)


class _WorkerSection(_Strict):
    tick = _most(30, 600)
    late = _most(300, 86_400)
    expected = _YesNo(load_default=False)

    @post_load
    def make(self, filled: dict[str, Any], **_: Any) -> WorkerSettings:
        return WorkerSettings(**filled)


_HOUR = validate.Regexp(r"^([01]\d|2[0-3]):[0-5]\d$", error="应写成 21:30 的样子")


class _MessagesSection(_Strict):
    quiet = fields.List(
        _words(validate=_HOUR),
        load_default=list,
        validate=validate.Length(max=2, error='应写成从几点到几点，如 ["21:30", "07:30"]'),
        error_messages=SAID | {"invalid": '应写成从几点到几点，如 ["21:30", "07:30"]'},
    )
    morning = _words(load_default="08:00", validate=_HOUR)
    retry = _most(60, 3600)

    @validates("quiet")
    def check_quiet(self, value: list[str], **_: Any) -> None:
        if len(value) == 1:
            raise ValidationError('应写成从几点到几点，如 ["21:30", "07:30"]')

    @post_load
    def make(self, filled: dict[str, Any], **_: Any) -> MessageSettings:
        hours = [time.fromisoformat(hour) for hour in filled["quiet"]]
        quiet, morning = (hours[0], hours[1]) if hours else None, time.fromisoformat(filled["morning"])
        return MessageSettings(quiet=quiet, morning=morning, retry=filled["retry"])


class _DistrictSection(_Strict):
    code = _id()
    name = _words(required=True, validate=_plain_line)
    security = _words(load_default="")
    zone = _words(load_default="")

    @post_load
    def make(self, filled: dict[str, Any], **_: Any) -> District:
        return District(**filled)


class _GridSection(_Strict):
    name = _words(required=True)
    worker = _id()
    district = _words(load_default="")

    @post_load
    def make(self, filled: dict[str, Any], **_: Any) -> Grid:
        return Grid(**filled)


def _kinds(own: list[dict[str, Any]]) -> tuple[ItemKind, ...]:
    """The kinds of matter, the room's own among them; none where the settings name none: then those there are."""
    try:
        return kinds_with(own) if own else ()
    except ValueError as fault:
        raise ValidationError({"kinds": [str(fault)]}) from fault


class _ReturnsSection(_Strict):
    day = _most(5, 28)
    green = _most(95, 100)
    yellow = _most(80, 100)

    @validates_schema
    def check_shares(self, filled: dict[str, Any], **_: Any) -> None:
        if filled.get("yellow", 0) >= filled.get("green", 101):
            raise ValidationError("yellow 应小于 green")

    @post_load
    def make(self, filled: dict[str, Any], **_: Any) -> ReturnRules:
        return ReturnRules(**filled)


def _is_day(value: object) -> None:
    if type(value) is not date:
        raise ValidationError("应写成 2026-11-01 的样子，不加引号")


def _day() -> fields.Raw:
    return fields.Raw(required=True, validate=_is_day, error_messages=SAID)


class _CampaignSection(_Strict):
    code = _id()
    name = _words(required=True)
    since = _day()
    until = _day()
    disputes = fields.List(
        _words(validate=validate.OneOf([it.value for it in Dispute], error="没有这种纠纷类型：{input}")),
        required=True,
        validate=validate.Length(min=1, error="至少写一种纠纷类型"),
        error_messages=SAID | {"invalid": '应为一列纠纷类型，如 ["labour_pay"]'},
    )

    @validates_schema
    def check_days(self, filled: dict[str, Any], **_: Any) -> None:
        if {"since", "until"} <= filled.keys() and filled["until"] < filled["since"]:
            raise ValidationError("until 不应早于 since")

    @post_load
    def make(self, filled: dict[str, Any], **_: Any) -> Campaign:
        return Campaign(**filled | {"disputes": tuple(dict.fromkeys(filled["disputes"]))})


_BodiesSection = _Strict.from_dict(
    {kind: _words(validate=validate.OneOf(BODIES, error=f"应为 {'、'.join(BODIES)} 之一")) for kind in OTHER_BODIES},
    name="Bodies",
)


class _ZoneSection(_Strict):
    returns = fields.Nested(_ReturnsSection, load_default=ReturnRules())
    opens = _words(load_default="09:00", validate=_HOUR)
    closes = _words(load_default="17:00", validate=_HOUR)
    districts = fields.List(
        fields.Nested(_DistrictSection),
        load_default=list,
        error_messages=SAID | {"invalid": "应写成 [[zone.districts]]"},
    )
    grids = fields.List(
        fields.Nested(_GridSection),
        load_default=list,
        error_messages=SAID | {"invalid": "应写成 [[zone.grids]]"},
    )

    campaigns = fields.List(
        fields.Nested(_CampaignSection),
        load_default=list,
        error_messages=SAID | {"invalid": "应写成 [[zone.campaigns]]"},
    )
    reception_days = fields.List(
        _threshold(1, 1, 31),
        load_default=lambda: list(Zone().reception_days),
        error_messages=SAID | {"invalid": "应为一列日子，如 [1, 15]"},
    )
    reception_on_rest_day = _words(
        load_default="keep", validate=validate.OneOf(("keep", "move"), error="应为 keep（照常）或 move（顺延到工作日）")
    )
    bodies = fields.Nested(_BodiesSection, load_default=dict)
    kinds = fields.List(
        fields.Dict(error_messages={"invalid": "应写成 [[zone.kinds]]"}),
        load_default=list,
        error_messages=SAID | {"invalid": "应写成 [[zone.kinds]]"},
    )

    @validates_schema
    def check_grids(self, filled: dict[str, Any], **_: Any) -> None:
        known = {it.code for it in filled.get("districts", ())}
        unknown = [it.name for it in filled.get("grids", ()) if it.district and it.district not in known]
        if unknown:
            raise ValidationError(
                f"网格“{'、'.join(unknown)}”的 district 应是 [[zone.districts]] 里的一个 code", "grids"
            )

    @validates("districts", "campaigns")
    def check_codes(self, value: list[District | Campaign], **_: Any) -> None:
        """A campaign may come again under its name; two districts of one name could not be told apart."""
        for which in ("code", "name"):
            told_by = District | Campaign if which == "code" else District
            given = [getattr(it, which) for it in value if isinstance(it, told_by)]  # another is wrong in itself
            if repeated := sorted({it for it in given if given.count(it) > 1}):
                raise ValidationError(f"{which} 重复：{'、'.join(repeated)}")

    @validates_schema
    def check_hours(self, filled: dict[str, Any], **_: Any) -> None:
        if filled.get("opens", "") >= filled.get("closes", "24:00"):
            raise ValidationError("closes 应晚于 opens")

    @post_load
    def make(self, filled: dict[str, Any], **_: Any) -> Zone:
        return Zone(
            districts=tuple(filled["districts"]),
            grids=tuple(filled["grids"]),
            opens=time.fromisoformat(filled["opens"]),
            closes=time.fromisoformat(filled["closes"]),
            reception_days=tuple(sorted(set(filled["reception_days"]))),
            reception_moves=filled["reception_on_rest_day"] == "move",
            kinds=_kinds(filled["kinds"]),
            bodies=filled["bodies"],
            returns=filled["returns"],
            campaigns=tuple(filled["campaigns"]),
        )


def _maybe(most: int = 200) -> fields.String:
    return _words(load_default="", validate=validate.Length(max=most, error=f"最多{most}个字"))


class _MailSection(_Strict):
    host = _maybe()
    port = _most(587, 65_535)
    tls = _words(
        load_default="starttls",
        validate=validate.OneOf(("none", "starttls", "tls"), error="应为 none、starttls、tls 之一"),
    )
    user = _maybe()
    password_file = _maybe()
    sender = fields.String(
        data_key="from",
        load_default="",
        validate=validate.Regexp(r"^(\S+@\S+)?$", error="应为邮箱地址"),
        error_messages=SAID | {"invalid": "应为文字"},
    )

    @validates_schema
    def check(self, filled: dict[str, Any], **_: Any) -> None:
        if filled["host"] and not filled["sender"]:
            raise ValidationError({"from": ["写了 host 就必填：收信人看到的发件邮箱"]})
        if filled["user"] and filled["tls"] == "none" and filled["host"] not in LOOPBACK:
            raise ValidationError({"tls": ["有用户名和密码时须加密（starttls 或 tls），否则密码在路上可被人看见"]})

    @post_load
    def make(self, filled: dict[str, Any], **_: Any) -> dict[str, Any]:
        return filled if filled["host"] else {}


class _SpoolSection(_Strict):
    folder = _maybe()

    @post_load
    def make(self, filled: dict[str, Any], **_: Any) -> dict[str, Any]:
        return filled if filled["folder"] else {}


SERVICES = ("dingtalk", "wecombot", "feishu", "lark")
"""How addresses of apprise begin that may be used where the settings name no others."""


class _AppriseSection(_Strict):
    use = _YesNo(load_default=False)
    services = fields.List(
        _words(validate=validate.Regexp(r"^[a-z0-9]{2,20}$", error="应为 apprise 的服务名，如 dingtalk")),
        load_default=list(SERVICES),
        error_messages=SAID | {"invalid": '应为一列服务名，如 ["dingtalk"]'},
    )

    @post_load
    def make(self, filled: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"services": tuple(filled["services"])} if filled["use"] else {}


OWN_CHANNELS = ("mail", "spool", "apprise")


def _channels(filled: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The channels that are used: our own that are filled in, and those of other packages."""
    own: dict[str, Mapping[str, Any]] = {name: filled[name] for name in OWN_CHANNELS if filled.get(name)}
    others: dict[str, Mapping[str, Any]] = filled.get("channels", {})
    return own | others


def _with_own(key: str, filled: Mapping[str, Any], put: Callable[[Mapping[str, Any]], R]) -> R:
    """What comes with the program, and a room's own from the file that is named, put together by `put`."""
    try:
        return put(_own(Path(filled[key])) if filled[key] else {})
    except ValueError as fault:
        raise ValidationError({key: [f"{filled[key]}：{fault}"]}) from fault


def _own(path: Path) -> dict[str, Any]:
    """What stands in a file of the room's own. ValueError says what is wrong with it."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as fault:
        raise ValueError(_where(str(fault))) from fault
    except UnicodeDecodeError as fault:
        raise ValueError("须以 UTF-8 保存") from fault
    except OSError as fault:
        raise ValueError(why(fault)) from fault


class _File(_Strict):
    store = fields.Nested(_StoreSection)
    organisation = fields.Nested(_OrganisationSection)
    staff = fields.List(fields.Nested(_StaffSection), error_messages={"invalid": "应写成 [[staff]]"})
    console = fields.Nested(_ConsoleSection)
    web = fields.Nested(_WebSection)
    checkpoint = fields.Nested(_CheckpointSection)
    privacy = fields.Nested(_PrivacySection)
    exhibits = fields.Nested(_ExhibitsSection)
    papers = fields.Nested(_PapersSection)
    dossier = fields.Nested(_DossierSection)
    self_check = fields.Nested(_SelfCheckSection)
    deadlines = fields.Nested(_DeadlinesSection)
    zone = fields.Nested(_ZoneSection)
    figures = fields.Nested(_FiguresSection)
    visits = fields.Nested(_VisitsSection)
    parties = fields.Nested(_PartiesSection)
    notes = fields.Nested(_NotesSection)
    settle = fields.Nested(_SettleSection)
    registering = fields.Nested(_RegisteringSection)
    applications = fields.Nested(_ApplicationsSection)
    drafts = fields.Nested(_DraftsSection)
    worker = fields.Nested(_WorkerSection)
    messages = fields.Nested(_MessagesSection)
    mail = fields.Nested(_MailSection)
    spool = fields.Nested(_SpoolSection)
    apprise = fields.Nested(_AppriseSection)
    channels = fields.Dict(
        keys=_words(),
        values=fields.Dict(error_messages={"invalid": "应为一节设置"}),
        error_messages={"invalid": "应写成 [channels.名字] 一节"},
    )


def read_settings(path: Path) -> Settings:
    """The settings in a file. ConfigFault names file, key and what was expected."""
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8-sig"))  # an editor may have put a mark before the text
        filled: dict[str, Any] = _File().load(read)
    except tomllib.TOMLDecodeError as fault:
        raise ConfigFault(path=path, why=_where(str(fault))) from fault
    except UnicodeDecodeError as fault:
        raise ConfigFault(path=path, why="须以 UTF-8 保存") from fault
    except OSError as fault:
        raise ConfigFault(path=path, why=why(fault)) from fault
    except ValidationError as fault:
        raise ConfigFault(path=path, why="；".join(_told(fault.messages))) from fault
    organisation = filled.get("organisation", Settings().organisation)
    return Settings(
        url=filled.get("store", {}).get("url", DEFAULT_URL),
        organisation=organisation,
        staff=tuple(_staff(path, filled.get("staff", []), organisation)),
        actor=filled.get("console", {}).get("actor"),
        web=filled.get("web", WebSettings()),
        key=Path(filled.get("checkpoint", {}).get("key", KEY)),
        room_key=Path(filled.get("privacy", {}).get("key", ROOM_KEY)),
        exhibits=filled.get("exhibits", ExhibitSettings()),
        papers=filled.get("papers", PaperSettings()),
        terms=filled.get("dossier", TERMS),
        self_check=filled.get("self_check", USUAL),
        deadlines=filled.get("deadlines", USUAL_DEADLINES),
        zone=filled.get("zone", Zone()),
        figures=filled.get("figures", figures.USUAL),
        link_days=filled.get("visits", {}).get("link_days", LINK_DAYS),
        party_link_days=filled.get("parties", {}).get("link_days", LINK_DAYS),
        small_sum=filled.get("settle", {}).get("most", SMALL_SUM) * 100,
        in_zone=filled.get("registering", {}).get("in_zone", True),
        jotting_days=filled.get("notes", {}).get("keep_days", JOTTING_DAYS),
        applications=filled.get("applications", ApplicationSettings()),
        drafts=filled.get("drafts", DraftSettings()),
        worker=filled.get("worker", WorkerSettings()),
        messages=filled.get("messages", MessageSettings()),
        channels=_channels(filled),
    )


def _where(fault: str) -> str:
    """What the TOML reader says in English, in Chinese: where it stopped."""
    place = re.search(r"at line (\d+), column (\d+)", fault)
    return (
        f"第{place[1]}行第{place[2]}个字附近不合 TOML 写法"
        if place
        else "末尾不合 TOML 写法：没有写完，或同一项写了两次"
    )


def _told(messages: Any, place: str = "") -> list[str]:
    """Every fault with its key: staff 第2项 offices：…"""
    if not isinstance(messages, dict):
        return [f"{place}：{message}" for message in messages]
    words = {key: f"第{key + 1}项" if isinstance(key, int) else str(key) for key in messages}
    words = {key: "" if word == "_schema" else word for key, word in words.items()}
    return [told for key, inner in messages.items() for told in _told(inner, f"{place} {words[key]}".strip())]


def _staff(path: Path, rows: list[dict[str, Any]], organisation: Organisation) -> Iterator[Actor]:
    """The staff; ConfigFault where two have one id, or somebody holds offices that must be apart."""
    ids = [row["id"] for row in rows]
    repeated = sorted({i for i in ids if ids.count(i) > 1})
    if repeated:
        raise ConfigFault(path=path, why=f"staff id 重复：{'、'.join(repeated)}")
    for row in rows:
        offices = frozenset(row["offices"])
        clash = clashing_offices(offices)
        if clash:
            apart = OfficesClash(one=clash[0].label, other=clash[1].label)
            raise ConfigFault(path=path, why=f"staff {row['id']} offices：{apart}") from apart
        yield Actor(id=row["id"], name=row["name"], organisation=organisation.id, offices=offices)
