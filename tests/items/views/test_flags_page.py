"""Quality flags on the pages: a filter and a count, and the setting of the year."""

import pytest
from django.urls import reverse

from items.models import Change, ReportState
from items.worklists.years import proposed_year
from tests.items.views.answers import page, text_of
from tests.making import TODAY

FLAGS = (",short,", ",fell=80,short,", "")


@pytest.fixture
def waiting(make_action, make_report, administration, q4, mei):
    """Three reports in a state, of which two bear 內容過短 and one 進度倒退."""

    def make(state):
        reports = []
        for flags in FLAGS:
            assignment = make_action([administration]).assignments.get()
            reports.append(make_report(assignment, q4, mei, state=state, flags=flags))
        return reports

    return make


@pytest.mark.parametrize(
    ("person", "name", "state", "intent"),
    [
        ("head", "inbox", ReportState.WITH_HEAD, "endorse"),
        ("coordinator", "review", ReportState.WITH_COORDINATOR, "accept"),
    ],
)
def test_each_flag_is_a_count_and_a_filter_that_stays(
    request, sign_in, waiting, person, name, state, intent
):
    client = sign_in(request.getfixturevalue(person))
    reports = waiting(state)
    assert "⚑ 內容過短 2 ⚑ 進度倒退 1" in text_of(page(client, name))
    address = reverse(name, args=[115]) + "?flag=fell"
    shown = client.get(address)
    assert "⚑ 內容過短 2 ⚑ 進度倒退 1 看全部" in text_of(shown)
    assert "進度倒退（上期 80%） 請確認數字，或說明為什麼" in text_of(shown)
    assert shown.content.decode().count('name="shown"') == 1
    ticked = f"{reports[1].pk}:{reports[1].version}"
    after = client.post(address, {"intent": f"{intent}-all", "shown": [ticked]}, follow=True)
    # The filter stays, and nothing is left of it.
    assert after.redirect_chain[0][0].endswith("?flag=fell")
    assert "⚑ 內容過短 1 ⚑ 進度倒退 0 看全部" in text_of(after)
    assert 'name="shown"' not in after.content.decode()
    assert client.get(reverse(name, args=[115]), {"flag": "nothing"}).status_code == 404


@pytest.mark.one_engine
def test_a_year_looks_at_the_flags_of_its_setting(sign_in, coordinator, programme, waiting):
    waiting(ReportState.WITH_COORDINATOR)
    client = sign_in(coordinator)
    every = ["phrase", "short", "unchanged", "no_figure", "no_evidence"]
    every += ["fell", "jump", "unexplained", "behind_again", "overdue"]
    ticked = [flag for flag in every if flag != "short"]
    address = reverse("year_flags", args=[115])
    answer = client.post(address, {"flags": ticked, "shown": every}, follow=True)
    assert "已儲存：品質提示。" in answer.content.decode()
    shown = text_of(page(client, "review"))
    assert "⚑ 進度倒退 1" in shown
    assert "內容過短" not in shown
    entry = Change.objects.latest("pk")
    [difference] = entry.differences()
    assert (difference.label, difference.new) == ("不看的品質提示", "內容過短")
    # Somebody else whose page still showed all of them takes away another one.
    client.post(address, {"flags": [one for one in every if one != "fell"], "shown": every})
    programme.refresh_from_db()
    assert programme.flags_off == ",short,fell,"
    assert proposed_year(TODAY).flags_off == ",short,fell,"
    assert "沒有這種品質提示" in client.post(address, {"flags": "x"}, follow=True).content.decode()
