"""通知: the page, opening one, marking all, and the count in the bar."""

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from items.models import Meeting, Notice, NoticeEvent, ReportState
from items.workflow import deputies, directives, notices, reporting
from items.workflow.directives import DirectiveContent
from tests.making import NO_KEY, NOW, TODAY

PAGE = reverse("notices")
READ = reverse("notices_read")


@pytest.fixture(autouse=True)
def _on_the_day(settings):
    settings.DEMONSTRATION = True
    settings.DEMONSTRATION_DATE = TODAY


@pytest.fixture
def returned(make_action, administration, make_report, q4, mei, coordinator):
    """A report of 美 that came back, and a notice of it."""
    assignment = make_action([administration]).assignments.get()
    sent = make_report(assignment, q4, mei, percent=95, state=ReportState.WITH_COORDINATOR)
    return reporting.send_back(sent, words="請附紀錄。", by=coordinator, at=NOW)


def of(person):
    return Notice.objects.filter(person=person).order_by("-pk").first()


def opened(client, notice):
    return client.post(reverse("notice_open", args=[notice.pk]))


def count_in_bar(client):
    """The figure beside 通知 on some page; 0 where there is none."""
    content = client.get(reverse("sign_ins")).content.decode()
    found = re.search(r'class="bell".*?<b>(\d+)</b>', content)
    return int(found[1]) if found else 0


def test_a_notice_is_counted_read_and_leads_to_what_it_tells(sign_in, mei, returned):
    client = sign_in(mei)
    assert count_in_bar(client) == 1
    page = client.get(PAGE).content.decode()
    assert "115-01 行政處・115年第4季：退回了，請看原因，補正後再送出" in page
    assert "今天（115年11月22日）" in page
    assert "顏研考" in page
    # A look at the page marks nothing, and neither does a link that somebody follows.
    assert client.get(reverse("notice_open", args=[of(mei).pk])).status_code == 405
    assert count_in_bar(client) == 1
    answer = opened(client, of(mei))
    assert answer.url == reverse("report_form", args=[115, returned.assignment_id, 4])
    assert of(mei).read_at is not None
    assert count_in_bar(client) == 0


@pytest.mark.one_engine
def test_the_page_is_empty_and_says_what_will_stand_there(sign_in, hao, returned):
    client = sign_in(hao)
    assert "還沒有通知" in client.get(PAGE).content.decode()
    assert "沒有未讀的通知" in client.get(f"{PAGE}?show=unread").content.decode()


def test_all_are_marked_but_not_those_that_came_since(sign_in, mei, hao, coordinator, returned):
    client = sign_in(mei)
    newest = of(mei).pk
    notices.tell([mei, hao], NoticeEvent.REMINDED, returned, by=coordinator, at=NOW)
    answer = client.post(READ, {"newest": newest}, follow=True)
    assert "已將 1 則通知標示為已讀" in answer.content.decode()
    assert [notice.is_read for notice in Notice.objects.order_by("pk")] == [True, False, False]
    # Sent twice, or with nonsense, it changes nothing and says so.
    for value in (newest, "", "x", "9" * 30):
        answer = client.post(READ, {"newest": value}, follow=True)
        assert "沒有未讀的通知，沒有變動" in answer.content.decode()
    assert (
        "115-01 行政處・115年第4季：請您辦理" in client.get(f"{PAGE}?show=unread").content.decode()
    )


@pytest.mark.one_engine
def test_notices_are_nobody_elses(sign_in, mei, hao, admin, auditor, returned):
    for person in (hao, admin, auditor):
        client = sign_in(person)
        assert "115-01" not in client.get(PAGE).content.decode()
        assert opened(client, of(mei)).status_code == 404
        client.post(READ, {"newest": NO_KEY})
    assert not of(mei).is_read


def test_a_deputy_reads_them_with_both_names_and_only_while_standing_in(
    sign_in, mei, hao, returned, coordinator
):
    row = deputies.name_deputy(mei, hao, TODAY, TODAY, by=mei, at=NOW)
    sent = Notice.objects.get(event="deputy_named")
    sent.delete()
    notices.tell([mei], NoticeEvent.REMINDED, returned, by=coordinator, at=NOW)
    client = sign_in(hao)
    assert "王美玲的，由林志豪代理" in client.get(PAGE).content.decode()
    assert count_in_bar(client) == 1
    deputies.end(row, by=mei, at=NOW)
    of(hao).delete()
    assert count_in_bar(client) == 0
    assert "115-01" not in client.get(PAGE).content.decode()


def test_each_thing_leads_to_its_page(
    sign_in, mei, coordinator, programme, administration, returned, q4
):
    meeting = Meeting(programme=programme, name="檢討會議", held_on=TODAY)
    directives.save_meeting(meeting, by=coordinator, at=NOW)
    content = DirectiveContent(text="請加速。", departments=[administration])
    directive = directives.give(meeting, content, by=coordinator, at=NOW)
    answer = directive.answers.get()
    client = sign_in(mei)
    assert opened(client, of(mei)).url == reverse("directive_answer", args=[115, answer.pk])
    for event, about, address in [
        (NoticeEvent.RELEASE_AGREED, answer, f"/115/meetings/{meeting.pk}/#answer-{answer.pk}"),
        (NoticeEvent.PERIOD_OPENED, q4, "/115/todo/"),
        (NoticeEvent.REMINDED, returned.assignment, "/115/actions/115-01/"),
    ]:
        notices.tell([mei], event, about, by=coordinator, at=NOW)
        assert opened(client, of(mei)).url == address
    client = sign_in(coordinator)
    notices.tell([coordinator], NoticeEvent.RELEASE_ASKED, answer, by=mei, at=NOW)
    assert opened(client, of(coordinator)).url.endswith(f"#answer-{answer.pk}")


def test_what_is_gone_is_said_and_the_notice_is_read(sign_in, mei, coordinator, programme):
    meeting = Meeting(programme=programme, name="檢討會議", held_on=TODAY)
    directives.save_meeting(meeting, by=coordinator, at=NOW)
    notices.tell([mei], NoticeEvent.REMINDED, meeting, by=coordinator, at=NOW)
    client = sign_in(mei)
    answer = client.post(reverse("notice_open", args=[of(mei).pk]), follow=True)
    assert "已經刪除，或您已經不能查看" in answer.content.decode()
    assert of(mei).is_read
    # An event that a later version has brought back to this one is shown all the same.
    Notice.objects.update(event="not_known", read_at=None)
    assert "有新的變動" in client.get(PAGE).content.decode()


@pytest.mark.one_engine
def test_queries_do_not_grow(
    sign_in, mei, coordinator, make_action, administration, returned, django_assert_max_num_queries
):
    client = sign_in(mei)
    for number in range(30):
        action = make_action([administration])
        at = NOW - timedelta(days=number)
        notices.tell([mei], NoticeEvent.REMINDED, action.assignments.get(), by=coordinator, at=at)
    client.get(PAGE)
    with django_assert_max_num_queries(12):
        page = client.get(PAGE).content.decode()
    assert page.count("請您辦理") == 30


def test_the_command_sweeps(mei, returned, capsys):
    Notice.objects.update(at=NOW - timedelta(days=181))
    call_command("sweep_notices", "--dry-run")
    assert "超過 180 天的通知：會刪除 1 則。" in capsys.readouterr().out
    call_command("sweep_notices")
    assert not Notice.objects.exists()
