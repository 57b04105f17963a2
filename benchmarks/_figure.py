"""A measured figure beside what was promised."""

from typing import TypedDict


class BenchmarkFigure(TypedDict):
    """One line of the table that `python3 dev.py bench` prints."""

    name: str
    ratio: float | None
    asked: str | None
    ok: bool
    detail: str


def times_faster(
    name: str, *, stock: float, ours: float, asked: float | None = None
) -> BenchmarkFigure:
    """How many times faster than stock; both in seconds. Without `asked` nothing was promised."""
    ratio = stock / ours
    return {
        "name": name,
        "ratio": round(ratio, 1),
        "asked": f">= {asked}" if asked else "-",
        "ok": asked is None or ratio >= asked,
        "detail": f"{ours:.2f} s, stock {stock:.2f} s",
    }


def at_most(name: str, ratio: float, *, asked: float | None, detail: str) -> BenchmarkFigure:
    return {
        "name": name,
        "ratio": round(ratio, 2),
        "asked": "-" if asked is None else f"<= {asked}",
        "ok": asked is None or ratio <= asked,
        "detail": detail,
    }


def at_least(name: str, ratio: float, *, asked: float | None, detail: str) -> BenchmarkFigure:
    return {
        "name": name,
        "ratio": round(ratio, 2),
        "asked": "-" if asked is None else f">= {asked}",
        "ok": asked is None or ratio >= asked,
        "detail": detail,
    }


def seconds(name: str, measured: float, *, asked: float, detail: str) -> BenchmarkFigure:
    return {
        "name": f"{name}, seconds",
        "ratio": round(measured, 3),
        "asked": f"<= {asked}",
        "ok": measured <= asked,
        "detail": detail,
    }


def verdict(figure: BenchmarkFigure) -> str:
    if not figure["ok"]:
        return "NOT MET"
    if figure["asked"] == "-":
        return ""
    return "met"
