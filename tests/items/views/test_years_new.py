"""年度與設定: the plan office makes the next year and sets it up on pages of the product."""

import re
from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from items.models import Change, Door, Frequency, Programme, ProgrammeState
from items.workflow import periods
from items.worklists.years import proposed_year
from tests.making import NOW, TODAY


@pytest.fixture(autouse=True)
def _on_the_day(settings):
    settings.DEMONSTRATION = True
    settings.DEMONSTRATION_DATE = TODAY


def words(response):
    return unescape(response.content.decode())


def filled_in(response):
    """{name: value} of the text fields of the page's form."""
    page = words(response)
    fields = re.findall(r'<input[^>]*name="(\w+)"[^>]*>', page)
    values = {}
    for name in fields:
        value = re.search(rf'<input[^>]*name="{name}" value="([^"]*)"', page)
        values[name] = value.group(1) if value else ""
    return values


# The next year


@pytest.mark.one_engine
def test_the_next_year_is_filled_in_and_made(office, coordinator, programme):
    programme.behind_threshold = 15
    programme.save()
    page = office.get(reverse("year_new"))
    values = filled_in(page)
    assert values["year"] == "116"
    assert values["title"] == "116年度花蓮港務分公司提升服務品質執行計畫"
    assert (values["starts_on"], values["ends_on"]) == ("116/01/01", "116/12/31")
    answer = office.post(reverse("year_new"), values, follow=True)
    assert "已新增 116 年度（研擬中）" in words(answer)
    assert answer.redirect_chain[-1][0] == reverse("manage", args=[116])
    made = Programme.objects.get(year=116)
    assert made.state == ProgrammeState.DRAFT
    assert made.behind_threshold == 15
    entry = Change.objects.get(model="programme", object_id=made.pk)
    assert (entry.kind, entry.by, entry.door) == ("created", coordinator, Door.PAGE)


@pytest.mark.one_engine
def test_another_year_takes_along_what_was_not_touched(office, programme):
    values = filled_in(office.get(reverse("year_new")))
    office.post(reverse("year_new"), values | {"year": "118"})
    made = Programme.objects.get(year=118)
    assert made.title.startswith("118年度")
    assert (made.starts_on, made.ends_on) == (date(2029, 1, 1), date(2029, 12, 31))


@pytest.mark.one_engine
def test_days_may_be_left_out_and_typed_without_the_year(office, programme):
    values = filled_in(office.get(reverse("year_new")))
    data = values | {"starts_on": "", "ends_on": "", "approved_on": "3/15"}
    office.post(reverse("year_new"), data)
    made = Programme.objects.get(year=116)
    assert (made.starts_on, made.ends_on) == (date(2027, 1, 1), date(2027, 12, 31))
    assert made.approved_on == date(2027, 3, 15)


@pytest.mark.one_engine
def test_an_empty_office_begins_with_the_year_of_today(office):
    page = words(office.get(reverse("years")))
    assert "還沒有任何年度" in page
    assert "新增 115 年度" in page
    # The bar leads here, although there is no year that a page could be of.
    assert f'<a href="{reverse("years")}" aria-current="true">管理</a>' in page
    values = filled_in(office.get(reverse("year_new")))
    assert values["year"] == "115"
    office.post(reverse("year_new"), values)
    assert Programme.objects.get().year == 115


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"year": "115"}, "這個年度已經建立了。"),
        ({"year": "2027"}, "請填 100 到 199 的民國年度"),
        ({"year": ""}, "請填民國年度。"),
        ({"title": " "}, "請寫出計畫名稱。"),
        ({"title": "長" * 201}, "計畫名稱最多 200 個字"),
        ({"ends_on": "116/13/40"}, "116/13/40"),
        ({"starts_on": "116/12/31", "ends_on": "116/1/1"}, "起始日要早於結束日"),
    ],
)
def test_what_cannot_be_a_year_is_said_and_nothing_is_made(office, programme, data, sentence):
    values = filled_in(office.get(reverse("year_new")))
    answer = office.post(reverse("year_new"), values | data)
    assert sentence in words(answer)
    assert "還沒有儲存" in words(answer)
    assert Programme.objects.count() == 1


# The list


@pytest.mark.one_engine
def test_the_list_says_how_each_year_stands(office, programme, quarters, make_action):
    make_action([])
    Programme.objects.create(
        year=116, title="116年度計畫", starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31)
    )
    page = words(office.get(reverse("years")))
    assert "115年1月1日至115年12月31日；115年4月27日核定。" in page
    assert "1 項；4 個填報期，3 個已關閉，第4季開放中。" in page
    assert "還沒有填核定日期。還沒有項目；填報期還沒有建立。" in page
    assert "115 年度仍在執行：大家登入後" in page
    # An open period stands in the way: it is said instead of a button that fails.
    assert "第4季還在填報中，關閉後才能結案。" in page
    assert reverse("year_step", args=[115, "close"]) not in page


def test_the_information_office_moves_years_and_is_not_led_to_periods(
    sign_in, admin, programme, quarters
):
    page = words(sign_in(admin).get(reverse("years")))
    assert reverse("year_settings", args=[115]) in page
    assert "第4季還在填報中，關閉後才能結案。" in page
    assert reverse("periods", args=[115]) not in page


