"""人員與移交: memberships, what was left behind, and handing work over on pages."""

import pytest
from django.urls import reverse

from items.models import Assignment, Change, Handover, Membership, User
from tests.items.views.answers import text_of
from tests.making import make_user, past_the_application

PEOPLE = reverse("people", args=[115])
HANDOVER = reverse("handover", args=[115])


@pytest.fixture
def wen(administration):
    return make_user("wen", "吳雅雯", reporter=administration)


@pytest.fixture
def assignment(make_action, administration, mei):
    """An item of 行政處 that 王美玲 looks after."""
    assignment = make_action([administration]).assignments.get()
    Assignment.objects.filter(pk=assignment.pk).update(contact=mei)
    return assignment


def members():
    rows = Membership.objects.order_by("pk")
    return list(rows.values_list("user__username", "department__name", "role"))


def step(client, membership, name, **data):
    address = reverse("people_step", args=[115, membership.pk, name])
    return client.post(address, data, follow=True)


@pytest.mark.one_engine
def test_the_page_tells_who_is_where_and_what_is_missing(
    sign_in, assignment, information, coordinator, head
):
    page = text_of(sign_in(coordinator).get(PEOPLE))
    assert "王美玲 mei 承辦人 承辦 1 項 上次登入 還沒登入過" in page
    assert "陳處長 head 單位主管 承辦 0 項" in page
    assert "資訊室 0 人 沒有承辦人，也沒有主管：沒有人能填報。" in page
    assert "帳號的新增、停用與密碼由系統管理（資訊單位）處理" in page
    # What it advises leads nowhere that the plan office may not go.
    assert "/admin/" not in sign_in(coordinator).get(PEOPLE).content.decode()


@pytest.mark.one_engine
def test_an_empty_office_has_a_page_too(sign_in, programme, coordinator):
    page = text_of(sign_in(coordinator).get(PEOPLE))
    assert "還沒有移交過" in page


def test_somebody_joins_changes_and_leaves_with_a_history(
    sign_in, programme, administration, coordinator, hao
):
    client = sign_in(coordinator)
    data = {"person": hao.pk, "department": administration.pk, "role": "reporter"}
    answer = client.post(reverse("people_add", args=[115]), data, follow=True)
    assert "林志豪已加入行政處。" in text_of(answer)
    again = client.post(reverse("people_add", args=[115]), data, follow=True)
    assert "林志豪已經是行政處的人員" in text_of(again)
    membership = Membership.objects.get(user=hao, department=administration)
    step(client, membership, "role", role="head")
    assert ("hao", "行政處", "head") in members()
    assert "林志豪已離開行政處" in text_of(step(client, membership, "leave"))
    # A second click finds nothing, and says so.
    assert "已經移除了" in text_of(step(client, membership, "leave"))
    kinds = Change.objects.filter(model="membership").order_by("pk")
    assert list(kinds.values_list("kind", flat=True)) == ["created", "changed", "deleted"]


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "請選擇人員。請選擇單位。請選擇身分。"),
        ({"person": "999"}, "沒有這個人員"),
        ({"department": "x"}, "沒有這個單位"),
        ({"role": "king"}, "沒有這個身分"),
    ],
)
def test_what_is_wrong_is_said(sign_in, programme, coordinator, data, words):
    answer = sign_in(coordinator).post(reverse("people_add", args=[115]), data)
    assert words in text_of(answer)


@pytest.mark.one_engine
def test_whoever_is_inactive_or_only_reads_joins_nothing(
    sign_in, programme, administration, coordinator, mei, auditor
):
    mei.is_active = False
    mei.save()
    for person in (mei, auditor):
        data = {"person": person.pk, "department": administration.pk, "role": "reporter"}
        answer = sign_in(coordinator).post(reverse("people_add", args=[115]), data)
        assert "帳號已停用、只能查閱" in text_of(answer)
    assert members() == [("mei", "行政處", "reporter")]


@pytest.mark.one_engine
def test_an_unknown_role_changes_nothing(sign_in, programme, coordinator, mei):
    membership = mei.memberships.get()
    assert "請選擇身分" in text_of(step(sign_in(coordinator), membership, "role", role="king"))
    assert step(sign_in(coordinator), membership, "burn").status_code == 404
    assert members() == [("mei", "行政處", "reporter")]


@pytest.mark.one_engine
def test_leaving_with_open_work_tells_what_is_left_and_lists_it(
    sign_in, assignment, coordinator, mei
):
    answer = step(sign_in(coordinator), mei.memberships.get(), "leave")
    assert "王美玲（已不在原單位；承辦 1 項）還有業務尚未移交。" in text_of(answer)
    assert "尚未移交 1 人 王美玲 mei已不在原單位；承辦 1 項" in text_of(answer)
    assert f'href="{HANDOVER}?giver={mei.pk}"' in answer.content.decode()


