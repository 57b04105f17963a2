"""沿用並補充 and 本期無進度: what a form says after one of the two was pressed.

A script does the same on the page; without one the form is sent, and comes back so.
"""

from collections.abc import Mapping

from items.models import ProgressReport
from items.workflow.report_checks import NO_PROGRESS


def with_earlier_text(text: str, earlier: ProgressReport) -> str:
    """The text with that of the period before; pressed twice, it is not there twice."""
    before = earlier.text.strip()
    if before in text:
        return text
    return _on_a_line_below(text, before)


def without_progress(content: Mapping[str, str], earlier: ProgressReport | None) -> dict[str, str]:
    """The fields of a form as posted, which now ask why nothing was done in this period.

    The percent stays where it was, unless one was written.
    """
    changed = dict(content)
    text = content.get("text", "")
    if NO_PROGRESS not in text:
        changed["text"] = _on_a_line_below(text, NO_PROGRESS)
    if not content.get("percent", "").strip() and earlier is not None:
        changed["percent"] = str(earlier.percent)
    return changed


def unchanged_words(text: str, earlier: ProgressReport | None) -> str:
    """What is said of a text that says the same as the period before; empty where it does not."""
    if earlier is None or text.strip() != earlier.text.strip():
        return ""
    return f"文字與{earlier.period.name}完全相同，請補充這一期做了什麼。"


def _on_a_line_below(text: str, line: str) -> str:
    if not text.strip():
        return line
    return f"{text.rstrip()}\n{line}"
