"""當天的填報: what was reported on a day, on one page and in one file."""

import re
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from items.models import Action, Department, Period, ReportState
from items.workflow import departments, history, periods, reporting
from tests.making import NOW

pytestmark = pytest.mark.django_db

CONTENT = {"text": "完成 12 處。", "percent": 95, "work_status": "in_progress"}


def moment(month, day, hour=2):
    return datetime(2026, month, day, hour, tzinfo=UTC)


@pytest.fixture
def share(make_action, administration):
    return make_action([administration]).assignments.get()


@pytest.fixture
def story(share, q4, mei, coordinator):
    """Sent on 11月18日, accepted on 19日, closed on 20日, then opened, mended and closed on 22日."""
    sent = reporting.write_and_submit(
        share, q4, CONTENT, version=0, by=mei, at=moment(11, 18), today=date(2026, 11, 18)
    )
    accepted = reporting.accept(sent, by=coordinator, at=moment(11, 19))
    closed = periods.close_period(q4, by=coordinator, at=moment(11, 20))
    opened = periods.reopen_period(closed, because="件數更正", by=coordinator, at=moment(11, 21))
    back = reporting.send_back(accepted, by=coordinator, at=moment(11, 21), words="件數不符。")
    mended = CONTENT | {"text": "完成 13 處。", "percent": 96}
    again = reporting.write_and_submit(
        share,
        opened,
        mended,
        version=back.version,
        by=mei,
        at=moment(11, 21, 5),
        today=date(2026, 11, 21),
    )
    reporting.accept(again, by=coordinator, at=moment(11, 21, 6))
    return periods.close_period(opened, by=coordinator, at=moment(11, 22, 1))


def words(client, **asked):
    answer = client.get(reverse("reported", args=[115]), asked)
    assert answer.status_code == 200
    return " ".join(strip_tags(answer.content.decode()).split())


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("day", "said", "not_said"),
    [
        ("115/11/17", ["當時還在填報中", "沒有送出"], ["完成 12 處"]),
        (
            "115/11/18",
            ["完成 12 處", "待研考", "實際 95%／預定 88%", "當時還在填報中"],
            ["備查 1 件"],
        ),
        ("115/11/19", ["完成 12 處", "備查 1 件"], ["完成 13 處"]),
        (
            "115/11/20",
            ["115年第4季 關閉時（115年11月20日）的內容", "完成 12 處", "第4季 已關閉"],
            ["重新開放：「"],
        ),
        (
            "115/11/21",
            ["關閉時（115年11月20日）", "完成 12 處", "件數更正", "第4季 重新開放"],
            ["完成 13 處"],
        ),
        ("115/11/22", ["第 2 次關閉時（115年11月22日）", "完成 13 處"], ["完成 12 處"]),
    ],
)
def test_each_day_has_one_answer(story, sign_in, auditor, day, said, not_said):
    shown = words(sign_in(auditor), day=day, period="4")
    for sentence in said:
        assert sentence in shown
    for sentence in not_said:
        assert sentence not in shown


@pytest.mark.one_engine
def test_what_happens_to_the_plan_afterwards_is_not_shown(
    story, share, sign_in, auditor, coordinator
):
    client = sign_in(auditor)
    asked = {"day": "115/11/22", "period": "4"}
    before = words(client, **asked)
    action = Action.objects.get()
    action.title = "改寫的作法"
    history.save(action, by=coordinator, at=NOW)
    departments.rename_department(
        Department.objects.get(name="行政處"), "總務處", by=coordinator, at=NOW
    )
    assert words(client, **asked) == before
    assert "行政處" in before


@pytest.mark.one_engine
def test_of_a_day_before_the_closing_the_wording_is_that_of_the_closing(
    story, sign_in, auditor, coordinator
):
    action = Action.objects.get()
    action.title = "改寫的作法"
    history.save(action, by=coordinator, at=NOW)
    shown = words(sign_in(auditor), day="115/11/18", period="4")
    assert "設置民眾休憩區" in shown
    assert "計畫文字、單位與期限是115年11月20日關閉時的" in shown


def test_two_states_are_both_there_by_their_number(story, sign_in, auditor):
    shown = words(sign_in(auditor), day="115/11/22", period="4", closing="1")
    assert "關閉時（115年11月20日）的內容" in shown
    assert "完成 12 處" in shown
    assert (
        sign_in(auditor)
        .get(reverse("reported", args=[115]), {"period": "4", "closing": "9"})
        .status_code
        == 404
    )


@pytest.mark.one_engine
def test_a_period_that_was_opened_later_gives_way_with_a_sentence(story, q3, sign_in, auditor):
    client = sign_in(auditor)
    q3.opened_at = NOW
    q3.save()
    shown = words(client, day="115/11/18", period="3")
    assert "115年11月18日當天，115年第3季還沒有開放填報，以下是第4季的。" in shown
    file = client.get(
        reverse("reported_export", args=[115, "csv"]), {"day": "115/11/18", "period": "3"}
    )
    assert file.status_code == 302
    assert client.get(reverse("reported", args=[115]), {"period": "9"}).status_code == 404


