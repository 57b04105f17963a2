"""資安日誌: one escaped line for each event, whatever door, kept for half a year, read by few."""

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from items.exchange.plan_import.confirm import Source, confirm
from items.exchange.plan_import.source import table_of
from items.models import Membership
from items.workflow import history
from items.workflow.accounts import deactivate
from items.workflow.sign_in_locks import lift_lock_of_address
from items.worklists.security_log import FoundLines, limits_from
from plan_tracker import security_log
from plan_tracker.security_log import SecurityEvent, days_kept, note, raw_lines, read_line
from tests.items.exchange.official_rows import HEADINGS, as_csv, row
from tests.making import NOW, PASSWORD, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.SECURITY_LOG_DIR = tmp_path / "security-log"
    return settings.SECURITY_LOG_DIR


def lines():
    """All lines, the oldest first."""
    told = []
    for day in days_kept():
        told += [read_line(raw) for raw in raw_lines(day)]
    return told[::-1]


def events():
    return [line.event for line in lines()]


def test_signing_in_failing_and_leaving_stand_with_account_address_and_number(client, mei):
    client.post(reverse("login"), {"username": "mei", "password": "wrong"})
    client.post(reverse("login"), {"username": "mei", "password": PASSWORD})
    client.post(reverse("logout"))
    assert events() == ["sign-in-failed", "sign-in", "sign-out"]
    assert {(line.user, line.address) for line in lines()} == {("mei", "127.0.0.1")}
    assert all(len(line.request) == 8 for line in lines())


def test_a_refusal_has_the_number_of_its_page(sign_in, mei, programme):
    refused = sign_in(mei).get(reverse("accounts", args=[115]))
    line = lines()[-1]
    assert (line.event, line.user) == ("refusal", "mei")
    assert line.object == "/115/accounts/"
    assert line.request in refused.content.decode()


def test_a_file_that_leaves_stands_with_its_address_and_name(sign_in, auditor, programme):
    address = reverse("programme_export", args=[115, "csv"])
    sign_in(auditor).get(address)
    line = lines()[-1]
    assert (line.event, line.user) == ("export", "auditor")
    assert line.object == address
    assert line.words.endswith(".csv")


def test_reading_pages_writes_nothing(sign_in, auditor, programme):
    client = sign_in(auditor)
    before = len(lines())
    for page in ("plan", "record", "dashboard", "security_log"):
        client.get(reverse(page, args=[115]))
    assert len(lines()) == before


