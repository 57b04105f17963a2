"""Whoever looks at one text of each look overlooks none that differs."""

import pytest

from tests.browser.looking import findings

PAGE = """<!doctype html><html lang="zh-Hant-TW"><title>對比</title><style>
body {{ background: #fff; color: #222 }}
{style}
</style><main><h1>對比</h1><ul>{rows}</ul></main></html>"""
ROWS = "".join(f"<li><i></i><p><span>第 {number} 列的文字</span></p></li>" for number in range(12))
DIFFERENT = {
    "its colour": "li:nth-child(9) span { color: #bbb }",
    "its opacity": "li:nth-child(9) { opacity: .3 }",
    "what it lies in": "li:nth-child(9) { background: #333 }",
    "what lies behind it": "li:nth-child(9) { position: relative } li:nth-child(9) i"
    " { position: absolute; inset: 0; background: #333; z-index: -1 }",
    "what it was moved over": "li:nth-child(9) { position: relative } li:nth-child(9) i"
    " { position: absolute; inset: 0; background: #333 } li:nth-child(9) p { position: relative }",
}


def colours_of(page):
    return [rule for rule, _ in findings(page) if rule == "color-contrast"]


def test_rows_of_one_look_pass_as_one(page):
    page.set_content(PAGE.format(style="", rows=ROWS))
    assert colours_of(page) == []


@pytest.mark.parametrize("style", DIFFERENT.values(), ids=DIFFERENT)
def test_a_row_is_found_that_differs_in(page, style):
    page.set_content(PAGE.format(style=style, rows=ROWS))
    assert colours_of(page) == ["color-contrast"]


def test_a_size_of_its_own_is_a_look_of_its_own(page):
    """Large letters may be paler."""
    style = "span { color: #8a8a8a; font-size: 30px } li:nth-child(9) span { font-size: 12px }"
    page.set_content(PAGE.format(style=style, rows=ROWS))
    assert colours_of(page) == ["color-contrast"]
