"""申請附件: proof while an application is written, the signed form afterwards."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.html import strip_tags

from items.evidence.storage import evidence_storage
from items.models import Change, ControlFile, ControlRequest
from items.workflow import evidence_files
from items.workflow.control_requests import reject_request, submit_request
from items.workflow.control_writing import begin, discard
from tests.making import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def draft(make_action, administration, mei):
    share = make_action([administration]).assignments.get()
    content = {"kind": "release", "ground": "其他", "reason": "做完", "late_reason": "晚了"}
    return begin(share, content, by=mei, at=NOW)


def attach(client, request, name, content=PDF):
    file = SimpleUploadedFile(name, content)
    address = reverse("control_attach", args=[115, request.pk])
    answer = client.post(address, {"files": file}, follow=True)
    return " ".join(strip_tags(answer.content.decode()).split())


def test_proof_goes_out_with_the_application_and_is_read_by_everybody(
    draft, mei, hao, coordinator, sign_in
):
    writer = sign_in(mei)
    assert "已附上「驗收紀錄.pdf」" in attach(writer, draft, "驗收紀錄.pdf")
    file = ControlFile.objects.get()
    address = reverse("control_file", args=[115, file.pk])
    stranger = sign_in(hao)
    assert stranger.get(address).status_code == 404
    assert not Change.objects.filter(model="controlfile").exists()
    sent = submit_request(draft, by=mei, at=NOW)
    answer = stranger.get(address)
    assert b"".join(answer.streaming_content) == PDF
    assert "sandbox" in answer["Content-Security-Policy"]
    assert Change.objects.get(model="controlfile").fields["file_name"] == [None, "驗收紀錄.pdf"]
    page = stranger.get(reverse("control_request", args=[115, sent.pk])).content.decode()
    assert "驗收紀錄.pdf" in page
    assert 'type="file"' not in page


def test_the_signed_form_is_attached_after_the_decision(draft, mei, coordinator, sign_in):
    sent = submit_request(draft, by=mei, at=NOW)
    reject_request(sent, words="還沒做完。", by=coordinator, at=NOW)
    assert "已附上「簽核.pdf」" in attach(sign_in(coordinator), sent, "簽核.pdf")
    assert ControlFile.objects.get().purpose == "signed"
    assert attach(sign_in(coordinator), sent, "同一個.pdf").count("已經附過（「簽核.pdf」）") == 1


def test_what_is_no_file_of_ours_is_refused_in_words(draft, mei, hao, sign_in):
    assert "沒有附上" in attach(sign_in(mei), draft, "程式.exe", b"MZ")
    assert "請先選檔案" in " ".join(
        strip_tags(
            sign_in(mei)
            .post(reverse("control_attach", args=[115, draft.pk]), follow=True)
            .content.decode()
        ).split()
    )
    assert not ControlFile.objects.exists()
    sent = submit_request(draft, by=mei, at=NOW)
    address = reverse("control_attach", args=[115, sent.pk])
    assert sign_in(hao).post(address).status_code == 403


def test_what_was_sent_is_taken_away_only_while_it_is_written_again(
    draft, mei, coordinator, sign_in, django_capture_on_commit_callbacks
):
    client = sign_in(mei)
    attach(client, draft, "錯的.pdf")
    first = ControlFile.objects.get()
    address = reverse("control_file_remove", args=[115, first.pk])
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address)
    assert not ControlFile.objects.exists()
    assert not evidence_storage().exists(first.stored_name)
    attach(client, draft, "對的.pdf")
    submit_request(draft, by=mei, at=NOW)
    second = ControlFile.objects.get()
    answer = client.post(reverse("control_file_remove", args=[115, second.pk]), follow=True)
    assert "退回補正後才能移除" in answer.content.decode()
    assert evidence_storage().exists(second.stored_name)


def test_files_are_kept_from_sweeping_and_looked_after(draft, mei, sign_in):
    attach(sign_in(mei), draft, "對的.pdf")
    file = ControlFile.objects.get()
    later = NOW.replace(year=2100)
    assert file.stored_name not in evidence_files.orphans(before=later)
    assert evidence_files.damaged_files(verify=True) == []
    evidence_storage().delete(file.stored_name)
    [lost] = evidence_files.damaged_files(verify=False)
    assert (lost.name, lost.is_lost) == ("對的.pdf", True)


def test_a_draft_that_is_thrown_away_takes_its_files_along(
    draft, mei, sign_in, django_capture_on_commit_callbacks
):
    attach(sign_in(mei), draft, "對的.pdf")
    file = ControlFile.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        discard(draft, version=draft.version)
    assert not ControlRequest.objects.exists()
    assert not evidence_storage().exists(file.stored_name)
