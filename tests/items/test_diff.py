"""What changed between two texts: nothing is lost, numbers and lines stay whole."""

import pytest

from items.diff import apart, marked


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        (
            "11月18日啟用。",
            "10月30日啟用。",
            [("del", "11月18"), ("ins", "10月30"), ("same", "日啟用。")],
        ),
        ("1 件", "12 件", [("del", "1"), ("ins", "12"), ("same", " 件")]),
        (
            "建立標準處理程序",
            "建立標準作業程序",
            [("same", "建立標準"), ("del", "處理"), ("ins", "作業"), ("same", "程序")],
        ),
        ("\U000f0000 11", "\U000f0000 12", [("same", "\U000f0000 1"), ("del", "1"), ("ins", "2")]),
    ],
)
def test_a_number_changes_as_a_whole(old, new, pieces):
    assert marked(old, new) == pieces


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", "115年12月"),
        ("9 8 77 66", "77 66 555"),
        ("一二三", ""),
        ("12" * 500, "21" * 400 + "甲"),
    ],
)
def test_both_texts_can_be_read_from_the_pieces(old, new):
    pieces = marked(old, new)
    assert "".join(text for kind, text in pieces if kind != "ins") == old
    assert "".join(text for kind, text in pieces if kind != "del") == new


def test_of_several_lines_only_those_that_come_or_go_are_told():
    assert apart("港務處\n資訊室", "港務處\n行政處\n資訊室") == [
        ("same", "港務處\n"),
        ("ins", "行政處\n"),
        ("same", "資訊室"),
    ]
    assert apart("港務處\n資訊室", "港務處") == [("same", "港務處\n"), ("del", "資訊室")]
    assert apart("115年12月", "115年6月\n115年9月") == [
        ("del", "115年12月\n"),
        ("ins", "115年6月\n115年9月"),
    ]


def test_short_values_are_told_whole():
    assert apart("115年12月", "115年11月") == [
        ("del", "115年12月"),
        ("same", " "),
        ("ins", "115年11月"),
    ]
    assert apart("", "115年11月") == [("ins", "115年11月")]
