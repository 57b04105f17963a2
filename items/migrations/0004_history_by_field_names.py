"""What older versions wrote into the history, as this version writes it.

Entries were keyed by the labels of their fields, those of 預定進度 belonged nowhere, those of an
import were recognised by their time. The highest running number stood in labels only.
"""

from django.db import migrations

BATCH = 500

CELLS = {
    "實施策略": "plan.method.strategy",
    "推動方法": "plan.method",
    "完成期限": "assignments.deadline",
    "主辦單位": "assignments.lead",
    "協辦單位": "assignments.support",
}
"""Cells of the official table in entries about an action, beside its fields."""

DEPARTMENT_PREFIX = "assignments/"
HANDED_OUT = ("主辦，", "協辦，")
"""How an import began the words for one department, under the department's name."""


def with_fields_renamed(Change, rename):
    """Write `rename(entry)`, the new fields of an entry, wherever they differ, in batches."""
    last = 0
    while True:
        entries = list(Change.objects.filter(pk__gt=last).order_by("pk")[:BATCH])
        if not entries:
            return
        last = entries[-1].pk
        changed = []
        for entry in entries:
            fields = rename(entry)
            if fields != entry.fields:
                entry.fields = fields
                changed.append(entry)
        # The model refuses this to everybody else: what happened is never edited. What happened
        # stays the same here, only the keys of it are others. A migration's models have none of our
        # methods, so that nothing stands in the way.
        Change.objects.bulk_update(changed, ["fields"])


class Vocabulary:
    """The labels and the choices of one model, in both directions."""

    def __init__(self, model):
        self.name_of = {}
        self.value_of = {}
        for field in model._meta.concrete_fields:
            self.name_of[str(field.verbose_name)] = field.name
            self.value_of[field.name] = {str(word): value for value, word in field.flatchoices}
        if model._meta.model_name == "action":
            # Fields first: 執行計畫 is one, and the path of the cell is the same.
            self.name_of = CELLS | self.name_of
        if model._meta.model_name == "user":
            # Django's own label is in English in a migration, and was kept in Chinese.
            self.name_of["密碼"] = self.name_of.pop("password")
        self.label_of = {name: label for label, name in self.name_of.items()}
        self.word_of = {
            name: {value: word for word, value in values.items()}
            for name, values in self.value_of.items()
        }


def vocabularies(apps):
    models = apps.get_app_config("items").get_models()
    return {model._meta.model_name: Vocabulary(model) for model in models}


def is_of_department(entry, values):
    """Whether the values are what an import said about one department of an action."""
    if entry.model != "action":
        return False
    words = [value for value in values if value is not None]
    return bool(words) and all(str(word).startswith(HANDED_OUT) for word in words)


def translated(value, words):
    """A choice in the other language; whatever is no choice as it is."""
    if isinstance(value, str):
        return words.get(value, value)
    return value


def by_names(entry, vocabulary):
    """The fields of an entry by field names; a key that is not understood stays as it is."""
    fields = {}
    for label, values in entry.fields.items():
        name = vocabulary.name_of.get(label)
        if name is None and is_of_department(entry, values):
            name = f"{DEPARTMENT_PREFIX}{label}"
        if name is None or name in fields:
            name = label
        words = vocabulary.value_of.get(name, {})
        fields[name] = [translated(value, words) for value in values]
    return fields


def by_labels(entry, vocabulary):
    """The way back."""
    fields = {}
    for name, values in entry.fields.items():
        label = vocabulary.label_of.get(name, name).removeprefix(DEPARTMENT_PREFIX)
        if label in fields:
            label = name
        words = vocabulary.word_of.get(name, {})
        fields[label] = [translated(value, words) for value in values]
    return fields


def rename_with(apps, renamed):
    of_model = vocabularies(apps)

    def rename(entry):
        vocabulary = of_model.get(entry.model)
        if vocabulary is None:
            # A model that is no longer there: nobody knows the names of its fields.
            return entry.fields
        return renamed(entry, vocabulary)

    with_fields_renamed(apps.get_model("items", "Change"), rename)


def name_fields(apps, schema_editor):
    rename_with(apps, by_names)


def label_fields(apps, schema_editor):
    rename_with(apps, by_labels)


def give_batches(apps, schema_editor):
    """Entries of an import carry its batch, as the page of the batch has looked for them so far.

    Undoing writes at another time and through another door: its entries get none.
    """
    Change = apps.get_model("items", "Change")
    # Not the whole rows: each holds the very file that was imported.
    batches = apps.get_model("items", "ImportBatch").objects.order_by("pk")
    for batch in batches.only("pk", "programme_id", "at", "by_id", "door"):
        Change.objects.filter(
            programme_id=batch.programme_id,
            at=batch.at,
            by_id=batch.by_id,
            door=batch.door,
            batch=None,
        ).update(batch=batch)


def give_homes(apps, schema_editor):
    """Entries of 預定進度 belong to their action, which their label names first."""
    Change = apps.get_model("items", "Change")
    Action = apps.get_model("items", "Action")
    homeless = Change.objects.filter(model="plannedprogress", programme=None)
    pks_by_code = {}
    for pk, label in homeless.order_by("pk").values_list("pk", "label"):
        code = label.partition(" ")[0]
        pks_by_code.setdefault(code, []).append(pk)
    years = apps.get_model("items", "Programme").objects.values_list("year", "pk")
    pk_of_year = {str(year): pk for year, pk in years}
    for code, pks in pks_by_code.items():
        action = Action.objects.filter(code=code).select_related("plan__method__strategy").first()
        if action is not None:
            programme_pk = action.plan.method.strategy.programme_id
        else:
            # The action was deleted since; its code begins with the year.
            programme_pk = pk_of_year.get(code.partition("-")[0])
        for start in range(0, len(pks), BATCH):
            entries = Change.objects.filter(pk__in=pks[start : start + BATCH])
            entries.update(action=action, programme_id=programme_pk)


def count_codes(apps, schema_editor):
    """The highest number of the codes that are there, and of those in labels of what is gone."""
    Change = apps.get_model("items", "Change")
    Action = apps.get_model("items", "Action")
    for programme in apps.get_model("items", "Programme").objects.all():
        there = Action.objects.filter(plan__method__strategy__programme=programme)
        codes = list(there.order_by().values_list("code", flat=True))
        gone = Change.objects.filter(programme=programme, model="action", kind="deleted")
        for label in gone.order_by().values_list("label", flat=True):
            codes.append(label.partition(" ")[0])
        for code in codes:
            number = code.rpartition("-")[2]
            if number.isdecimal():
                programme.last_code = max(programme.last_code, int(number))
        programme.save(update_fields=["last_code"])


def keep(apps, schema_editor):
    """Nothing to take back: older versions do not look at these columns, and the homes are true."""


class Migration(migrations.Migration):
    dependencies = [
        ("items", "0003_batch_of_a_change_and_last_code"),
    ]

    operations = [
        migrations.RunPython(give_batches, keep),
        migrations.RunPython(give_homes, keep),
        migrations.RunPython(count_codes, keep),
        migrations.RunPython(name_fields, label_fields),
    ]