@pytest.mark.one_engine
def test_links_lead_to_days_on_which_something_is_there(story, q3, sign_in, auditor):
    q3.opened_at = NOW
    q3.save()
    page = sign_in(auditor).get(reverse("reported", args=[115])).content.decode()
    assert "第4季關閉 11月22日" in page
    assert "第3季末" not in page


def test_what_differs_between_two_states_is_shown_beside_each_other(
    share,
    q4,
    mei,
    coordinator,
    make_action,
    administration,
    make_report,
    sign_in,
    auditor,
    programme,
):
    """As `story` has it, with an item beside it that nobody touches."""
    other = make_action([administration], title="修繕臺階").assignments.get()
    make_report(other, q4, mei, text="修好 4 階。", planned_percent=88)
    make_report(share, q4, mei, text="完成 12 處。", planned_percent=88)
    closed = periods.close_period(q4, by=coordinator, at=moment(11, 20))
    opened = periods.reopen_period(closed, because="件數更正", by=coordinator, at=moment(11, 21))
    share.reports.update(text="完成 13 處。")
    programme.behind_threshold = 11
    # Both by a clock that has been set back: what was written between the two closings counts.
    history.save(programme, by=coordinator, at=moment(11, 19))
    periods.close_period(opened, by=coordinator, at=moment(11, 22, 1))
    # What was changed afterwards has changed none of the two.
    programme.soon_days = 7
    history.save(programme, by=coordinator, at=moment(11, 21, 3))
    client = sign_in(auditor)
    both = words(client, day="115/11/22", period="4", closing="2", changed="1")
    assert "與第 1 次關閉不同的 1 件" in both
    rules = "兩次關閉之間改過落後門檻（百分點） 10 → 11：同一份填報的燈號可能只因此不同。"
    assert rules in both
    assert (
        both.index("完成 13 處")
        < both.index("第 1 次關閉時（115年11月20日）")
        < both.index("完成 12 處")
    )
    assert "修好 4 階" not in both
    # The first state has none before it, and shows everything.
    first = words(client, day="115/11/22", period="4", closing="1", changed="1")
    assert "兩次關閉之間" not in first
    assert "修好 4 階" in first
    page = client.get(reverse("reported", args=[115]), {"day": "115/11/22", "period": "4"})
    text = page.content.decode()
    assert "只列與第 1 次不同的，兩次並列" in text
    assert re.findall(r"export\.xlsx\?[^\"]*closing=(\d)", text) == ["1", "2"]


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"day": "十一月"}, "日期："),
        ({"day": "115/12/1"}, "這一天還沒有到，請填今天或以前的日期。"),
        ({"day": "114/1/1"}, "還沒有開放任何填報期"),
        ({"department": "999"}, "這一期當時沒有這個單位，請重新選擇。"),
        ({"code": "99"}, "沒有符合的項目。"),
        ({"code": "1"}, "設置民眾休憩區"),
    ],
)
def test_the_form_says_what_is_wrong_or_empty(story, sign_in, auditor, asked, said):
    assert said in words(sign_in(auditor), **asked)


@pytest.mark.one_engine
def test_a_draft_is_neither_shown_nor_named(share, q4, mei, sign_in, auditor, make_report):
    make_report(share, q4, mei, text="還在寫", state=ReportState.DRAFT)
    shown = words(sign_in(auditor), period="4")
    assert "未填報" in shown
    assert "還在寫" not in shown
    assert "草稿" not in shown


@pytest.mark.one_engine
def test_the_file_is_that_of_the_day(story, sign_in, auditor):
    client = sign_in(auditor)
    address = reverse("reported_export", args=[115, "csv"])
    first = client.get(address, {"day": "115/11/20", "period": "4"}).content.decode()
    open_then = client.get(address, {"day": "115/11/18", "period": "4"})
    assert "完成 12 處" in first
    assert "完成 12 處" in open_then.content.decode()
    assert "115%E5%B9%B411%E6%9C%8818%E6%97%A5" in open_then["Content-Disposition"]
    newest = client.get(address, {"day": "115/11/22", "period": "4"}).content
    assert client.get(reverse("progress_export", args=[115, 4, "csv"])).content == newest
    assert client.get(address, {"day": "十一月"}).status_code == 302


@pytest.mark.one_engine
def test_queries_do_not_grow(
    make_action,
    administration,
    information,
    q4,
    coordinator,
    sign_in,
    auditor,
    django_assert_max_num_queries,
):
    for number in range(30):
        make_action([administration, information], title=f"設置第{number}區")
    periods.close_period(Period.objects.get(pk=q4.pk), by=coordinator, at=NOW)
    client = sign_in(auditor)
    with django_assert_max_num_queries(13):
        words(client, period="4")
