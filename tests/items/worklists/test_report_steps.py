"""The way of a report: each day with its year where needed, each text told once."""

from datetime import UTC, datetime

import pytest

from items import access
from items.models import ReportStep
from items.worklists.report_steps import return_sentence, steps_to_read, told_steps, way_words
from tests.making import NOW


@pytest.fixture
def report(make_action, administration, make_report, q4, mei):
    assignment = make_action([administration]).assignments.get()
    return make_report(assignment, q4, mei, text="第二稿。", percent=90)


@pytest.fixture
def take_step(report, mei):
    """take_step(kind, text, at) → a step of the report, with the text that it bore then."""

    def take(kind, text="第二稿。", *, at=NOW, words=""):
        return ReportStep.objects.create(
            report=report,
            number=report.steps.count() + 1,
            kind=kind,
            from_state="draft",
            to_state="with_head",
            by=mei,
            at=at,
            words=words,
            content=report.content() | {"text": text},
        )

    return take


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        # 24:00 in Taipei divides the years, eight hours before that of UTC.
        (datetime(2026, 12, 31, 15, 59, tzinfo=UTC), "12月31日"),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), "116年1月1日"),
        (datetime(2027, 1, 5, 2, 0, tzinfo=UTC), "116年1月5日"),
    ],
)
def test_a_step_of_the_next_year_says_its_year(take_step, q4, moment, words):
    step = take_step("return", at=moment, words="請補件數。")
    assert way_words([step], q4) == f"{words} 王美玲退回"
    assert return_sentence([step], q4) == f"王美玲 {words}退回：「請補件數。」"


def test_a_text_that_was_changed_since_is_told_once_and_the_present_one_not_again(
    report, take_step, mei
):
    take_step("submit", "第一稿。")
    take_step("return", "第一稿。", words="請補件數。")
    take_step("submit")
    take_step("accept")
    readable = access.get_report(mei, report.pk)
    told = told_steps(steps_to_read(mei, readable), readable, [])
    assert [(one.step.kind, one.shows_content) for one in told] == [
        ("submit", True),
        ("return", False),
        ("submit", False),
        ("accept", False),
    ]


def test_the_page_of_a_report_shows_what_was_sent_before(report, take_step, sign_in, auditor, hao):
    take_step("submit", "第一稿。")
    take_step("return", "第一稿。", words="請補件數。")
    take_step("submit")
    address = f"/115/reports/{report.pk}/"
    assert "第一稿。" in sign_in(auditor).get(address).content.decode()
    # What went before the last sending is not for other departments.
    assert "第一稿。" not in sign_in(hao).get(address).content.decode()