@pytest.mark.one_engine
def test_a_deactivated_account_with_a_draft_is_listed_as_not_handed_over(
    sign_in, make_action, make_report, administration, coordinator, mei, q4
):
    assignment = make_action([administration]).assignments.get()
    make_report(assignment, q4, mei, state="draft")
    assert "尚未移交" not in text_of(sign_in(coordinator).get(PEOPLE))
    mei.is_active = False
    mei.save()
    assert "尚未移交 1 人 王美玲 mei已停用；草稿 1 件" in text_of(sign_in(coordinator).get(PEOPLE))
    manage = text_of(sign_in(coordinator).get(reverse("manage", args=[115])))
    assert "1 人的業務尚未移交" in manage


def preview(client, giver, receiver):
    return client.get(HANDOVER, {"giver": giver.pk, "receiver": receiver.pk})


def confirm(client, shown, **data):
    seen = shown.context["preview"]
    fields = {
        "giver": seen.giver.pk,
        "receiver": seen.receiver.pk,
        "fingerprint": seen.fingerprint,
    }
    for one in seen.departments:
        fields[f"take-{one.load.department.pk}"] = "1"
        for role in one.roles:
            if role.is_chosen:
                fields[f"role-{one.load.department.pk}"] = role.value
    return client.post(HANDOVER, {**fields, **data}, follow=True)


@pytest.mark.one_engine
def test_the_plan_office_hands_over_to_another_department_and_prints_the_list(
    sign_in, assignment, coordinator, mei, hao
):
    client = sign_in(coordinator)
    shown = preview(client, mei, hao)
    assert "王美玲 → 林志豪：1 項" in text_of(shown)
    assert "林志豪還不是這個單位的人員" in text_of(shown)
    done = confirm(client, shown, ends="1")
    assert "業務移交清單" in text_of(done)
    assert "115-01 設置民眾休憩區 行政處 115年12月" in text_of(done)
    assert "監交人（單位主管）" in text_of(done)
    assert "林志豪加入行政處（承辦人）" in text_of(done)
    assert Assignment.objects.get().contact == hao
    assert not mei.memberships.exists()
    assert Handover.objects.get().by == coordinator
    # A double click meets an empty list and moves nothing again.
    again = confirm(client, shown, ends="1")
    assert "名單在您確認之前有變動" in text_of(again)
    assert Handover.objects.count() == 1
    undone = client.post(
        reverse("handover_undo", args=[115, Handover.objects.get().pk]), follow=True
    )
    assert "已把業務交還給王美玲。" in text_of(undone)
    assert Assignment.objects.get().contact == mei
    assert members() == [("hao", "資訊室", "reporter"), ("mei", "行政處", "reporter")]


def test_a_head_hands_over_within_the_department_and_changes_no_membership(
    sign_in, assignment, make_action, information, head, mei, wen, hao
):
    foreign = make_action([information]).assignments.get()
    Membership.objects.create(user=mei, department=information, role="reporter")
    Assignment.objects.filter(pk=foreign.pk).update(contact=mei)
    client = sign_in(head)
    shown = preview(client, mei, wen)
    assert [one.load.department.name for one in shown.context["preview"].departments] == ["行政處"]
    confirm(client, shown, ends="1", **{f"take-{information.pk}": "1"})
    assert list(Assignment.objects.order_by("pk").values_list("contact__username", flat=True)) == [
        "wen",
        "mei",
    ]
    assert mei.memberships.count() == 2
    # Somebody of another department has to be let in by the plan office first.
    Assignment.objects.update(contact=mei)
    outside = preview(client, mei, hao)
    assert "請研考先加入單位" in text_of(outside)
    answer = confirm(client, outside, **{f"role-{mei.memberships.first().department_id}": "head"})
    assert "林志豪還不是行政處的人員" in text_of(answer)
    assert not hao.memberships.filter(department__name="行政處").exists()


def test_a_head_may_hand_back_the_own_handover_only(
    sign_in, assignment, coordinator, head, wen, mei
):
    confirm(sign_in(coordinator), preview(sign_in(coordinator), mei, wen))
    address = reverse("handover_undo", args=[115, Handover.objects.get().pk])
    assert sign_in(head).post(address).status_code == 403
    past_the_application(Handover).update(by=head)
    assert sign_in(head).post(address).status_code == 302
    assert Assignment.objects.get().contact == mei


@pytest.mark.one_engine
def test_before_work_goes_back_to_a_closed_account_the_list_says_so(
    sign_in, assignment, coordinator, wen, mei
):
    client = sign_in(coordinator)
    confirm(client, preview(client, mei, wen))
    address = reverse("handover_list", args=[115, Handover.objects.get().pk])
    assert "帳號已停用" not in text_of(client.get(address))
    User.objects.filter(pk=mei.pk).update(is_active=False)
    assert "王美玲的帳號已停用，交還後不能填報" in text_of(client.get(address))


