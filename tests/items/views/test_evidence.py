"""佐證資料 on the pages: attached with or without a script, shown, and sent to whoever may read it."""

import errno
import io
import zipfile

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from items.models import Evidence, ProgressReport, ReportState
from items.workflow import periods, report_writing, reporting
from tests.items.evidence.files import PDF, jpeg_from_a_phone
from tests.making import NOW, TODAY

pytestmark = pytest.mark.one_engine

CONTENT = {
    "text": "完成地坪施工，共 12 處。",
    "percent": "95",
    "work_status": "in_progress",
    "delay_reason": "",
    "remedy": "",
}


@pytest.fixture
def assignment(make_action, administration):
    return make_action([administration]).assignments.get()


def pdf(name="會議紀錄.pdf", more=b""):
    return SimpleUploadedFile(name, PDF + more, "application/pdf")


def form_of(assignment):
    return reverse("report_form", args=[115, assignment.pk, 4])


def post(client, assignment, intent="draft", **fields):
    """The form as a browser without a script sends it."""
    data = CONTENT | {"version": "0", "intent": intent} | fields
    return client.post(form_of(assignment), data, follow=True)


def by_script(client, assignment, **fields):
    address = reverse("evidence_take", args=[115, assignment.pk, 4])
    return client.post(address, fields)


def test_without_a_script_files_go_with_the_text(sign_in, mei, assignment, q4):
    client = sign_in(mei)
    page = post(client, assignment, evidence=[pdf(), pdf("第二個.pdf", b"2")]).content.decode()
    report = ProgressReport.objects.get()
    assert report.text == CONTENT["text"]
    assert [one.name for one in report.evidence.all()] == ["會議紀錄.pdf", "第二個.pdf"]
    assert "已附上「會議紀錄.pdf」「第二個.pdf」。" in page


def test_a_refused_file_loses_neither_the_text_nor_the_other_files(sign_in, mei, assignment, q4):
    program = SimpleUploadedFile("安裝.exe", b"MZ")
    page = post(sign_in(mei), assignment, evidence=[program, pdf()]).content.decode()
    assert "「安裝.exe」沒有附上：不能附 .exe 檔" in page
    report = ProgressReport.objects.get()
    assert report.text == CONTENT["text"]
    assert report.evidence.get().name == "會議紀錄.pdf"


def test_a_text_that_cannot_be_saved_loses_no_file(sign_in, mei, assignment, q4):
    page = post(sign_in(mei), assignment, percent="很多", evidence=pdf()).content.decode()
    assert Evidence.objects.get().name == "會議紀錄.pdf"
    assert CONTENT["text"] in page


def test_nothing_is_sent_while_a_file_was_refused(sign_in, mei, assignment, q4):
    program = SimpleUploadedFile("安裝.exe", b"MZ")
    page = post(sign_in(mei), assignment, "submit", evidence=program).content.decode()
    assert "「安裝.exe」沒有附上" in page
    assert CONTENT["text"] in page
    assert not ProgressReport.objects.exists()


def test_files_and_report_are_sent_in_one_press(sign_in, mei, assignment, q4, head):
    post(sign_in(mei), assignment, "submit", evidence=pdf())
    report = ProgressReport.objects.get()
    assert report.state == ReportState.WITH_HEAD
    [kept] = report.steps.get().evidence
    assert kept["name"] == "會議紀錄.pdf"


def test_words_about_it_are_saved_with_the_text_and_only_where_they_were_changed(
    sign_in, mei, assignment, q4
):
    client = sign_in(mei)
    post(client, assignment, evidence=pdf())
    row = Evidence.objects.get()
    prefix = f"evidence-{row.pk}-"
    words = {f"{prefix}description": "驗收紀錄", f"{prefix}proves_on": "9/30", f"{prefix}seen": ""}
    post(client, assignment, "autosave", version="2", **words)
    row.refresh_from_db()
    assert (row.description, str(row.proves_on)) == ("驗收紀錄", "2026-09-30")
    # A page that was opened before the other one wrote shows nothing, and takes nothing back.
    stale = {f"{prefix}description": "", f"{prefix}proves_on": "", f"{prefix}seen": ""}
    post(client, assignment, version="3", **stale)
    row.refresh_from_db()
    assert row.description == "驗收紀錄"


def test_a_day_that_cannot_be_is_said_and_stays_as_it_was_typed(sign_in, mei, assignment, q4):
    client = sign_in(mei)
    post(client, assignment, evidence=pdf())
    prefix = f"evidence-{Evidence.objects.get().pk}-"
    words = {f"{prefix}description": "紀錄", f"{prefix}proves_on": "116/1/1", f"{prefix}seen": ""}
    page = post(client, assignment, version="2", **words).content.decode()
    assert "「會議紀錄.pdf」的證明日期 116年1月1日 還沒有到" in page
    assert 'value="116/1/1"' in page
    assert 'value="紀錄"' in page


