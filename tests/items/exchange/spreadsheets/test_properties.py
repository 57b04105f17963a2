"""What holds for any bytes and any table."""

import random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from items.deadline_problems import DeadlineError
from items.exchange.plan_table.headings import candidate_sheets
from items.exchange.plan_table.table import read_table
from items.exchange.spreadsheets.refused import Refused
from items.exchange.spreadsheets.text import clean, guard, unguard
from items.exchange.spreadsheets.workbook import Workbook
from items.roc_deadline import parse_deadline
from tests.items.exchange.spreadsheets import files
from tests.items.exchange.spreadsheets.fuzz import SEEDS, mutated
from tests.items.exchange.spreadsheets.reading import workbook_of

pytestmark = pytest.mark.slow

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))

# Text that XML can hold and that reading gives back as it is: no control characters, nothing to trim.
PLAIN = st.text(
    st.characters(
        codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Zs", "Zl", "Zp", "Cf", "Co")
    ),
    max_size=12,
)
WORDS = st.lists(PLAIN.filter(bool), min_size=1, max_size=3).map(" ".join)
CELLS = st.one_of(st.just(""), PLAIN, WORDS, st.builds("{}\n{}".format, WORDS, WORDS))
GRIDS = st.lists(st.lists(CELLS, min_size=1, max_size=6), min_size=1, max_size=6)


def check_words(error):
    """An error is a whole sentence."""
    assert error.message.endswith("。")


def read(data, name):
    try:
        return workbook_of(data, name)
    except Refused as refused:
        return check_words(refused)


def grid_of(data, name):
    """What a file holds, as {(row, column): text}."""
    (sheet,) = workbook_of(data, name).sheets
    return {
        (row.number, column): cell.text for row in sheet.rows for column, cell in row.cells.items()
    }


def expected(grid):
    return {
        (number, column): text
        for number, row in enumerate(grid, 1)
        for column, text in enumerate(row, 1)
        if text.strip()
    }


@QUICK
@given(
    st.binary(max_size=400),
    st.sampled_from(["", "PK\x03\x04", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "<", "\xff\xfe"]),
)
def test_any_bytes_are_refused_or_a_workbook(data, start):
    found = read(start.encode("latin-1") + data, "a.xlsx")
    assert found is None or isinstance(found, Workbook)


@QUICK
@given(st.sampled_from(sorted(SEEDS)), st.integers(0, 2**32))
def test_any_damage_to_a_good_file_is_refused_or_read(name, number):
    found = read(mutated(SEEDS[name](), random.Random(number)), name)
    if found:
        try:
            read_table(candidate_sheets(found)[0], 115)
        except Refused as refused:
            check_words(refused)


@QUICK
@given(GRIDS)
@example([["_x000D_", "=1+1", "'a", "#", "5"]])
def test_any_table_of_text_reads_back_from_xlsx(grid):
    kept = [[text.replace("_x", "_x005F_x") for text in row] for row in grid]
    assert grid_of(files.xlsx_table(kept), "a.xlsx") == expected(grid)


@QUICK
@given(GRIDS)
def test_any_table_of_text_reads_back_from_ods(grid):
    assert grid_of(files.ods(files.ods_rows(grid)), "a.ods") == expected(grid)


@QUICK
@given(GRIDS, st.sampled_from([",", ";", "\t"]))
def test_any_table_of_text_reads_back_from_csv(grid, delimiter):
    grid = [list(files.HEADINGS), *grid]
    guarded = [[guard(text) for text in row] for row in grid]
    assert grid_of(files.csv_bytes(guarded, delimiter=delimiter), "a.csv") == expected(grid)


@QUICK
@given(st.text(max_size=20))
def test_the_guard_is_taken_off_exactly(text):
    assert unguard(guard(text)) == text


@QUICK
@given(st.text(max_size=30))
def test_clean_text_stays_as_it_is(text):
    once, _ = clean(text)
    assert clean(once) == (once, False)
    once.encode()


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(max_size=15),
        st.text("115年/.-月日季底前第上下半每 0123456789", max_size=12),
        st.floats(),
        st.integers(),
    )
)
def test_any_deadline_is_a_day_or_an_error_in_words(value):
    try:
        found = parse_deadline(value, 115)
    except DeadlineError as error:
        check_words(error)
    else:
        assert found.date.year > 1911


@QUICK
@given(
    st.lists(
        st.tuples(*[st.sampled_from(["", "甲", "乙。", "#REF!"])] * 4, st.sampled_from(["", "115年6月", "每季", "x"]),
                  st.sampled_from(["", "業務處", "甲、乙"]), st.sampled_from(["", "丙"])),
        max_size=8,
    ),
    st.lists(st.tuples(st.integers(1, 9), st.integers(1, 7), st.integers(0, 4), st.integers(0, 3)), max_size=4),
    st.lists(st.integers(0, 8), max_size=2),
)  # fmt: skip
@example(
    [("",) * 7, ("",) * 4 + ("115年6月", "業務處", ""), ("",) * 7, ("",) * 7],
    [(2, 1, 3, 3)],
    [0, 3],
)
def test_every_row_is_accounted_for(rows, merges, pages):
    table = [files.HEADINGS, *rows]
    for at in pages:
        table.insert(min(1 + at, len(table)), files.HEADINGS)
    references = [
        f"{files.letter(left)}{top}:{files.letter(left + width)}{top + height}"
        for top, left, height, width in merges
    ]
    data = files.xlsx_table(table, *references)
    try:
        found = read_table(candidate_sheets(workbook_of(data, "a"))[0], 115)
    except Refused:
        return
    with_text = {number for number, row in enumerate(table, 1) if any(row)}
    accounted = {found.heading_row}
    for row in found.rows:
        accounted.update(row.numbers)
    accounted.update(ignored.number for ignored in found.ignored)
    accounted.update(problem.row for problem in found.problems)
    assert with_text <= accounted
    for row in found.rows:
        assert len(row.deadlines) in (0, 1, len(row.departments))
        if not row.deadlines or not row.departments or not row.action:
            # At the line that it is about, where a merge gives an action several.
            assert any(problem.row in row.numbers for problem in found.problems)


@pytest.mark.parametrize("name", sorted(SEEDS))
def test_the_seeds_of_the_fuzzer_are_good_files(name):
    assert read_table(candidate_sheets(workbook_of(SEEDS[name](), name))[0], 115).rows
