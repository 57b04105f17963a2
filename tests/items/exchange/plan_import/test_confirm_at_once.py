"""Two imports at once: the second is told, and nothing is written twice."""

import contextlib
import threading

import pytest
from django.db import OperationalError, connection, transaction

from items.exchange.plan_import.confirm import NotImported, NotImportedReason
from items.exchange.plan_import.undo import obstacles, undo
from items.models import (
    Action,
    Assignment,
    Department,
    ImportBatch,
    Method,
    Plan,
    PlannedProgress,
    Strategy,
)
from items.workflow import periods
from tests.items.exchange.official_rows import HEADINGS, bring_in, look, row, rows_of
from tests.making import NOW


@pytest.mark.django_db(transaction=True)
def test_of_two_imports_at_once_the_second_is_told(plan, coordinator):
    """PostgreSQL tells it while the first still runs; on SQLite it waits, and its preview no longer holds."""
    rows = [HEADINGS, row()]
    seen = look(rows, plan).digest
    running, finish = threading.Event(), threading.Event()

    def first():
        try:
            with transaction.atomic():
                bring_in(rows, plan, coordinator, NOW, seen=seen)
                running.set()
                finish.wait(1)
        finally:
            connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    assert running.wait(120)
    with pytest.raises(NotImported) as refusal:
        bring_in(rows, plan, coordinator, NOW, seen=seen)
    assert refusal.value.reason in (NotImportedReason.BUSY, NotImportedReason.PLAN_CHANGED)
    finish.set()
    thread.join()
    assert (Action.objects.count(), ImportBatch.objects.count()) == (34, 1)


@pytest.mark.django_db(transaction=True)
def test_an_import_that_dies_half_way_leaves_nothing(plan, coordinator, monkeypatch):
    from items.exchange.plan_import import apply

    def die(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(apply.ImportHistory, "_of_changed_actions", die)
    with pytest.raises(KeyboardInterrupt):
        bring_in([HEADINGS, row()], plan, coordinator, NOW)
    assert (Action.objects.count(), ImportBatch.objects.count()) == (33, 0)
    monkeypatch.undo()
    assert bring_in([HEADINGS, row()], plan, coordinator, NOW)


@contextlib.contextmanager
def after_reading(model, step):
    """Somebody else does `step` as soon as the rows of a model have been asked for."""
    waiting = [step]

    def watch(execute, sql, *others):
        found = execute(sql, *others)
        if sql.startswith("SELECT") and f'FROM "{model._meta.db_table}"' in sql and waiting:
            waiting.pop()()
        return found

    with connection.execute_wrapper(watch):
        yield
    assert not waiting


@pytest.mark.django_db
@pytest.mark.parametrize("level", [Strategy, Method, Plan, Action])
def test_what_somebody_adds_while_the_plan_is_read_is_not_half_of_it(plan, coordinator, level):
    batch = bring_in([HEADINGS, row()], plan, coordinator, NOW)
    now = rows_of(plan)

    def add_an_item_of_its_own():
        strategy = Strategy.objects.create(programme=plan, number=90, title="新策略")
        method = Method.objects.create(strategy=strategy, position=1, title="新方法")
        parent = Plan.objects.create(method=method, position=1, title="新計畫")
        action = Action.objects.create(plan=parent, position=1, code="115-90", title="新")
        department = Department.objects.create(name="新單位")
        Assignment.objects.create(
            action=action, department=department, deadline=NOW, deadline_text="115年12月"
        )

    with after_reading(level, add_an_item_of_its_own):
        preview = look(now, plan)
    assert (preview.errors, preview.counts["unchanged"], preview.counts["changed"]) == ((), 34, 0)
    Strategy.objects.get(number=90).methods.get().plans.get().actions.get().delete()
    Strategy.objects.get(number=90).delete()
    Department.objects.get(name="新單位").delete()
    with after_reading(level, add_an_item_of_its_own):
        assert obstacles(batch) == []


def is_kept_out(step):
    """Whether somebody else cannot do this now; if they can, they have."""

    def change():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '300ms'")
                step()
        except OperationalError:
            kept_out.append(True)
        finally:
            connection.close()

    kept_out = []
    thread = threading.Thread(target=change)
    thread.start()
    thread.join()
    return bool(kept_out)


def is_write(sql):
    return sql.startswith(("INSERT", "UPDATE", "DELETE"))


def is_full_lock(sql):
    return sql.endswith(" FOR UPDATE")


def before_the_first(statement, step, found):
    """Somebody else's step between what was compared and the first such statement; `found` says what came of it."""

    def wrapper(execute, sql, params, many, context):
        if not found and statement(sql):
            found.append("kept out" if is_kept_out(step) else "done")
        return execute(sql, params, many, context)

    return connection.execute_wrapper(wrapper)


@pytest.mark.django_db(transaction=True)
def test_what_an_import_changes_nobody_changes_between_its_comparison_and_its_writing(
    plan, coordinator
):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    rows, found = rows_of(plan), []
    method = Method.objects.get(title=rows[1][2])
    for cells in rows[1:]:
        cells[2] = "改寫的方法" if cells[2] == method.title else cells[2]
    theirs = Method.objects.filter(pk=method.pk)
    with before_the_first(is_write, lambda: theirs.update(title="別人剛改的"), found):
        bring_in(rows, plan, coordinator, NOW)
    assert found == ["kept out"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("statement", "outcome"), [(is_full_lock, "done"), (is_write, "kept out")])
def test_what_an_import_takes_back_has_no_progress_planned_for_it_meanwhile(
    plan, coordinator, statement, outcome
):
    """Else it would go with the assignment, and nobody was told."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    periods.lay_out(plan, by=coordinator, at=NOW)
    rows, found = rows_of(plan), []
    rows[2][6] = "港務處"
    theirs = {
        "assignment": Assignment.objects.get(action__code="115-02", department__name="業務處"),
        "period": plan.periods.get(number=4),
        "percent": 50,
    }
    with before_the_first(statement, lambda: PlannedProgress.objects.create(**theirs), found):
        if outcome == "done":
            with pytest.raises(NotImported, match="剛才有人填報"):
                bring_in(rows, plan, coordinator, NOW)
        else:
            bring_in(rows, plan, coordinator, NOW)
    assert found == [outcome]
    assert PlannedProgress.objects.count() == (outcome == "done")


@pytest.mark.django_db(transaction=True)
def test_what_is_undone_nobody_changes_between_the_check_and_the_writing(plan, coordinator):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    rows, found = rows_of(plan), []
    rows[1][4] = "改寫的作法"
    batch = bring_in(rows, plan, coordinator, NOW)
    theirs = Action.objects.filter(code="115-01")
    with before_the_first(is_write, lambda: theirs.update(title="別人剛改的"), found):
        undo(batch, by=coordinator, at=NOW)
    assert found == ["kept out"]
