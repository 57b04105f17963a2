"""The filter of the plan table: each condition alone, with a department, together, and refused."""

from datetime import date

import pytest
from django.http import QueryDict

from items import search
from items.deadline_ranges import quarter_of
from items.filters import PlanFilter
from items.models import Assignment, Department, ReportState, Strategy
from tests.making import TODAY


@pytest.fixture
def chosen(programme, manager):
    """chosen("light=over") → the codes of the list behind this query string."""

    def codes(query, user=None):
        filters = PlanFilter(
            QueryDict(query), user=user or manager, programme=programme, today=TODAY
        )
        return [action.code for action in filters.qs]

    return codes


def share(action, department):
    return Assignment.objects.get(action=action, department=department)


@pytest.fixture
def plan(make_action, make_report, administration, information, mei, hao, quarters):
    """Five actions: 01 fine, 02 behind in 資訊室 only, 03 overdue, 04 finished and released, 05 with a supporter who owes."""
    second, third = quarters[1:3]
    fine = make_action([administration], title="設置民眾休憩區", expected_benefit="洽公便利")
    behind = make_action(
        [administration, information], title="公布TPNet申辦資訊", expected_benefit="一站式查詢"
    )
    over = make_action([administration], title="修繕臺階", deadline=date(2026, 10, 31))
    released = make_action(
        [information], title="汰換設備", control_status="released", deadline=date(2027, 1, 31)
    )
    helped = make_action([administration], title="辦理座談會", deadline=date(2026, 12, 10))
    support = Assignment.objects.create(
        action=helped,
        department=information,
        kind="support",
        deadline=date(2026, 12, 10),
        deadline_text="115年12月10日",
    )
    for action in (fine, behind, over, helped):
        make_report(
            share(action, administration),
            third,
            mei,
            percent=80,
            text="已完成招商說明會",
            delay_reason="缺料",
        )
    make_report(share(behind, information), third, hao, percent=40, work_status="not_started")
    make_report(share(released, information), third, hao, percent=100, work_status="finished")
    make_report(support, second, hao, percent=70, work_status="continuous")
    make_report(support, third, hao, percent=71, text="草稿暗語", state=ReportState.DRAFT)


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", "01 02 03 04 05"),
        ("light=ok", "01"),
        ("light=behind", "02"),
        ("light=over", "03"),
        ("light=free", "04"),
        ("light=soon", "05"),
        ("light=over&light=behind", "02 03"),
        ("work_status=in_progress", "01 02 03 05"),
        ("work_status=not_started", "02"),
        ("work_status=finished", "04"),
        ("work_status=continuous", ""),  # only a supporter says so
        ("control=released", "04"),
        ("control=under_control", "01 02 03 05"),
        ("deadline=past", "03"),
        ("deadline=soon", "05"),
        ("deadline=quarter", "01 02 03 05"),
        ("deadline=later", "04"),
        ("unreported=3", "05"),
        ("unreported=2", "01 02 03 05"),
        ("strategy=1", "01 02 03 04 05"),
        ("q=休憩", "01"),
        ("q=115-03", "03"),
        ("q=一站式", "02"),
        ("q=tpnet", "02"),
        ("q=ＴＰＮｅｔ", "02"),
        ("q=台階", "03"),
        ("q=招商", "01 02 03 05"),
        ("q=缺料", "01 02 03 05"),
        ("q=招商 資訊室", "02 05"),
        ("q=招商　資訊室　座談", "05"),
        ("q=滾動檢討", "01 02 03 04 05"),
        ("q=完備基礎 標準作業", "01 02 03 04 05"),
        ("q=草稿暗語", ""),
        ("q=.*", ""),
        ("q=%5B", ""),
        ("light=behind&q=休憩", ""),
        ("sort=severity", "03 02 05 01 04"),
        ("sort=deadline", "03 05 01 02 04"),
        ("benefit=1", "01 02 03 04 05"),
        ("page=7&nonsense=x&light=", "01 02 03 04 05"),
    ],
)
def test_each_condition_finds_its_actions(plan, chosen, query, codes):
    assert chosen(query) == [f"115-{code}" for code in codes.split()]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", "02 04 05"),
        ("light=behind", "02"),
        ("light=unreported", "05"),  # as a lead, 05 is only due soon
        ("work_status=not_started", "02"),
        ("work_status=continuous", "05"),
        ("work_status=in_progress", ""),
        ("deadline=soon", "05"),
        ("unreported=3", "05"),
        ("sort=deadline", "05 02 04"),
        ("sort=severity", "05 02 04"),
    ],
)
def test_with_a_department_progress_is_that_of_its_own_share(
    plan, chosen, information, query, codes
):
    assert chosen(f"department={information.pk}&{query}") == [
        f"115-{code}" for code in codes.split()
    ]


