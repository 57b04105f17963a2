"""系統管理's first screen: what still needs a hand, each thing once."""

import pytest
from django.urls import reverse

from tests.making import make_user


@pytest.fixture
def words(sign_in, admin, programme):
    return lambda: sign_in(admin).get(reverse("manage", args=[115])).content.decode()


@pytest.mark.one_engine
def test_a_new_office_is_told_that_nobody_can_open_a_period(words):
    assert '待處理 <span class="hint">1 處' in words()
    assert "沒有人能開放填報期、審核辦理情形" in words()


@pytest.mark.one_engine
def test_a_department_without_anybody_is_named_once(words, administration, coordinator):
    assert "行政處</a>沒有任何人員" in words()
    assert "行政處</a>沒有單位主管" not in words()


@pytest.mark.one_engine
def test_a_department_out_of_use_without_anybody_is_named_only_while_it_has_open_work(
    words, make_action, administration, coordinator
):
    administration.is_active = False
    administration.save()
    assert "行政處" not in words()
    action = make_action([administration])
    assert "行政處</a>沒有任何人員" in words()
    action.control_status = "released"
    action.save()
    assert "行政處" not in words()


@pytest.mark.one_engine
def test_a_head_that_has_left_is_no_head(words, administration, coordinator, mei, head):
    assert "待處理" not in words()
    assert "請留意" not in words()
    head.is_active = False
    head.save()
    assert "行政處</a>沒有單位主管" in words()


@pytest.mark.one_engine
def test_a_person_without_a_department_is_named(words, coordinator):
    make_user("new", "<b>新人</b>")
    assert "&lt;b&gt;新人&lt;/b&gt;（new）</a>沒有所屬單位" in words()
