"""The parts of 總覽 that templates draw and keep: plain values of what `dashboard` has summarised."""

from dataclasses import dataclass
from functools import partial

from items.lights import Light
from items.models.row_light import Lamp
from items.plan_lines import LeadName
from plan_tracker.row_memo import RowToMake, ShortKeys
from reports.bars import Bar
from reports.cases import CaseSources, Voice, case_of
from reports.changes import ChangesSincePeriod
from reports.curve import Curve
from reports.dashboard import Dashboard


@dataclass(frozen=True)
class BarRow:
    """A strategy or department; `unit` is what its lights count."""

    year: int
    unit: str
    bar: Bar


@dataclass(frozen=True)
class VoiceRow:
    """What one department said last; `report` is the key of that, None where it never said any."""

    department: str
    factor: str
    reason: str
    remedy: str
    catch_up_words: str
    coordination: str
    owes_reason: bool
    report: int | None
    report_words: str


@dataclass(frozen=True)
class CaseRow:
    """One of 需要處理."""

    year: int
    code: str
    title: str
    leads: tuple[LeadName, ...]
    light: str | None
    light_reason: str
    actual: int | None
    planned: int | None
    names_departments: bool
    voices: tuple[VoiceRow, ...]
    more: int


@dataclass(frozen=True)
class LightChangeRow:
    """An item whose light is another than at the end of the period before."""

    year: int
    code: str
    title: str
    before: Light
    after: Light


@dataclass(frozen=True)
class LightChangeRows:
    """The changes of one name; `more` of them are not shown."""

    name: str
    count: int
    shown: tuple[LightChangeRow, ...]
    more: int


@dataclass(frozen=True)
class CurveRow:
    """The curve with its figures."""

    year: int
    may_read_record: bool
    curve: Curve


@dataclass(frozen=True)
class DashboardRows:
    """What the page draws by rows; `curve` is None where there is none."""

    strategies: list[BarRow]
    departments: list[BarRow]
    curve: CurveRow | None
    changes: list[LightChangeRows]
    cases: list[RowToMake]


_SHORT_KEYS = ShortKeys()


def dashboard_rows(summary: Dashboard, year: int, *, may_read_record: bool) -> DashboardRows:
    curve = None
    if summary.curve is not None:
        curve = CurveRow(year, may_read_record, summary.curve)
    return DashboardRows(
        strategies=[BarRow(year, "項", bar) for bar in summary.strategies],
        departments=[BarRow(year, "件", bar) for bar in summary.departments],
        curve=curve,
        changes=_changes(summary.changes, year),
        cases=_cases(summary),
    )


def _changes(changes: ChangesSincePeriod | None, year: int) -> list[LightChangeRows]:
    if changes is None:
        return []
    groups = []
    for group in changes.groups:
        shown = []
        for change in group.shown:
            row = LightChangeRow(
                year=year,
                code=change.action.code,
                title=change.action.title,
                before=change.before,
                after=change.after,
            )
            shown.append(row)
        rows = LightChangeRows(group.name, group.count, shown=tuple(shown), more=group.more)
        groups.append(rows)
    return groups


def _cases(summary: Dashboard) -> list[RowToMake]:
    """Each made only where its HTML is not kept."""
    # Not by its key alone: the basis has columns that were changed since.
    shared = _SHORT_KEYS.of(summary.lamp.basis.key)
    rows = []
    for sources in summary.case_sources:
        rows.append(RowToMake(sources, shared, partial(_case, sources, summary.lamp)))
    return rows


def _case(sources: CaseSources, lamp: Lamp) -> CaseRow:
    case = case_of(sources, lamp)
    line = case.line
    return CaseRow(
        year=lamp.basis.programme.year,
        code=line.action.code,
        title=line.action.title,
        leads=tuple(line.leads),
        light=line.light,
        light_reason=line.light_reason,
        actual=line.actual,
        planned=line.planned,
        names_departments=case.names_departments,
        voices=tuple([_voice(voice) for voice in case.voices]),
        more=case.more,
    )


def _voice(voice: Voice) -> VoiceRow:
    report = None
    report_words = ""
    if voice.report is not None:
        report = voice.report.pk
        report_words = voice.report.words
    return VoiceRow(
        department=voice.assignment.department.name,
        factor=voice.factor,
        reason=voice.reason,
        remedy=voice.remedy,
        catch_up_words=voice.catch_up_words,
        coordination=voice.coordination,
        owes_reason=voice.owes_reason,
        report=report,
        report_words=report_words,
    )