@pytest.mark.one_engine
def test_the_list_is_for_the_two_people_and_their_heads(
    sign_in, assignment, coordinator, head, wen, mei, hao
):
    confirm(sign_in(coordinator), preview(sign_in(coordinator), mei, wen))
    address = reverse("handover_list", args=[115, Handover.objects.get().pk])
    for person in (mei, wen, head):
        assert sign_in(person).get(address).status_code == 200
    assert sign_in(hao).get(address).status_code == 404


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("giver", "receiver", "words"),
    [
        ("mei", "mei", "移交人與接收人是同一個人"),
        ("mei", "999999", "沒有這個帳號"),
        ("x", "mei", "沒有這個帳號"),
        ("wen", "mei", "吳雅雯目前沒有您可以移交的業務"),
    ],
)
def test_a_wrong_choice_is_said(
    sign_in, assignment, coordinator, mei, request, giver, receiver, words
):
    wen = make_user("wen", "吳雅雯")
    keys = {"mei": mei.pk, "wen": wen.pk}
    data = {"giver": keys.get(giver, giver), "receiver": keys.get(receiver, receiver)}
    assert words in text_of(sign_in(coordinator).get(HANDOVER, data))
    answer = sign_in(coordinator).post(HANDOVER, data)
    assert answer.status_code == 200
    assert not Handover.objects.exists()


def test_without_a_tick_nothing_moves(sign_in, assignment, coordinator, mei, wen, administration):
    client = sign_in(coordinator)
    shown = preview(client, mei, wen)
    answer = confirm(client, shown, **{f"take-{administration.pk}": ""})
    # A box that is not ticked is not sent at all.
    assert Handover.objects.count() == 1
    past_the_application(Handover).delete()
    Assignment.objects.update(contact=mei)
    seen = preview(client, mei, wen).context["preview"]
    data = {"giver": mei.pk, "receiver": wen.pk, "fingerprint": seen.fingerprint}
    answer = client.post(HANDOVER, data)
    assert "請至少勾選一個單位" in text_of(answer)
    assert Assignment.objects.get().contact == mei


@pytest.mark.one_engine
def test_the_number_of_queries_does_not_grow(
    sign_in, make_action, administration, coordinator, mei, django_assert_max_num_queries
):
    for number in range(10):
        person = make_user(f"p{number}", f"同仁{number}", reporter=administration)
        make_action([administration]).assignments.update(contact=person if number else mei)
        if number > 6:
            person.is_active = False
            person.save()
    client = sign_in(coordinator)
    with django_assert_max_num_queries(21):
        client.get(PEOPLE)
    make_action([administration]).assignments.update(contact=mei)
    with django_assert_max_num_queries(24):
        preview(client, mei, coordinator)


@pytest.mark.one_engine
def test_the_receiver_is_told_on_the_own_list_and_finds_the_list_to_sign(
    sign_in, assignment, coordinator, mei, wen, q4
):
    todo = reverse("todo", args=[115])
    assert "移交給您" not in text_of(sign_in(wen).get(todo))
    confirm(sign_in(coordinator), preview(sign_in(coordinator), mei, wen))
    page = sign_in(wen).get(todo)
    assert "王美玲的業務已移交給您，1 項" in text_of(page)
    address = reverse("handover_list", args=[115, Handover.objects.get().pk])
    assert f'href="{address}"' in page.content.decode()
    assert "都是我的，1 件" in text_of(page)
    assert "移交給您" not in text_of(sign_in(mei).get(todo))
    sign_in(coordinator).post(reverse("handover_undo", args=[115, Handover.objects.get().pk]))
    assert "移交給您" not in text_of(sign_in(wen).get(todo))


def marked(page):
    """The word of the bar that the page belongs to."""
    for link in page.context["navigation"]:
        if link.current:
            return link.label
    return ""


@pytest.mark.one_engine
def test_each_page_is_marked_in_the_bar_of_whoever_looks_at_it(
    sign_in, assignment, coordinator, head
):
    contacts = reverse("contacts", args=[115])
    for address in (PEOPLE, HANDOVER, contacts):
        assert marked(sign_in(coordinator).get(address)) == "管理"
    for address in (HANDOVER, contacts):
        assert marked(sign_in(head).get(address)) == "我的工作"


@pytest.mark.one_engine
def test_the_preview_tells_what_is_begun_and_what_waits_for_the_head(
    sign_in, make_action, make_report, administration, coordinator, head, wen, q4
):
    """A head who leaves: drafts, returned reports, and what waits for the signature."""
    for state in ("draft", "returned", "with_head"):
        assignment = make_action([administration]).assignments.get()
        make_report(assignment, q4, head, state=state)
    page = text_of(preview(sign_in(coordinator), head, wen))
    assert "行政處 2 項，其中草稿或退回 2 件；等主管核可 1 件" in page
    assert "改為單位主管" in page
