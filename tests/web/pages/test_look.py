"""Pages under load: 218 claimants, a firm of forty characters, three thousand characters of statement."""

from __future__ import annotations

import re

import pytest

from web.security import passwords

from ...support.crowd import FIRM, UNBROKEN, agreed, crowd
from ...support.story import Story
from ..conftest import PASSWORD, Browser, app_over
from ..forms.test_command_form import posted


@pytest.fixture
def many(told: Story) -> Story:
    """A case of 219 parties."""
    return crowd(told)


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
    panel = part(li.whole("/cases/A2"), 'id="next-steps"', "离结案还差什么")
    first = ["TellRights", "RecordTalk", "RecordSession", "ReachAgreement", "ScheduleSession"]
    assert re.findall(r'steps/(\w+)["?]', panel) == first
    page = li.get("/cases/A2/missing").text
    assert page.index("记录单独沟通") < page.index("也可以另行处理争议事项")
    assert page.index("履行完毕结案") < page.index("撤回申请")


def test_what_is_missing_is_told_once_first_what_falls_due_first_with_papers_and_deliveries(told: Story) -> None:
    page = li_over(told).get("/cases/A1/missing").text
    main = re.sub("<[^>]+>", "", part(page, "<h1>离结案还差什么</h1>", "</main>"))
    assert main.index("王某") < main.index("上面各项办完以后，再“履行完毕结案”")
    assert main.count("某五金厂→王某 1.2万元") == 1, "what is owed, once"
    assert "案卷还缺" in main and "协议1还没有送给王某、某五金厂" in main
    days = re.findall("记录走访：走访，([\\d年月日]+)", main)
    assert len(days) == len({*days}) > 1, "each visit by its day"


def test_where_nothing_leads_on_the_panel_says_who_is_waited_for(told: Story) -> None:
    story = Story(told.store, told.clock, "A2").registered()
    page = li_over(story).whole("/cases/A2")
    assert "现在不用您办。接下来是受理：等室主任。" in page
    assert 'steps/AcceptCase"' in part(li_over(story, "wang").whole("/cases/A2"), 'id="next-steps"', "离结案")


# -- what is done for nobody unless chosen, and choosing among many


def ticked(page: str, name: str = "on") -> list[str]:
    return re.findall(rf'name="{name}" value="([^"]+)" checked', page)


def form_of(page: str) -> dict[str, list[str]]:
    form = posted(page.partition("<main")[2])
    return {name: form.getlist(name) for name in form if name != "do"}


@pytest.mark.parametrize(("command", "count"), [("DeclineToSign", 0), ("ConfirmAgreement", 0), ("RefuseMediation", 0)])
def test_a_partys_own_act_is_done_for_nobody_unless_chosen(told: Story, command: str, count: int) -> None:
    Story(told.store, told.clock, "A2").drafted()
    kind = "party" if command == "RefuseMediation" else "confirmation"
    li = li_over(told)
    assert len(ticked(li.get(f"/cases/A2/steps/{command}?on={kind}").text)) == count
    assert ticked(li.get(f"/cases/A2/steps/{command}?on={kind}/2").text) == [f"{kind}/2"], "one that was chosen is"


def test_an_act_of_the_room_is_for_all_who_were_named(told: Story) -> None:
    Story(told.store, told.clock, "A2").accepted()
    assert ticked(li_over(told).get("/cases/A2/steps/TellRights?on=party").text) == ["party/1", "party/2"]


def test_what_gives_something_up_is_for_nothing_unless_chosen(told: Story) -> None:
    page = li_over(told).get("/cases/A1/steps/CancelVisit?on=visit").text
    assert "visit/3" in page
    assert ticked(page) == []


