"""`dev.py bench` measures every part that it names, and its table stands in docs/performance.md."""

from importlib import import_module

from benchmarks import _written_table
from benchmarks.__main__ import GROUPS, groups_of, measured
from benchmarks._choice import Choice
from benchmarks._figure import at_most


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
