"""Rows written by SQL that is written once are what Django would write."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from items.models import Door, ProgressReport, ReportState, ReportStep, StepKind
from items.models.prepared import LARGEST, Slot
from items.models.prepared_writes import PreparedUpdate, insert_row
from tests.making import NOW

UNCHANGED = PreparedUpdate(
    lambda: ProgressReport.objects.filter(
        pk=Slot("pk"), version=Slot("version"), state__in=[ReportState.DRAFT]
    )
)


@pytest.fixture
def report(make_action, administration, q4, mei, make_report):
    assignment = make_action([administration]).assignments.get()
    return make_report(assignment, q4, mei, state=ReportState.DRAFT)


def statements_of(write):
    with CaptureQueriesContext(connection) as captured:
        write()
    return [query["sql"] for query in captured]


def content(mei):
    """A number, a text with what SQL and Python take amiss, a row and a moment."""
    return {"percent": 45, "text": "100% 完成「一」's {0} %s", "written_by": mei, "updated_at": NOW}


def test_an_update_is_the_one_that_django_would_write(report, mei):
    filters = {"pk": report.pk, "version": report.version}
    as_django = ProgressReport.objects.filter(**filters, state__in=[ReportState.DRAFT]).order_by()
    expected = statements_of(lambda: as_django.update(**content(mei)))
    # Once when it is written and once when it is kept.
    for _ in range(2):
        assert statements_of(lambda: UNCHANGED(content(mei), **filters)) == expected
    report.refresh_from_db()
    assert (report.percent, report.text) == (45, content(mei)["text"])
    assert (report.written_by, report.updated_at) == (mei, NOW)


def test_each_update_has_its_own_values_and_its_own_fields(report, mei):
    assert UNCHANGED({"percent": 10}, pk=report.pk, version=report.version) == 1
    assert UNCHANGED({"percent": 20}, pk=report.pk, version=report.version) == 1
    new = {"percent": None, "written_for": None, "text": ""}
    assert UNCHANGED(new, pk=report.pk, version=report.version) == 1
    report.refresh_from_db()
    assert (report.percent, report.written_for, report.text) == (None, None, "")


def test_what_differs_from_the_filter_is_not_written(report):
    percent = report.percent
    assert UNCHANGED({"percent": 99}, pk=report.pk, version=report.version + 1) == 0
    assert UNCHANGED({"percent": 99}, pk=0, version=report.version) == 0
    assert UNCHANGED({"percent": 99}, pk=report.pk, version=LARGEST + 1) == 0
    report.refresh_from_db()
    assert report.percent == percent


def step_of(report, mei):
    return ReportStep(
        report=report,
        number=7,
        kind=StepKind.SUBMIT,
        from_state=ReportState.DRAFT,
        to_state=ReportState.WITH_HEAD,
        by=mei,
        at=NOW,
        door=Door.PAGE,
        content=report.content(),
        planned_percent=80,
    )


def test_a_new_row_is_the_one_that_django_would_write(report, mei):
    before, now = step_of(report, mei), step_of(report, mei)
    # Past the step's own `save`, which puts it into the chain and writes it by `insert_row`.
    expected = statements_of(lambda: before.save_base(force_insert=True))
    ReportStep.objects.filter(pk=before.pk)._raw_delete(using="default")
    assert statements_of(lambda: insert_row(now)) == expected
    written = ReportStep.objects.get(pk=now.pk)
    for field in ReportStep._meta.concrete_fields:
        assert getattr(written, field.attname) == getattr(now, field.attname)
    # What is saved again is the same row.
    assert not now._state.adding


@pytest.mark.parametrize("is_new", [True, False], ids=["insert", "update"])
def test_what_the_database_refuses_ends_the_transaction_as_always(report, mei, is_new):
    def write():
        if is_new:
            insert_row(step_of(report, mei))
        else:
            UNCHANGED({"percent": 101}, pk=report.pk, version=report.version)

    with transaction.atomic():
        insert_row(step_of(report, mei))
        with pytest.raises(IntegrityError):
            write()
        assert connection.needs_rollback
        transaction.set_rollback(True)
