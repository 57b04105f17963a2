"""The figures of a run as a table of docs/performance.md, so that it says what was measured."""

from collections.abc import Sequence
from datetime import date

from benchmarks._figure import BenchmarkFigure, verdict
from benchmarks._process import ROOT

DOCUMENT = ROOT / "docs" / "performance.md"
BEGIN = "<!-- written by dev.py bench --docs -->"
END = "<!-- end of what dev.py bench --docs has written -->"


def write_into_docs(figures: Sequence[BenchmarkFigure]) -> None:
    """Put the table where the last one stood; the words around it stay."""
    text = DOCUMENT.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    _former_table, _, after = rest.partition(END)
    table = f"{BEGIN}\n{table_of(figures)}{END}"
    DOCUMENT.write_text(f"{before}{table}{after}", "utf-8")


def table_of(figures: Sequence[BenchmarkFigure]) -> str:
    """What was promised first; the rest, which only says more of it, below."""
    promised = [figure for figure in figures if figure["asked"] != "-"]
    met = [figure for figure in promised if figure["ok"]]
    lines = [
        f"One run on {date.today().isoformat()}: {len(met)} of {len(promised)} are met.",
        "",
        "| what | measured | asked | |",
        "|---|---|---|---|",
    ]
    for figure in promised:
        measured = "–"
        if figure["ratio"] is not None:
            measured = str(figure["ratio"])
        asked = figure["asked"] or "–"
        lines.append(f"| {figure['name']} | {measured} | {asked} | {verdict(figure)} |")
    return "\n".join(lines) + "\n"
