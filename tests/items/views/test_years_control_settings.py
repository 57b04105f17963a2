"""管制異動設定 on 設定: the plan office sets by what rules people apply."""

from datetime import date
from html import unescape

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from items.models import Change, ControlRequest, ControlSettings
from items.workflow.control_checks import missing_in_request
from items.workflow.control_writing import begin
from tests.making import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]

SHOWN = {
    "grounds": "政策變更\n其他",
    "apply_until": "115/11/30",
    "manager_decides_extend": "on",
    "manager_decides_merge": "on",
    "manager_decides_split": "on",
}


@pytest.fixture
def office(coordinator, sign_in):
    return sign_in(coordinator)


@pytest.fixture
def save(office, programme):
    def save(**data):
        answer = office.post(reverse("year_control", args=[115]), SHOWN | data, follow=True)
        return " ".join(strip_tags(unescape(answer.content.decode())).split())

    return save


def test_the_rules_of_a_year_are_set_with_their_history(save, programme, coordinator):
    answer = save(needs_number="on")
    assert "已儲存管制異動設定：申請事由、申請截止日、申請要有文號、撤銷管制由首長核定。" in answer
    rules = ControlSettings.objects.get()
    assert rules.ground_list == ["政策變更", "其他"]
    assert rules.last_day == date(2026, 11, 30)
    assert [rules.manager_decides(kind) for kind in ("extend", "adjust", "withdraw")] == [
        True,
        False,
        False,
    ]
    assert Change.objects.get(model="controlsettings").by == coordinator
    assert "沒有變動" in save(needs_number="on")


def test_before_anybody_has_set_rules_the_page_shows_the_usual_ones(office, programme):
    page = unescape(office.get(reverse("year_settings", args=[115])).content.decode())
    assert "不可抗力" in page
    assert "留白就是年度結束前兩個月（115年10月31日）" in page
    assert not ControlSettings.objects.exists()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"grounds": " \n"}, "請至少留一個申請事由"),
        ({"grounds": "其他\n其他"}, "第 2 行：「其他」前面已經寫過了"),
        ({"grounds": "缺" * 51}, "第 1 行有 51 個字，最多 50 個字"),
        ({"apply_until": "116/1/1"}, "請填這個年度裡的日期（115年1月1日至115年12月31日）"),
        ({"apply_until": "下個月"}, "申請截止日"),
    ],
)
def test_rules_that_cannot_stand_are_refused_in_words(save, data, sentence):
    answer = save(**data)
    assert "還沒有儲存" in answer
    assert sentence in answer
    assert not ControlSettings.objects.exists()


def test_the_second_of_two_who_set_the_first_rules_is_told(save):
    save(grounds="政策變更")
    answer = save(**{"grounds": "不可抗力", "initial-grounds": "政策變更\n其他"})
    assert "現在是「政策變更」，您要改成「不可抗力」" in answer
    assert ControlSettings.objects.get().grounds == "政策變更"


def test_a_number_that_the_year_asks_for_is_said_before_sending(
    make_action, administration, mei, programme
):
    share = make_action([administration]).assignments.get()
    content = {"kind": "release", "ground": "其他", "reason": "做完", "late_reason": "晚了"}
    draft = begin(share, content, by=mei, at=NOW)
    rules = ControlSettings(programme=programme, needs_number=True)
    lacking = missing_in_request(draft, NOW.date(), rules)
    assert lacking == {"document_number": "請填申請文號：這一年的申請要有文號。"}
    draft.document_number = "花港企字第1號"
    assert missing_in_request(draft, NOW.date(), rules) == {}
    assert ControlRequest.objects.get().state == "draft"


def test_a_page_with_other_rules_than_those_that_nobody_has_set_is_told_so(save):
    words = save(**{"initial-grounds": "別的事由"})
    assert "沒有儲存：您開啟這一頁之後，別人改過這一筆資料" in words
    assert not ControlSettings.objects.exists()
