"""What a period says when it is closed is kept line by line, and never written again.

`keep_state` is called by the verb that closes, in its transaction. `manage.py check_closed` holds
what is kept against its digest (docs/decisions/0009).
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.db.models import Exists, OuterRef

from items.models import Assignment, KeptLine, Period, PeriodClosing, ProgressReport, User
from items.models.closing import StateDigest
from items.models.period_line import LineCounter, PeriodLine
from items.workflow.bulk_insert import insert
from items.workflow.period_lines import light_day_of, period_lines, year_as_closed_here
from plan_tracker.clock import day_of

WINDOW = 2000
"""How many lines are held at a time: of 100,000 the texts alone would take hundreds of megabytes."""

LINE_FIELDS = ("closing_id", "place", "assignment_key", "department_key", "state", "content")


@transaction.atomic
def keep_state(
    period: Period,
    *,
    by: User,
    at: datetime,
    reopened_because: str = "",
    reopened_for: str = "",
    corrected: Collection[int] | None = None,
    made_afterwards_at: datetime | None = None,
) -> PeriodClosing:
    """Keep every assignment of a period that is closed at this moment, as it is now.

    What was kept at an earlier closing stays beside it. Where only some were opened again,
    `corrected` has their keys: all the others stay as they were kept before.
    """
    day = day_of(at)
    before = PeriodClosing.objects.of_period(period).order_by("-number").first()
    number = 1
    digest_before = ""
    if before is not None:
        number = before.number + 1
        digest_before = before.digest
    closing = PeriodClosing(
        period=period,
        number=number,
        closed_at=at,
        closed_by=by,
        made_afterwards_at=made_afterwards_at,
        title=period.programme.title,
        period_name=period.name_with_year,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        due_on=period.due_on,
        light_day=light_day_of(period, day),
        planned=period.closed_planned,
        actual=period.closed_actual,
        reopened_because=reopened_because,
        reopened_for=reopened_for,
        number_of_lines=0,
    )
    # Saved before its lines, which point to it; what follows from the lines is written below.
    closing.save()
    assignments = Assignment.objects.all()
    if corrected is not None:
        assignments = assignments.filter(pk__in=corrected)
    lines = period_lines(
        period,
        day,
        assignments=assignments,
        reports=ProgressReport.objects.all(),
        periods=year_as_closed_here(period),
        with_evidence=True,
    )
    if corrected is not None and before is not None:
        lines = _with_corrected(before, lines)
    _write_lines(closing, lines, digest_before)
    # Past the append-only manager: nobody else has seen the row yet.
    PeriodClosing._base_manager.filter(pk=closing.pk).update(
        number_of_lines=closing.number_of_lines, counts=closing.counts, digest=closing.digest
    )
    return closing


def _with_corrected(before: PeriodClosing, lines: Iterable[PeriodLine]) -> Iterator[PeriodLine]:
    """The lines of a state, with what was reported anew in some of them.

    The words of the plan stay those of the state before: only what was reported was opened again.
    """
    corrected = {}
    official_texts = {}
    for line in lines:
        corrected[line.assignment_key] = line
        official_texts[line.action_key] = line.official_text
    for kept in before.lines.order_by("place").iterator(chunk_size=WINDOW):
        line = kept.line
        now = corrected.get(line.assignment_key)
        if now is not None:
            line = replace(
                line,
                state=now.state,
                report_key=now.report_key,
                report=now.report,
                evidence=now.evidence,
                planned=now.planned,
                light=now.light,
                light_reason=now.light_reason,
            )
        # The one text of an item stands in the line of each of its departments.
        official_text = official_texts.get(line.action_key, line.official_text)
        if official_text != line.official_text:
            line = replace(line, official_text=official_text)
        yield line


def _write_lines(closing: PeriodClosing, lines: Iterator[PeriodLine], digest_before: str) -> None:
    """Insert the lines window by window, and set on the state what follows from them."""
    digest = StateDigest(digest_before)
    counter = LineCounter()
    # In windows and not as one stream: PostgreSQL cannot read rows while others are copied in on
    # the same connection.
    while window := list(islice(lines, WINDOW)):
        rows = []
        for line in window:
            content = line.written()
            digest.add(content)
            rows.append(
                {
                    "closing_id": closing.pk,
                    "place": counter.number,
                    "assignment_key": line.assignment_key,
                    "department_key": line.department_key,
                    "state": line.state,
                    "content": content,
                }
            )
            counter.add(line)
        insert(KeptLine, LINE_FIELDS, rows)
    closing.number_of_lines = counter.number
    closing.counts = counter.counts().written()
    digest.add(closing.header())
    closing.digest = digest.hexdigest()


# Verifying.


@dataclass(frozen=True)
class ClosingFault:
    """Something that is not as it was kept; `words` is a sentence."""

    words: str


def faults_of_closings() -> Iterator[ClosingFault]:
    """Everything that differs from what its closing has kept; reads every line once."""
    digest_before: dict[int, str] = {}
    number_before: dict[int, int] = {}
    in_order = PeriodClosing.objects.select_related("period").order_by("period_id", "number")
    for closing in in_order:
        # Its digest covers the one before: a state that is gone shows also in those after it.
        expected_number = number_before.get(closing.period_id, 0) + 1
        if closing.number != expected_number:
            yield ClosingFault(
                f"{closing.period_name}：第 {closing.number} 次關閉之前的紀錄不見了。"
            )
        number_before[closing.period_id] = closing.number
        yield from _faults_of(closing, digest_before.get(closing.period_id, ""))
        digest_before[closing.period_id] = closing.digest


def _faults_of(closing: PeriodClosing, digest_before: str) -> Iterator[ClosingFault]:
    digest = StateDigest(digest_before)
    counter = LineCounter()
    copies_differ = False
    for kept in closing.lines.order_by("place").iterator(chunk_size=WINDOW):
        digest.add(kept.content)
        line = kept.line
        # The columns that queries ask are copies of the content, and no part of the digest.
        copies = (kept.assignment_key, kept.department_key, kept.state)
        originals = (line.assignment_key, line.department_key, line.state)
        if copies != originals:
            copies_differ = True
        counter.add(line)
    if counter.number != closing.number_of_lines:
        words = f"應有 {closing.number_of_lines:,} 件，現在有 {counter.number:,} 件"
        yield ClosingFault(f"{closing.words}：{words}。")
    if copies_differ or counter.counts().written() != closing.counts:
        yield ClosingFault(f"{closing.words}：統計與各件內容不符。")
    digest.add(closing.header())
    if digest.hexdigest() != closing.digest:
        yield ClosingFault(
            f"{closing.words}：與關閉時的指紋 {closing.short_digest} 不符，內容被改過。"
        )


def periods_without_state() -> list[Period]:
    """Closed periods of which nothing is kept, or only a state of before they were opened again."""
    closed = Period.objects.filter(closed_at__isnull=False)
    kept = PeriodClosing.objects.filter(period=OuterRef("pk"), closed_at=OuterRef("closed_at"))
    without = closed.exclude(Exists(kept))
    return list(without.select_related("programme", "closed_by").order_by("programme", "number"))


@transaction.atomic
def keep_missing(periods: Iterable[Period], *, at: datetime) -> None:
    """Keep of closed periods what the plan says now, marked as made afterwards."""
    for period in periods:
        # Both are there: the period is closed.
        if period.closed_by is None or period.closed_at is None:
            continue
        keep_state(period, by=period.closed_by, at=period.closed_at, made_afterwards_at=at)
