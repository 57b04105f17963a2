"""Rows that hundreds of tests start from: made once in a process, then written as they were.

The verbs and the fixture file need a tenth of a second for them, twelve hundred times over. Copies
of what they made cost a hundredth of it, and are the same rows.
"""

from copy import copy
from functools import cache

from django.conf import settings
from django.core import serializers
from django.core.management.color import no_style
from django.db import connection, transaction

from items.models import Change, Period
from items.workflow import closed_figures

PLAN_FILE = settings.BASE_DIR / "fixtures" / "plan_115.json"

_kept_periods = {}
"""{what the periods depend on: (periods, their history)}, as the verbs made them."""


def periods_as_made_by(make, programme, coordinator):
    """The periods of a running programme, and their history, as `make(programme, coordinator)` makes them."""
    depends_on = (
        programme.year,
        programme.state,
        programme.frequency,
        programme.starts_on,
        programme.ends_on,
    )
    if depends_on not in _kept_periods:
        _kept_periods[depends_on] = _made_and_taken_back(make, programme, coordinator)
    kept_periods, kept_entries = _kept_periods[depends_on]
    periods = []
    for kept in kept_periods:
        period = _unsaved_copy(kept)
        period.programme = programme
        period.opened_by = _if_somebody(kept.opened_by_id, coordinator)
        period.closed_by = _if_somebody(kept.closed_by_id, coordinator)
        periods.append(period)
    Period.objects.bulk_create(periods)
    new_keys = {}
    for kept, period in zip(kept_periods, periods, strict=True):
        new_keys[kept.pk] = period.pk
    entries = []
    for kept in kept_entries:
        entry = _unsaved_copy(kept)
        entry.by = coordinator
        entry.programme = programme
        entry.object_id = new_keys[kept.object_id]
        entries.append(entry)
    Change.objects.bulk_create(entries)
    return periods


def _made_and_taken_back(make, programme, coordinator):
    with transaction.atomic():
        entries_before = Change.objects.count()
        periods = [copy(period) for period in make(programme, coordinator)]
        entries = list(Change.objects.order_by("id")[entries_before:])
        transaction.set_rollback(True)
    # What closing keeps depends on the items that the first test happened to have.
    for period in periods:
        closed_figures.forget(period)
    for entry in entries:
        for name in ("closed_planned", "closed_actual"):
            entry.fields.pop(name, None)
    return periods, entries


def _unsaved_copy(row):
    row = copy(row)
    row.pk = None
    row._state.adding = True
    return row


def _if_somebody(key, person):
    """The person where the kept row names anybody."""
    if key is None:
        return None
    return person


@cache
def _rows_of_the_plan():
    """{model: rows} of the fixture file, in its order."""
    rows = {}
    for loaded in serializers.deserialize("json", PLAN_FILE.read_text(encoding="utf-8")):
        assert not loaded.m2m_data, "rows of a relation between many would be lost here"
        rows.setdefault(type(loaded.object), []).append(loaded.object)
    return rows


def load_plan():
    """What `loaddata plan_115` does."""
    rows = _rows_of_the_plan()
    for model, models_rows in rows.items():
        model._base_manager.bulk_create([copy(row) for row in models_rows])
    # The rows bring their keys: the next row must not be given one of them again.
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(rows)):
            cursor.execute(statement)
