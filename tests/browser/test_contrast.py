"""Whoever looks at one text of each look overlooks none that differs."""

import pytest

from tests.browser.looking import findings

PAGE = """<!doctype html><html lang="zh-Hant-TW"><title>對比</title><style>
body {{ background: #fff; color: #222 }}
h1, ul, p {{ margin: 0 }} h1 {{ height: 40px }} li {{ height: 30px }}
{style}
</style><main><h1>對比</h1><ul>{rows}</ul></main><div></div></html>"""
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
FLOATED = "main { float: left; width: 100% } "
"""As Django's back office floats as a whole."""
DIFFERENT_IN_A_FLOAT = DIFFERENT | {
    # Row 9 begins 40 + 8 · 30 pixels below the page's own edge.
    "what it was floated over": "body { display: flow-root }"
    " body > div { margin-top: 280px; height: 30px; background: #333 }",
    "what it reaches out of": "ul { background: #333; color: #eee; height: 240px }",
}
DARK = PAGE.format(style="", rows=ROWS)
PALE = PAGE.format(style="li:nth-child(9) span { color: #bbb }", rows=ROWS)


def colours_of(page):
    return [rule for rule, _ in findings(page) if rule == "color-contrast"]


@pytest.mark.parametrize("style", ["", FLOATED])
def test_rows_of_one_look_pass_as_one(page, style):
    page.set_content(PAGE.format(style=style, rows=ROWS))
    assert colours_of(page) == []


@pytest.mark.parametrize("style", DIFFERENT.values(), ids=DIFFERENT)
def test_a_row_is_found_that_differs_in(page, style):
    page.set_content(PAGE.format(style=style, rows=ROWS))
    assert colours_of(page) == ["color-contrast"]


@pytest.mark.parametrize("style", DIFFERENT_IN_A_FLOAT.values(), ids=DIFFERENT_IN_A_FLOAT)
def test_a_row_of_a_float_is_found_that_differs_in(page, style):
    page.set_content(PAGE.format(style=FLOATED + style, rows=ROWS))
    assert colours_of(page) == ["color-contrast"]


def test_a_look_that_has_passed_is_remembered_on_the_next_page_and_no_other(page):
    page.route("**/pale/", lambda route: route.fulfill(body=PALE, content_type="text/html"))
    page.route("**/dark/", lambda route: route.fulfill(body=DARK, content_type="text/html"))
    page.goto("http://rows.example/dark/")
    assert colours_of(page) == []
    page.goto("http://rows.example/pale/")
    assert colours_of(page) == ["color-contrast"]
    page.goto("http://rows.example/dark/")
    assert colours_of(page) == []


def test_a_size_of_its_own_is_a_look_of_its_own(page):
    """Large letters may be paler."""
    style = "span { color: #8a8a8a; font-size: 30px } li:nth-child(9) span { font-size: 12px }"
    page.set_content(PAGE.format(style=style, rows=ROWS))
    assert colours_of(page) == ["color-contrast"]