def test_the_cause_of_a_delay_is_that_of_the_newest_report(
    plan, chosen, make_action, make_report, administration, mei, quarters
):
    second, third = quarters[1:3]
    held_up = make_action([administration], code="115-08")
    gone_on = make_action([administration], code="115-09")
    for action in (held_up, gone_on):
        make_report(share(action, administration), second, mei, delay_factor="不可抗力")
    make_report(share(held_up, administration), third, mei, delay_factor="其他")
    make_report(share(gone_on, administration), third, mei)
    assert chosen("delay_factor=其他") == ["115-08"]
    assert chosen("delay_factor=不可抗力") == []
    assert chosen(f"delay_factor=其他&department={administration.pk}") == ["115-08"]


def test_a_year_without_causes_offers_none(plan, programme, manager):
    programme.delay_factors = ""
    filters = PlanFilter(QueryDict(""), user=manager, programme=programme, today=TODAY)
    assert "delay_factor" not in filters.form.fields
    assert filters.qs.count() == 5


def test_a_draft_is_not_searched_even_for_its_own_department(plan, chosen, hao):
    assert chosen("q=草稿暗語", user=hao) == []


def test_every_department_is_found_by_that_word(plan, chosen, make_action, administration):
    make_action([administration], title="節能", code="115-09", every_department=True)
    assert chosen("q=各單位") == ["115-09"]


def test_strategies_of_the_programme_only(plan, chosen, programme):
    Strategy.objects.create(programme=programme, number=2, title="空的策略")
    assert chosen("strategy=2") == []


@pytest.mark.parametrize(
    "query",
    [
        "strategy=9",
        "department=x",
        "department=999999",
        "light=red",
        "work_status=1",
        "delay_factor=沒有",
        "control=gone",
        "deadline=2026",
        "unreported=9",
        "unreported=99999999999999999999",
        "q=%00",
        f"q={'長' * 101}",
        "sort=title",
    ],
)
def test_a_refused_parameter_is_said_and_the_rest_holds(plan, programme, manager, query):
    filters = PlanFilter(
        QueryDict(f"benefit=1&{query}"), user=manager, programme=programme, today=TODAY
    )
    assert len(filters.problems()) == 1
    assert "已略過" in filters.problems()[0]
    assert filters.qs.count() == 5
    assert filters.query() == "benefit=1"


def test_each_condition_is_a_chip_that_can_be_taken_off_alone(
    plan, programme, manager, information
):
    query = QueryDict(
        f"strategy=1&light=over&light=behind&department={information.pk}&q=招商&page=2&sort=severity&deadline="
    )
    filters = PlanFilter(query, user=manager, programme=programme, today=TODAY)
    off = {chip.words: QueryDict(chip.without) for chip in filters.chips()}
    assert list(off) == ["「招商」", "策略 1. 完備基礎服務項目", "資訊室", "逾期", "落後"]
    assert off["逾期"].getlist("light") == ["behind"]
    assert off["逾期"]["sort"] == "severity"
    assert "q" not in off["「招商」"]
    assert all("page" not in rest and "deadline" not in rest for rest in off.values())


