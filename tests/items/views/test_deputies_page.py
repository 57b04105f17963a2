"""代理 on the pages: naming, ending, and what the deputy sees and does."""

import pytest
from django.urls import reverse

from items.models import Deputy, ReportState, ReportStep
from items.workflow import deputies
from tests.items.views.answers import page
from tests.making import NOW, TODAY

WORDS = {"starts_on": "115/11/22", "ends_on": "11/27"}


@pytest.fixture(autouse=True)
def _on_the_day(settings):
    settings.DEMONSTRATION = True
    settings.DEMONSTRATION_DATE = TODAY


def address():
    return reverse("deputies", args=[115])


@pytest.mark.one_engine
def test_somebody_names_a_deputy_for_themselves_and_ends_it(sign_in, programme, head, hao, mei):
    client = sign_in(head)
    # Whom else the form may name: what is posted beside it changes nothing.
    answer = client.post(address(), WORDS | {"deputy": hao.pk, "person": mei.pk}, follow=True)
    assert "已指定：陳處長由林志豪代理（115年11月22日至115年11月27日）" in answer.content.decode()
    row = Deputy.objects.get()
    assert (row.person, row.deputy, row.made_by) == (head, hao, head)
    assert "代理中，還有 5 天" in answer.content.decode()
    ended = client.post(reverse("deputy_end", args=[115, row.pk]), follow=True)
    assert "陳處長由林志豪代理已經結束" in ended.content.decode()
    row.refresh_from_db()
    assert row.ended_by == head


def test_the_plan_office_names_one_for_anybody(sign_in, programme, coordinator, head, hao):
    client = sign_in(coordinator)
    shown = client.get(address(), {"person": head.pk}).content.decode()
    assert f'<option value="{head.pk}" selected>' in shown
    client.post(address(), WORDS | {"person": head.pk, "deputy": hao.pk})
    row = Deputy.objects.get()
    assert (row.person, row.made_by) == (head, coordinator)


def test_what_is_wrong_is_said_and_nothing_is_lost(sign_in, programme, head, hao):
    client = sign_in(head)
    shown = client.post(address(), {"deputy": hao.pk, "starts_on": "115/11/25", "ends_on": ""})
    assert "請填代理到哪一天。" in shown.content.decode()
    assert 'value="115/11/25"' in shown.content.decode()
    shown = client.post(address(), WORDS | {"deputy": hao.pk, "ends_on": "115/11/20"})
    assert "不能早於" in shown.content.decode()
    assert not Deputy.objects.exists()


@pytest.mark.one_engine
def test_whoever_has_nothing_to_stand_in_for_is_told_so(sign_in, programme, manager, hao):
    client = sign_in(manager)
    assert "沒有需要代理的工作" in client.get(address()).content.decode()
    assert client.post(address(), WORDS | {"deputy": hao.pk}).status_code == 403


@pytest.mark.one_engine
def test_nobody_ends_what_is_not_theirs(sign_in, programme, head, hao, mei):
    row = deputies.name_deputy(head, hao, TODAY, TODAY, by=head, at=NOW)
    end = reverse("deputy_end", args=[115, row.pk])
    assert sign_in(mei).post(end).status_code == 404
    assert sign_in(hao).post(end).status_code == 404
    assert Deputy.objects.get().ended_at is None


def test_the_deputy_endorses_several_from_the_inbox_of_the_head(
    sign_in, make_action, make_report, administration, q4, mei, head, hao
):
    deputies.name_deputy(head, hao, TODAY, TODAY, by=head, at=NOW)
    reports = []
    for _ in range(2):
        assignment = make_action([administration]).assignments.get()
        reports.append(make_report(assignment, q4, mei, state=ReportState.WITH_HEAD))
    client = sign_in(hao)
    shown = page(client, "inbox").content.decode()
    assert "您正代理陳處長" in shown
    assert "待您核可 2 件" in shown
    shown_ones = [f"{report.pk}:{report.version}" for report in reports]
    client.post(reverse("inbox", args=[115]), {"intent": "endorse-all", "shown": shown_ones})
    names = {step.by_words for step in ReportStep.objects.filter(kind="endorse")}
    assert names == {"陳處長（林志豪代理）"}
    assert (
        "陳處長（林志豪代理）"
        in client.get(reverse("report", args=[115, reports[0].pk])).content.decode()
    )


def test_a_day_later_the_inbox_is_closed_again(sign_in, settings, programme, head, hao):
    deputies.name_deputy(head, hao, TODAY, TODAY, by=head, at=NOW)
    client = sign_in(hao)
    assert client.get(reverse("inbox", args=[115])).status_code == 200
    settings.DEMONSTRATION_DATE = TODAY.replace(day=23)
    assert client.get(reverse("inbox", args=[115])).status_code == 403


def test_the_record_and_its_file_say_both_names(
    sign_in, make_action, make_report, administration, q4, mei, head, hao, auditor
):
    assignment = make_action([administration]).assignments.get()
    report = make_report(assignment, q4, mei)
    ReportStep.objects.create(
        report=report,
        number=2,
        kind="endorse",
        from_state="with_head",
        to_state="with_coordinator",
        by=hao,
        for_whom=head,
        at=NOW,
        content=report.content(),
    )
    client = sign_in(auditor)
    for person in (head, hao):
        shown = client.get(reverse("record", args=[115]), {"person": person.pk}).content.decode()
        assert "陳處長（林志豪代理）" in shown
    file = client.get(reverse("record_export", args=[115, "csv"]))
    assert "陳處長（林志豪代理）" in file.content.decode("utf-8-sig")
