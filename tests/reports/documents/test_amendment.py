"""管制異動申請表: what stands on the form, and that each file of it can be opened and holds it."""

import io
import re
import zipfile
from datetime import date

import pytest
from django.urls import reverse
from docx import Document
from odfdo import Document as OdfDocument

from items.models import ControlRequest, Deputy
from items.workflow.control_requests import (
    ManagerDecision,
    approve_request,
    endorse_request,
    return_request,
    submit_request,
)
from items.workflow.control_writing import begin
from items.workflow.successor_rows import SuccessorContent
from reports.documents.amendment import amendment_paper
from reports.documents.writers.pdf import write_pdf
from tests.items.succession import asked_for, shares_of
from tests.making import NOW, TODAY, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]

RARE = "𠮷野家、堃、𡍼、#let x = 1、$a$、*粗*、<b>、\\end"


@pytest.fixture
def share(make_action, administration):
    return make_action([administration]).assignments.get()


@pytest.fixture
def extension(share, mei, hao, head):
    """An extension that a deputy has sent, with a text of a thousand characters."""
    Deputy.objects.create(
        person=mei, deputy=hao, starts_on=TODAY, ends_on=TODAY, made_by=mei, made_at=NOW
    )
    hao.acts_on = TODAY
    content = {
        "kind": "extend",
        "ground": "不可抗力",
        "reason": RARE + "\n" + "颱風" * 450,
        "present_status": "已發包。",
        "document_number": "花港行字第12號",
        "deadline": date(2027, 3, 31),
        "deadline_text": "116年3月",
        "late_reason": "颱風在11月。",
    }
    return submit_request(begin(share, content, by=hao, at=NOW), by=hao, at=NOW)


def facts(paper):
    return {fact.label: fact.text for fact in (*paper.facts, *paper.facts_behind)}


def test_the_form_says_all_that_the_real_one_asks_for(extension, head, coordinator):
    with_office = endorse_request(extension, by=head, at=NOW)
    decision = ManagerDecision(on=TODAY, number="第9號")
    done = approve_request(with_office, manager=decision, by=coordinator, at=NOW).request
    paper = amendment_paper(coordinator, done, TODAY)
    assert paper.title == "管制異動申請表（展延）"
    assert paper.subtitle.endswith("　第 1 次申請")
    said = facts(paper)
    assert said["項次編號"] == "115-01"
    assert said["申請事由"] == "不可抗力"
    assert said["申請文號"] == "花港行字第12號"
    assert said["逾期申請原因"] == "颱風在11月。"
    assert said["首長核定"] == "115年11月22日　第9號"
    assert paper.grids[0].rows == [
        ["完成期限", "115年12月（115年12月31日）", "116年3月（116年3月31日）"]
    ]
    assert [row[1] for row in paper.steps.rows] == ["送出", "主管同意", "通過"]
    assert paper.steps.rows[0][2] == "王美玲（林志豪代理）"
    assert tuple(paper.signatures) == ("承辦人", "單位主管", "研考", "首長")


def test_the_second_application_says_how_many_there_were(extension, head, coordinator, mei):
    decision = ManagerDecision(on=TODAY, number="第9號")
    with_office = endorse_request(extension, by=head, at=NOW)
    share = approve_request(with_office, manager=decision, by=coordinator, at=NOW).request
    draft = begin(share.assignment, {"kind": "release"}, by=mei, at=NOW)
    draft = ControlRequest.objects.with_path().get(pk=draft.pk)
    paper = amendment_paper(mei, draft, TODAY)
    assert "第 2 次申請" in paper.subtitle
    assert facts(paper)["填表日期"] == "（草稿，還沒有送出）"
    assert paper.steps is None


def test_why_it_was_returned_is_not_on_a_strangers_form(extension, head):
    returned = return_request(extension, words="請附期程。", by=head, at=NOW)
    stranger = make_user("stranger", "路過")
    words = [row[3] for row in amendment_paper(stranger, returned, TODAY).steps.rows]
    assert words == ["", ""]
    words = [row[3] for row in amendment_paper(head, returned, TODAY).steps.rows]
    assert words == ["", "請附期程。"]


def test_each_file_holds_what_people_wrote_as_they_wrote_it(extension, sign_in, coordinator):
    client = sign_in(coordinator)
    files = {}
    for format in ("pdf", "odt", "docx"):
        answer = client.get(reverse("control_form", args=[115, extension.pk, format]))
        assert answer.status_code == 200
        assert f".{format}" in answer["Content-Disposition"]
        files[format] = answer.content
    assert files["pdf"].startswith(b"%PDF-")
    word = Document(io.BytesIO(files["docx"]))
    cells = []
    for table in word.tables:
        for row in table.rows:
            cells += [cell.text for cell in row.cells]
    assert extension.reason in cells
    assert "116年3月（116年3月31日）" in cells
    odt = OdfDocument(io.BytesIO(files["odt"]))
    assert RARE in odt.get_formatted_text()
    with zipfile.ZipFile(io.BytesIO(files["odt"])) as archive:
        assert archive.namelist()[0] == "mimetype"
    assert client.get(f"/115/requests/{extension.pk}/form/exe/").status_code == 404


@pytest.mark.parametrize("kind", ["merge", "split"])
def test_the_form_of_a_merge_or_a_split_says_who_stands_for_the_item(
    kind, make_action, administration, mei, coordinator, sign_in
):
    old = make_action([administration], title="整理舊站房")
    target = make_action([], title="另一項")
    parts = [SuccessorContent(title=title, shares=shares_of(old)) for title in ("外牆", "網路")]
    if kind == "merge":
        parts = [SuccessorContent(action_id=target.pk, shares=shares_of(old))]
    sent = asked_for(old.assignments.get(), kind, parts, mei)
    [_status, *rows] = amendment_paper(coordinator, sent, TODAY).grids[0].rows
    department = "主辦 行政處（115年12月）"
    wanted = {
        "merge": [["併入的項目", department, f"115-02 另一項\n{department}"]],
        "split": [
            ["分出的第 1 項", department, f"外牆\n{department}"],
            ["分出的第 2 項", "（空白）", f"網路\n{department}"],
        ],
    }
    assert rows == wanted[kind]
    for format in ("pdf", "odt", "docx"):
        answer = sign_in(coordinator).get(reverse("control_form", args=[115, sent.pk, format]))
        assert answer.status_code == 200
    assert "主辦 行政處（115年12月）" in "".join(
        cell.text for table in Document(io.BytesIO(answer.content)).tables for cell in table._cells
    )


def test_the_longest_texts_go_over_pages(extension):
    extension.reason = "甲" * 1000
    extension.old_title = extension.title = "乙" * 32_767
    extension.kind = "adjust"
    paper = amendment_paper(extension.written_by, extension, TODAY)
    content = write_pdf(paper, NOW)
    # The tree of pages says how many there are.
    assert int(re.search(rb"/Count ([0-9]+)", content)[1]) > 20
