"""管制異動: what is written of an application, what it lacks, and when nobody may apply."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from items import access
from items.models import (
    Assignment,
    Change,
    ControlRequest,
    ControlSettings,
)
from items.plan_content import content_of
from items.workflow import editing, removing, years
from items.workflow.control_requests import (
    submit_request,
)
from items.workflow.control_writing import begin, discard, write
from items.workflow.errors import Refusal
from tests.applications import EXTENSION, IN_TIME, refusal
from tests.making import NOW, TODAY

pytestmark = pytest.mark.django_db


def test_one_at_a_time_for_an_item_and_department(sent, shares, mei, hao):
    error = refusal(begin, shares[0], {"kind": "release"}, by=mei, at=NOW)
    assert "已經有一件展延申請（待主管，王美玲）" in str(error)
    begin(shares[1], {"kind": "release"}, by=hao, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        ControlRequest.objects.create(
            assignment=shares[0], kind="release", written_by=mei, updated_at=NOW, since=NOW
        )


def test_after_the_last_day_the_reason_is_asked_for_and_kept(share, mei):
    draft = begin(share, EXTENSION, by=mei, at=NOW)
    error = refusal(submit_request, draft, by=mei, at=NOW)
    assert "申請截止日 115年10月31日 已過" in str(error)
    late = write(draft, {"late_reason": "颱風在11月。"}, version=draft.version, by=mei, at=NOW)
    assert submit_request(late, by=mei, at=NOW).is_late


def test_the_year_says_until_when(share, programme, mei):
    ControlSettings.objects.create(programme=programme, apply_until=date(2026, 11, 30))
    content = EXTENSION | {"late_reason": "多寫的"}
    sent = submit_request(begin(share, content, by=mei, at=NOW), by=mei, at=NOW)
    assert not sent.is_late


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ({"kind": "release", "reason": "做完了"}, "請選申請事由"),
        ({"kind": "release", "ground": "其他"}, "請寫原因說明"),
        (EXTENSION | {"deadline": None}, "請寫展延後完成期限"),
        (EXTENSION | {"deadline": date(2026, 12, 31)}, "要晚於目前的期限 115年12月31日"),
        (EXTENSION | {"kind": "adjust"}, "請寫調整後的文字"),
        (EXTENSION | {"kind": "adjust", "title": "設置民眾休憩區"}, "請寫調整後的文字"),
    ],
)
def test_what_lacks_something_is_not_sent(share, mei, content, sentence):
    draft = begin(share, content, by=mei, at=IN_TIME)
    assert sentence in str(refusal(submit_request, draft, by=mei, at=IN_TIME))


def test_what_another_kind_asks_for_is_not_kept(share, mei):
    draft = begin(share, EXTENSION | {"kind": "release"}, by=mei, at=IN_TIME)
    assert (draft.deadline, draft.deadline_text) == (None, "")


def test_a_ground_is_one_of_the_list(share, mei):
    error = refusal(begin, share, {"kind": "release", "ground": "天意"}, by=mei, at=NOW)
    assert "「天意」不在清單裡" in str(error)


def test_a_draft_is_nobody_elses_and_leaves_no_trace(share, mei, coordinator, hao):
    draft = begin(share, EXTENSION, by=mei, at=NOW)
    for stranger in (coordinator, hao):
        assert not access.visible_requests(stranger).exists()
    assert access.visible_requests(mei).get().discardable
    discard(draft, version=draft.version)
    assert not ControlRequest.objects.exists()
    assert not Change.objects.exists()


def test_what_was_sent_is_withdrawn_and_never_deleted(sent):
    assert refusal(discard, sent, version=sent.version).reason == Refusal.REQUEST_IN_ANOTHER_STATE


def test_an_item_with_an_application_keeps_its_department(sent, share, coordinator):
    obstacle = removing.obstacle_to_removal(share)
    assert "「行政處」已經有 115-01 的填報、預定進度或管制異動" in obstacle
    content = content_of(share.action)
    assert editing.edit_action(share.action, content, seen=content, by=coordinator, at=NOW) is None


def test_nobody_applies_in_a_closed_year(share, programme, mei, coordinator):
    years.close(programme, by=coordinator, at=NOW)
    share = Assignment.objects.with_path().get(pk=share.pk)
    error = refusal(begin, share, EXTENSION, by=mei, at=NOW)
    assert "115年度目前是「已結案」" in str(error)


def test_the_rules_go_on_in_the_next_year(programme, coordinator):
    ControlSettings.objects.create(
        programme=programme, grounds="其他", apply_until=TODAY, manager_decides_release=True
    )
    following = type(programme)(year=116, title="116年度計畫")
    years.create(following, by=coordinator, at=NOW)
    rules = ControlSettings.objects.get(programme=following)
    assert (rules.grounds, rules.manager_decides_release) == ("其他", True)
    assert (rules.apply_until, rules.last_day) == (None, date(2027, 10, 31))
    years.delete_empty(following, by=coordinator, at=NOW)
    assert ControlSettings.objects.count() == 1