@pytest.mark.one_engine
def test_the_number_of_queries_does_not_depend_on_the_number_of_years(
    office, programme, make_action, coordinator
):
    make_action([])

    def add(year):
        made = Programme.objects.create(
            year=year, title="計畫", starts_on=date(year + 1911, 1, 1),
            ends_on=date(year + 1911, 12, 31), state=ProgrammeState.CLOSED,
        )  # fmt: skip
        periods.lay_out(made, by=coordinator, at=NOW)
        strategy = made.strategies.create(number=1, title="策略")
        plan = strategy.methods.create(position=1, title="方法").plans.create(
            position=1, title="計畫"
        )
        plan.actions.create(position=1, code=f"{year}-01", title="作法")

    def count():
        with CaptureQueriesContext(connection) as queries:
            office.get(reverse("years"))
        return len(queries)

    add(114)
    office.get(reverse("years"))
    before = count()
    for year in range(105, 114):
        add(year)
    assert count() == before


# 設定


def settings_of(programme):
    """What the form of the year would send, untouched."""
    return {
        "title": programme.title,
        "approved_on": "115/04/27",
        "starts_on": "115/01/01",
        "ends_on": "115/12/31",
        "behind_threshold": "10",
        "soon_days": "30",
        "frequency": "quarter",
    }


@pytest.fixture
def save(office, programme):
    def save(**data):
        address = reverse("year_settings", args=[115])
        return office.post(address, settings_of(programme) | data, follow=True)

    return save


@pytest.mark.one_engine
def test_thresholds_and_days_are_changed_with_their_history(save, coordinator, programme):
    answer = words(save(behind_threshold="15", approved_on="5/1"))
    assert "已儲存：核定日期、落後門檻（百分點）。" in answer
    programme.refresh_from_db()
    assert programme.behind_threshold == 15
    assert programme.approved_on == date(2026, 5, 1)
    entry = Change.objects.get(model="programme")
    assert entry.by == coordinator
    assert entry.fields["behind_threshold"] == [10, 15]


@pytest.mark.one_engine
def test_the_factors_of_delay_are_a_list_that_the_plan_office_edits(save, coordinator, programme):
    answer = words(save(delay_factors="人力不足\r\n\r\n 缺料 \r\n"))
    assert "已儲存：落後因素。" in answer
    programme.refresh_from_db()
    assert programme.delay_factor_list == ["人力不足", "缺料"]
    assert proposed_year(TODAY).delay_factor_list == ["人力不足", "缺料"]


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("缺料\n缺料", "第 2 行：「缺料」前面已經寫過了，請刪掉一行。"),
        ("缺" * 51, "第 1 行有 51 個字，最多 50 個字，請縮短。"),
        ("\n".join(map(str, range(31))), "有 31 個，最多 30 個，請合併幾個。"),
    ],
)
def test_a_list_of_factors_that_cannot_stand_is_refused_in_words(
    save, programme, written, sentence
):
    assert sentence in words(save(delay_factors=written))
    programme.refresh_from_db()
    assert "不可抗力" in programme.delay_factor_list


@pytest.mark.one_engine
def test_nothing_changed_leaves_no_history(save):
    assert "沒有變動。" in words(save())
    assert not Change.objects.exists()


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"behind_threshold": "0"}, "請填 1 到 100 的整數。"),
        ({"behind_threshold": ""}, "請填 1 到 100 的整數。"),
        ({"soon_days": "三十"}, "請填 0 到 365 的整數。"),
        ({"title": ""}, "請寫出計畫名稱。"),
        ({"ends_on": "115/1/1"}, "起始日要早於結束日"),
    ],
)
def test_settings_that_cannot_be_are_said_and_nothing_is_written(save, programme, data, sentence):
    assert sentence in words(save(**data))
    assert not Change.objects.exists()


@pytest.mark.one_engine
def test_the_frequency_can_be_chosen_until_periods_are_laid_out(
    save, office, programme, coordinator
):
    save(frequency="month")
    programme.refresh_from_db()
    assert programme.frequency == Frequency.MONTH
    periods.lay_out(programme, by=coordinator, at=NOW)
    save(frequency="quarter")
    programme.refresh_from_db()
    assert programme.frequency == Frequency.MONTH
    page = words(office.get(reverse("year_settings", args=[115])))
    assert "填報期已經建立，頻率不能再改" in page


def test_a_step_that_somebody_took_meanwhile_stays(save, programme):
    # The page was open while the year was closed.
    Programme.objects.update(state=ProgrammeState.CLOSED)
    save(title="115年度修正計畫")
    programme.refresh_from_db()
    assert programme.state == ProgrammeState.CLOSED
    assert programme.title == "115年度修正計畫"


def test_the_second_of_two_who_set_a_threshold_is_told(save, programme):
    save(behind_threshold="15")
    answer = words(save(**{"behind_threshold": "20", "initial-behind_threshold": "10"}))
    assert "顏研考在115年11月22日" in answer
    assert "現在是「15」，您要改成「20」" in answer
    programme.refresh_from_db()
    assert programme.behind_threshold == 15


@pytest.mark.one_engine
def test_a_closed_year_says_what_another_threshold_would_do(office, programme):
    programme.state = ProgrammeState.CLOSED
    programme.save()
    page = words(office.get(reverse("year_settings", args=[115])))
    assert "會改變已結案年度的燈號" in page


def test_a_reason_that_is_too_long_is_kept_for_shortening(office, programme):
    programme.state = ProgrammeState.CLOSED
    programme.save()
    reason = "補登" * 251
    answer = words(
        office.post(reverse("year_step", args=[115, "reopen"]), {"because": reason}, follow=True)
    )
    assert "恢復執行的原因太長，最多 500 個字" in answer
    assert f"{reason}</textarea>" in answer
    programme.refresh_from_db()
    assert programme.is_closed
