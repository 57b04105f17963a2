"""Texts that would do harm if a page or a file took them for more than text, put into every text there is."""

import re
from collections.abc import Iterator

from django.apps import apps
from django.db import IntegrityError, models, transaction

FORMULAS = ("=", "+", "-", "@", "\t=", "＝")
"""With what a program of spreadsheets takes a cell for a formula."""
CELLS = [
    "=1+1", "==cmd()", "+1", "-1", "@SUM(A1)", "\t=1", "'=1", "''=1", "＝1+1", "=HYPERLINK(1)",
    "'", "1e5", "007",
    "2026-12-31", "_x0041_", "<b>&amp;</b>", "  前後空白", "一\n二", "a  b", "emoji 🙂 𠮷", "TRUE",
]  # fmt: skip
"""Texts that a program of spreadsheets may take for a formula, a number, a day or an escape."""
TURNED = "\u202e\u2066"
LONG = (
    "\"'></td></textarea></title></option></script>"
    "<script>window.hostile='ran'</script>"
    "<img src=hostile onerror=\"window.hostile='ran'\">"
    "evaluated{{ 41|add:1 }}{% now 'Y' %}" + TURNED
)
NAME = "\"'><img src=hostile onerror=hostile()>" + TURNED
"""The same for names of files, in which no program leaves a stroke."""
SHORT = "\"'><hostile-x>"
EVALUATED = "evaluated42"
"""What stands on a page where `LONG` was taken for a template."""
MARK = re.compile(r"hostile(\d\d)")

# What people neither write nor import: keys, hashes, codes of the program, and what is a copy.
WRITTEN_BY_THE_PROGRAM = {
    *("password", "hashed", "digest", "link", "sha256", "received_sha256", "stored_name"),
    *("thumbnail_name", "reference", "seen", "session_key", "seed", "issuer", "subject", "browser"),
    *("folded", "flags", "flags_off", "filing_states", "counts", "model", "event", "about"),
    *("table", "state", "door", "content_kind", "days_before", "days_after", "server_words"),
}
HELD_BY_A_RULE = {
    "username": "letters, digits and a few signs",
    "email": "an address",
    "address": "an address: http or https, see `hostile_link`",
    "code": "115-01",
    "catch_up_month": "a month",
}


def hostile_text(number: int, row: int, longest: int | None) -> str:
    """A text for the field of this number: another beginning for each row, and not longer than that."""
    beginning = f"{FORMULAS[row % len(FORMULAS)]}hostile{number:02}"
    for body in (LONG, NAME, SHORT):
        text = f"{beginning}{body}"
        # Rows of one field differ, since some must: names of departments.
        text = f"{text}{row}"
        if longest is None or len(text) <= longest:
            return text
    return f"{beginning}<b>{row}"[:longest]


def hostile_link(number: int) -> str:
    """An address that the rule for links lets through."""
    return f"https://example.org/hostile{number:02}?{LONG}"


def _written_fields(model: type[models.Model]) -> Iterator[models.Field]:
    for field in model._meta.concrete_fields:
        is_text = isinstance(field, models.CharField | models.TextField | models.JSONField)
        is_chosen = bool(getattr(field, "choices", None))
        is_known = field.name in WRITTEN_BY_THE_PROGRAM or field.name in HELD_BY_A_RULE
        if is_text and not is_chosen and not is_known:
            yield field


def _hostile_json(value: object, text: str) -> object:
    """The same with every sentence replaced; keys and codes of the program stay."""
    if isinstance(value, dict):
        return {key: _hostile_json(part, text) for key, part in value.items()}
    if isinstance(value, list):
        return [_hostile_json(part, text) for part in value]
    if isinstance(value, str) and re.search(r"[\u3400-\u9fff]", value):
        return text
    return value


def _hostile_value(field: models.Field, value: object, number: int, row: int) -> object:
    text = hostile_text(number, row, field.max_length)
    if isinstance(field, models.JSONField):
        return _hostile_json(value, text)
    if field.model._meta.model_name == "keptline":
        # JSON in a text, all of it copies of other texts.
        return value
    if field.name == "file_name":
        beginning = FORMULAS[row % len(FORMULAS)].strip()
        return f"{beginning}hostile{number:02}{NAME}{row}{ending_of(value)}"
    return text


def ending_of(name: object) -> str:
    """ ".pdf" of "紀錄.pdf"."""
    before, point, ending = str(name).rpartition(".")
    if before and point:
        return f".{ending}"
    return ""


def fill_every_text() -> dict[str, str]:
    """{mark: "model.field"} of every text of the database, each of which is hostile afterwards.

    What the database itself refuses, such as a reason beside a state that has none, stays as it was.
    """
    marks = {}
    number = 10
    for model in apps.get_app_config("items").get_models():
        for field in _written_fields(model):
            number += 1
            if _fill(model, field, number):
                marks[f"{number}"] = f"{model._meta.model_name}.{field.name}"
    return marks


def _fill(model: type[models.Model], field: models.Field, number: int) -> int:
    """How many rows took a hostile text."""
    taken = 0
    values = list(model._base_manager.order_by("pk").values_list("pk", field.attname))
    for row, (key, value) in enumerate(values):
        try:
            with transaction.atomic():
                hostile = _hostile_value(field, value, number, row)
                model._base_manager.filter(pk=key).update(**{field.name: hostile})
            taken += hostile != value
        except IntegrityError:
            continue
    return taken
