"""併案 and 分案 that cannot be: what was changed meanwhile, what is on its way, and what is lacking."""

import pytest

from items.models import (
    Action,
    Assignment,
    Change,
    ControlRequest,
    ControlSuccessor,
    Membership,
    Programme,
    ProgrammeState,
)
from items.workflow import (
    departments,
    removing,
    year_end,
)
from items.workflow.control_requests import (
    return_request,
    submit_request,
    withdraw_request,
)
from items.workflow.control_writing import IncompleteRequest, begin, discard, write
from items.workflow.errors import Refusal
from tests.items.workflow.successor_applications import (
    application,
    approve,
    merge_into,
    part,
    refusal,
    send,
    share_of,
)
from tests.making import NOW

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("status", "words"),
    [("released", "115-02 已經是「解除列管」"), ("merged", "115-02 已經是「併案列管」")],
)
def test_a_target_that_has_ended_meanwhile_takes_nothing(
    merging, old, target, coordinator, status, words
):
    Action.objects.filter(pk=target.pk).update(control_status=status)
    assert words in str(refusal(approve, merging, coordinator))
    old.refresh_from_db()
    assert old.control_status == "under_control"
    assert not Change.objects.exclude(model="controlrequest").exists()


def test_a_year_that_was_closed_meanwhile_changes_nothing(splitting, coordinator):
    Programme.objects.update(state=ProgrammeState.CLOSED)
    assert "115年度目前是「已結案」" in str(refusal(approve, splitting, coordinator))
    assert Action.objects.count() == 1


def test_an_item_that_was_edited_meanwhile_is_not_split_blindly(splitting, old, coordinator):
    old.assignments.filter(department__name="資訊室").update(deadline_text="115年11月")
    error = refusal(approve, splitting, coordinator)
    assert error.reason == Refusal.ITEM_CHANGED
    assert "分辦單位或完成期限在送出申請以後已經改過" in str(error)


def test_a_department_that_was_closed_meanwhile_gets_no_part(splitting, information, coordinator):
    information.is_active = False
    information.save()
    assert "資訊室" in str(refusal(approve, splitting, coordinator))
    assert Action.objects.count() == 1


def test_of_two_that_name_each_other_the_first_one_counts(own, old, target, mei, hao, coordinator):
    there = begin(own, merge_into(target), by=mei, at=NOW)
    back = begin(target.assignments.get(), merge_into(old), by=mei, at=NOW)
    sent = submit_request(there, by=mei, at=NOW)
    error = refusal(submit_request, back, by=mei, at=NOW)
    assert "115-01 行政處 併案申請正在處理（待研考），牽涉同一項" in str(error)
    approve(sent, coordinator)
    assert "已經是「併案列管」" in str(refusal(submit_request, back, by=mei, at=NOW))


def test_nothing_else_is_sent_for_an_item_that_goes_into_another(
    merging, old, target, mei, hao, information
):
    release = {"kind": "release", "ground": "其他", "reason": "完成", "late_reason": "晚"}
    other = begin(old.assignments.get(department=information), release, by=hao, at=NOW)
    assert "併案申請正在處理" in str(refusal(submit_request, other, by=hao, at=NOW))
    of_target = begin(target.assignments.get(), release, by=mei, at=NOW)
    assert "併案申請正在處理" in str(refusal(submit_request, of_target, by=mei, at=NOW))
    withdraw_request(merging, by=mei, at=NOW)
    submit_request(of_target, by=mei, at=NOW)


def test_it_is_not_sent_while_something_else_is_on_its_way(
    own, old, target, mei, hao, information, coordinator
):
    release = {"kind": "release", "ground": "其他", "reason": "完成", "late_reason": "晚"}
    sent = send(old.assignments.get(department=information), release, hao)
    draft = begin(own, merge_into(target), by=mei, at=NOW)
    assert "115-01 資訊室 解除列管申請正在處理" in str(
        refusal(submit_request, draft, by=mei, at=NOW)
    )
    returned = return_request(sent, words="補件", by=coordinator, at=NOW)
    merging = submit_request(draft, by=mei, at=NOW)
    # Sent again, the other one finds that the item is going elsewhere.
    assert "併案申請正在處理" in str(refusal(submit_request, returned, by=hao, at=NOW))
    approve(merging, coordinator)


