"""The options of `dev.py bench`: read by dev.py, and again by the process that measures."""

import argparse
from pathlib import Path

ENGINES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
"""{what is typed: what the table says}"""

EXAMPLES = """\
one page at one size:  dev.py bench --only pages --engine sqlite --size 33 --page 總覽
one part, both engines:  dev.py bench --only exchange
a minute of each office under load:  dev.py bench --only load --seconds 60
Sizes are items; the year of 100,000 assignments is a part of its own, hundred. The base page is always
measured with the others. On a busy machine read the processor times: they are beside the figures.
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EXAMPLES
    parser.add_argument(
        "--docs", action="store_true", help="write the table into docs/performance.md"
    )
    parser.add_argument(
        "--minutes", type=float, default=10, help="after which the whole run ends by itself"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    parser.add_argument(
        "--only", default=[], nargs="+", metavar="PART", help="modules of benchmarks/, as: pages"
    )
    parser.add_argument("--engine", choices=ENGINES, help="measure on this one alone")
    parser.add_argument(
        "--size", type=int, default=[], nargs="+", metavar="ITEMS", help="of `pages`: these years"
    )
    parser.add_argument(
        "--page", default=[], nargs="+", metavar="NAME", help="of `pages`: these, by their names"
    )
    parser.add_argument("--seconds", type=int, help="of `load`: how long, instead of ten minutes")


def arguments_of(options: argparse.Namespace) -> list[str]:
    """The same options as they are typed."""
    arguments: list[str] = []
    if options.json:
        arguments += ["--json", str(options.json.resolve())]
    if options.docs:
        arguments.append("--docs")
    arguments += ["--minutes", str(options.minutes)]
    if options.seconds:
        arguments += ["--seconds", str(options.seconds)]
    if options.engine:
        arguments += ["--engine", options.engine]
    for name, values in (("only", options.only), ("size", options.size), ("page", options.page)):
        if values:
            arguments += [f"--{name}", *map(str, values)]
    return arguments
