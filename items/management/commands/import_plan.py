"""manage.py import_plan FILE --programme YEAR: the official table into the database.

It takes the same way as the page.
"""

import json
from argparse import ArgumentParser
from collections.abc import Iterable
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Any, NamedTuple, TypedDict

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from items.exchange.plan_import.confirm import NotImported, Source, compare, confirm
from items.exchange.plan_import.preview import ImportPreview, Remark
from items.exchange.plan_import.source import WhichSheet, table_of
from items.exchange.spreadsheets.limits import MAX_FILE_BYTES
from items.exchange.spreadsheets.refused import Refused
from items.models import Door, Programme, Role, User
from plan_tracker import clock
from plan_tracker.ready_database import database_problem


class ExitStatus(IntEnum):
    """What a script that calls the command goes by."""

    ACCEPTED = 0
    ROW_ERRORS = 1
    REFUSED = 2


class ImportOutcome(StrEnum):
    """What --json says came of the file."""

    ACCEPT = "accept"
    ROW_ERRORS = "rowerr"
    ASK = "ask"
    REJECT = "reject"


class PlacedMessage(TypedDict):
    """An error or a warning in the answer; without a row it is about the file or the sheet."""

    sheet: str | None
    row: int | None
    column: str | None
    message: str


class Answer(TypedDict):
    """The object that --json prints."""

    outcome: ImportOutcome
    rows_read: int
    new: int
    changed: int
    unchanged: int
    ignored: int
    missing: int
    errors: list[PlacedMessage]
    warnings: list[PlacedMessage]


class Result(NamedTuple):
    """What became of the file, for the shell and in detail."""

    status: ExitStatus
    answer: Answer


