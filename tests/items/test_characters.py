"""Characters that nobody sees: how much of them is passed over where."""

import unicodedata

import pytest

from items import characters

SPACE = "\u3000"
ZERO_WIDTH_SPACE = "\u200b"
JOINER = "\u200d"
SOFT_HYPHEN = "\u00ad"
TURNED = "\u202e"
CONTROL = "\x07"


@pytest.mark.parametrize(
    ("function", "kept"),
    [
        (characters.without_unwanted, SPACE + JOINER),
        (characters.without_unseen, ""),
        (characters.without_unseen_in_names, SPACE + TURNED + CONTROL),
        (characters.without_unseen_in_dates, SOFT_HYPHEN + TURNED + CONTROL),
    ],
)
def test_each_use_passes_over_what_it_must(function, kept):
    all_of_them = SPACE + ZERO_WIDTH_SPACE + JOINER + SOFT_HYPHEN + TURNED + CONTROL
    assert function(f"業{all_of_them}務") == f"業{kept}務"


@pytest.mark.parametrize(("text", "folded"), [("ＡＢｃ", "abc"), ("①", "1"), ("ß", "ss")])
def test_width_and_case_are_folded(text, folded):
    assert characters.fold_width_and_case(text) == folded


def test_both_forms_of_tai_are_one():
    assert characters.fold_same_characters("臺北台中") == "台北台中"


@pytest.mark.parametrize(
    "text",
    [
        "作業（一），檢討：是；否",
        "（ｱ゛）",
        "，\u0301",
        "Å；ﬁ",
        "臺北（㈱）",
        "一般文字",
        "一㎡\n\u0301Å，\r\nﬁ\n",
        "；\u0338＝\u0338",
    ],
)
def test_common_punctuation_is_folded_as_unicode_folds_it(text):
    assert characters.fold_width_and_case(text) == unicodedata.normalize("NFKC", text).casefold()
