"""An import is compared once for upload and preview, and never shown as it was before."""

import gc
from datetime import date

import pytest

from items.exchange import uploads
from items.exchange.plan_import.compare import compare_with
from items.exchange.plan_import.plan_fingerprint import fingerprint
from items.exchange.plan_import.plan_now import load
from items.exchange.plan_import.waiting_file import answer_of, first_look, table_of_upload
from items.exchange.plan_table.rows import PlanTable
from items.exchange.spreadsheets.quick_reading import MOST_BYTES
from items.exchange.turns import turn
from items.models import (
    Action,
    Assignment,
    Department,
    Method,
    Period,
    PlannedProgress,
    Programme,
    Upload,
)
from items.models import Plan as PlanRow
from tests.items.exchange.official_rows import HEADINGS, as_csv, read, row, rows_of
from tests.items.views.importing import preview, upload, words
from tests.making import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(sign_in, coordinator):
    return sign_in(coordinator)


def large_csv():
    """A table so large that it is read in a process of its own."""
    rows = [HEADINGS, *(row(f"第{number}項作法", 預期效益="效益。" * 60) for number in range(600))]
    content = as_csv(rows)
    assert len(content) > MOST_BYTES
    return content


def kept(content, programme, by, name="計畫.csv"):
    look = first_look(content, name, programme, by=by)
    return uploads.keep(
        name,
        content,
        programme=programme,
        sheet=look.sheet,
        seen=look.digest,
        read_table=look.table,
        comparison=look.comparison,
        by=by,
        at=NOW,
    )


@pytest.mark.one_engine
def test_a_comparison_asks_nothing_but_the_plan_that_it_is_given(plan, django_assert_num_queries):
    programme = Programme.objects.get()
    rows = rows_of(programme)
    rows[4][4] += "改"
    table = read(rows, programme)
    plan_now = load(programme)
    with django_assert_num_queries(0):
        assert compare_with(table, programme, plan_now).counts["changed"] == 1


def change_a_title(programme):
    Action.objects.filter(code="115-03").update(title="別的作法")


def change_the_order(programme):
    PlanRow.objects.filter(pk=PlanRow.objects.first().pk).update(position=77)


def change_a_method(programme):
    Method.objects.filter(pk=Method.objects.first().pk).update(title="別的方法")


def change_a_deadline(programme):
    Assignment.objects.filter(pk=Assignment.objects.first().pk).update(deadline=date(2026, 6, 30))


def rename_a_department(programme):
    Department.objects.filter(pk=Department.objects.first().pk).update(name="新的單位")


def close_a_department(programme):
    Department.objects.filter(pk=Department.objects.first().pk).update(is_active=False)


def move_the_end_of_the_year(programme):
    Programme.objects.update(ends_on=date(2026, 11, 30))


def give_a_code(programme):
    Programme.objects.update(last_code=99)


CHANGES = [
    change_a_title,
    change_the_order,
    change_a_method,
    change_a_deadline,
    rename_a_department,
    close_a_department,
    move_the_end_of_the_year,
    give_a_code,
]


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_in_the_plan_by_whatever_door_is_noticed(plan, change):
    before = fingerprint(load(Programme.objects.get()), Programme.objects.get())
    again = fingerprint(load(Programme.objects.get()), Programme.objects.get())
    assert again == before
    change(plan)
    assert fingerprint(load(Programme.objects.get()), Programme.objects.get()) != before


@pytest.mark.one_engine
def test_an_assignment_that_comes_into_use_is_noticed(plan):
    programme = Programme.objects.get()
    before = fingerprint(load(programme), programme)
    period = Period.objects.create(
        programme=programme,
        number=1,
        name="第1季",
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 3, 31),
        due_on=date(2026, 4, 10),
    )
    PlannedProgress.objects.create(assignment=Assignment.objects.first(), period=period, percent=5)
    assert fingerprint(load(programme), programme) != before


@pytest.mark.slow
@pytest.mark.one_engine
def test_a_large_file_is_read_once_for_upload_preview_and_confirmation(plan, coordinator):
    waiting = kept(large_csv(), plan, coordinator)
    # While another file of this person is read, none could be read again.
    with turn(coordinator):
        assert answer_of(waiting, plan, by=coordinator).counts["new"] == 600
        assert len(table_of_upload(waiting, plan, by=coordinator).rows) == 600


@pytest.mark.one_engine
def test_the_preview_of_a_plan_that_changed_is_compared_anew(plan, office):
    rows = rows_of(plan)
    rows[4][4] = "改過的作法"
    url, shown = preview(office, rows)
    assert "要修改 1 項" in words(shown)
    Action.objects.filter(code="115-03").update(title="別的作法")
    shown = office.get(url)
    assert "要修改 2 項" in words(shown)
    assert "計畫在上傳之後有異動" in words(shown)


def test_what_was_found_in_one_file_is_never_shown_for_another(plan, coordinator):
    rows = rows_of(plan)
    rows[4][4] = "改過的作法"
    changed = kept(as_csv(rows), plan, coordinator)
    same = kept(as_csv(rows_of(plan)), plan, coordinator)
    Upload.objects.filter(pk=changed.pk).update(
        comparison=same.comparison, read_table=same.read_table
    )
    changed.refresh_from_db()
    assert answer_of(changed, plan, by=coordinator).counts["changed"] == 1
    titles = [row.action for row in table_of_upload(changed, plan, by=coordinator).rows]
    assert "改過的作法" in titles


@pytest.mark.slow
@pytest.mark.one_engine
def test_no_table_stays_in_the_process_after_upload_and_preview(plan, office):
    gc.collect()
    before = sum(type(thing) is PlanTable for thing in gc.get_objects())
    preview(office, rows_of(plan))
    preview(office, large_csv())
    gc.collect()
    assert sum(type(thing) is PlanTable for thing in gc.get_objects()) == before


def test_while_ones_file_is_read_a_second_one_waits_in_words(plan, office, coordinator):
    with turn(coordinator):
        response = upload(office, large_csv())
    assert "您上傳的另一個檔案還在讀取，請等它完成後再上傳一次。" in words(response)
    assert not Upload.objects.exists()


@pytest.mark.one_engine
def test_what_is_found_is_kept_only_up_to_a_bound(plan, coordinator, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_SEALED_BYTES", 100)
    waiting = kept(as_csv(rows_of(plan)), plan, coordinator)
    assert (waiting.read_table, waiting.comparison) == (b"", b"")
    assert answer_of(waiting, plan, by=coordinator).counts["unchanged"] == 33
    assert len(table_of_upload(waiting, plan, by=coordinator).rows) == 33