def test_a_department_that_is_no_longer_used_stays_in_the_choices_while_it_has_work(
    plan, programme, manager, information
):
    Department.objects.filter(pk=information.pk).update(is_active=False)
    Department.objects.create(name="舊單位", is_active=False)
    filters = PlanFilter(QueryDict(""), user=manager, programme=programme, today=TODAY)
    assert [department.name for department in filters.departments.values()] == ["行政處", "資訊室"]


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 11, 22), date(2026, 10, 1), date(2026, 12, 31)),
        (date(2028, 2, 29), date(2028, 1, 1), date(2028, 3, 31)),
        (date(2026, 6, 30), date(2026, 4, 1), date(2026, 6, 30)),
    ],
)
def test_a_quarter_ends_on_its_own_last_day(day, first, last):
    assert quarter_of(day) == (first, last)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("ＴＰＮｅｔ", "tpnet"),
        ("臺灣", "台灣"),
        ("（Ａ）", "(a)"),
        ("𠮷野家", "𠮷野家"),
        ("Ｘ　y", "x y"),
    ],
)
def test_folding_takes_both_widths_and_both_forms_of_tai(typed, folded):
    assert search.fold(typed) == folded


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        pytest.param("民眾", "⺠眾", id="radical of the supplement"),
        pytest.param("方法", "⽅法", id="Kangxi radical"),
        pytest.param("⽅法", "方法", id="Kangxi radical, typed"),
        pytest.param("樂齡", "\uf914齡", id="compatibility ideograph"),
        pytest.param("A-1", "A–1", id="en dash"),
        pytest.param("A—1", "A－1", id="em dash and full width"),
        pytest.param("café", "CAFE\u0301", id="decomposed"),
        pytest.param("cafe\u0301", "CAFÉ", id="decomposed, typed"),
        pytest.param("ガイド", "ｶﾞｲﾄﾞ", id="half-width kana"),
        pytest.param("ｶﾞｲﾄﾞ", "ガイド", id="half-width kana, typed"),
        pytest.param("ガイド", "カ\u3099イト\u3099", id="decomposed kana"),
        pytest.param("TPNet系統", "TPNet 系統", id="a space before Chinese"),
        pytest.param("每日24小時", "每日 24 小時", id="spaces on both sides"),
        pytest.param("TPNet 系統", "TPNet系統", id="a space, typed"),
        pytest.param("m2", "30 m²", id="superscript"),
        pytest.param("民\u200b眾", "民眾", id="a mark that nobody sees"),
    ],
)
def test_a_word_is_found_however_it_was_typed_or_copied(chosen, make_action, typed, written):
    make_action(title=f"前{written}後", expected_benefit="")
    make_action(title="別的作法", expected_benefit="")
    assert chosen(f"q={typed}") == ["115-01"]


def test_two_words_with_a_space_between_chinese_are_not_run_together(chosen, make_action):
    make_action(title="服務 品質")
    assert chosen("q=服務品質") == []


def test_an_item_is_found_by_the_people_of_its_departments_and_by_who_wrote_its_report(
    plan, chosen, coordinator, make_report, mei, hao, q4
):
    assert chosen("q=林志豪") == ["115-02", "115-04", "115-05"]
    assert chosen("q=王美玲") == ["115-01", "115-02", "115-03", "115-05"]
    fine = Assignment.objects.get(action__code="115-01")
    make_report(fine, q4, hao, state=ReportState.WITH_HEAD)
    assert chosen("q=志豪") == ["115-01", "115-02", "115-04", "115-05"]


def test_a_single_character_is_not_taken_for_a_surname(plan, chosen):
    assert chosen("q=王") == []


def test_who_wrote_a_draft_does_not_show_that_there_is_one(plan, chosen, make_report, mei, hao, q4):
    fine = Assignment.objects.get(action__code="115-01")
    make_report(fine, q4, hao, state=ReportState.DRAFT)
    assert "115-01" not in chosen("q=林志豪")


@pytest.mark.parametrize("typed", ["①", "㎡", "①臺", "É"])
def test_a_word_that_stands_as_it_was_typed_is_found(chosen, make_action, typed):
    make_action(title="①臺階 30 ㎡，CAFÉ")
    assert chosen(f"q={typed}") == ["115-01"]
