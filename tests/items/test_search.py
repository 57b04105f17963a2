"""Plain comparing of folded words finds what the pattern of the typed word would find."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from items import search

HAN = "民眾方法港區臺台黃黄力\uf914樂\U0002f800𠮷"
RADICALS = "⺠⽅⼒"
LATIN = "aZ9９ＡｚＴbB0²"
SIGNS = "-－—–。，,(（）)./%％·「」"
BOPOMOFO = "ㄅㄆㄇㄚˊˇˋ˙"
KANA = "ガイドｲｶかがー"
SPACES = " \u3000\u00a0\n"

texts = st.text(
    st.sampled_from(HAN + RADICALS + LATIN + SIGNS + BOPOMOFO + KANA + SPACES), max_size=24
)


@st.composite
def texts_and_words(draw):
    """A text, and a word: a piece of it as it stands or spelled anew, or any other."""
    text = draw(texts)
    pieces = "".join(text.split())
    start = draw(st.integers(0, len(pieces)))
    piece = pieces[start : start + draw(st.integers(1, 5))]
    spellings = [piece, piece.upper(), draw(texts)]
    # The mark of 輕聲 folds to a space and a dot above it, which nobody types.
    if " " not in search.fold(piece):
        spellings.append(search.fold(piece))
    word = draw(st.sampled_from(spellings))
    return text, "".join(word.split()) or "港"


def finds(word, text):
    return search.searchable(word) in search.searchable(text)


@settings(max_examples=300, deadline=None)
@given(texts_and_words())
@example(("TPNet　系統", "tpnet系統"))
@example(("服務 品質", "服務品質"))
@example(("30 m²", "m2"))
@example(("第 3 處", "第3處"))
@example(("a\n系", "a系"))
@example(("115－03", "115-03"))
def test_a_word_is_found_where_its_pattern_is(text_and_word):
    text, word = text_and_word

    found = bool(re.search(search.pattern(word), text))
    # A pattern took no radical for Chinese, and so no space before it for one that may be missing.
    if not any(radical in text + word for radical in RADICALS):
        assert finds(word, text) == found
    elif found:
        assert finds(word, text)


@settings(deadline=None)
@given(st.text(max_size=20), st.integers(0, 20), st.integers(1, 5))
def test_folding_twice_changes_nothing(text, start, length):
    once = search.searchable(text)

    assert search.searchable(once) == once


@pytest.mark.parametrize(
    ("word", "text"),
    [
        pytest.param("café", "CAFE\u0301", id="decomposed"),
        pytest.param("ガイド", "ｶﾞｲﾄﾞ", id="half-width kana"),
        pytest.param("ガイド", "カ\u3099イト\u3099", id="decomposed kana"),
        # Whatever stands for 1 is found by typing 1; a pattern found it only as it was typed.
        pytest.param("1", "①", id="a circled figure"),
        pytest.param("m2", "30㎡", id="a square metre in one character"),
    ],
)
def test_marks_and_compatibility_characters_are_folded_too(word, text):
    assert finds(word, text)


def test_a_letter_is_not_found_in_one_with_a_mark_however_that_is_written():
    assert not finds("e", "é")
    assert not finds("e", "e\u0301")
    assert not finds("カ", "ｶﾞ")


@settings(deadline=None)
@given(st.lists(texts, max_size=6))
@example([])
@example(["\x00", "臺"])
@example(["a ", " 系", "", "㎡\n"])
def test_many_texts_are_folded_as_each_of_them_is(many):
    assert search.all_searchable(many) == [search.searchable(text) for text in many]
