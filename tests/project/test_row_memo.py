"""HTML of rows is kept by everything that it was drawn from, and by nothing less."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple

import pytest
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from items.lights import Light
from items.models import Action, Programme
from plan_tracker.row_memo import NotPlain, RowMemo, key_of


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