def test_accounts_memberships_passwords_and_lifts_stand_once_they_are_written(
    mei, admin, information, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        joined = Membership(user=mei, department=information, role="head")
        history.save(joined, by=admin, at=NOW)
        mei.role = "auditor"
        history.save(mei, by=admin, at=NOW)
        history.delete(joined, by=admin, at=NOW)
        deactivate([mei], by=admin, at=NOW)
        # Nothing was locked: nothing is lifted.
        lift_lock_of_address("192.0.2.7", by=admin)
        # What was not about an account is in the history alone.
        information.name = "資訊處"
        history.save(information, by=admin, at=NOW)
    assert events() == ["account"] * 4
    assert {line.user for line in lines()} == {"admin"}
    assert "王美玲" in lines()[1].object
    assert "角色" in lines()[1].words


@pytest.mark.one_engine
def test_an_import_of_a_plan_stands_once_it_is_written(
    programme, administration, coordinator, django_capture_on_commit_callbacks
):
    content = as_csv([HEADINGS, row()])
    table, _ = table_of(content, "表.csv", programme)
    with django_capture_on_commit_callbacks(execute=True):
        confirm(table, programme, Source("表.csv", content), by=coordinator, at=NOW)
    [line] = [line for line in lines() if line.event == SecurityEvent.IMPORT]
    assert line.user == "coordinator"
    assert "匯入批次" in line.object


def test_what_is_taken_back_leaves_no_line(mei, admin, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks():
        mei.role = "auditor"
        history.save(mei, by=admin, at=NOW)
    assert lines() == []


def test_a_changed_password_says_so_and_not_which(client, mei, django_capture_on_commit_callbacks):
    client.force_login(mei)
    new = "another horse 116 Aa"
    fields = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("password_change"), fields)
    assert "password" in events()
    assert new not in "".join(line.written() for line in lines())


def test_whatever_stands_in_a_value_it_stays_one_line_and_reads_back(folder):
    bad = 'a\n{"event":"sign-in"}\r\u2028\u202e\x1b[31m\x85"quoted" \ud800 𠮷'
    note(SecurityEvent.LOCK, bad, user=bad)
    [file] = folder.iterdir()
    content = file.read_bytes()
    assert content.count(b"\n") == 1
    assert json.loads(content)["object"] == bad
    for character in ("\r", "\u2028", "\u202e", "\x1b", "\x85"):
        assert character not in content.decode()
    # Nor does a filter take the text for the field.
    assert len(FoundLines(limits_from(None, None, event="sign-in", words="", today=TODAY))) == 0
    assert file.stat().st_mode & 0o777 == 0o600


def test_lines_are_read_from_the_end_block_by_block(monkeypatch):
    monkeypatch.setattr(security_log, "BLOCK", 100)
    for number in range(20):
        note(SecurityEvent.EXPORT, f"檔案{number}")
    assert [line.object for line in lines()] == [f"檔案{number}" for number in range(20)]


def test_auditors_find_who_did_what_and_take_it_along(sign_in, auditor, mei, programme):
    note(SecurityEvent.SIGN_IN_FAILED, user="mei", words="第一次")
    note(SecurityEvent.EXPORT, "/115/plan.xlsx", user="admin", words="=1+1")
    client = sign_in(auditor)
    page = client.get(reverse("security_log", args=[115])).content.decode()
    assert "登入失敗" in page
    assert "王美玲" in page
    narrowed = client.get(reverse("security_log", args=[115]), {"words": "ＭＥＩ"}).content.decode()
    assert "第一次" in narrowed
    assert "/115/plan.xlsx" not in narrowed
    file = client.get(reverse("security_log_export", args=[115, "csv"]), {"event": "export"})
    text = file.content.decode("utf-8-sig")
    assert "/115/plan.xlsx" in text
    assert "第一次" not in text
    assert ",=1+1" not in text


def test_an_empty_range_and_a_wrong_day_are_said(sign_in, auditor, programme):
    client = sign_in(auditor)
    address = reverse("security_log", args=[115])
    assert "這段時間沒有這樣的紀錄" in client.get(address, {"end": "115/1/1"}).content.decode()
    wrong = client.get(address, {"start": "115/13/40"}).content.decode()
    assert 'class="error"' in wrong
    back = client.get(address, {"start": "115/5/2", "end": "115/5/1"}).content.decode()
    assert "「從」的日期要在「到」之前。" in back


def test_files_are_kept_for_half_a_year_at_least(folder, capsys, settings):
    folder.mkdir(parents=True)
    for day in ("2025-11-20", "2026-05-01", "2026-11-22"):
        (folder / f"{day}.jsonl").write_text("")
    (folder / "notes.jsonl").write_text("somebody's own")
    with pytest.raises(CommandError, match="至少保留六個月"):
        call_command("sweep_security_log", days=183)
    assert len(days_kept()) == 3
    call_command("sweep_security_log")
    assert "已刪除較舊的 1 天" in capsys.readouterr().out
    assert days_kept() == [date(2026, 11, 22), date(2026, 5, 1)]
    # That lines are gone stands in the log itself; a run that deletes nothing says nothing.
    call_command("sweep_security_log")
    [line] = [read_line(line) for line in raw_lines(date(2026, 11, 22))]
    assert (line.event, line.object) == ("sweep", "manage.py sweep_security_log")
    assert line.words == f"保留最近 {settings.SECURITY_LOG_DAYS} 天，已刪除較舊的 1 天。"
    assert (folder / "notes.jsonl").exists()


def test_the_half_of_a_line_that_a_full_disk_has_left_spoils_no_other(folder, rf):
    note(SecurityEvent.SIGN_IN, user="mei")
    [file] = folder.iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole + whole[:40])
    note(SecurityEvent.SIGN_OUT, user="mei")
    first, half, last = lines()
    assert (first.event, half, last.event) == ("sign-in", None, "sign-out")
    assert file.read_bytes().count(b"\n") == 3
