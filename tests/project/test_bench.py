"""`dev.py bench` measures every part that it names, and its table stands in docs/performance.md."""

from importlib import import_module

from benchmarks import _written_table
from benchmarks.__main__ import GROUPS, groups_of, measured
from benchmarks._choice import Choice
from benchmarks._figure import at_most
from benchmarks.pages import BASE, PageTimes, YearTimes, beside_small


def test_each_part_of_a_whole_run_can_be_measured():
    for group in groups_of(Choice()):
        for lane in group:
            for name in lane:
                assert callable(import_module(f"benchmarks.{name}").measure)


def test_what_reads_the_clock_runs_alone():
    alone = [group[0] for group in GROUPS if len(group) == 1]
    assert alone == [("hundred",), ("crowd",)]


def test_a_named_part_runs_by_itself():
    assert groups_of(Choice(modules=("crowd", "lists"))) == [(("crowd",),), (("lists",),)]


def test_a_part_that_fails_is_missed(capsys):
    [figure] = measured("_no_such_part", Choice())
    assert not figure["ok"]
    assert figure["name"] == "_no_such_part: the rest was not measured"


def test_the_table_stands_between_its_markers_and_the_words_around_it_stay(tmp_path, monkeypatch):
    document = tmp_path / "performance.md"
    document.write_text(
        f"Before.\n\n{_written_table.BEGIN}\nan old table\n{_written_table.END}\n\nAfter.\n"
    )
    monkeypatch.setattr(_written_table, "DOCUMENT", document)
    slow = at_most("a page", 7, asked=6, detail="")
    quick = at_most("a save", 1.5, asked=4, detail="")
    not_promised = at_most("a look", 3, asked=None, detail="")
    _written_table.write_into_docs([slow, quick, not_promised])
    text = document.read_text()
    assert text.startswith(f"Before.\n\n{_written_table.BEGIN}\nOne run on ")
    assert ": 1 of 2 are met.\n" in text
    assert "| a page | 7 | <= 6 | NOT MET |\n| a save | 1.5 | <= 4 | met |\n" in text
    assert text.endswith(f"|\n{_written_table.END}\n\nAfter.\n")
    assert "an old table" not in text
    assert "a look" not in text


def test_the_document_has_the_markers():
    text = _written_table.DOCUMENT.read_text("utf-8")
    assert text.count(_written_table.BEGIN) == text.count(_written_table.END) == 1


def year_times(*, base=0.002, **pages):
    """A year's pages as {name: (seconds, rows)}."""
    times = {}
    for name, (seconds, rows) in {BASE: (base, 2), **pages}.items():
        times[name] = PageTimes(processor=seconds, wall=seconds, rows=rows, length=0, queries=1)
    return YearTimes(times, dashboard=None, among_a_million=None)


def test_a_page_of_one_department_is_spared_rows_at_their_price_in_one_year():
    small = year_times(待我核可=(0.010, 4))
    # The process of the middle year ran on a machine that was twice as slow: 0.2 ms a row.
    of_all = {"待我核可 of all departments": (0.064, 108)}
    middle = year_times(base=0.004, 待我核可=(0.024, 8), **of_all)
    many = year_times(待我核可=(0.024, 54), **of_all)
    [figure] = beside_small("SQLite", small, middle, many)
    assert figure["name"].startswith("SQLite, 2000 items: 待我核可 beside 33")
    assert figure["ratio"] == 1.4


def test_other_pages_are_spared_rows_at_their_price_between_two_years():
    small = year_times(總覽=(0.010, 10))
    middle = year_times(base=0.004, 總覽=(0.040, 60))
    many = year_times(總覽=(0.024, 60))
    [figure] = beside_small("SQLite", small, middle, many)
    assert figure["ratio"] == 1.4


def test_what_shows_hardly_more_rows_is_spared_nothing():
    small = year_times(總覽=(0.010, 10))
    middle = year_times(總覽=(0.020, 15))
    many = year_times(總覽=(0.024, 60))
    [figure] = beside_small("SQLite", small, middle, many)
    assert figure["ratio"] == 2.4