def test_the_years_end_waits_for_it_at_both_items(merging, old, target, programme, coordinator):
    for action in (old, target):
        decided = {action.pk: "完成"}
        error = refusal(
            year_end.decide_year_end, programme, decided, "released", by=coordinator, at=NOW
        )
        assert "115-01 行政處 併案申請還沒有決定" in str(error)


LACKING = [
    (lambda o: application("merge"), "merged_into", "請選要併入哪一項"),
    (lambda o: merge_into(o["old"]), "merged_into", "115-01 不能併入自己"),
    (lambda o: merge_into(o["released"]), "merged_into", "115-02 已經是「解除列管」"),
    (lambda o: merge_into(o["nobody"]), "joining", "115-03 還沒有分辦給任何單位"),
    (lambda o: application("split"), "successors", "分案要分成 2 項以上"),
    (
        lambda o: application(
            "split", part("一", share_of(o["one"])), part("", share_of(o["one"]))
        ),
        "successors",
        "分出的第 2 項：請寫具體推動作法",
    ),
    (
        lambda o: application(
            "split", part("一", share_of(o["one"])), part("一", share_of(o["one"]))
        ),
        "successors",
        "分出的第 2 項與第 1 項的文字相同",
    ),
    (
        lambda o: application(
            "split", part("一", share_of(o["one"])), part("二", share_of(o["one"], "support"))
        ),
        "successors",
        "分出的第 2 項：至少要有一個主辦單位",
    ),
]


@pytest.mark.one_engine
@pytest.mark.parametrize(("content", "field", "words"), LACKING)
def test_what_is_lacking_is_said_at_its_field_and_a_draft_may_lack_it(
    make_action, old, own, administration, mei, content, field, words
):
    office = {
        "old": old,
        "released": make_action([administration], control_status="released"),
        "nobody": make_action([]),
        "one": administration,
    }
    draft = begin(own, content(office), by=mei, at=NOW)
    with pytest.raises(IncompleteRequest) as caught:
        submit_request(draft, by=mei, at=NOW)
    assert words in caught.value.lacking[field]


@pytest.mark.one_engine
def test_a_draft_that_is_written_again_or_thrown_away_leaves_no_rows(own, target, mei, information):
    draft = begin(own, merge_into(target, share_of(information)), by=mei, at=NOW)
    draft = write(draft, merge_into(target), version=draft.version, by=mei, at=NOW)
    assert draft.successors_words() == "115-02 設置民眾休憩區"
    discard(draft, version=draft.version)
    assert not ControlSuccessor.objects.exists()


@pytest.mark.one_engine
def test_what_an_application_names_is_not_deleted(
    splitting, old, target, make_action, mei, information, administration, coordinator
):
    other = make_action([administration], title="另一項")
    send(other.assignments.get(), merge_into(target), mei)
    target.assignments.all().delete()
    assert "有管制異動申請要併入 115-02" in removing.obstacle_to_removal(target)
    approve(splitting, coordinator)
    first = Action.objects.get(title="整理站房外牆")
    assert "由它承接別的項目，不能刪除" in removing.obstacle_to_removal(first)
    Assignment.objects.filter(department=information).delete()
    Membership.objects.filter(department=information).delete()
    error = refusal(departments.delete_unused, information, by=coordinator, at=NOW)
    assert "1 件要增列它的管制異動" in str(error)


def test_a_second_approval_finds_it_done(merging, coordinator):
    approve(merging, coordinator)
    assert "剛才已由別人更新" in str(refusal(approve, merging, coordinator))
    assert ControlRequest.objects.get().state == "approved"