class Command(BaseCommand):
    help = (
        "匯入計畫表（xlsx、ods、csv 或核定文件的文字檔）。"
        "結束碼：0 可匯入，1 有錯誤列，2 檔案不能匯入或要先指定工作表。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="計畫表檔案")
        parser.add_argument(
            "--programme", type=int, required=True, metavar="YEAR", help="民國年度，例如 115"
        )
        parser.add_argument("--dry-run", action="store_true", help="只比對，不寫入")
        parser.add_argument("--json", action="store_true", help="以 JSON 印出結果")
        parser.add_argument("--sheet", default="", metavar="NAME", help="要匯入的工作表")
        parser.add_argument(
            "--user",
            default="",
            metavar="USERNAME",
            help="以誰的名義匯入；省略時是第一個系統管理帳號",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        is_dry_run = options["dry_run"]
        try:
            result = run(
                options["file"],
                options["programme"],
                options["sheet"],
                is_dry_run=is_dry_run,
                username=options["user"],
            )
        except WhichSheet as error:
            result = refused(ImportOutcome.ASK, str(error))
        except Refused as error:
            result = refused(ImportOutcome.REJECT, error.message)
        except DatabaseError as error:
            # A traceback would end with 1, which means row errors.
            message = f"資料庫無法使用（{error}），沒有匯入任何資料，請洽系統管理。"
            result = refused(ImportOutcome.REJECT, message)
        # Some outputs, such as that of a test, do not say how they write characters.
        encoding = getattr(self.stdout, "encoding", None) or "utf-8"
        if options["json"]:
            text = as_json(result.answer, encoding)
        else:
            text = in_words(result.answer, encoding, is_dry_run=is_dry_run)
        self.stdout.write(text)
        raise SystemExit(result.status)


def run(file: str, year: int, sheet: str, *, is_dry_run: bool, username: str) -> Result:
    """The result of a file that could be read; raises `Refused` or `WhichSheet` for another."""
    problem = database_problem()
    if problem:
        raise Refused(problem)
    programme = Programme.objects.filter(year=year).first()
    if programme is None:
        raise Refused(f"還沒有 {year} 年度的計畫，請研考或系統管理先在「管理」的「年度」新增。")
    # Before the file is read: a person who may not import hears so at once.
    by = None
    if not is_dry_run:
        by = importer(username)
    content = read(file)
    name = Path(file).name
    table, notes = table_of(content, name, programme, sheet=sheet)
    preview = compare(table, programme)
    if preview.is_good and by is not None:
        source = Source(name, content, preview.sheet)
        try:
            confirm(
                table,
                programme,
                source,
                by=by,
                at=clock.now(),
                door=Door.COMMAND,
                seen=preview.digest,
            )
        except NotImported as error:
            raise Refused(str(error)) from None
    status = ExitStatus.ROW_ERRORS
    if preview.is_good:
        status = ExitStatus.ACCEPTED
    return Result(status, answer_of(preview, notes))


def importer(username: str) -> User:
    """Whose name the history bears: nothing comes in anonymously."""
    active = User.objects.filter(is_active=True)
    if username:
        user = active.filter(username=username).first()
        if user is None:
            raise Refused(f"沒有帳號「{username}」，或這個帳號已經停用。")
        return user
    user = active.filter(role=Role.ADMIN).order_by("pk").first()
    if user is None:
        raise Refused(
            "還沒有系統管理帳號，歷程無法記錄是誰匯入；"
            "請先用 create_admin 建立，或以 --user 指定帳號。"
        )
    return user


def read(file: str) -> bytes:
    """At most one byte more than is allowed: a huge file is refused without being read."""
    try:
        with Path(file).open("rb") as stream:
            return stream.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        raise Refused(f"找不到檔案「{file}」，請確認路徑。") from None
    except OSError:
        raise Refused(f"無法讀取「{file}」，請確認它是檔案，而且有讀取的權限。") from None


def answer_of(preview: ImportPreview, notes: Iterable[str] = ()) -> Answer:
    """The answer about a file that could be read; `notes` are about the whole file."""
    counts = preview.counts
    sentences = []
    # First, as on the page: a person who has taken the wrong file need not read on.
    if preview.other_year:
        sentences.append(preview.other_year)
    if preview.lost_characters:
        sentences.append(preview.lost_characters)
    sentences += [*notes, *preview.notes]
    warnings = [about_file(sentence) for sentence in sentences]
    for name in preview.ignored_columns:
        warnings.append(about_file(f"欄位「{name}」不是計畫表的欄位，沒有匯入。"))
    warnings += [about_cell(remark) for remark in preview.warnings]
    for ignored in preview.ignored:
        remark = Remark(preview.sheet, ignored.row, None, message=f"略過：{ignored.reason}。")
        warnings.append(about_cell(remark))
    outcome = ImportOutcome.ROW_ERRORS
    if preview.is_good:
        outcome = ImportOutcome.ACCEPT
    return {
        "outcome": outcome,
        "rows_read": preview.rows_read,
        "new": counts["new"],
        "changed": counts["changed"],
        "unchanged": counts["unchanged"],
        "ignored": counts["ignored"],
        "missing": counts["missing"],
        "errors": [about_cell(remark) for remark in preview.errors],
        "warnings": warnings,
    }


def refused(outcome: ImportOutcome, message: str) -> Result:
    """The result for a file of which no row was taken."""
    answer: Answer = {
        "outcome": outcome,
        "rows_read": 0,
        "new": 0,
        "changed": 0,
        "unchanged": 0,
        "ignored": 0,
        "missing": 0,
        "errors": [about_file(message)],
        "warnings": [],
    }
    return Result(ExitStatus.REFUSED, answer)


def about_cell(remark: Remark) -> PlacedMessage:
    return {
        "sheet": remark.sheet,
        "row": remark.row,
        "column": remark.column,
        "message": remark.message,
    }


def about_file(message: str) -> PlacedMessage:
    return {"sheet": None, "row": None, "column": None, "message": message}


def as_json(answer: Answer, encoding: str) -> str:
    """JSON that reads well, escaped where the terminal or the pipe cannot write Chinese."""
    text = json.dumps(answer, ensure_ascii=False)
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return json.dumps(answer)
    return text


def in_words(answer: Answer, encoding: str, *, is_dry_run: bool) -> str:
    lines = [error_in_words(error) for error in answer["errors"]]
    if answer["outcome"] == ImportOutcome.ACCEPT:
        result = "匯入完成"
        if is_dry_run:
            result = "可以匯入"
        lines.append(
            f"{result}：新增 {answer['new']:,} 列、修改 {answer['changed']:,} 列、"
            f"相同 {answer['unchanged']:,} 列；"
            f"計畫裡另有 {answer['missing']:,} 項不在檔案中，保留不變。"
        )
    else:
        lines.append("沒有匯入任何資料。")
    # A terminal that has no Chinese shows question marks: better than a traceback.
    return "\n".join(lines).encode(encoding, "replace").decode(encoding)


def error_in_words(error: PlacedMessage) -> str:
    """「第 3 列 主辦單位：…」, with as much of the place as is known."""
    words = error["message"]
    if error["column"]:
        words = f"{error['column']}：{words}"
    if error["row"]:
        words = f"第 {error['row']} 列 {words}"
    return words
