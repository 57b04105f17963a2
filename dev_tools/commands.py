"""The command line of dev.py."""

import argparse
import os

from dev_tools import bench_options, environment, rooms, server, tests


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="dev.py", description="One command for everything, from an empty copy."
    )
    commands = top.add_subparsers(required=True, metavar="command")

    one = commands.add_parser("run", help="set up and serve the demonstration on this machine")
    one.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    one.set_defaults(command=_run)

    one = commands.add_parser("setup", help="all that run does, without serving")
    one.set_defaults(command=_setup)

    one = commands.add_parser("test", help="lint, checks, tests on two databases and in a browser")
    known = ",".join(tests.PARTS)
    one.add_argument("--only", type=parts, metavar="PART,…", help=f"of {known}")
    one.add_argument(
        "--fast", action="store_true", help="lint, checks and SQLite without the slow tests"
    )
    one.add_argument(
        "pytest", nargs="*", metavar="-- ARGUMENT", help="handed to pytest, as in: -- -k name"
    )
    one.set_defaults(command=_test)

    one = commands.add_parser("lint", help="ruff, mypy, djlint, bandit and pip-audit")
    one.set_defaults(command=_lint)

    one = commands.add_parser("bench", help="measure against the figures that are promised")
    bench_options.add_options(one)
    one.set_defaults(command=_bench)

    one = commands.add_parser("rooms", help="which room of the code imports which")
    one.set_defaults(command=_rooms)

    one = commands.add_parser("lock", help="write requirements/*.txt anew from pyproject.toml")
    one.add_argument(
        "--upgrade", action="store_true", help="to the newest versions that pyproject.toml allows"
    )
    one.set_defaults(command=_lock)

    one = commands.add_parser("manage", help="manage.py with the demonstration's settings")
    one.add_argument("arguments", nargs=argparse.REMAINDER)
    one.set_defaults(command=_manage)
    return top


def parts(text: str) -> tuple[str, ...]:
    """The parts that somebody named, in the order in which they run."""
    named = text.split(",")
    unknown = set(named).difference(tests.PARTS)
    if unknown:
        words = ", ".join(sorted(unknown))
        raise argparse.ArgumentTypeError(f"unknown: {words}")
    # The quick ones come first, in whichever order they were named.
    return tuple(part for part in tests.PARTS if part in named)


def chosen_parts(options: argparse.Namespace) -> tuple[str, ...]:
    if options.only:
        return tuple(options.only)
    if options.fast:
        return tests.FAST_PARTS
    return tests.PARTS


def _run(options: argparse.Namespace) -> int:
    return server.run(options.port)


def _setup(_: argparse.Namespace) -> int:
    server.setup()
    return 0


def _test(options: argparse.Namespace) -> int:
    choice = tests.PytestChoice(without_slow=options.fast, arguments=tuple(options.pytest))
    return tests.run_parts(chosen_parts(options), choice)


def _lint(_: argparse.Namespace) -> int:
    return tests.run_parts(("lint",), tests.PytestChoice())


def _bench(options: argparse.Namespace) -> int:
    return server.bench(bench_options.arguments_of(options))


def _rooms(_: argparse.Namespace) -> int:
    rooms.show()
    return 0


def _lock(options: argparse.Namespace) -> int:
    environment.lock(upgrade=options.upgrade)
    return 0


def _manage(options: argparse.Namespace) -> int:
    return server.manage(options.arguments)
