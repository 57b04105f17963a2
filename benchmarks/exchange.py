"""The official table in and out, beside a stock django-import-export resource and bare openpyxl, on both engines.

Each figure comes from a process of its own on an empty database (`_exchange_run`), so that memory is that of the import.
Ours are medians of three such processes; stock at 10,000 rows, which takes a minute or more an engine, runs once.
"""

import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MANY = 10_000
SIZES = (33, 1_000, MANY)
RUNS = 3


def measure():
    results = []
    for engine, servers in (("SQLite", sqlite), ("PostgreSQL", postgres)):
        with servers() as fresh:
            results += of_engine(engine, fresh)
    return results


@contextlib.contextmanager
def sqlite():
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        names = iter(range(1000))
        yield lambda: f"sqlite:///{(Path(folder) / f'{next(names)}.sqlite3').as_posix()}"


@contextlib.contextmanager
def postgres():
    """A server as the tests have it, and a database for each run."""
    sys.path.insert(0, str(ROOT))
    import psycopg
    from environ import Env

    from dev_tools.databases import postgres as postgres_server

    with postgres_server() as address:
        parts = Env.db_url_config(address)
        names = iter(range(1000))
        host = parts["HOST"] or parts.get("OPTIONS", {}).get("host")

        def fresh():
            name = f"bench{next(names)}"
            with psycopg.connect(
                host=host, port=parts["PORT"] or None, user=parts["USER"], password=parts["PASSWORD"],
                dbname=parts["NAME"], autocommit=True,
            ) as connection:  # fmt: skip
                connection.execute(f"CREATE DATABASE {name}")
            return (
                address.replace("/postgres?", f"/{name}?")
                if "?" in address
                else f"{address[:-8]}{name}"
            )

        yield fresh


def run(what, count, address):
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks._exchange_run", what, str(count)],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": address, "DATA_DIR": folder},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(f"{what} {count}: {done.stderr[-500:]}")
    return json.loads(done.stdout.splitlines()[-1])


def medians(what, count, fresh):
    """Each figure's median over processes on fresh databases."""
    found = [run(what, count, fresh()) for _ in range(RUNS)]
    return {name: statistics.median(each[name] for each in found) for name in found[0]}


def of_engine(engine, fresh):
    ours = {count: medians("ours", count, fresh) for count in SIZES}
    stock = {count: run("stock", count, fresh()) for count in SIZES}
    page = medians("page", 33, fresh)
    results = []
    for count in SIZES:
        mine, its = ours[count], stock[count]
        asked = count == MANY
        results += [
            faster(
                engine, count, "preview", its["preview"], mine["preview"], 40 if asked else None
            ),
            faster(
                engine, count, "confirm", its["confirm"], mine["confirm"], 20 if asked else None
            ),
            faster(
                engine,
                count,
                "preview with reading",
                its["read"] + its["preview"],
                mine["read"] + mine["preview"],
            ),
        ]
        results.append(
            at_most(
                f"{engine}, {count} rows: export beside bare openpyxl", mine["export"] / mine["bare"], 2 if asked else None,
                f"{mine['export']:.2f} s, bare {mine['bare']:.2f} s",
            )
        )  # fmt: skip
    most = ours[MANY]
    first = most["read"] + most["preview"]
    results += [
        at_most(
            f"{engine}, {MANY} rows: the same file again beside the first preview", most["again"] / first, 1,
            f"{most['again']:.2f} s, first {first:.2f} s",
        ),
        at_most(
            f"{engine}, {MANY} rows: the same file again to another process", most["again_elsewhere"] / first, None,
            f"{most['again_elsewhere']:.2f} s, first {first:.2f} s",
        ),
        at_most(f"{engine}, {MANY} rows: peak memory in MB", most["memory"], 200, f"{most['memory_before']:.0f} MB before"),
        at_most(
            f"{engine}: queries of the preview at {MANY} beside 33 rows", most["queries"] / ours[33]["queries"], 1,
            f"{most['queries']} queries",
        ),
        at_most(
            f"{engine}, 33 rows: upload to preview beside the plan table", page["upload"] / page["page"], 2,
            f"{page['upload'] * 1000:.0f} ms, page {page['page'] * 1000:.0f} ms",
        ),
    ]  # fmt: skip
    return results


def faster(engine, count, what, its, mine, asked=None):
    ratio = its / mine
    return {
        "name": f"{engine}, {count} rows: {what}, times faster than stock",
        "ratio": round(ratio, 1),
        "asked": f">= {asked}" if asked else "-",
        "ok": asked is None or ratio >= asked,
        "detail": f"{mine:.2f} s, stock {its:.2f} s",
    }


def at_most(name, ratio, asked, detail):
    return {
        "name": name,
        "ratio": round(ratio, 2),
        "asked": f"<= {asked}" if asked else "-",
        "ok": asked is None or ratio <= asked,
        "detail": detail,
    }
