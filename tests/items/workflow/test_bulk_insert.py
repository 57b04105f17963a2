"""Rows that are inserted without instances are the rows that the models would have saved."""

import pytest

from items.exchange.plan_import.import_history import NAMES
from items.exchange.plan_import.plan_now import FIELDS
from items.models import Change, Method
from items.workflow.bulk_insert import MOST_PARAMETERS, insert, insert_for_keys
from tests.items.exchange.official_rows import HEADINGS, bring_in, row
from tests.making import NOW

pytestmark = pytest.mark.django_db


GIVEN = {**FIELDS, Change: (*NAMES, "block_id")}


@pytest.mark.parametrize("model", GIVEN)
def test_an_imported_row_has_the_values_that_the_model_would_have_saved(plan, coordinator, model):
    bring_in([HEADINGS, row()], plan, coordinator, NOW)
    imported = model._default_manager.latest("id")
    given = {name: getattr(imported, name) for name in GIVEN[model]}

    stored = model._default_manager.filter(pk=imported.pk).values().get()

    saved = model(pk=imported.pk, **given)
    assert stored == {
        field.attname: getattr(saved, field.attname) for field in model._meta.concrete_fields
    }


def test_the_keys_come_in_the_order_of_the_rows(plan):
    """More rows than one statement takes."""
    strategy = plan.strategies.first()
    count = MOST_PARAMETERS // 4 + 2
    rows = []
    for number in range(count):
        rows.append({"strategy_id": strategy.pk, "position": number, "title": f"方法{number}"})

    keys = insert_for_keys(Method, ["strategy_id", "position", "title"], rows)

    titles = dict(Method.objects.filter(pk__in=keys).values_list("pk", "title"))
    assert [titles[key] for key in keys] == [f"方法{number}" for number in range(count)]


def test_each_row_gets_its_own_folded_words(plan):
    strategy = plan.strategies.first()
    titles = ["臺階", "", "ＡＢＣ　系統", "第１項\n㎡", "臺階"]
    rows = [{"strategy_id": strategy.pk, "position": 9, "title": title} for title in titles]

    insert(Method, ["strategy_id", "position", "title"], rows)

    folded = Method.objects.filter(position=9).order_by("id").values_list("folded", flat=True)
    assert list(folded) == ["台階", "", "abc系統", "第1項\nm2", "台階"]


def test_a_text_of_the_history_is_kept_as_it_was_written(plan, coordinator):
    bring_in([HEADINGS, row("「臺」\\u81fa＼\U00020bb7")], plan, coordinator, NOW)

    entry = Change.objects.get(model="action", label__startswith="115-34")
    assert entry.fields["title"] == [None, "「臺」\\u81fa＼\U00020bb7"]
