"""manage.py import_plan and export_plan: one JSON object, and an exit status that says how it went."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from items.exchange.plan_import.source import WhichSheet
from items.models import Action, Change, Department, Door, ImportBatch
from tests.items.exchange.official_rows import HEADINGS, TEXT, as_csv, row, rows_of, two_sheets

pytestmark = pytest.mark.django_db

KEYS = {
    "outcome",
    "rows_read",
    "new",
    "changed",
    "unchanged",
    "ignored",
    "missing",
    "errors",
    "warnings",
}


def run(path, *arguments, year=115):
    """(exit status, the JSON object), standard output holding nothing else."""
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command(
            "import_plan", str(path), f"--programme={year}", "--json", *arguments, stdout=out
        )
    return ended.value.code, json.loads(out.getvalue())


def saved(tmp_path, content, name="計畫.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else as_csv(content))
    return path


@pytest.mark.one_engine
def test_the_approved_text_is_accepted(plan):
    status, answer = run(TEXT, "--dry-run")
    assert status == 0
    assert set(answer) == KEYS
    assert (answer["outcome"], answer["unchanged"], answer["new"], answer["errors"]) == (
        "accept",
        33,
        0,
        [],
    )
    numbers = [answer[name] for name in ("new", "changed", "unchanged", "ignored")]
    assert answer["rows_read"] == sum(numbers)


@pytest.mark.one_engine
def test_row_errors_have_sheet_row_column_and_message(plan, tmp_path):
    status, answer = run(
        saved(tmp_path, [HEADINGS, row(), row("二", 主辦單位="業務處室")]), "--dry-run"
    )
    assert (status, answer["outcome"], answer["new"], answer["rows_read"]) == (1, "rowerr", 1, 2)
    (error,) = answer["errors"]
    assert set(error) == {"sheet", "row", "column", "message"}
    assert (error["row"], error["column"]) == (3, "主辦單位")


def test_a_file_that_is_not_there_and_a_folder_are_refused_in_words(plan, tmp_path):
    for path, said in ((tmp_path / "無.csv", "找不到檔案"), (tmp_path, "請確認它是檔案")):
        status, answer = run(path, "--dry-run")
        assert (status, answer["outcome"]) == (2, "reject")
        assert said in answer["errors"][0]["message"]


@pytest.mark.one_engine
def test_what_is_left_out_is_said_with_its_reason(plan, tmp_path):
    rows = [[*HEADINGS, "備考"], [*row(), "無"], ["備註：本表依核定內容編製。"]]
    status, answer = run(saved(tmp_path, rows), "--dry-run")
    assert (status, answer["new"], answer["ignored"], answer["rows_read"]) == (0, 1, 1, 2)
    said = [(warning["row"], warning["message"]) for warning in answer["warnings"]]
    assert (None, "欄位「備考（H 欄）」不是計畫表的欄位，沒有匯入。") in said
    assert (3, "略過：表格外的文字「備註：本表依核定內容編製。」。") in said


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("content", "year", "words"),
    [
        (b"%PDF-1.7", 115, "PDF"),
        (b"", 115, "空的"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 115, ".xls"),
        (b"x", 120, "120"),
    ],
)
def test_what_cannot_be_read_is_refused(plan, tmp_path, content, year, words):
    status, answer = run(saved(tmp_path, content), "--dry-run", year=year)
    assert (status, answer["outcome"]) == (2, "reject")
    assert words in answer["errors"][0]["message"]


@pytest.mark.one_engine
def test_a_file_that_is_not_there_is_refused(plan, tmp_path):
    status, answer = run(tmp_path / "沒有.xlsx", "--dry-run")
    assert (status, answer["outcome"]) == (2, "reject")


@pytest.mark.one_engine
def test_of_several_sheets_it_asks_and_takes_the_one_named(plan, tmp_path, admin):
    path = saved(tmp_path, two_sheets(), "兩張.xlsx")
    status, answer = run(path)
    assert (status, answer["outcome"]) == (2, "ask")
    assert set(answer) == KEYS
    assert "甲、乙。" in answer["errors"][0]["message"]
    assert run(path, "--sheet=乙")[0] == 0
    assert Action.objects.filter(title="乙的作法").exists()
    assert run(path, "--sheet=丙")[1]["outcome"] == "reject"


@pytest.mark.one_engine
def test_hidden_sheets_are_named_with_the_question_too():
    assert str(WhichSheet(["甲", "乙"], ["丙"])).endswith("甲、乙。隱藏的工作表沒有讀取：丙。")
    assert str(WhichSheet(["甲", "乙"], ["丙"] * 100_000)).endswith("、丙等 100,000 張。")


@pytest.mark.one_engine
@pytest.mark.parametrize("arguments", [["--json"], []])
def test_a_pipe_that_cannot_write_chinese_changes_no_exit_status(plan, tmp_path, arguments):
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    with pytest.raises(SystemExit) as ended:
        call_command(
            "import_plan",
            str(tmp_path / "無.csv"),
            "--programme=115",
            "--dry-run",
            *arguments,
            stdout=out,
        )
    out.seek(0)
    assert ended.value.code == 2
    said = out.read()
    assert not arguments or "找不到檔案" in json.loads(said)["errors"][0]["message"]


def test_a_database_that_is_away_is_no_row_error(plan, tmp_path):
    path = saved(tmp_path, [HEADINGS, row()])
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE items_programme RENAME TO items_gone")
    status, answer = run(path, "--dry-run")
    assert (status, answer["outcome"]) == (2, "reject")
    assert "資料庫無法使用" in answer["errors"][0]["message"]


def test_a_dry_run_writes_nothing_and_needs_no_account(plan, tmp_path):
    status, answer = run(saved(tmp_path, [HEADINGS, row()]), "--dry-run")
    assert (status, answer["new"]) == (0, 1)
    assert Action.objects.count() == 33


@pytest.mark.one_engine
def test_without_dry_run_it_is_written_in_the_name_of_the_first_admin(plan, tmp_path, admin):
    assert run(saved(tmp_path, [HEADINGS, row()]))[0] == 0
    assert Action.objects.count() == 34
    batch = ImportBatch.objects.get()
    assert (batch.by, batch.door, batch.file_name) == (admin, Door.COMMAND, "計畫.csv")
    assert set(Change.objects.values_list("by", "door")) == {(admin.pk, Door.COMMAND)}


def test_the_name_can_be_given(plan, tmp_path, admin, coordinator):
    run(saved(tmp_path, [HEADINGS, row()]), "--user=coordinator")
    assert ImportBatch.objects.get().by == coordinator
    status, answer = run(saved(tmp_path, [HEADINGS, row("二")]), "--user=nobody")
    assert (status, answer["outcome"]) == (2, "reject")


def test_without_any_account_nothing_is_written_and_the_remedy_is_named(plan, tmp_path):
    status, answer = run(saved(tmp_path, [HEADINGS, row()]))
    assert (status, answer["outcome"]) == (2, "reject")
    assert "系統管理帳號" in answer["errors"][0]["message"]
    assert Action.objects.count() == 33


def test_the_same_file_again_makes_no_second_batch(plan, tmp_path, admin):
    path = saved(tmp_path, [HEADINGS, row()])
    run(path)
    status, answer = run(path)
    assert (status, answer["new"], answer["changed"], answer["unchanged"]) == (0, 0, 0, 1)
    assert ImportBatch.objects.count() == 1


@pytest.mark.one_engine
def test_row_errors_write_nothing(plan, tmp_path, admin):
    assert run(saved(tmp_path, [HEADINGS, row(), row("二", 主辦單位="查無")]))[0] == 1
    assert (Action.objects.count(), Department.objects.count()) == (33, 6)


@pytest.mark.one_engine
def test_in_words_without_json(plan, tmp_path):
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("import_plan", str(TEXT), "--programme=115", "--dry-run", stdout=out)
    assert "相同 33 列" in out.getvalue()


@pytest.mark.one_engine
@pytest.mark.parametrize("format", ["xlsx", "ods", "csv"])
def test_what_was_exported_is_imported_as_unchanged(plan, tmp_path, format):
    path = tmp_path / f"計畫.{format}"
    out = io.StringIO()
    call_command("export_plan", "115", str(path), stdout=out)
    assert "33 項" in out.getvalue()
    status, answer = run(path, "--dry-run")
    assert (status, answer["unchanged"], answer["rows_read"], answer["errors"]) == (0, 33, 33, [])


@pytest.mark.one_engine
@pytest.mark.parametrize(
    "arguments", [("115", "計畫.doc"), ("120", "計畫.xlsx"), ("115", "/沒有/計畫.xlsx")]
)
def test_an_export_that_cannot_be_made_says_why(plan, arguments):
    with pytest.raises(CommandError):
        call_command("export_plan", *arguments)


@pytest.mark.one_engine
def test_the_rows_of_the_text_come_out_again_as_they_were_approved(plan):
    """Every cell of the text that no page cut is in the table, letter by letter."""
    cells = {
        "".join(cell.split())
        for line in TEXT.read_text("utf-8").splitlines()
        for cell in line.split("\t")
    }
    written = [["".join(cell.split()) for cell in line[1:]] for line in rows_of(plan)[1:]]
    whole = [cell for line in written for cell in line if cell in cells]
    cut = [cell for line in written for cell in line if cell not in cells]
    pieces = sorted(cells, key=len)
    assert len(whole) > 200
    for cell in cut:
        assert any(
            cell == first + rest for first in pieces if cell.startswith(first) for rest in pieces
        )