def test_many_are_ticked_together_let_go_together_and_found_by_name(many: Story) -> None:
    li, path = li_over(many), "/cases/C1/steps/TellRights"
    page = li.get(f"{path}?on=party/1").text
    assert "共 219 项，已选 1 项" in page

    def press(button: str, **typed: str) -> str:
        nonlocal page
        also = {name.replace("_", "."): [value] for name, value in typed.items()}
        page = li.post(path, data=form_of(page) | also | {"do": [button]}).text
        return page

    assert "共 219 项，已选 219 项" in press("all:on")
    assert "共 219 项，已选 0 项" in press("none:on")
    press("find:on", find_on="工人21")
    shown = [f"party/{n}" for n in (21, *range(210, 219))]
    assert re.findall(r'type="checkbox" name="on" value="([^"]+)"', page) == shown
    press("all:on")
    assert "已选 10 项" in page
    assert "已选 10 项" in press("find:on", find_on=FIRM[-8:]), "what is not shown stays as it is"
    assert "已选 11 项" in press("all:on")
    before = many.door.case("C1").version
    assert "已办理" not in page
    answer = li.post(path, data=form_of(page) | {"do": ["do"]})
    assert answer.status_code == 303
    assert many.door.case("C1").version > before
    assert sum(p.told_rights is not None for p in many.door.case("C1").facts.parties.values()) == 11


def test_choices_of_a_field_are_ticked_together_too(many: Story) -> None:
    li, path = li_over(many), "/cases/C1/steps/RecordSession"
    form = form_of(li.get(path).text)
    page = li.post(path, data=form | {"do": ["all:f.attended"]}).text
    assert len(ticked(page, "f.attended")) == 219
    assert len(ticked(li.post(path, data=form_of(page) | {"do": ["none:f.attended"]}).text, "f.attended")) == 0


# -- nothing grows with the number of people


def test_a_case_of_219_parties_names_four_and_counts_the_rest(many: Story) -> None:
    agreed(many)
    li = li_over(many)
    page = li.whole("/cases/C1")
    assert f"阿、{UNBROKEN}、工人3、工人4等218方" in part(page, "<h1>", "</h1>")
    assert "共 218 项" in page
    assert "共 219 项：待确认 219" in page
    assert "当事人确认共 219 项：待确认 219" in page, "what is to be done"
    for path in ("/steps/RecordNote", "/replay", "/reads", "/missing"):
        head = part(li.get(f"/cases/C1{path}").text, "<main", "</h1>")
        assert "工人5" not in head, path
    assert "当事人确认 219 项" in li.get("/cases/C1/missing").text
    replay = part(li.get("/cases/C1/replay").text, 'class="stood"', "</section>")
    assert "共 219 项：参加调解 219" in replay
    assert "工人4等219方" in replay


def test_times_are_written_as_dates_are(told: Story) -> None:
    li = li_over(told)
    for path in ("/cases", "/cases/A1", "/cases/A1/reads", "/cases/A1/replay"):
        page = li.get(path).text
        assert "2026年11月23日（周一）" in page, path
        assert not re.search(r">[^<]*\d{4}-\d\d-\d\d[^<]*<", page.partition("<main")[2]), path


def test_an_empty_room_offers_the_first_registration(story: Story) -> None:
    with story.store.write() as unit:
        passwords.give_password(unit, "li", PASSWORD, once=False)
        passwords.give_password(unit, "chen", PASSWORD, once=False)
    for path in ("/work", "/cases"):
        assert 'role="button" class="second" href="/cases/new"' in li_over(story).get(path).text
        assert "/cases/new" not in li_over(story, "chen").get(path).text


def test_every_look_has_a_name(told: Story) -> None:
    li = li_over(told)
    for path in ("/cases/A1", "/cases/A1?show=joint", "/cases/A1/steps/RecordNote", "/cases/A1/missing"):
        assert li.get(path).status_code == 200
    for path in ("/replay", "/audit", "/reads", "/export"):
        assert li.get(f"/cases/A1{path}").status_code == 200
    told_of = re.findall(r"<tr><td>.*?</td><td>.*?</td><td>(.*?)</td></tr>", li.get("/cases/A1/reads").text)
    assert len(told_of) >= 8
    assert not [words for words in told_of if re.search(r"[a-z]", words)]
