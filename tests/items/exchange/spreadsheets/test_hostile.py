"""Hostile files are refused in words with a remedy; what they cost is measured by hand (measure.py)."""

import gc

import pytest

from items.exchange.plan_table.headings import NoTable, candidate_sheets
from items.exchange.plan_table.table import read_table
from items.exchange.spreadsheets.refused import RefusalReason, Refused
from tests.items.exchange.spreadsheets import files
from tests.items.exchange.spreadsheets.costly import SLOW
from tests.items.exchange.spreadsheets.hostile import MADE
from tests.items.exchange.spreadsheets.reading import workbook_of

# Making these takes longer than reading them.
_BIG = {
    "too_many_blank_elements", "zip_bomb_in_the_sheet", "bomb_whose_header_says_small", "endless_cell",
    "too_many_relations",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in MADE if name not in _BIG])
def test_a_hostile_file_is_refused_with_a_remedy(name):
    with pytest.raises(Refused) as caught:
        read_table(candidate_sheets(workbook_of(MADE[name](), f"{name}.xlsx"))[0], 115)
    assert caught.value.message.endswith("。")
    assert "請" in caught.value.message
    assert len(caught.value.message) < 400


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["ten_thousand_rows_with_merges", "page_after_page", "one_action_over_all_rows"]
)
def test_a_big_file_within_the_bounds_is_read(name):
    table = read_table(candidate_sheets(workbook_of(SLOW[name](), f"{name}.xlsx"))[0], 115)
    assert table.rows
    gc.collect()


ENCRYPTED_XLS = (
    files.ole("Workbook") + b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(12) + b"\x2f\x00"
)
XLSB_TYPES = "sheet.binary.macroEnabled.main"


@pytest.mark.parametrize(
    ("data", "reason", "words"),
    [
        (
            files.ole("EncryptionInfo", "EncryptedPackage"),
            RefusalReason.ENCRYPTED,
            "這個檔案有密碼保護，請移除密碼後再上傳",
        ),
        (files.ole("Workbook"), RefusalReason.UNSUPPORTED, "這是舊版 .xls，請另存為 .xlsx"),
        (ENCRYPTED_XLS, RefusalReason.ENCRYPTED, "有密碼保護"),
        (files.ole("WordDocument"), RefusalReason.UNSUPPORTED, "舊版"),
        (
            files.zip_of({"[Content_Types].xml": "", "word/document.xml": "<a/>"}),
            RefusalReason.NOT_A_TABLE,
            "Word",
        ),
        (
            files.zip_of({"[Content_Types].xml": "", "ppt/presentation.xml": "<a/>"}),
            RefusalReason.NOT_A_TABLE,
            "簡報",
        ),
        (
            files.zip_of({"[Content_Types].xml": "", "xl/workbook.bin": "x"}),
            RefusalReason.UNSUPPORTED,
            "xlsb",
        ),
        (
            files.zip_of({"[Content_Types].xml": XLSB_TYPES, "xl/workbook.bin": "x"}),
            RefusalReason.UNSUPPORTED,
            "xlsb",
        ),
        (files.zip_of({"Index/Document.iwa": "x"}), RefusalReason.UNSUPPORTED, "Numbers"),
        (files.zip_of({"[Content_Types].xml": ""}), RefusalReason.DAMAGED, "缺少活頁簿"),
        (b"  \n", RefusalReason.EMPTY, "是空的"),
        (b"%PDF-1.7 ", RefusalReason.NOT_A_TABLE, "PDF"),
        (b"<html>", RefusalReason.NOT_A_TABLE, "網頁"),
        ("實施策略".encode("utf-16"), RefusalReason.UNSUPPORTED, "UTF-16"),
        (files.xlsx(more={"xl/vbaProject.bin": "x"}), RefusalReason.MACRO, "含有巨集"),
        (MADE["too_many_rows"](), RefusalReason.TOO_LARGE, "20,000 列的上限"),
    ],
)
def test_other_files_are_refused_by_what_they_are(data, reason, words):
    with pytest.raises(Refused, match=words) as caught:
        workbook_of(data, "計畫.xlsx")
    assert caught.value.reason is reason


def test_only_what_could_be_read_may_belong_to_another_page():
    """The page reads a refused file once more for another table: what is beyond the bounds would cost twice the time."""
    with pytest.raises(NoTable):
        candidate_sheets(
            workbook_of(files.csv_bytes([["單位", "填報內容"], ["業務處", "已辦"]]), "a.csv")
        )
    with pytest.raises(Refused) as caught:
        candidate_sheets(workbook_of(MADE["too_many_rows"](), "a.xlsx"))
    assert not isinstance(caught.value, NoTable)


@pytest.mark.slow
def test_bounds_are_reached_and_not_passed():
    rows = [["字"]] * 19_996
    book = workbook_of(files.xlsx_table([*files.TABLE, *rows]), "a.xlsx")
    table = read_table(book.sheets[0], 115)
    assert table.rows[-1].number == 20_000
    areas = [f"I{row}:J{row}" for row in range(1, 20_000)]
    (sheet,) = workbook_of(files.xlsx_table(files.TABLE, *areas), "a").sheets
    assert len(sheet.merges) == 19_999


def test_a_file_is_never_read_beyond_the_limit():
    class Endless:
        asked = 0

        def read(self, size):
            self.asked = max(self.asked, size)
            return b"a" * size

    stream = Endless()
    with pytest.raises(Refused, match="10 MB"):
        workbook_of(stream, "a.csv")
    assert stream.asked <= 10 * 1024 * 1024 + 1