def test_without_a_script_it_is_taken_away_and_put_back(sign_in, mei, assignment, q4):
    client = sign_in(mei)
    post(client, assignment, evidence=pdf())
    row = Evidence.objects.get()
    page = post(client, assignment, f"remove-{row.pk}", version="2").content.decode()
    assert "已移除「會議紀錄.pdf」" in page
    assert f'value="put-back-{row.pk}"' in page
    post(client, assignment, f"put-back-{row.pk}", version="3")
    row.refresh_from_db()
    assert not row.is_removed


def test_the_script_sends_a_file_before_a_word_is_written(sign_in, mei, assignment, q4):
    client = sign_in(mei)
    page = by_script(client, assignment, evidence=pdf()).content.decode()
    assert "已附上「會議紀錄.pdf」。" in page
    assert f'id="evidence-{Evidence.objects.get().pk}"' in page
    # The text of the form that is still open goes into the same report.
    post(client, assignment, version="0")
    assert ProgressReport.objects.get().text == CONTENT["text"]


def test_the_same_file_elsewhere_is_told_and_attached(
    sign_in, mei, assignment, make_action, administration, q4
):
    client = sign_in(mei)
    by_script(client, assignment, evidence=pdf())
    other = make_action([administration]).assignments.get()
    page = by_script(client, other, evidence=pdf("又一次.pdf")).content.decode()
    assert "也附在 115-01 行政處 115年第4季，請確認沒有附錯" in page
    assert Evidence.objects.count() == 2


def test_too_large_a_file_is_refused_in_words(sign_in, mei, assignment, q4, settings):
    settings.EVIDENCE_FILE_BYTES = 20
    page = by_script(sign_in(mei), assignment, evidence=pdf()).content.decode()
    assert "「會議紀錄.pdf」沒有附上：這個檔案有 1 KB，超過一個檔案" in page


def test_a_period_that_was_closed_meanwhile_is_said(sign_in, mei, assignment, q4, coordinator):
    periods.close_period(q4, by=coordinator, at=NOW)
    page = by_script(sign_in(mei), assignment, evidence=pdf()).content.decode()
    assert "沒有附上：115年第4季已經關閉" in page
    assert not Evidence.objects.exists()


