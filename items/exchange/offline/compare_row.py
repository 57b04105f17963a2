"""One row of a 填報表 beside the report as it is now."""

from datetime import date

from items.exchange.offline.field_values import Content, field_values
from items.exchange.offline.offline_sheet import FieldDifference, OfflineRow, RowOutcome
from items.exchange.offline.sheet_columns import FIELDS, NAME, shown
from items.exchange.offline.sheet_lines import SheetLine
from items.exchange.spreadsheets.text import clean
from items.models import Assignment, Period, ProgressReport
from items.workflow.report_checks import missing, problem_of_factor


def compare_row(
    line: SheetLine,
    assignment: Assignment,
    current: ProgressReport | None,
    *,
    period: Period,
    today: date,
    planned: int,
) -> OfflineRow:
    """A row beside the report as it is now; `planned` is 預定進度 of its period."""
    values = field_values(line, period.programme.year)
    content = _as_it_was_meant(values.content, current)
    problems = list(values.problems)
    factor_problem = problem_of_factor(str(content.get("delay_factor", "")), period, current)
    if factor_problem:
        problems.append(factor_problem)
    if line.version is None:
        problems.append(f"版次被改過，無法判斷是根據哪一版填寫；請重新下載{NAME}。")
    version = line.version or 0
    differences = _differences(content, current)

    # Errors come before conflicts: a cell that cannot be read has nothing that could be compared.
    conflict = None
    lacking = {}
    if problems:
        outcome = RowOutcome.ERROR
    elif _is_untouched(content, version) or not differences:
        outcome = RowOutcome.SAME
    else:
        conflict = _conflict(version, current)
        if conflict is None:
            outcome = RowOutcome.WRITE
        elif current is not None and not current.is_editable:
            # A row of its own kind: it may have been sent before the download, and then 「下載後有變動」
            # would be wrong.
            outcome = RowOutcome.SENT
        else:
            outcome = RowOutcome.CONFLICT
    if outcome == RowOutcome.WRITE:
        # This report is never saved: it is only asked what it would lack if it were sent.
        draft = ProgressReport(assignment=assignment, period=period, **content)
        lacking = missing(draft, today, planned=planned)
    return OfflineRow(
        number=line.number,
        assignment=assignment,
        current=current,
        content=content,
        version=version,
        outcome=outcome,
        differences=differences,
        problems=problems,
        conflict=conflict or "",
        lacking=lacking,
    )


def _as_it_was_meant(content: Content, current: ProgressReport | None) -> Content:
    """The content without changes that only the sheet has made.

    It cannot hold an invisible character, for example, that somebody pasted into the page.
    """
    if current is None:
        return content
    meant: Content = {}
    for name, value in content.items():
        value_now = getattr(current, name)
        meant[name] = value
        # Texts only: percents and choices have no invisible characters.
        if isinstance(value_now, str):
            text_now, _ = clean(value_now)
            if text_now == value:
                meant[name] = value_now
    return meant


def _is_untouched(content: Content, version: int) -> bool:
    """Blank as it was downloaded: that contradicts nothing that the browser wrote since."""
    return version == 0 and all(value in (None, "") for value in content.values())


def _differences(content: Content, current: ProgressReport | None) -> list[FieldDifference]:
    """The fields that the file has otherwise than the report, as the sheet shows them."""
    differences = []
    for name in content:
        column = FIELDS[name]
        value_now = None
        if current is not None:
            value_now = getattr(current, name)
        # Compared as the sheet shows them: there an empty text and no value look the same.
        old = _in_words(name, value_now)
        new = _in_words(name, content[name])
        if old != new:
            is_prose = not column.is_centred
            differences.append(FieldDifference(column.heading, old, new, is_prose=is_prose))
    return differences


def _in_words(name: str, value: str | int | None) -> str:
    words = shown(name, value)
    if words is None:
        return ""
    return str(words)


def _conflict(version: int, current: ProgressReport | None) -> str | None:
    """Why the row may not be written: the report was sent on or changed; None if it may."""
    if current is None:
        if version == 0:
            return None
        return "下載時的內容已經不在了，檔案裡的內容不會寫入。要填請用網頁，或重新下載填報表。"
    if not current.is_editable:
        state = current.state_words
        return (
            f"已經送出（{state}），檔案裡的修改不會寫入。要更正請先在網頁撤回，或請主管、研考退回。"
        )
    # Unequal and not "older": a higher number was typed by somebody and is just as wrong.
    if version == current.version:
        return None
    since = f"下載之後內容又有變動（最後是{current.writer_words}存的），檔案裡的內容不會寫入。"
    return f"{since}要採用請到網頁修改，或重新下載填報表。"
