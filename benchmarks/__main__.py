"""`python3 dev.py bench`: run every module of this package and print a table.

The exit status is 1 when a figure is missed.
"""

import argparse
import importlib
import json
import os
import pkgutil
import sys
import tempfile
import traceback

import benchmarks
from benchmarks._choice import Choice
from benchmarks._figure import BenchmarkFigure
from dev_tools.bench_options import add_options


def main() -> int:
    """The exit status: 0 where every figure is met."""
    parser = argparse.ArgumentParser(prog="dev.py bench")
    add_options(parser)
    options = parser.parse_args()
    choice = Choice.of(options)
    figures: list[BenchmarkFigure] = []
    for module in pkgutil.iter_modules(benchmarks.__path__):
        if not module.name.startswith("_") and choice.has_module(module.name):
            figures += measured(module.name, choice)
    show(figures)
    if options.json:
        options.json.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", "utf-8")
    if not figures:
        print("nothing was measured: benchmarks/ has no such module")
        return 1
    if all(figure["ok"] for figure in figures):
        return 0
    return 1


def measured(name: str, choice: Choice) -> list[BenchmarkFigure]:
    """A module's figures; one that fails is a missed figure, and the others still run."""
    try:
        return importlib.import_module(f"benchmarks.{name}").measure(choice)
    except Exception as error:
        traceback.print_exc()
        return [
            {
                "name": name,
                "ratio": None,
                "asked": None,
                "ok": False,
                "detail": f"{type(error).__name__}: {error}",
            }
        ]


def show(figures: list[BenchmarkFigure]) -> None:
    """A table: what was asked beside what was measured."""
    print(f"{'':<7} {'measured':>9} {'asked':>9}  what")
    for figure in figures:
        measured_value = "-" if figure["ratio"] is None else figure["ratio"]
        line = f"{verdict(figure):<7} {measured_value:>9} {figure['asked'] or '-':>9}"
        print(f"{line}  {figure['name']}  ({figure['detail']})")
    missed = [figure for figure in figures if not figure["ok"]]
    promised = [figure for figure in figures if figure["asked"] != "-"]
    print(f"{len(promised) - len(missed)} of {len(promised)} promised figures are met")


def verdict(figure: BenchmarkFigure) -> str:
    if not figure["ok"]:
        return "NOT MET"
    if figure["asked"] == "-":
        return ""
    return "met"


def set_up(folder: str) -> None:
    os.environ.update(
        DEMONSTRATION="1", DATA_DIR=folder, DJANGO_SETTINGS_MODULE="plan_tracker.settings"
    )
    os.environ.pop("DATABASE_URL", None)
    # Only now: Django reads the settings when it is imported.
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        set_up(folder)
        code = main()
        from django.db import connections

        connections.close_all()
    sys.exit(code)
