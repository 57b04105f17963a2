"""fixtures/plan_115.json: what the import makes of the approved document's text, as Django's loaddata reads it.

Made anew with: python manage.py shell -c "from items.demonstration.fixture import write; write()"
"""

import json
from datetime import date

from django.conf import settings
from django.core import serializers
from django.db import transaction

from items.exchange.plan_import.confirm import Source, confirm
from items.exchange.plan_import.source import table_of
from items.models import Action, Assignment, Department, Method, Plan, Programme, Strategy, User
from plan_tracker import clock

TEXT = "fixtures/115_plan.txt"
FIXTURE = "fixtures/plan_115.json"
DEPARTMENTS = ("業務處", "港務處", "資訊室", "行政處", "政風室", "工程處")


class _Enough(Exception):
    """Everything has been read off: the trial database goes back to what it was."""


def derive(content, name="115_plan.txt"):
    """The fixture's text, from that of the document: imported for a trial and taken back, keys counted from 1."""
    try:
        with transaction.atomic():
            programme = _office()
            by = User.objects.create_user("fixture", full_name="範例")
            table, _ = table_of(content, name, programme)
            confirm(table, programme, Source(name, content), by=by, at=clock.now())
            text = _written_out(programme)
            raise _Enough
    except _Enough:
        return text


def write():
    """Write the fixture into the repository."""
    content = (settings.BASE_DIR / TEXT).read_bytes()
    (settings.BASE_DIR / FIXTURE).write_text(derive(content), encoding="utf-8")


def _office():
    """The departments that the document names and the programme, as an admin enters them before the import."""
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
    )


def _written_out(programme):
    mine = {
        Department: Department.objects.filter(name__in=DEPARTMENTS).order_by("position"),
        Programme: Programme.objects.filter(pk=programme.pk),
        Strategy: programme.strategies.order_by("number"),
        Method: Method.objects.filter(strategy__programme=programme).order_by(
            "strategy__number", "position"
        ),
        Plan: Plan.objects.filter(method__strategy__programme=programme).order_by(
            "method__strategy__number", "method__position", "position"
        ),
        Action: Action.objects.for_programme(programme).in_order(),
        Assignment: Assignment.objects.for_programme(programme).in_order(),
    }
    numbers = {
        model: {row.pk: number for number, row in enumerate(rows, start=1)}
        for model, rows in mine.items()
    }
    written = []
    for model, rows in mine.items():
        for row in serializers.serialize("python", rows):
            row["pk"] = numbers[model][row["pk"]]
            for field in model._meta.concrete_fields:
                if field.is_relation:
                    row["fields"][field.name] = numbers[field.related_model][
                        row["fields"][field.name]
                    ]
            written.append(row)
    return json.dumps(written, ensure_ascii=False, indent=1, default=str) + "\n"
