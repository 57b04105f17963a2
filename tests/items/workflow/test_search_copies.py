"""The folded words beside the texts always say what the texts say, whatever wrote them."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from items.exchange.plan_import.confirm import Source, confirm
from items.exchange.plan_import.source import table_of
from items.exchange.plan_import.undo import undo
from items.filters import PlanFilter
from items.models import Action, Department, ImportBatch, ProgressReport, Strategy, User
from items.workflow import history, report_writing, search_copies
from tests.making import NOW, TODAY

HEADINGS = "實施策略\t推動方法\t執行計畫\t具體推動作法\t完成期限\t主辦單位\t預期效益"
FIRST = "1. 完備服務\t建立流程\t滾動檢討\t設置ＡＢＣ休憩區\t115年12月\t行政處\t洽公便利"
CHANGED = "1. 完備服務\t建立流程\t滾動檢討\t設置ＸＹＺ臺階\t115年12月\t行政處\t安全"


def bring_in(line, programme, by):
    """The batch of an import of one line of the official table."""
    content = f"{HEADINGS}\n{line}\n".encode()
    table = table_of(content, "計畫.txt", programme).table
    return confirm(table, programme, Source("計畫.txt", content), by=by, at=NOW)


def stored(row):
    """What the database holds, not what the model would write."""
    return type(row).objects.values_list("folded", flat=True).get(pk=row.pk)


def test_a_row_that_is_saved_alone_carries_its_words(make_action, coordinator):
    action = make_action(title="公布ＴＰＮｅｔ　系統", expected_benefit="臺灣")
    assert stored(action) == "115-01\n公布tpnet系統\n台灣"

    action.title = "汰換設備"
    history.save(action, by=coordinator, at=NOW)

    assert stored(action) == "115-01\n汰換設備\n台灣"


def test_a_row_that_is_written_by_the_fields_that_changed_needs_the_copy_named(make_action):
    action = make_action(title="汰換設備")
    action.title = "修繕臺階"
    Action.objects.bulk_update([action], ["title", "folded"])

    assert "修繕台階" in stored(action)


def test_the_history_keeps_no_copy(make_action, coordinator):
    action = make_action()
    action.title = "汰換設備"
    history.save(action, by=coordinator, at=NOW)

    [entry] = action.changes.all()
    assert list(entry.fields) == ["title"]


def test_an_import_its_changes_and_undoing_them_keep_the_words(
    programme, administration, coordinator
):
    bring_in(FIRST, programme, coordinator)
    assert "設置abc休憩區" in stored(Action.objects.get())
    code = Action.objects.get().code
    with_code = f"項次\t{HEADINGS}\n{code}\t{CHANGED}\n".encode()
    table = table_of(with_code, "計畫.txt", programme).table
    batch = confirm(table, programme, Source("計畫.txt", with_code), by=coordinator, at=NOW)
    assert "設置xyz台階" in stored(Action.objects.get())
    assert search_copies.count_stale() == 0

    undo(ImportBatch.objects.get(pk=batch.pk), by=coordinator, at=NOW)

    assert "設置abc休憩區" in stored(Action.objects.get())
    assert stored(Strategy.objects.get()) == "完備服務"
    assert search_copies.count_stale() == 0


def test_a_draft_that_is_written_again_carries_the_new_words(make_action, administration, mei, q4):
    assignment = make_action([administration]).assignments.get()
    content = {
        "text": "辦理說明會",
        "percent": 50,
        "work_status": "in_progress",
        "delay_reason": "",
        "remedy": "",
    }
    report_writing.write(assignment, q4, content, version=0, by=mei, at=NOW)
    ProgressReport.objects.update(coordination="請ＸＹ處協助")
    content = content | {"text": "完成ＡＢＣ", "remedy": "增派人力", "delay_factor": "不可抗力"}
    report = report_writing.write(assignment, q4, content, version=1, by=mei, at=NOW)

    # 待協調事項 was left out: it stays, and is found.
    assert stored(report) == "完成abc\n\n增派人力\n不可抗力\n請xy處協助"


def test_a_department_and_a_person_are_found_by_their_new_names(administration, mei, coordinator):
    administration.name = "臺北辦事處"
    history.save(administration, by=coordinator, at=NOW)
    mei.full_name = "王ＡＢ"
    mei.save()

    assert stored(Department.objects.get(pk=administration.pk)) == "台北辦事處"
    assert stored(User.objects.get(pk=mei.pk)) == "王ab"


def test_words_that_came_past_the_models_are_found_and_written_anew(make_action):
    action = make_action(title="汰換設備")
    Action.objects.update(title="修繕臺階")
    with pytest.raises(CommandError, match="1 筆資料的搜尋用文字與內容不符"):
        call_command("check_figures", stdout=StringIO())

    out = StringIO()
    call_command("check_figures", "--rebuild", stdout=out)

    assert "已重新寫入 1 筆資料的搜尋用文字" in out.getvalue()
    assert "修繕台階" in stored(action)
    call_command("check_figures", stdout=out)
    assert "搜尋用文字都與內容相符" in out.getvalue()


def searching(programme, user, typed):
    query = QueryDict(mutable=True)
    query["q"] = typed
    return PlanFilter(query, user=user, programme=programme, today=TODAY)


def test_searching_asks_the_database_for_no_pattern(
    programme, manager, make_action, make_report, administration, mei, q4
):
    action = make_action([administration], title="公布TPNet系統")
    make_report(action.assignments.get(), q4, mei, text="辦理說明會")
    with CaptureQueriesContext(connection) as asked:
        for typed in ("tpnet系統", "說明會", "王美玲", "行政處", "115-01", "%", "_"):
            list(searching(programme, manager, typed).qs)

    statements = " ".join(query["sql"] for query in asked.captured_queries)
    assert "REGEXP" not in statements
    assert "~" not in statements


@pytest.mark.parametrize("sign", ["%", "_", "\\", "'"])
def test_a_sign_of_the_databases_is_searched_as_it_stands(programme, manager, make_action, sign):
    make_action(title="甲乙")
    make_action(title=f"達成 90{sign}以上")

    assert [action.code for action in searching(programme, manager, f"90{sign}").qs] == ["115-02"]


def test_the_number_of_queries_does_not_grow(
    programme, manager, make_action, administration, django_assert_num_queries, mei
):
    make_action([administration])
    with CaptureQueriesContext(connection) as few:
        list(searching(programme, manager, "王美玲 休憩").qs)
    for _ in range(30):
        make_action([administration])
    with django_assert_num_queries(len(few)):
        assert len(searching(programme, manager, "王美玲 休憩").qs) == 31
