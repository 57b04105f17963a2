"""A name as every system can keep it."""

import pytest

from items.evidence.names import UniqueNames, cleaned_name


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("會議紀錄.pdf", "會議紀錄.pdf"),
        ("C:\\fakepath\\會議紀錄.pdf", "會議紀錄.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ('a<b>:"c|d?*.pdf', "a_b___c_d__.pdf"),
        ("報告\u202efdp.exe", "報告fdp.exe"),
        ("報告\r\n.pdf", "報告.pdf"),
        ("  兩  格 .pdf. ", "兩 格 .pdf"),
        ("con.txt", "_con.txt"),
        (".pdf", "pdf"),
        ("", "未命名"),
        ("𠮷野.pdf", "𠮷野.pdf"),
        ("長" * 300 + ".pdf", "長" * 116 + ".pdf"),
    ],
)
def test_a_name_is_cleaned_and_keeps_its_ending(sent, kept):
    assert cleaned_name(sent) == kept


def test_two_files_of_one_name_are_kept_apart():
    names = UniqueNames()
    given = [names.of(name) for name in ("紀錄.pdf", "紀錄.PDF", "紀錄.pdf", "別的.pdf")]
    assert given == ["紀錄.pdf", "紀錄 (2).PDF", "紀錄 (3).pdf", "別的.pdf"]
