"""What templates are given to write with."""

from __future__ import annotations

import pytest
from flask import Flask
from jinja2 import UndefinedError


@pytest.mark.parametrize("written", ["{{ it.cases }}", "{% if it.cases %}{% endif %}", "{{ link(it.cases) }}"])
def test_what_a_thing_has_not_is_a_fault_and_no_empty_place(app: Flask, written: str) -> None:
    given = {"it": {"case": "A1"}, "link": "/cases/{}".format}
    with pytest.raises(UndefinedError):
        app.jinja_env.from_string(written).render(**given)


def test_what_a_page_was_not_handed_is_not_shown(app: Flask) -> None:
    assert app.jinja_env.from_string("{% if fault %}{{ fault }}{% endif %}").render() == ""
