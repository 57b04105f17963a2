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
from pathlib import Path

import benchmarks
from benchmarks._figure import BenchmarkFigure


def main() -> int:
    """The exit status: 0 where every figure is met."""
    options = argparse.ArgumentParser(prog="dev.py bench")
    options.add_argument("--json", type=Path)
    target = options.parse_args().json
    figures: list[BenchmarkFigure] = []
    for module in pkgutil.iter_modules(benchmarks.__path__):
        if not module.name.startswith("_"):
            figures += measured(module.name)
    for figure in figures:
        verdict = "ok" if figure["ok"] else "MISSED"
        asked = f"(asked {figure['asked']})"
        print(f"{verdict:<7} {figure['name']}: {figure['ratio']} {asked}  {figure['detail']}")
    if target:
        target.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", "utf-8")
    if not figures:
        print("nothing was measured: benchmarks/ has no modules")
        return 1
    if all(figure["ok"] for figure in figures):
        return 0
    return 1


def measured(name: str) -> list[BenchmarkFigure]:
    """A module's figures; one that fails is a missed figure, and the others still run."""
    try:
        return importlib.import_module(f"benchmarks.{name}").measure()
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
