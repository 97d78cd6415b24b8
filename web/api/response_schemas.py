"""Schemas of what goes out: the description is made from them."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields


def _text(**given: Any) -> fields.String:
    return fields.String(required=True, **given)


def _maybe() -> fields.String:
    return fields.String(required=True, allow_none=True)


def _moment() -> fields.String:
    return fields.String(required=True, metadata={"format": "date-time"})


def _number(**given: Any) -> fields.Integer:
    return fields.Integer(required=True, **given)


def _many(kind: Any) -> fields.Field[Any]:
    return fields.List(kind, required=True)


def _object() -> fields.Dict:
    return fields.Dict(required=True)


class Refusal(Schema):
    """Why something cannot be done."""

    code = _text()
    sentence = _text()
    basis = _text(metadata={"description": "法条；policy 为本室规定"})
    basis_words = _text()
    about = _many(fields.String())


class DefectTold(Schema):
    """What a line is marked with."""

    code = _text()
    basis = _text()
    unjudged = fields.Boolean(required=True)
    waived = fields.Boolean(required=True)
    about = _many(fields.String())


class CaseListed(Schema):
    """A case in the list."""

    case = _text()
    version = _number()
    workflow = _text()
    organisation = _text()
    matter = _text()
    kind = _maybe()
    district = _maybe()
    raised = _maybe()
    settled = _maybe()
    reporter = _maybe()
    track = _maybe()
    number = _maybe()
    dispute = _maybe()
    phase = _text()
    state = _text()
    closed = _maybe()
    opened = _moment()
    updated = _moment()
    rounds = _number(allow_none=True)
    parties = _number(allow_none=True)
    mediator = _maybe()
    agreed = _number(allow_none=True, metadata={"description": "议定金额，分"})
    open_parts = _number()


class Cases(Schema):
    """A page of cases."""

    cases = _many(fields.Nested(CaseListed))
    next = fields.String(
        required=True, allow_none=True, metadata={"description": "下一页的 after；null 为没有了。一页可以不满"}
    )


class InstanceTold(Schema):
    """One instance of a machine."""

    key = _text()
    name = _text()
    state = _text()
    state_label = _text()
    version = _number(metadata={"description": "用于 expects"})


class CaseTold(Schema):
    """A case as it stands."""

    case = _text()
    number = _maybe()
    version = _number()
    workflow = _text()
    rules = _text()
    organisation = _text()
    matter = _text()
    kind = _maybe()
    district = _maybe()
    raised = _maybe()
    settled = _maybe()
    reporter = _maybe()
    track = _maybe()
    dispute = _maybe()
    phase = _text()
    state = _text()
    closed = _maybe()
    opened = _moment()
    updated = _moment()
    instances = _many(fields.Nested(InstanceTold))
    waiting = _many(fields.String())
    facts = _object()


class OptionTold(Schema):
    """A command, and whether it is possible."""

    command = _text()
    label = _text()
    on = _maybe()
    allowed = fields.Boolean(required=True)
    refusals = _many(fields.Nested(Refusal))
    defects = _many(fields.Nested(DefectTold))


class Commands(Schema):
    """What can be done next."""

    case = _text()
    version = _number()
    office = _text()
    commands = _many(fields.Nested(OptionTold))
    parts = _object()


class Detail(Schema):
    """Something that was filled in, in words."""

    label = _text()
    value = _text()


class LineTold(Schema):
    """One line of the record."""

    version = _number()
    on = _text()
    event = _text()
    what = _text()
    about = _text()
    change = _text()
    details = _many(fields.Nested(Detail))
    who = _text()
    notes = _many(fields.String())
    command = _maybe()
    source = _maybe()
    target = _text()
    data = _object()
    defects = _many(fields.Nested(DefectTold))
    provenance = _text()
    actor = _maybe()
    office = _maybe()
    capacity = _maybe()
    occurred = _text()
    precision = _text()
    recorded = _moment()
    rules = _text()
    order = _text(metadata={"description": "操作编号"})
    ordinal = _number()
    corrects = _number(allow_none=True, metadata={"description": "更正了第几条起的那一步"})


class History(Schema):
    """Lines of a case."""

    case = _text()
    version = _number()
    lines = _many(fields.Nested(LineTold))
    next = _number(allow_none=True, metadata={"description": "下一页的 after；null 为没有了"})


class Replayed(CaseTold):
    """A case as it stood, and what each office could do then."""

    at = _number()
    line = fields.Nested(LineTold, required=True)
    offices = _object()


class DifferenceTold(Schema):
    """What would read otherwise in what an order changes: of a preview."""

    label = _text()
    before = _text()
    after = _text()


class Opened(Schema):
    """That what is private in a case may be read for the rest of the day."""

    case = _text()
    reason = _text()


class Done(Schema):
    """What an order did, or would do."""

    case = _text()
    id = _text()
    preview = fields.Boolean(required=True)
    allowed = fields.Boolean(required=True)
    first = _number(allow_none=True)
    last = _number(allow_none=True)
    refusals = _many(fields.Nested(Refusal))
    lines = _many(fields.Nested(LineTold))
    differences = _many(fields.Nested(DifferenceTold))


class ExhibitFile(Schema):
    """The file of an exhibit."""

    id = _text(metadata={"description": "取原件用的编号"})
    size = _number()
    media = _text()
    digest = _text(metadata={"description": "加盐的校验码"})


class ExhibitListed(Schema):
    """An exhibit in the list of a case."""

    key = _text()
    name = _text()
    state = _text()
    state_label = _text()
    title = _text()
    about = _many(fields.String())
    file = fields.Nested(ExhibitFile, required=True, allow_none=True)


class Exhibits(Schema):
    """The exhibits of a case."""

    case = _text()
    exhibits = _many(fields.Nested(ExhibitListed))


class FindingTold(Schema):
    """One thing an audit found."""

    fault = _text()
    label = _text()
    version = _number(allow_none=True)
    sentence = _text()
    known = fields.Boolean(required=True)


class Audited(Schema):
    """What an audit found."""

    case = _text()
    sound = fields.Boolean(required=True)
    findings = _many(fields.Nested(FindingTold))
