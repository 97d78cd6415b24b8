"""Pages under load: 218 claimants, a firm of forty characters, three thousand characters of statement."""

from __future__ import annotations

import re
from collections.abc import Callable

from mediation_engine.domain.roles import Office

from ..story import Story
from .conftest import Browser, app_over

Sign = Callable[[Office | str], Browser]


def li_over(story: Story, who: str = "li") -> Browser:
    """Somebody signed in over a story."""
    client = app_over(story).test_client()
    assert client.sign_in(who).status_code == 302  # type: ignore[attr-defined]
    return client  # type: ignore[return-value]


def part(page: str, begin: str, end: str) -> str:
    """What of a page stands between two marks."""
    return page.partition(begin)[2].partition(end)[0]


# -- the way forward first


def test_the_case_page_and_what_is_missing_name_the_way_forward_first(told: Story) -> None:
    story = Story(told.store, told.clock, "A2")
    story.accepted()
    li = li_over(story)
    panel = part(li.get("/cases/A2").text, 'id="next-steps"', "离结案还差什么")
    assert re.findall(r'steps/(\w+)"', panel) == ["RecordTalk", "ScheduleSession", "RecordSession", "ReachAgreement"]
    page = li.get("/cases/A2/missing").text
    assert page.index("记录单独沟通") < page.index("也可以另行处理争议事项")
    assert page.index("履行完毕结案") < page.index("撤回申请")


def test_where_nothing_leads_on_the_panel_says_who_is_waited_for(told: Story) -> None:
    story = Story(told.store, told.clock, "A2").registered()
    page = li_over(story).get("/cases/A2").text
    assert "现在没有要您办的。接下来是受理（受理）：等室主任。" in page
    assert 'steps/AcceptCase"' in part(li_over(story, "wang").get("/cases/A2").text, 'id="next-steps"', "离结案")
