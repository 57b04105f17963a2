"""The evidence of a report or of a year as one zip file, with a list as Excel and ODS."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from items import access
from items.day_words import moment_words
from items.evidence.names import UniqueNames, cleaned_name
from items.evidence.sizes import size_words
from items.evidence.zip_stream import PackedFile, streamed_zip
from items.exchange.columns import ACTION, CODE
from items.exchange.spreadsheets.file_table import Column, FileTable, TableRow
from items.exchange.spreadsheets.write import file_name, write
from items.models import (
    SUBMITTED,
    Assignment,
    Evidence,
    Programme,
    ProgressReport,
    User,
)
from items.models.evidence import EvidenceQuerySet
from items.models.labels import field_label
from items.roc import format_roc

LIST_NAME = "佐證資料清單"
PLACE = "壓縮檔裡的位置"
_LONGEST_FOLDER = 40

COLUMNS = (
    Column(field_label(ProgressReport, "period"), 13),
    Column(CODE, 9, is_centred=True),
    Column(ACTION, 28),
    Column(field_label(Assignment, "department"), 12),
    Column(field_label(ProgressReport, "state"), 9, is_centred=True),
    Column(field_label(Evidence, "kind"), 8, is_centred=True),
    Column(f"{field_label(Evidence, 'file_name')}／{field_label(Evidence, 'address')}", 34),
    Column(field_label(Evidence, "description"), 28),
    Column(field_label(Evidence, "proves_on"), 14),
    Column(field_label(Evidence, "added_at"), 20),
    Column(field_label(Evidence, "added_by"), 10),
    Column(field_label(Evidence, "size"), 9, is_centred=True),
    Column(PLACE, 40),
    Column(field_label(Evidence, "sha256"), 34),
)


@dataclass(frozen=True)
class EvidenceZip:
    """A zip file that is to be sent; its pieces are made while they are sent."""

    name: str
    pieces: Iterator[bytes]


@dataclass(frozen=True)
class PlacedEvidence:
    """A piece of evidence and where it lies in the zip file; "" of a link."""

    evidence: Evidence
    path: str


def report_zip(user: User, report: ProgressReport, at: datetime) -> EvidenceZip:
    """What is attached to one report, its files side by side."""
    rows = _in_order(access.visible_evidence(user).filter(report=report))
    action = report.assignment.action
    title = f"{action.code}_{report.assignment.department}_{report.period}佐證資料"
    # Two files may have one name: unpacked, the second would replace the first.
    names = UniqueNames()
    placed = []
    for evidence in rows:
        path = ""
        if evidence.is_file:
            path = names.of(evidence.file_name)
        placed.append(PlacedEvidence(evidence, path))
    return _packed(title, placed, at)


def year_zip(user: User, programme: Programme, at: datetime) -> EvidenceZip:
    """What is attached to the submitted reports of a year, in a folder for each of them."""
    visible = access.visible_evidence(user)
    of_year = visible.filter(report__period__programme=programme, report__state__in=SUBMITTED)
    names_of: dict[int, UniqueNames] = {}
    placed = []
    for evidence in _in_order(of_year):
        path = ""
        if evidence.is_file:
            # Names are unique in a folder: two reports may each have their own 「照片.jpg」.
            names = names_of.setdefault(evidence.report_id, UniqueNames())
            path = f"{_folder_of(evidence.report)}/{names.of(evidence.file_name)}"
        placed.append(PlacedEvidence(evidence, path))
    return _packed(f"{programme.year}年度佐證資料", placed, at)


def _in_order(evidence: EvidenceQuerySet) -> list[Evidence]:
    in_order = evidence.attached().order_by(
        "report__period__ends_on",
        "report__period__number",
        "report__assignment__action__code",
        "report__assignment__position",
        "report_id",
        "added_at",
        "id",
    )
    # All at once: the rows are few and small, and no query runs while the answer is being sent.
    return list(in_order)


def _folder_of(report: ProgressReport) -> str:
    """「115年第3季/115-04_行政處」: names that every system can keep."""
    action = report.assignment.action
    period = cleaned_name(str(report.period))[:_LONGEST_FOLDER]
    item = cleaned_name(f"{action.code}_{report.assignment.department}")[:_LONGEST_FOLDER]
    # Cutting may leave a space or a full stop at an end, which Windows drops when it unpacks: the
    # folder that it then looks for is not there.
    return f"{period}/{item}".replace(" /", "/").rstrip(" .")


def _packed(title: str, placed: Sequence[PlacedEvidence], at: datetime) -> EvidenceZip:
    table = evidence_table(title, placed, at)
    files = []
    for format in ("xlsx", "ods"):
        content = write(table, format)
        files.append(PackedFile(f"{LIST_NAME}.{format}", at, content=content))
    for one in placed:
        # A link has no file: it stands in the list alone.
        if one.path:
            evidence = one.evidence
            files.append(PackedFile(one.path, evidence.added_at, stored_name=evidence.stored_name))
    return EvidenceZip(file_name(title, "zip"), streamed_zip(files))


def evidence_table(title: str, placed: Sequence[PlacedEvidence], at: datetime) -> FileTable:
    """The list, with the hash by which each file is known to be unchanged."""
    rows: list[TableRow] = []
    total = 0
    for one in placed:
        evidence = one.evidence
        report = evidence.report
        total += evidence.size
        proves_on = ""
        if evidence.proves_on is not None:
            proves_on = format_roc(evidence.proves_on)
        row = [
            str(report.period),
            report.assignment.action.code,
            report.assignment.action.title,
            str(report.assignment.department),
            report.state_words,
            evidence.kind_words,
            evidence.name,
            evidence.description,
            proves_on,
            moment_words(evidence.added_at),
            str(evidence.added_by),
            evidence.size_words,
            one.path,
            evidence.sha256,
        ]
        rows.append(row)
    return FileTable(
        name=LIST_NAME,
        # The title is the name of the file, in which underscores stand for spaces.
        title=title.replace("_", "　"),
        subtitle=f"{moment_words(at)}匯出，共 {len(rows):,} 個，{size_words(total)}",
        columns=COLUMNS,
        rows=rows,
        paper="A3",
    )
