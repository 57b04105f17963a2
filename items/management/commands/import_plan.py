"""manage.py import_plan FILE --programme YEAR: the official table into the database, by the same code as the page."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from items.exchange.plan_import.confirm import NotImported, Source, compare, confirm
from items.exchange.plan_import.preview import Remark
from items.exchange.plan_import.source import WhichSheet, table_of
from items.exchange.spreadsheets.limits import MAX_FILE_BYTES
from items.exchange.spreadsheets.refused import Refused
from items.models import Door, Programme, Role, User
from plan_tracker import clock

ACCEPTED, ROW_ERRORS, REFUSED = 0, 1, 2
NO_ROWS = {"rows_read": 0, "new": 0, "changed": 0, "unchanged": 0, "ignored": 0, "missing": 0}


class Command(BaseCommand):
    help = "匯入計畫表（xlsx、ods、csv 或核定文件的文字檔）。結束碼：0 可匯入，1 有錯誤列，2 檔案不能匯入或要先指定工作表。"

    def add_arguments(self, parser):
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

    def handle(self, *, file, programme, dry_run, sheet, user, **options):
        try:
            status, answer = run(file, programme, sheet, dry_run, user)
        except WhichSheet as error:
            status, answer = REFUSED, whole_file("ask", str(error))
        except Refused as error:
            status, answer = REFUSED, whole_file("reject", error.message)
        except DatabaseError as error:  # a traceback would end with 1, which means row errors
            message = f"資料庫無法使用（{error}），沒有匯入任何資料，請洽系統管理。"
            status, answer = REFUSED, whole_file("reject", message)
        encoding = getattr(self.stdout, "encoding", None) or "utf-8"
        self.stdout.write(
            as_json(answer, encoding) if options["json"] else in_words(answer, dry_run, encoding)
        )
        raise SystemExit(status)


def run(file, year, sheet, dry_run, username):
    """(exit status, answer) of a file that could be read; raises `Refused` or `WhichSheet` for one that could not."""
    programme = Programme.objects.filter(year=year).first()
    if programme is None:
        raise Refused(f"還沒有 {year} 年度的計畫，請先由系統管理建立年度計畫。")
    by = None if dry_run else importer(username)
    content = read(file)
    name = Path(file).name
    table, notes = table_of(content, name, programme, sheet)
    preview = compare(table, programme)
    if preview.is_good and not dry_run:
        try:
            confirm(
                table, programme, Source(name, content, preview.sheet), by=by, at=clock.now(), door=Door.COMMAND,
                seen=preview.digest,
            )  # fmt: skip
        except NotImported as error:
            raise Refused(str(error)) from None
    return (ACCEPTED if preview.is_good else ROW_ERRORS), answer_of(preview, notes)


def importer(username):
    """Whose name the history bears. Nothing comes in anonymously, so that there must be an account first."""
    active = User.objects.filter(is_active=True)
    if username:
        user = active.filter(username=username).first()
        if user is None:
            raise Refused(f"沒有帳號「{username}」，或這個帳號已經停用。")
        return user
    user = active.filter(role=Role.ADMIN).order_by("pk").first()
    if user is None:
        raise Refused(
            "還沒有系統管理帳號，歷程無法記錄是誰匯入；請先用 create_admin 建立，或以 --user 指定帳號。"
        )
    return user


def read(file):
    """The bytes, one more than is allowed at most, so that a huge file is refused without being read."""
    try:
        with Path(file).open("rb") as stream:
            return stream.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        raise Refused(f"找不到檔案「{file}」，請確認路徑。") from None
    except OSError:
        raise Refused(f"無法讀取「{file}」，請確認它是檔案，而且有讀取的權限。") from None


def answer_of(preview, notes=()):
    """The object that --json prints."""
    counts = preview.counts
    return {
        "outcome": "accept" if preview.is_good else "rowerr",
        "rows_read": preview.rows_read,
        **{name: counts[name] for name in ("new", "changed", "unchanged", "ignored", "missing")},
        "errors": [place(remark) for remark in preview.errors],
        "warnings": [
            *(whole(note) for note in (*notes, *preview.notes)),
            *(
                whole(f"欄位「{name}」不是計畫表的欄位，沒有匯入。")
                for name in preview.ignored_columns
            ),
            *(place(remark) for remark in preview.warnings),
            *(
                place(Remark(preview.sheet, row, None, f"略過：{reason}。"))
                for row, reason in preview.ignored
            ),
        ],
    }


def place(remark):
    return {
        "sheet": remark.sheet,
        "row": remark.row,
        "column": remark.column,
        "message": remark.message,
    }


def whole(message):
    return {"sheet": None, "row": None, "column": None, "message": message}


def whole_file(outcome, message):
    return {"outcome": outcome, **NO_ROWS, "errors": [whole(message)], "warnings": []}


def as_json(answer, encoding):
    """JSON that reads well where the terminal or the pipe can write it, and that is escaped where it cannot."""
    text = json.dumps(answer, ensure_ascii=False)
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return json.dumps(answer)
    return text


def in_words(answer, dry_run, encoding):
    lines = [
        "".join(
            [
                f"第 {remark['row']} 列 " if remark["row"] else "",
                f"{remark['column']}：" if remark["column"] else "",
                remark["message"],
            ]
        )
        for remark in answer["errors"]
    ]
    if answer["outcome"] == "accept":
        done = "可以匯入" if dry_run else "匯入完成"
        lines.append(
            f"{done}：新增 {answer['new']} 列、修改 {answer['changed']} 列、相同 {answer['unchanged']} 列；"
            f"計畫裡另有 {answer['missing']} 項不在檔案中，保留不變。"
        )
    else:
        lines.append("沒有匯入任何資料。")
    return "\n".join(lines).encode(encoding, "replace").decode(encoding)
