"""The form that registers an item of the zone, from what was posted to the item's page."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from werkzeug import Response

from mediation_engine.domain.workflow import Workflow
from mediation_engine.errors import (
    CaseAlreadyOpen,
    CommandIdReused,
    FormFaults,
    NumberTaken,
    PersonTaken,
    Refused,
    UnfitText,
)

from ..forms.command_form import Typed
from ..forms.item_form import SEEN, ItemForm
from . import drafts
from .request_context import door, reader

Answer = str | Response | tuple[str, int]


def register(
    form_of: Callable[[Typed], ItemForm],
    draft: Typed | None,
    workflow: Workflow,
    template: str,
    *,
    number: str,
    twice: str,
) -> Answer:
    """The form; or what comes of it.

    Args:
        form_of: the form as it was filled in.
        draft: what is kept of it.
        number: what the number outside is called, by which the same thing is one.
        twice: said where the form was given before with other content.
    """

    def page(form: ItemForm, *, draft: bool = False, wrong: str = "", refused: object = (), seen: str = "") -> str:
        return render_template(template, form=form, draft=draft, wrong=wrong, refused=refused, seen=seen)

    form = form_of(draft or request.form)
    if draft or request.method != "POST":
        return page(form if draft else form.begun(), draft=draft is not None)
    if (wanted := form.typed.get("do", "")).startswith("more:"):
        return page(form.with_row(wanted.removeprefix("more:")))
    try:
        item = form.read(workflow, reader().actor, reader().office)
    except FormFaults as fault:
        return page(form.wrong(fault.faults)), 422
    doubt = form.doubt(item.order.command)
    if doubt and form.typed.get(SEEN) != doubt:
        return page(form, wrong=doubt, seen=doubt), 422
    try:
        door().submit(item.order, item.people)
    except NumberTaken as fault:
        return page(form, wrong=fault.sentence), 409
    except CaseAlreadyOpen:
        flash(f"{number} {item.order.command.number} 已经登记过，就是这一件。")  # type: ignore[attr-defined]
    except UnfitText as fault:
        return page(form, wrong=fault.sentence), 422
    except Refused as refused:
        return page(form, refused=refused.refusals), 422
    except (CommandIdReused, PersonTaken):
        return page(form.renumbered(), wrong=twice), 409
    drafts.done()
    return redirect(url_for("cases.show", case_id=item.order.case), 303)
