"""佐證資料 in a bucket, against a real S3 server on loopback: all that a folder does."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from items.backup import stored_files
from items.backup.archive import ArchiveWriter
from items.evidence.storage import StoreAway, evidence_storage, store, stored_names
from items.models import Evidence, ProgressReport
from items.workflow import report_writing, reporting
from tests.items.bucket_settings import use_bucket
from tests.items.evidence.files import PDF, jpeg_from_a_phone
from tests.making import NOW, TODAY

pytestmark = pytest.mark.one_engine

CONTENT = {"text": "完成地坪施工，共 12 處。", "percent": 95, "work_status": "in_progress"}


@pytest.fixture
def assignment(make_action, administration, q4):
    return make_action([administration]).assignments.get()


def keys_in(bucket):
    return {one["Key"] for one in bucket.list_objects_v2(Bucket="evidence").get("Contents", [])}


def attach(client, assignment, *files):
    address = reverse("evidence_take", args=[115, assignment.pk, 4])
    return client.post(address, {"evidence": files}).content.decode()


@pytest.mark.slow
def test_files_lie_in_the_bucket_and_leave_by_our_own_view(
    bucket, sign_in, mei, assignment, q4, tmp_path
):
    client = sign_in(mei)
    picture = SimpleUploadedFile("現場.jpg", jpeg_from_a_phone())
    attach(client, assignment, SimpleUploadedFile("紀錄.pdf", PDF), picture)
    document, photograph = Evidence.objects.order_by("pk")
    names = {document.stored_name, photograph.stored_name, photograph.thumbnail_name}
    assert keys_in(bucket) == names
    answer = client.get(reverse("evidence", args=[115, document.pk]))
    assert b"".join(answer.streaming_content) == PDF
    answer = client.get(reverse("evidence_thumbnail", args=[115, photograph.pk]))
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")

    # All of them as one zip file, once the report is sent.
    report = ProgressReport.objects.get()
    report = report_writing.write(assignment, q4, CONTENT, version=report.version, by=mei, at=NOW)
    report = reporting.submit(report, by=mei, at=NOW, today=TODAY)
    answer = client.get(reverse("report_evidence", args=[115, report.pk]))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as packed:
        assert packed.read("紀錄.pdf") == PDF
        assert "現場.jpg" in packed.namelist()

    # One that no row names is swept once it is old enough, and what is attached is told from what is lost.
    orphan = store(b"nobody's")
    assert set(stored_names(before=timezone.now() + timedelta(hours=1))) == names | {orphan}
    assert list(stored_names(before=timezone.now() - timedelta(hours=1))) == []
    call_command("sweep_evidence", "--verify", verbosity=0)
    with ArchiveWriter(tmp_path / "backup.zip") as archive:
        stored_files.write(archive, stored_files.all_names())
        assert archive.entries.keys() == {f"evidence/{name}" for name in (*names, orphan)}
    bucket.delete_object(Bucket="evidence", Key=document.stored_name)
    assert client.get(reverse("evidence", args=[115, document.pk])).status_code == 404
    with pytest.raises(CommandError, match="1 個檔案遺失"):
        call_command("sweep_evidence", verbosity=0)


@pytest.mark.slow
def test_a_store_that_does_not_answer_loses_no_text_and_is_said(
    bucket, sign_in, mei, assignment, monkeypatch, settings
):
    client = sign_in(mei)
    attach(client, assignment, SimpleUploadedFile("紀錄.pdf", PDF))
    document = Evidence.objects.get()
    config = evidence_storage().connection.meta.client.meta.config
    # Nobody waits for minutes, and no name is made of the bucket's.
    assert config.connect_timeout + config.read_timeout < 60
    assert config.s3["addressing_style"] == "path"

    monkeypatch.setattr("items.evidence.bucket.TRIES", 1)
    nobody_listens = {"bucket_name": "evidence", "endpoint_url": "http://127.0.0.1:9"}
    use_bucket(settings, nobody_listens)
    client.raise_request_exception = False
    page = attach(client, assignment, SimpleUploadedFile("第二個.pdf", PDF + b"2"))
    assert "「第二個.pdf」沒有附上：存放檔案的地方暫時連不上" in page
    assert Evidence.objects.get() == document
    form = reverse("report_form", args=[115, assignment.pk, 4])
    sent = CONTENT | {"version": 1, "intent": "draft", "evidence": SimpleUploadedFile("a.pdf", PDF)}
    client.post(form, sent)
    assert ProgressReport.objects.get().text == CONTENT["text"]
    assert client.get(reverse("evidence", args=[115, document.pk])).status_code == 503
    with pytest.raises(StoreAway):
        list(stored_names(before=timezone.now()))
    with pytest.raises(CommandError, match="存放佐證資料的地方連不上"):
        call_command("sweep_evidence", verbosity=0)
