"""佐證資料: attached, described and taken away while the report may be written, and kept after."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from items.evidence.prepare import prepared
from items.evidence.refused import FileRefused
from items.evidence.storage import evidence_storage, stored_names
from items.models import Evidence, ProgressReport, ReportState
from items.workflow import WorkflowError, evidence, periods, report_writing, reporting
from items.workflow.errors import Refusal
from tests.items.evidence.files import PDF, jpeg
from tests.making import NOW, TODAY

CONTENT = {
    "text": "完成地坪施工，共 12 處。",
    "percent": 95,
    "work_status": "in_progress",
    "delay_reason": "",
    "remedy": "",
}


@pytest.fixture
def assignment(make_action, administration):
    return make_action([administration]).assignments.get()


def attach(assignment, period, by, name="紀錄.pdf", content=PDF):
    return evidence.add_file(assignment, period, prepared(name, content), by=by, at=NOW)


def files_of(row):
    return [
        name
        for name in (row.stored_name, row.thumbnail_name)
        if name and evidence_storage().exists(name)
    ]


def test_evidence_before_a_word_is_written_begins_a_draft_that_the_text_goes_into(
    assignment, q4, mei
):
    attached = attach(assignment, q4, mei)
    assert (attached.report.state, attached.report.text) == (ReportState.DRAFT, "")
    # The form that was open before has seen no report.
    written = report_writing.write(assignment, q4, CONTENT, version=0, by=mei, at=NOW)
    assert written.text == CONTENT["text"]
    assert written == attached.report
    with pytest.raises(reporting.StaleReport):
        report_writing.write(assignment, q4, CONTENT, version=0, by=mei, at=NOW)


def test_a_file_lies_under_a_random_name_and_a_picture_with_its_thumbnail(assignment, q4, mei):
    picture = attach(assignment, q4, mei, "現場.jpg", jpeg())
    assert "現場" not in picture.stored_name
    assert len(files_of(picture)) == 2
    assert picture.sha256 != picture.received_sha256
    with evidence_storage().open(picture.stored_name) as file:
        assert len(file.read()) == picture.size


def test_the_same_file_twice_is_told_with_who_and_when(assignment, q4, mei, head):
    files_before = set(stored_names(before=NOW + timedelta(days=999)))
    attach(assignment, q4, mei)
    with pytest.raises(
        WorkflowError, match=r"這個檔案已在 .*王美玲附過（檔名「紀錄\.pdf」）"
    ) as refusal:
        attach(assignment, q4, head, "紀錄 (1).pdf")
    assert refusal.value.reason == Refusal.EVIDENCE_ATTACHED_ALREADY
    assert Evidence.objects.count() == 1
    # What was refused leaves no file behind.
    assert set(stored_names(before=NOW + timedelta(days=999))) - files_before == {
        Evidence.objects.get().stored_name
    }


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "file:///etc/passwd", "ftp://a.tw/b", "沒有網址", ""]
)
def test_a_link_leads_to_a_page_of_the_web(assignment, q4, mei, address):
    with pytest.raises(WorkflowError, match="這不是網址"):
        evidence.add_link(assignment, q4, address, by=mei, at=NOW)
    assert not ProgressReport.objects.exists()


def test_an_address_without_its_beginning_is_taken_as_https(assignment, q4, mei):
    link = evidence.add_link(assignment, q4, " www.twport.com.tw/news ", by=mei, at=NOW)
    assert link.address == "https://www.twport.com.tw/news"


def sent(assignment, period, by):
    report = report_writing.write(assignment, period, CONTENT, version=0, by=by, at=NOW)
    attach(assignment, period, by)
    return reporting.submit(report, by=by, at=NOW, today=TODAY)


def test_what_was_sent_can_be_neither_changed_nor_added_to(assignment, q4, mei, head):
    report = sent(assignment, q4, mei)
    row = report.evidence.get()
    for change in (
        lambda: attach(assignment, q4, mei, "另一個.pdf", PDF + b"2"),
        lambda: evidence.remove(row, by=mei, at=NOW),
        lambda: evidence.describe(row, description="改", proves_on=None, today=TODAY),
    ):
        with pytest.raises(WorkflowError, match="目前是「待主管」") as refusal:
            change()
        assert refusal.value.reason == Refusal.EVIDENCE_NOT_WRITABLE
    assert report.steps.get().evidence == [row.as_kept()]


def test_evidence_of_a_closed_period_stays(assignment, q4, mei, coordinator):
    row = attach(assignment, q4, mei)
    periods.close_period(q4, by=coordinator, at=NOW)
    with pytest.raises(WorkflowError, match="已經關閉") as refusal:
        evidence.remove(row, by=mei, at=NOW)
    assert refusal.value.reason == Refusal.PERIOD_CLOSED
    with pytest.raises(ProtectedError):
        row.report.delete()
    row.refresh_from_db()
    assert not row.is_removed


def test_what_is_taken_away_before_it_was_sent_can_be_put_back_until_then(
    assignment, q4, mei, django_capture_on_commit_callbacks
):
    row = attach(assignment, q4, mei)
    removed = evidence.remove(row, by=mei, at=NOW)
    assert not removed.report.evidence.attached().exists()
    back = evidence.put_back(removed, at=NOW)
    assert back.report.evidence.attached().count() == 1
    evidence.remove(back, by=mei, at=NOW)
    report = report_writing.write(assignment, q4, CONTENT, version=0, by=mei, at=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        report = reporting.submit(report, by=mei, at=NOW, today=TODAY)
    gone = Evidence.objects.get()
    # The row says who took it away, the file itself is nobody's business any more.
    assert (gone.removed_by, gone.stored_name, files_of(row)) == (mei, "", [])
    assert report.steps.get().evidence == []


def test_what_was_once_sent_keeps_its_file_when_it_is_taken_away_after_a_return(
    assignment, q4, mei, head, django_capture_on_commit_callbacks
):
    report = sent(assignment, q4, mei)
    row = report.evidence.get()
    report = reporting.send_back(report, words="請換新的紀錄", by=head, at=NOW)
    evidence.remove(row, by=mei, at=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        report = reporting.submit(report, by=mei, at=NOW, today=TODAY)
    row.refresh_from_db()
    assert row.is_removed
    assert files_of(row)
    kept = [step.evidence for step in report.steps.order_by("id")]
    assert [len(rows) for rows in kept] == [1, 1, 0]


@pytest.mark.parametrize(
    ("description", "proves_on", "words"),
    [
        ("長" * 201, None, "說明太長，最多 200 個字"),
        ("", TODAY.replace(month=12), "證明日期 115年12月22日 還沒有到"),
    ],
)
def test_a_description_that_cannot_be_is_refused_in_words(
    assignment, q4, mei, description, proves_on, words
):
    row = attach(assignment, q4, mei)
    with pytest.raises(WorkflowError, match=words):
        evidence.describe(row, description=description, proves_on=proves_on, today=TODAY)


def test_a_report_has_so_much_evidence_and_no_more(assignment, q4, mei, settings):
    attach(assignment, q4, mei)
    settings.EVIDENCE_REPORT_BYTES = len(PDF) + 10
    with pytest.raises(WorkflowError, match="合計最多"):
        attach(assignment, q4, mei, "另一個.pdf", PDF + b"2")


def test_a_full_disk_is_said_in_words_and_leaves_no_row(assignment, q4, mei, monkeypatch):
    import errno

    from django.core.files.storage import FileSystemStorage

    def full(self, name, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    with pytest.raises(FileRefused, match="儲存空間不足"):
        attach(assignment, q4, mei)
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "file", "file_name": "", "sha256": "x", "stored_name": "x"},
        {"kind": "link", "address": ""},
        {"kind": "link", "address": "https://a.tw", "stored_name": "x"},
        {"kind": "file", "file_name": "a", "sha256": "x", "stored_name": ""},
        {"kind": "link", "address": "https://a.tw", "removed_at": NOW},
    ],
)
def test_the_database_refuses_evidence_that_cannot_be(assignment, q4, mei, make_report, fields):
    report = make_report(assignment, q4, mei, state=ReportState.DRAFT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.create(report=report, added_by=mei, added_at=NOW, **fields)


def test_a_list_asks_for_evidence_in_its_own_query(assignment, q4, mei):
    attach(assignment, q4, mei)
    assert [row.has_evidence for row in ProgressReport.objects.with_has_evidence()] == [True]
    evidence.remove(Evidence.objects.get(), by=mei, at=NOW)
    assert [row.has_evidence for row in ProgressReport.objects.with_has_evidence()] == [False]
