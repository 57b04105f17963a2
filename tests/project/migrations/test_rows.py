"""What migrations make of the plan, its years, and its reports."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from items.models.programme import USUAL_DELAY_FACTORS
from items.search import searchable
from tests.project.migrations.early_office import AT
from tests.project.migrations.report_cases import SENT_REPORTS
from tests.project.migrations.year_cases import FIRST_OF_THEM, YEARS_BEFORE


def test_a_filled_database_of_the_first_release_keeps_everything(migrated):
    action = migrated.rows("Action").get(pk=migrated.first_action)
    assert action.code == "109-01"
    assert action.title == "作法" * 1000
    assert action.assignments.get().department.name == "行政處"
    assert action.control_status == "under_control"
    action.title = "作" * 32_767
    action.save()


def test_rows_that_are_there_get_their_words_folded(migrated):
    action = migrated.rows("Action").get(pk=migrated.folded_action)
    assert action.folded == "110-01\nabc台階\n"
    assert action.plan.method.strategy.folded == "策略"
    assert action.assignments.get().department.folded == "行政處"


def test_reports_get_a_line_for_each_newer_text_in_their_folded_words(migrated):
    reports = migrated.rows("ProgressReport").filter(
        assignment__action=migrated.reports.held_against
    )
    rows = list(reports.values("text", "delay_reason", "remedy", "folded"))
    assert rows
    for row in rows:
        words = [searchable(row[name]) for name in ("text", "delay_reason", "remedy")]
        assert row["folded"] == "\n".join([*words, "", ""])


def test_years_begin_with_the_usual_factors_of_delay(migrated):
    lists = set(migrated.rows("Programme").values_list("delay_factors", flat=True))
    assert lists == {"\n".join(USUAL_DELAY_FACTORS)}


def test_submitted_reports_keep_what_they_were_held_against(migrated):
    reports = migrated.rows("ProgressReport").filter(
        assignment__action=migrated.reports.held_against
    )
    kept = dict(reports.values_list("assignment__department__name", "planned_percent"))
    assert kept == {name: sent.planned for name, sent in SENT_REPORTS.items()}


def test_an_assignment_carries_its_newest_submitted_report(migrated):
    after = migrated.rows("Assignment").filter(action=migrated.reports.with_copies).order_by("pk")
    copies = list(after.values_list("newest_until", "newest_percent", "newest_status"))
    assert copies == [(date(2026, 2, 28), 55, "in_progress"), (None, None, "")]
    copies_before = list(after.values_list("previous_until", "previous_percent"))
    assert copies_before == [(date(2026, 1, 28), 80), (None, None)]
    keys = migrated.reports.periods
    states = list(after.values_list("filing_states", flat=True))
    assert states == [f"{keys[1]}a{keys[2]}h{keys[3]}d", ""]


def test_assignments_get_the_year_of_their_action(migrated):
    assignments = migrated.rows("Assignment")
    year = F("action__plan__method__strategy__programme")
    assert assignments.exists()
    assert not assignments.exclude(of_year=year).exists()


def test_the_history_says_when_an_assignment_was_handed_out(migrated):
    after = migrated.rows("Assignment").filter(action=migrated.reports.handed_out)
    days = {row.department.name: row.handed_out_on for row in after}
    assert days == {
        "行政處": None,
        "業務處": None,
        "工程處": None,
        "港務處": date(2026, 6, 27),
        "資訊室": date(2026, 11, 14),
    }


def test_the_history_says_when_a_period_was_closed_for_the_first_time(migrated):
    after = migrated.rows("Period").in_bulk()
    # 17:00 in UTC is the next day in Taipei.
    assert after[migrated.periods.reopened].first_closed_on == date(2026, 4, 11)
    assert after[migrated.periods.closed].first_closed_on == date(2026, 4, 28)
    assert after[migrated.periods.never].first_closed_on is None


def test_a_year_gets_the_state_that_its_periods_speak_of(migrated):
    last = FIRST_OF_THEM + len(YEARS_BEFORE) - 1
    programmes = migrated.rows("Programme").filter(year__range=(FIRST_OF_THEM, last))
    states = list(programmes.order_by("year").values_list("state", flat=True))
    assert states == [before.state for before in YEARS_BEFORE]


def test_reports_that_wait_get_their_flags_and_the_day_since_when(migrated):
    report = migrated.rows("ProgressReport").get(pk=migrated.reports.waiting)
    assert report.flags == ",short,no_figure,"
    assert report.since == AT + timedelta(days=1)
    # One that took no step is in its state since it was written.
    assert not migrated.rows("ProgressReport").filter(since=None).exists()


def test_steps_of_before_are_numbered_by_time_then_key(migrated):
    key = migrated.reports.several_steps
    steps = migrated.rows("ReportStep").filter(report=key).order_by("number")
    assert list(steps.values_list("number", "kind")) == [(1, "submit"), (2, "return"), (3, "recall")]
    # The next step takes the version that it makes, and stands after these.
    assert migrated.rows("ProgressReport").get(pk=key).version == 4


def test_an_item_of_the_first_release_takes_instructions_notices_and_questions(migrated):
    action = migrated.rows("Action").get(pk=migrated.first_action)
    programme = action.plan.method.strategy.programme
    department = action.assignments.get().department
    user = migrated.rows("User").first()
    for model in ("Meeting", "Directive", "DirectiveAnswer", "Notice", "Question"):
        assert not migrated.rows(model).exists()
    meeting = migrated.rows("Meeting").create(programme=programme, name="會議", held_on=AT.date())
    directive = migrated.rows("Directive").create(
        meeting=meeting, number=1, text="請加速。", action=action
    )
    answer = migrated.rows("DirectiveAnswer").create(directive=directive, department=department)
    assert (directive.outcome, answer.state) == ("", "to_do")
    question = migrated.rows("Question").create(
        action=action, to_department=department, text="？", asked_by=user, asked_at=AT
    )
    assert question.state == "open"
    notice = migrated.rows("Notice").create(
        person=user, kind="question", event="question_asked", about="question", about_id=1, at=AT
    )
    assert notice.read_at is None
    # What the forms refuse, the database refuses as well.
    for model, row in [
        ("Directive", {"meeting": meeting, "number": 1, "text": "第二次"}),
        ("Directive", {"meeting": meeting, "number": 2, "text": ""}),
        ("Question", {"action": action, "text": "給誰？", "asked_by": user, "asked_at": AT}),
        ("Notice", {"person": user, "kind": "x", "event": "x", "about_id": 1, "at": AT}),
    ]:
        with pytest.raises(IntegrityError), transaction.atomic():
            migrated.rows(model).create(**row)
