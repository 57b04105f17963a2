"""佐證資料 that lie in a bucket: backed up, restored into an empty one, and taken along as a year's zip."""

import io
import zipfile
from io import StringIO

import pytest
from django.core.management import call_command

from items.models import Evidence, User
from tests.items.evidence.files import PDF


@pytest.mark.slow
@pytest.mark.one_engine
def test_files_come_back_into_a_bucket_and_leave_it_as_the_zip_of_a_year(
    bucket, sent_report, auditor, folder, forget_everything, client
):
    name = Evidence.objects.get().stored_name
    assert keys_in(bucket) == [name]
    call_command("backup", folder, stdout=StringIO())
    (path,) = folder.iterdir()

    forget_everything()
    bucket.delete_object(Bucket="evidence", Key=name)
    said = StringIO()
    call_command("restore", path, stdout=said)
    assert "佐證資料檔案 1 個" in said.getvalue()
    assert keys_in(bucket) == [name]
    call_command("sweep_evidence", "--verify", verbosity=0)

    client.force_login(User.objects.get(username=auditor.username))
    answer = client.get("/115/evidence.zip")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as packed:
        assert packed.read("115年第4季/115-01_行政處/紀錄.pdf") == PDF
        assert "佐證資料清單.xlsx" in packed.namelist()


def keys_in(bucket):
    stored = bucket.list_objects_v2(Bucket="evidence").get("Contents", [])
    return [one["Key"] for one in stored]
