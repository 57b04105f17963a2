"""`python3 dev.py bench`: measure part by part, and print a table.

The exit status is 1 when a figure is missed. Without `--only` it is what stands in GROUPS, and ends
by itself when its minutes are over: what was not measured by then is missed.
"""

import argparse
import json
import sys
import time
import traceback
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module

from benchmarks import _time_left
from benchmarks._choice import Choice
from benchmarks._figure import BenchmarkFigure, at_most, verdict
from benchmarks._fresh_databases import kept_for_a_run
from benchmarks._written_table import write_into_docs
from dev_tools.bench_options import add_options

Lane = tuple[str, ...]
"""Parts that are measured one after the other."""
GROUPS: tuple[tuple[Lane, ...], ...] = (
    (("pages", "lists"), ("memory",)),
    (("hundred",),),
    (("crowd",),),
)
"""One after the other; the lanes of a group at once, since each keeps one core and reads no clock."""


def main() -> int:
    """The exit status: 0 where every figure is met."""
    parser = argparse.ArgumentParser(prog="dev.py bench")
    add_options(parser)
    options = parser.parse_args()
    choice = Choice.of(options)
    is_whole = not choice.modules
    if is_whole:
        _time_left.end_after(options.minutes)
    started = time.monotonic()
    figures: list[BenchmarkFigure] = []
    with kept_for_a_run():
        for group in groups_of(choice):
            with ThreadPoolExecutor(len(group)) as pool:
                for of_lane in pool.map(lambda lane: measured_in_turn(lane, choice), group):
                    figures += of_lane
    if is_whole:
        minutes = (time.monotonic() - started) / 60
        figures.append(at_most("minutes of the whole run", minutes, asked=10, detail="one run"))
    show(figures)
    if options.json:
        options.json.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", "utf-8")
    if options.docs:
        write_into_docs(figures)
    if not figures:
        print("nothing was measured: benchmarks/ has no such module")
        return 1
    if all(figure["ok"] for figure in figures):
        return 0
    return 1


def groups_of(choice: Choice) -> Sequence[tuple[Lane, ...]]:
    """The parts that are asked for, each by itself; all of GROUPS where none is named."""
    if not choice.modules:
        return GROUPS
    return [((name,),) for name in choice.modules]


def measured_in_turn(lane: Lane, choice: Choice) -> list[BenchmarkFigure]:
    """The figures of some parts; how long each took is said as soon as it is known."""
    figures: list[BenchmarkFigure] = []
    for name in lane:
        begun = time.monotonic()
        figures += measured(name, choice)
        print(f"{name}: {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
    return figures


def measured(name: str, choice: Choice) -> list[BenchmarkFigure]:
    """A module's figures; where it fails, one more is missed, and the others stay and still run."""
    figures: list[BenchmarkFigure] = []
    try:
        for figure in import_module(f"benchmarks.{name}").measure(choice):
            figures.append(figure)
    except Exception as error:
        traceback.print_exc()
        figures.append(
            {
                "name": f"{name}: the rest was not measured",
                "ratio": None,
                "asked": None,
                "ok": False,
                "detail": f"{type(error).__name__}: {error}",
            }
        )
    return figures


def show(figures: list[BenchmarkFigure]) -> None:
    """A table: what was asked beside what was measured."""
    print(f"{'':<7} {'measured':>9} {'asked':>9}  what")
    for figure in figures:
        measured_value: float | str = "-"
        if figure["ratio"] is not None:
            measured_value = figure["ratio"]
        asked = figure["asked"] or "-"
        columns = f"{verdict(figure):<7} {measured_value:>9} {asked:>9}"
        print(f"{columns}  {figure['name']}  ({figure['detail']})")
    # What nobody has promised is never missed.
    missed = [figure for figure in figures if not figure["ok"]]
    promised = [figure for figure in figures if figure["asked"] != "-"]
    print(f"{len(promised) - len(missed)} of {len(promised)} promised figures are met")


if __name__ == "__main__":
    sys.exit(main())
