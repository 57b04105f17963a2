"""What the sentence above says, and the state of the period beside it."""

from collections import Counter
from datetime import date

import pytest

from items.lights import Light
from items.models import Department
from reports.sentence import count_parts, department_parts, status
from tests.making import TODAY


def said(parts):
    return "".join(part.text for part in parts)


@pytest.mark.parametrize(
    ("lights", "words"),
    [
        ([Light.OK], "1 項全部正常。"),
        ([Light.DONE] * 2, "2 項全部已完成。"),
        ([Light.UNREPORTED] * 3, "3 項全部未填報"),
        ([Light.NOT_YET] * 33, "33 項都還沒有填報。"),
        (
            [Light.OK, Light.NOT_YET],
            "2 項中 1 項正常、1 項尚無填報，沒有落後、逾期或未填報。",
        ),
        ([Light.OK, Light.OK, Light.DONE], "3 項中 2 項正常、1 項已完成，沒有落後、逾期或未填報。"),
        ([Light.OK, Light.BEHIND], "2 項中 1 項正常；1 項落後"),
        ([Light.OVER, Light.BEHIND], "2 項中 1 項落後、1 項逾期"),
    ],
)
def test_what_is_nought_is_left_out_of_the_sentence(lights, words):
    assert said(count_parts(Counter(lights))) == words


@pytest.mark.parametrize(
    ("troubled", "words"),
    [
        ([], ""),
        ([1, 1], "，都在甲處。"),
        ([1, 2], "，都在甲處與乙處。"),
        ([1, 1, 1, 2, 3], "，集中在甲處與乙處。"),
        ([1, 1, 1, 1, 2, 3], "，集中在甲處。"),
        ([1, 2, 3, 4], "，分散在 4 個單位。"),
        ([1, 1, 2, 3, 4], "，分散在 4 個單位，甲處最多。"),
    ],
)
def test_the_departments_that_matter_are_named(troubled, words):
    departments = [
        Department(pk=pk, name=name)
        for pk, name in enumerate(["甲處", "乙處", "丙處", "丁處"], start=1)
    ]
    assert said(department_parts(Counter(troubled), departments)) == words


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2026, 11, 30), "第4季填報中（期限 12月1日，剩 1 天）"),
        (date(2026, 12, 1), "第4季填報中（期限 12月1日，今天截止）"),
        (date(2026, 12, 3), "第4季填報中（期限 12月1日，逾填報期限 2 天）"),
        (date(2025, 12, 1), "115年度從 115年1月1日 開始"),
    ],
)
def test_the_heading_says_how_long_a_period_still_runs(programme, q4, today, words):
    assert status(programme, q4, today) == words


def test_a_due_day_of_the_next_year_says_its_year(programme, q4):
    q4.due_on = date(2027, 1, 7)
    assert status(programme, q4, TODAY) == "第4季填報中（期限 116年1月7日，剩 46 天）"
    assert status(programme, q4, date(2027, 1, 5)) == "第4季填報中（期限 1月7日，剩 2 天）"
