"""fixtures/plan_115.json: what the import makes of the approved document, for Django's loaddata.

Written again with:
python manage.py shell -c "from items.demonstration.fixture import write; write()"
"""

import json
from datetime import date
from typing import Any

from django.conf import settings
from django.core import serializers
from django.db import models, transaction

from items.exchange.plan_import.confirm import Source, confirm
from items.exchange.plan_import.source import table_of
from items.models import (
    Action,
    Assignment,
    Department,
    Method,
    Plan,
    Programme,
    ProgrammeState,
    Strategy,
    User,
)
from items.models.copied_figures import COPIED_FIGURES
from items.models.folded import FOLDED
from plan_tracker import clock

TEXT = "fixtures/115_plan.txt"
FIXTURE = "fixtures/plan_115.json"
DEPARTMENTS = ("業務處", "港務處", "資訊室", "行政處", "政風室", "工程處")


def derive(content: bytes, name: str = "115_plan.txt") -> str:
    """The fixture's text, from the document's: imported for a trial and taken back."""
    with transaction.atomic():
        programme = _office()
        by = User.objects.create_user("fixture", full_name="範例")
        table, _ = table_of(content, name, programme)
        confirm(table, programme, Source(name, content), by=by, at=clock.now())
        text = _as_fixture(programme)
        # Everything has been read: the database goes back to what it was before the trial.
        transaction.set_rollback(True)
    return text


def write() -> None:
    """Write the fixture into the repository."""
    content = (settings.BASE_DIR / TEXT).read_bytes()
    (settings.BASE_DIR / FIXTURE).write_text(derive(content), encoding="utf-8")


def _office() -> Programme:
    """The programme and the departments of the document, as an admin enters them beforehand."""
    Department.objects.bulk_create(
        Department(name=name, position=position)
        for position, name in enumerate(DEPARTMENTS, start=1)
    )
    return Programme.objects.create(
        year=115,
        title="115年度花蓮港務分公司提升服務品質執行計畫",
        approved_on=date(2026, 4, 27),
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        state=ProgrammeState.RUNNING,
    )


def _as_fixture(programme: Programme) -> str:
    """The rows of the programme as JSON, keys counted from 1 for each model."""
    rows_by_model = _rows_by_model(programme)
    # The database's own keys depend on what was in it before: the file would differ each time.
    new_keys = {}
    for model, rows in rows_by_model.items():
        new_keys[model] = {row.pk: number for number, row in enumerate(rows, start=1)}
    fixture = []
    for model, rows in rows_by_model.items():
        for imprint in serializers.serialize("python", rows):
            _leave_out_what_no_plan_says(imprint["fields"])
            _count_keys(imprint, model, new_keys)
            fixture.append(imprint)
    return json.dumps(fixture, ensure_ascii=False, indent=1, default=str) + "\n"


def _rows_by_model(
    programme: Programme,
) -> dict[type[models.Model], models.QuerySet[Any]]:
    """All rows to be written, parents before their children."""
    methods = Method.objects.filter(strategy__programme=programme)
    plans = Plan.objects.filter(method__strategy__programme=programme)
    return {
        Department: Department.objects.filter(name__in=DEPARTMENTS).order_by("position"),
        Programme: Programme.objects.filter(pk=programme.pk),
        Strategy: programme.strategies.order_by("number"),
        Method: methods.order_by("strategy__number", "position"),
        Plan: plans.order_by("method__strategy__number", "method__position", "position"),
        Action: Action.objects.for_programme(programme).in_order(),
        Assignment: Assignment.objects.for_programme(programme).in_order(),
    }


def _leave_out_what_no_plan_says(fields: dict[str, Any]) -> None:
    # The day of the trial is not one of the plan: what comes with it has been there all year.
    fields.pop("handed_out_on", None)
    # Whom an office names, no plan says.
    fields.pop("contact", None)
    # A copy of the titles, which is made anew wherever the row is written.
    fields.pop(FOLDED, None)
    # Nobody has reported on it either.
    for name in COPIED_FIGURES:
        fields.pop(name, None)


def _count_keys(
    imprint: dict[str, Any],
    model: type[models.Model],
    new_keys: dict[type[models.Model], dict[int, int]],
) -> None:
    """Put the counted keys in place of the database's, in the row and in its foreign keys."""
    imprint["pk"] = new_keys[model][imprint["pk"]]
    fields = imprint["fields"]
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and field.name in fields:
            key = fields[field.name]
            fields[field.name] = new_keys[field.related_model][key]
