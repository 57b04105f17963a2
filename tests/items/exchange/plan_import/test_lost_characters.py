"""Question marks that stand where Big5 had no character."""

import pytest

from items.models import (
    Action,
    Plan,
)
from tests.items.exchange.official_rows import (
    as_csv,
    look,
    rows_of,
    without_codes,
)

pytestmark = pytest.mark.django_db


def saved_as_big5(rows, mark="?"):
    """As Excel in Taiwan saves a csv again: what Big5 cannot hold becomes question marks."""
    text = as_csv(rows).decode()
    return text.replace("𠮷", mark).replace("🙂", mark).encode("cp950")


@pytest.mark.parametrize("mark", ["?", "??"])
def test_characters_that_big5_has_eaten_are_told_with_the_remedy(plan, mark):
    Action.objects.filter(code="115-03").update(title="設置𠮷安休憩區🙂")
    Plan.objects.filter(actions__code="115-05").update(title="𠮷安計畫?")
    preview = look(saved_as_big5(rows_of(plan), mark), plan)
    assert preview.is_good
    told = [(one.row, one.column) for one in preview.warnings if "Big5 存不下" in one.message]
    assert (4, "具體推動作法") in told
    assert (6, "執行計畫") in told
    (title,) = [one.message for one in preview.warnings if one.row == 4]
    assert "計畫裡有「𠮷」「🙂」" in title
    assert "請另存為「CSV UTF-8」或 .xlsx 再上傳" in title
    assert preview.lost_characters.startswith("這個檔案存成了 Big5")
    assert "第 4、" in preview.lost_characters


@pytest.mark.one_engine
def test_they_are_told_of_a_row_without_a_code_as_well(plan):
    Action.objects.filter(code="115-03").update(title="設置𠮷安休憩區🙂")
    preview = look(saved_as_big5(without_codes(rows_of(plan))), plan)
    assert [one.row for one in preview.warnings if "Big5 存不下" in one.message] == [4]


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("stored", "written", "encoding"),
    [
        ("設置𠮷安休憩區", "設置何安休憩區?", "cp950"),
        ("設置吉安休憩區", "設置?安休憩區", "cp950"),
        ("設置𠮷安休憩區", "設置?安休憩區", "utf-8"),
    ],
)
def test_any_other_question_mark_is_a_question_mark(plan, stored, written, encoding):
    Action.objects.filter(code="115-03").update(title=stored)
    rows = rows_of(plan)
    rows[3][4] = written
    preview = look(as_csv(rows).decode().encode(encoding), plan)
    assert preview.lost_characters == ""
    assert preview.counts["changed"] == 1
