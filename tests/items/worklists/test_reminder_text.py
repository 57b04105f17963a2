"""催辦郵件 in words: its subject, its lines, and how many of them one message names."""

from dataclasses import replace
from datetime import date

import pytest

from items.models import User
from items.worklists.owed_answers import OwedAnswer
from items.worklists.owed_rows import LINES
from items.worklists.reminder_run import PlannedMail
from items.worklists.reminder_text import MailFrame, body_of, subject_of
from tests.making import NOW, TODAY

FRAME = MailFrame(
    organisation="花蓮港務分公司",
    site="https://plan.example.org",
    at=NOW,
    departments={1: "行政處"},
)
ROW = OwedAnswer(
    answer=1,
    year=115,
    department=1,
    directive="第4季檢討會議第2案",
    text="請於年底前\n完成",
    person=None,
    since=date(2026, 11, 16),
    due_on=date(2026, 12, 1),
)


def mail_of(*rows, stands_in_for=()):
    return PlannedMail(
        person=User(full_name="王美玲"),
        to_report=(),
        to_endorse=(),
        to_answer=rows,
        escalated=(),
        stands_in_for=stands_in_for,
        quiet_days=5,
        today=TODAY,
    )


def lines_of(mail):
    return body_of(mail, FRAME).splitlines()


def test_the_subject_counts_and_the_text_says_what_since_when_and_where():
    mail = mail_of(ROW)
    assert subject_of(mail) == "【計畫管考催辦】待辦裁示 1 件"
    lines = lines_of(mail)
    assert lines[0] == "王美玲您好："
    start = lines.index("待辦裁示 1 件：")
    row, address = lines[start + 1 : start + 3]
    # A line break that somebody typed does not end the line.
    assert row.startswith("・第4季檢討會議第2案 請於年底前 完成（行政處）：")
    assert row.endswith("，115年11月16日起；期限 115年12月1日（剩 9 天）")
    assert address == "請到 https://plan.example.org/115/todo/"
    for heading in ("待填", "待您核可", "單位多次催辦"):
        assert not [line for line in lines if line.startswith(heading)]


@pytest.mark.parametrize(
    ("number", "unnamed"), [(LINES, []), (LINES + 1, ["・……另有 1 件，請登入系統看全部。"])]
)
def test_beyond_a_number_of_lines_the_rest_is_counted(number, unnamed):
    rows = [replace(ROW, answer=key) for key in range(number)]
    lines = lines_of(mail_of(*rows))
    assert len([line for line in lines if line.startswith("・第4季")]) == LINES
    assert [line for line in lines if "另有" in line] == unnamed


def test_without_a_day_the_line_says_so_and_a_deputy_reads_for_whom_it_is():
    lines = lines_of(mail_of(replace(ROW, due_on=None), stands_in_for=["陳志明", "林小華"]))
    assert [line for line in lines if line.endswith("，115年11月16日起；未定期限")]
    assert "其中也有您現在代理的陳志明、林小華的事項。" in lines