def test_a_full_disk_is_said_and_the_text_is_saved(sign_in, mei, assignment, q4, monkeypatch):
    def full(self, name, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    page = post(sign_in(mei), assignment, evidence=pdf()).content.decode()
    assert "「會議紀錄.pdf」沒有附上：儲存空間不足" in page
    assert ProgressReport.objects.get().text == CONTENT["text"]


def test_a_disk_that_is_full_while_a_large_file_comes_in_loses_no_text(
    sign_in, mei, assignment, q4, monkeypatch, settings
):
    import tempfile

    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10

    def full(*arguments, **options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", full)
    monkeypatch.setattr("django.core.files.uploadedfile.tempfile.NamedTemporaryFile", full)
    page = post(sign_in(mei), assignment, evidence=pdf()).content.decode()
    assert "有檔案沒有附上：儲存空間不足" in page
    assert ProgressReport.objects.get().text == CONTENT["text"]


@pytest.fixture
def sent(assignment, q4, mei, head, client):
    """A report with a picture, a document and a link, sent to its head."""
    client.force_login(mei)
    picture = SimpleUploadedFile("現場.jpg", jpeg_from_a_phone(), "image/jpeg")
    by_script(client, assignment, evidence=[picture, pdf()])
    by_script(client, assignment, evidence_address="https://www.twport.com.tw/news")
    report = ProgressReport.objects.get()
    content = CONTENT | {"percent": 95}
    report = report_writing.write(assignment, q4, content, version=report.version, by=mei, at=NOW)
    return reporting.submit(report, by=mei, at=NOW, today=TODAY)


def test_a_file_leaves_as_an_attachment_that_nothing_can_run_from(sign_in, hao, sent):
    client = sign_in(hao)
    row = sent.evidence.get(content_kind="pdf")
    response = client.get(reverse("evidence", args=[115, row.pk]))
    assert b"".join(response.streaming_content) == PDF
    headers = response.headers
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E6%9C%83%E8%AD%B0%E7%B4%80%E9%8C%84.pdf"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].endswith("sandbox")
    assert headers["Cache-Control"] == "no-store"


def test_a_thumbnail_is_a_small_picture(sign_in, hao, sent):
    picture = sent.evidence.get(content_kind="jpg")
    response = sign_in(hao).get(reverse("evidence_thumbnail", args=[115, picture.pk]))
    assert b"".join(response.streaming_content).startswith(b"\xff\xd8\xff")
    document = sent.evidence.get(content_kind="pdf")
    assert (
        sign_in(hao).get(reverse("evidence_thumbnail", args=[115, document.pk])).status_code == 404
    )


def test_a_file_of_another_year_is_not_there(sign_in, hao, sent):
    row = sent.evidence.first()
    assert sign_in(hao).get(reverse("evidence", args=[114, row.pk])).status_code == 404
    link = sent.evidence.get(kind="link")
    assert sign_in(hao).get(reverse("evidence", args=[115, link.pk])).status_code == 404


def test_a_file_that_is_lost_is_a_404_and_named_in_the_zip(sign_in, auditor, sent):
    row = sent.evidence.get(content_kind="pdf")
    Evidence.objects.filter(pk=row.pk).update(stored_name="00/lost")
    client = sign_in(auditor)
    assert client.get(reverse("evidence", args=[115, row.pk])).status_code == 404
    names = zip_of(client.get("/115/evidence.zip")).namelist()
    assert "115年第4季/115-01_行政處/會議紀錄.pdf（找不到）.txt" in names


@pytest.mark.parametrize("name", ["report", "inbox", "action"])
def test_evidence_is_shown_where_the_report_is(sign_in, head, sent, name):
    address = {
        "report": reverse("report", args=[115, sent.pk]),
        "inbox": reverse("inbox", args=[115]),
        "action": reverse("action", args=[115, "115-01"]),
    }[name]
    page = sign_in(head).get(address).content.decode()
    for row in sent.evidence.attached().files():
        assert f'href="/115/evidence/{row.pk}/"' in page
        assert row.name in page
    assert 'href="https://www.twport.com.tw/news" target="_blank"' in " ".join(page.split())


def zip_of(response):
    assert response.status_code == 200
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


def test_a_report_comes_as_one_zip_with_a_list(sign_in, hao, sent):
    archive = zip_of(sign_in(hao).get(reverse("report_evidence", args=[115, sent.pk])))
    assert set(archive.namelist()) == {
        "佐證資料清單.xlsx",
        "佐證資料清單.ods",
        "現場.jpg",
        "會議紀錄.pdf",
    }
    assert archive.read("會議紀錄.pdf") == PDF
    assert archive.testzip() is None


def test_a_year_comes_as_one_zip_without_drafts(
    sign_in, auditor, mei, sent, make_action, administration, client
):
    other = make_action([administration]).assignments.get()
    by_script(client, other, evidence=pdf("草稿裡的.pdf", b"3"))
    archive = zip_of(sign_in(auditor).get("/115/evidence.zip"))
    files = [name for name in archive.namelist() if "清單" not in name]
    assert files == ["115年第4季/115-01_行政處/現場.jpg", "115年第4季/115-01_行政處/會議紀錄.pdf"]
    sheet = load_workbook(io.BytesIO(archive.read("佐證資料清單.xlsx"))).active
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    document = sent.evidence.get(content_kind="pdf")
    for words in ("會議紀錄.pdf", "https://www.twport.com.tw/news", document.sha256, files[1]):
        assert words in texts
    assert "草稿裡的.pdf" not in texts


def test_what_a_report_had_when_it_was_sent_is_read_after_it_was_taken_away(
    sign_in, sent, head, mei, client
):
    report = reporting.send_back(sent, words="請換紀錄", by=head, at=NOW)
    row = report.evidence.get(content_kind="pdf")
    client.force_login(mei)
    by_script(client, report.assignment, intent=f"remove-{row.pk}")
    report.refresh_from_db()
    reporting.submit(report, by=mei, at=NOW, today=TODAY)
    page = sign_in(head).get(reverse("report", args=[115, report.pk])).content.decode()
    told = page[page.index("當時的佐證資料") :]
    assert f'href="/115/evidence/{row.pk}/" download>會議紀錄.pdf' in told
    response = sign_in(head).get(reverse("evidence", args=[115, row.pk]))
    assert b"".join(response.streaming_content) == PDF


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_queries_do_not_grow_with_what_is_attached(sign_in, mei, head, assignment, q4):
    client = sign_in(mei)
    by_script(client, assignment, evidence=pdf())
    form = form_of(assignment)
    with_one = queries_of(client, form)
    for number in range(4):
        by_script(client, assignment, evidence=pdf(f"{number}.pdf", bytes([48 + number])))
    assert queries_of(client, form) == with_one

    report = ProgressReport.objects.get()
    content = CONTENT | {"percent": 95}
    report = report_writing.write(assignment, q4, content, version=report.version, by=mei, at=NOW)
    report = reporting.submit(report, by=mei, at=NOW, today=TODAY)
    client = sign_in(head)
    pages = [
        reverse("report", args=[115, report.pk]),
        reverse("inbox", args=[115]),
        reverse("action", args=[115, "115-01"]),
    ]
    # The first page of a session notes that somebody is there.
    client.get(pages[0])
    with_five = [queries_of(client, page) for page in pages]
    Evidence.objects.exclude(pk=report.evidence.first().pk).update(removed_at=NOW, removed_by=mei)
    assert [queries_of(client, page) for page in pages] == with_five
