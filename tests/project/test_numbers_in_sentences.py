"""12,000 and not 12000 件: wherever a number of rows stands in a sentence, its thousands are marked."""

import ast
import re

import pytest

from dev_tools.terminal import ROOT

MEASURE_WORDS = "件筆項份則封"
"""Of what an office has thousands; of departments, periods and meetings it has some dozens."""
BEHIND = re.compile(rf"^ ?[{MEASURE_WORDS}](?!次)")
IN_TEMPLATE = re.compile(
    rf"(.{{0,40}})\{{\{{ ([^}}]+) \}}\}}(?:</b>|</a>)? ?[{MEASURE_WORDS}](?!次)"
)
NOT_COUNTED = ("第", "前", "最急的")
"""Before a number of a row, and before that of the first rows, of which a page shows some dozens."""
FEW = {
    # Bounds below a thousand, and numbers of what one person has before them.
    *("MOST_TOGETHER", "FEWEST_PARTS", "len(slips)", "keep", "forgotten"),
    *("page.now|length", "page.past|length", "page.shown", "page.paginator.per_page"),
}
MODULES = sorted([*ROOT.glob("items/**/*.py"), *ROOT.glob("reports/**/*.py")])


def unmarked_in(tree):
    """The numbers of one module that stand before a measure word as Python writes them."""
    for sentence in ast.walk(tree):
        if not isinstance(sentence, ast.JoinedStr):
            continue
        for place, part in enumerate(sentence.values[:-1]):
            behind = sentence.values[place + 1]
            before = sentence.values[place - 1] if place else None
            is_ordinal = isinstance(before, ast.Constant) and before.value.rstrip().endswith(
                NOT_COUNTED
            )
            if not isinstance(part, ast.FormattedValue) or is_ordinal or part.format_spec:
                continue
            if isinstance(behind, ast.Constant) and BEHIND.match(behind.value):
                yield ast.unparse(part.value)


def test_no_sentence_of_the_program_has_a_bare_number():
    bare = []
    for module in MODULES:
        if "migrations" in module.parts:
            continue
        for number in unmarked_in(ast.parse(module.read_text("utf-8"))):
            if number not in FEW:
                bare.append(f"{module.relative_to(ROOT)}: {number}")
    assert bare == []


def test_no_template_has_a_bare_number():
    bare = []
    for template in sorted(ROOT.glob("templates/**/*.html")):
        for before, number in IN_TEMPLATE.findall(template.read_text("utf-8")):
            is_marked = number.endswith("|count") or before.rstrip().endswith(NOT_COUNTED)
            if not is_marked and number not in FEW:
                bare.append(f"{template.relative_to(ROOT)}: {number}")
    assert bare == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('f"待填 {number} 件"', ["number"]),
        ('f"{len(rows)}筆"', ["len(rows)"]),
        ('f"待填 {number:,} 件"', []),
        ('f"第 {number} 項"', []),
        ('f"{name}項次"', []),
    ],
)
def test_a_bare_number_is_found(source, found):
    assert list(unmarked_in(ast.parse(source))) == found
