"""`python3 dev.py bench`: run every module of this package, print a table, exit 1 when a figure is missed."""

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


def main():
    options = argparse.ArgumentParser(prog="dev.py bench")
    options.add_argument("--json", type=Path)
    target = options.parse_args().json
    names = sorted(
        found.name
        for found in pkgutil.iter_modules(benchmarks.__path__)
        if not found.name.startswith("_")
    )
    results = [result for name in names for result in measured(name)]
    for result in results:
        verdict = "ok" if result["ok"] else "MISSED"
        print(
            f"{verdict:<7} {result['name']}: {result['ratio']} (asked {result['asked']})  {result['detail']}"
        )
    if target:
        target.write_text(json.dumps(results, ensure_ascii=False, indent=2) + "\n", "utf-8")
    if not results:
        print("nothing was measured: benchmarks/ has no modules")
    return 0 if results and all(result["ok"] for result in results) else 1


def measured(name):
    """A module's figures; one that fails is a missed figure with its traceback, and the others still run."""
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


def set_up(folder):
    os.environ.update(
        DEMONSTRATION="1", DATA_DIR=folder, DJANGO_SETTINGS_MODULE="plan_tracker.settings"
    )
    os.environ.pop("DATABASE_URL", None)
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
