"""HTML of rows is kept by everything that it was drawn from, and by nothing less."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple

import pytest
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from items.lights import Light
from items.models import Action, Programme
from items.templatetags.rows import rows_of
from plan_tracker.row_memo import NotPlain, RowMemo, RowToMake, ShortKeys, key_of, memo


@dataclass(frozen=True)
class WordCell:
    words: object


@dataclass(frozen=True)
class OtherWordCell:
    words: object


@dataclass
class ChangeableWordCell:
    words: object


class WordPair(NamedTuple):
    one: object
    other: object


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, True),
        (0, False),
        ("over", Light.OVER),
        ("<b>", mark_safe("<b>")),
        (None, ""),
        ((), None),
        (("a", "b"), WordPair("a", "b")),
        (WordPair(1, "a"), WordPair(True, "a")),
        (WordCell("a"), OtherWordCell("a")),
        (WordCell(1), WordCell(True)),
        ((("a",), "b"), ("a", ("b",))),
        (date(2026, 11, 22), date(2026, 11, 23)),
    ],
)
def test_what_is_drawn_otherwise_has_another_key(one, other):
    assert key_of(WordCell(one)) != key_of(WordCell(other))
    # Among others as well, which are looked at one by one.
    assert key_of(WordCell(("a", one, ()))) != key_of(WordCell(("a", other, ())))


def test_equal_rows_have_one_key():
    def row():
        return WordCell(
            ("".join(["甲", "乙"]), 1, WordPair(Light.OK, WordCell(date(2026, 11, 22))), None)
        )

    assert key_of(row()) == key_of(row())
    assert hash(key_of(row())) == hash(key_of(row()))


@pytest.mark.parametrize(
    "value",
    [
        Action(pk=1, title="改了題目也等於原來那一項"),
        Programme.objects.none(),
        ChangeableWordCell("a"),
        ["a"],
        {"a": 1},
        {"a"},
        datetime(2026, 11, 22, tzinfo=UTC),
        0.0,
        gettext_lazy("Monday"),
        object(),
        WordCell,
        print,
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_may_be_drawn_otherwise_though_it_is_equal_is_refused(value):
    with pytest.raises(NotPlain):
        key_of(WordCell(value))
    with pytest.raises(NotPlain):
        key_of(WordCell(("a", value)))
    with pytest.raises(NotPlain):
        key_of(value)


def test_no_more_is_kept_than_the_bound_and_the_oldest_goes_first():
    memo = RowMemo(most_characters=100)
    for number in range(5):
        memo.keep(number, mark_safe("x" * 30))

    assert [memo.get(number) is not None for number in range(5)] == [False, False, True, True, True]
    assert memo.characters == 90


def test_a_row_that_two_threads_have_drawn_is_kept_and_counted_once():
    memo = RowMemo(most_characters=100)
    first = mark_safe("<tr>")
    memo.keep("row", first)
    memo.keep("row", mark_safe("<tr>"))

    assert memo.get("row") is first
    assert memo.characters == 4


def test_a_row_beyond_the_bound_leaves_nothing_behind():
    memo = RowMemo(most_characters=3)
    memo.keep("row", mark_safe("<tr>"))

    assert memo.get("row") is None
    assert memo.characters == 0


@pytest.fixture
def row_template(settings, tmp_path):
    """A template that draws the words of a row."""
    (tmp_path / "words_row.html").write_text("{{ row.words }};")
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [tmp_path]}]
    return "words_row.html"


@pytest.fixture
def made():
    """The rows that were made, in their order."""
    memo.clear()
    return []


def to_make(made, shared, *sources):
    def make():
        made.append(sources)
        return WordsRow("".join(map(str, sources)))

    return RowToMake(sources, shared, make)


@dataclass(frozen=True)
class WordsRow:
    words: str


def test_a_row_is_made_only_where_its_html_is_not_kept(made, row_template):
    shared = object()
    first = rows_of(row_template, [to_make(made, shared, "甲", 1)])
    assert rows_of(row_template, [to_make(made, shared, "甲", 1)]) == first == "甲1;"
    assert made == [("甲", 1)]
    # Other sources, or other things that all rows share, are another row.
    rows_of(row_template, [to_make(made, shared, "甲", 2), to_make(made, object(), "甲", 1)])
    assert made == [("甲", 1), ("甲", 2), ("甲", 1)]


def test_a_row_of_sources_that_may_be_drawn_otherwise_is_refused(made, row_template):
    with pytest.raises(NotPlain):
        rows_of(row_template, [to_make(made, object(), 0.0)])
    assert made == []


def test_a_long_key_has_one_short_key_and_a_forgotten_one_is_never_given_again():
    keys = ShortKeys()
    first = keys.of((1, "115"))
    assert keys.of((1, "115")) is first
    others = [keys.of((number, "115")) for number in range(2, 40)]
    assert len({first, *others}) == 39
    assert keys.of((1, "115")) not in {first, *others}
