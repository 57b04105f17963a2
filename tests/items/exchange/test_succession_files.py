"""併案 and 分案 in files: who stands for whom, each counted once, and read back without harm."""

from datetime import timedelta

import pytest

from items import access
from items.exchange.plan_export.filtered import action_table
from items.exchange.plan_export.progress import progress_table
from items.filters import PlanFilter
from items.models import Action, Assignment, KeptLine
from items.workflow import periods
from tests.items.exchange.official_rows import bring_in, look, row, rows_of, statuses
from tests.items.succession import merge, split
from tests.making import NOW, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]


@pytest.fixture
def old(make_action, administration, information):
    return make_action([administration, information], title="整理舊站房")


@pytest.fixture
def target(make_action, administration):
    return make_action([administration], title="設置民眾休憩區")


@pytest.fixture
def merged(old, target, mei, coordinator):
    return merge(old, target, mei, coordinator)


def notes(rows):
    headings = rows[0]
    return {one[0]: one[headings.index("承接關係")] for one in rows[1:]}


def test_the_official_table_says_who_stands_for_whom_and_reads_back(merged, programme, coordinator):
    rows = rows_of(programme)
    assert notes(rows) == {"115-01": "併入 115-02", "115-02": "由 115-01 併入這一項"}
    preview = look(rows, programme)
    assert set(statuses(preview).values()) == {"unchanged"}
    assert "承接關係" in "".join(preview.ignored_columns)


def test_a_plan_in_which_nothing_was_merged_has_no_such_column(old, target, programme):
    assert "承接關係" not in rows_of(programme)[0]


def test_the_list_on_screen_says_it_as_a_file_too(merged, programme, coordinator):
    filters = PlanFilter({}, user=coordinator, programme=programme, today=TODAY)
    table = action_table(filters, TODAY)
    headings = [column.heading for column in table.columns]
    first = dict(zip(headings, table.rows[0], strict=True))
    assert (first["承接關係"], first["說明"]) == ("併入 115-02", "併案列管")


def test_what_others_report_is_counted_once(old, target, mei, coordinator, q4, make_report):
    make_report(old.assignments.first(), q4, mei)
    merge(old, target, mei, coordinator)
    assignments = access.visible_assignments(coordinator)
    reports = access.visible_reports(coordinator)
    table = progress_table(assignments, reports, q4, TODAY)
    # What 行政處 has sent for the old item was sent; 資訊室 reports on the new one.
    assert len(table.rows) == 4
    assert "已送出 1 件，共 3 件（另列已併案、分案 1 件，由承接的項目填報）" in table.subtitle
    assert "已解除\n併案列管，併入 115-02" in [one[-1] for one in table.rows]


def test_a_closed_period_stays_as_it_was(old, target, mei, coordinator, q4, make_report):
    make_report(old.assignments.first(), q4, mei)
    periods.close_period(q4, by=coordinator, at=NOW)
    before = list(KeptLine.objects.order_by("pk").values_list("content", flat=True))
    merge(old, target, mei, coordinator)
    assert list(KeptLine.objects.order_by("pk").values_list("content", flat=True)) == before


def test_a_period_that_is_closed_later_keeps_what_the_item_went_into(merged, q4, coordinator):
    periods.close_period(q4, by=coordinator, at=NOW + timedelta(days=9))
    lines = {
        (kept.line.code, kept.line.department): kept.line
        for kept in KeptLine.objects.filter(closing__period=q4)
    }
    gone = lines["115-01", "資訊室"]
    assert (gone.is_expected, gone.light_reason) == (False, "併案列管，併入 115-02")
    assert lines["115-02", "資訊室"].is_expected


def test_an_import_of_the_approved_table_neither_revives_nor_empties_a_merged_item(
    merged, old, programme, coordinator
):
    """The file of April knows nothing of November."""
    approved = [row("整理舊站房"), row("設置民眾休憩區")]
    rows = [
        ["實施策略", "推動方法", "執行計畫", "具體推動作法", "完成期限", "主辦單位", "預期效益"]
    ]
    preview = look(rows + approved, programme)
    # 資訊室 stays with the item that is a record by now.
    assert any("不能從主辦單位移除" in remark.message for remark in preview.errors)
    approved[0][5] = "行政處、資訊室"
    approved[0][6] = "改過的效益。"
    preview = look(rows + approved, programme)
    words = "".join(remark.message for remark in preview.warnings)
    assert "115-01 已經「併案列管」，由別的項目承接；匯入只改這一列的文字，不會恢復列管" in words
    bring_in(rows + approved, programme, coordinator, NOW)
    old.refresh_from_db()
    assert (old.control_status, old.assignments.count()) == ("merged", 2)
    assert Action.objects.count() == 2


def test_a_file_without_codes_means_the_part_that_goes_on(old, mei, coordinator, programme):
    split(old, ["整理舊站房", "整理站房外牆"], mei, coordinator)
    rows = [one[1:] for one in rows_of(programme)]
    only_new = [rows[0], rows[2], rows[3]]
    preview = look(only_new, programme)
    assert not preview.errors
    assert [one.code for one in preview.rows] == ["115-02", "115-03"]
    assert [kept.code for kept in preview.missing] == ["115-01"]
    bring_in(only_new, programme, coordinator, NOW)
    assert Assignment.objects.filter(action=old).count() == 2
