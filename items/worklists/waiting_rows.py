"""The rows of 待我核可 and 填報審核 as their template draws them: plain values, for HTML is kept."""

from dataclasses import dataclass
from datetime import date

from items.day_words import moment_words
from items.models import Evidence
from items.models.quality_flags import RaisedFlag
from items.worklists.waiting import BesideEarlier, WaitingReport


@dataclass(frozen=True)
class WaitingRowEvidence:
    """A file or link with the report, under the names that `Evidence` has for its templates."""

    pk: int
    is_file: bool
    file_name: str
    address: str
    kind_words: str
    size_words: str
    description: str
    proves_on: date | None


@dataclass(frozen=True)
class WaitingPageRow(BesideEarlier):
    """A report that waits for a decision, and what somebody has put into its part of the form."""

    year: int
    report: int
    version: int
    code: str
    title: str
    department: str
    period: str
    text: str
    earlier_text: str | None
    earlier_period: str
    delay_factor: str
    delay_reason: str
    remedy: str
    coordination: str
    catch_up_month: str
    evidence: tuple[WaitingRowEvidence, ...]
    writer_words: str
    updated_words: str
    work_status: str
    turn_words: str
    flags: tuple[RaisedFlag, ...]
    percent: int | None
    planned: int
    earlier_percent_words: str
    light: str
    light_reason: str
    is_ticked: bool
    reason: str
    problem: str


def waiting_row(
    waiting: WaitingReport, year: int, *, is_ticked: bool, reason: str, problem: str
) -> WaitingPageRow:
    """With its tick, the reason written in its row, and what is wrong there."""
    report = waiting.report
    # As `with_earlier` lit it; that of the report may be another object of the same row.
    assignment = waiting.assignment
    earlier_period = ""
    if waiting.earlier is not None:
        earlier_period = waiting.earlier.period.name
    return WaitingPageRow(
        year=year,
        report=report.pk,
        version=report.version,
        code=assignment.action.code,
        title=assignment.action.title,
        department=assignment.department.name,
        period=report.period.name,
        text=waiting.text,
        earlier_text=waiting.earlier_text,
        earlier_period=earlier_period,
        delay_factor=report.delay_factor,
        delay_reason=report.delay_reason,
        remedy=report.remedy,
        coordination=report.coordination,
        catch_up_month=report.catch_up_month,
        evidence=tuple(_evidence(one) for one in report.attached_evidence),
        writer_words=report.writer_words,
        updated_words=moment_words(report.updated_at),
        work_status=report.get_work_status_display(),
        turn_words=waiting.turn_words,
        flags=waiting.flags,
        percent=report.percent,
        planned=waiting.planned,
        earlier_percent_words=waiting.earlier_percent_words,
        light=assignment.light,
        light_reason=assignment.light_reason,
        is_ticked=is_ticked,
        reason=reason,
        problem=problem,
    )


def _evidence(one: Evidence) -> WaitingRowEvidence:
    return WaitingRowEvidence(
        pk=one.pk,
        is_file=one.is_file,
        file_name=one.file_name,
        address=one.address,
        kind_words=one.kind_words,
        size_words=one.size_words,
        description=one.description,
        proves_on=one.proves_on,
    )
