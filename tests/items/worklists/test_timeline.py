"""項目歷程: every verb that touches an item leaves an entry there, and everybody reads what is theirs."""

from types import SimpleNamespace

import pytest

from items.models import (
    Change,
    RemindedItem,
    ReminderMail,
    ReportState,
)
from items.plan_content import content_of
from items.workflow import (
    control_requests,
    questions,
    reporting,
)
from items.workflow.successor_rows import SuccessorContent
from items.worklists.timeline import TimelineKind, timeline_keys, timeline_tabs
from items.worklists.timeline_entries import timeline_entries
from tests.items.verbs import MODULES_ABOUT_NO_ITEM, verbs
from tests.items.worklists.timeline_steps import answer_of, apply_for, ask, give, letter, manager
from tests.items.worklists.timeline_walks import (
    LATER,
    VERBS_ABOUT_NO_ITEM,
    WALKS,
    set_planned,
)
from tests.making import NOW, TODAY


@pytest.fixture
def office(
    request, programme, q3, q4, make_action, make_report, administration, information,
    mei, hao, head, coordinator, auditor,
):  # fmt: skip
    """An item of two departments, with a report of 行政處 that waits for the plan office."""
    action = make_action([administration, information])
    own, other = action.assignments.order_by("position")
    report = make_report(own, q4, mei, percent=95, state=ReportState.WITH_COORDINATOR)
    return SimpleNamespace(
        action=action, own=own, other=other, report=report, programme=programme, q3=q3, q4=q4,
        make_report=make_report, administration=administration, information=information,
        mei=mei, hao=hao, head=head, coordinator=coordinator, auditor=auditor,
    )  # fmt: skip


@pytest.mark.one_engine
def test_every_verb_is_walked_or_says_why_not():
    about_no_item = set(VERBS_ABOUT_NO_ITEM)
    for verb in verbs():
        if verb.split(".")[0] in MODULES_ABOUT_NO_ITEM:
            about_no_item.add(verb)
    assert verbs() - set(WALKS) == about_no_item
    assert set(WALKS) <= verbs()


@pytest.mark.one_engine
@pytest.mark.parametrize("verb", WALKS)
def test_a_verb_leaves_its_entry_on_the_timeline_of_the_item(office, verb):
    WALKS[verb](office)
    # Of a report that is no longer sent, its department reads on; of all else, everybody.
    reader = office.mei
    keys = timeline_keys(reader, office.action)
    entries = timeline_entries(reader, office.action, keys)
    assert [entry.heading for entry in entries if entry.at == LATER]
    assert len(entries) == len(keys)


@pytest.mark.parametrize("kind", ["merge", "split"])
def test_an_item_and_those_that_take_it_over_tell_of_it_alike(office, make_action, kind):
    """Whoever opens the timeline of the other item reads by which application it came to it."""
    target = make_action([office.administration], title="另一項")
    share = content_of(office.action).shares[0]
    parts = [SuccessorContent(title=title, shares=(share,)) for title in ("外牆", "網路")]
    if kind == "merge":
        parts = [SuccessorContent(action_id=target.pk)]
    sent = apply_for(office, kind=kind, successors=parts)
    asked = control_requests.endorse_request(sent, by=office.head, at=NOW)
    control_requests.approve_request(asked, manager=manager(), by=office.coordinator, at=LATER)
    for successor in asked.successors.select_related("action"):
        keys = timeline_keys(office.hao, successor.action)
        told = timeline_entries(office.hao, successor.action, keys)
        headings = [entry.heading for entry in told if entry.kind == TimelineKind.REQUESTS]
        words = {"merge": "併案", "split": "分案"}[kind]
        assert headings[0] == f"115-01 行政處 {words}申請：通過"
    own = timeline_entries(office.hao, office.action, timeline_keys(office.hao, office.action))
    assert "列管狀態" in [one.label for entry in own for one in entry.differences]


def test_kinds_are_told_apart_and_counted(office):
    reporting.send_back(office.report, words="請補件。", by=office.coordinator, at=NOW)
    apply_for(office)
    answer_of(office, asks=True)
    ask(office)
    letter(office)
    set_planned(office)
    keys = timeline_keys(office.auditor, office.action)
    kinds = {tab.kind: tab.number for tab in timeline_tabs(keys)}
    assert kinds == {
        "": len(keys),
        "requests": 1,
        "directives": 4,
        "reminders": 1,
        "questions": 1,
        "plan": 1,
    }
    # What was returned is for the department until it is sent again, with its reason.
    own = timeline_keys(office.mei, office.action)
    assert [key.kind for key in own].count(TimelineKind.REPORTS) == 1
    [step] = [one for one in timeline_entries(office.mei, office.action, own) if one.content]
    assert (step.words, step.content["percent"]) == ("請補件。", 95)


def test_a_reminder_by_mail_is_told_to_its_department_and_to_whoever_reads_all(office):
    mail = ReminderMail.objects.create(
        person=office.mei, on=TODAY, address="mei@example.org", subject="催辦", body="…",
        state="sent", claimed_at=LATER, finished_at=LATER,
    )  # fmt: skip
    period = office.q4
    RemindedItem.objects.create(mail=mail, assignment=office.own, period=period, kind="to_report")
    answer = give(office).answers.get(department=office.administration)
    RemindedItem.objects.create(mail=mail, answer=answer, kind="to_answer")
    for reader in (office.mei, office.auditor, office.coordinator):
        keys = timeline_keys(reader, office.action)
        entries = timeline_entries(reader, office.action, keys)
        told = {entry.heading for entry in entries if entry.kind == TimelineKind.REMINDERS}
        assert told == {
            f"催辦郵件：行政處 {period}填報，寄給王美玲（已寄）",
            "催辦郵件：行政處 檢討會議第1案辦理裁示，寄給王美玲（已寄）",
        }
    kinds = {key.kind for key in timeline_keys(office.hao, office.action)}
    assert TimelineKind.REMINDERS not in kinds


def test_an_import_is_told_as_one(office):
    batch = office.programme.batches.create(
        by=office.coordinator, at=NOW, file_name="表.csv", content=b"x", sha256="0", door="page"
    )
    Change.objects.create(
        at=NOW, by=office.coordinator, door="page", kind="changed", model="action",
        object_id=office.action.pk, label="115-01", action=office.action, batch=batch,
        programme=office.programme, fields={"title": ["舊", "新"]},
    )  # fmt: skip
    [key] = timeline_keys(office.auditor, office.action)
    assert key.kind == TimelineKind.IMPORTS


def test_the_page_filters_and_says_what_it_lists(office, sign_in):
    ask(office)
    set_planned(office)
    client = sign_in(office.hao)
    page = client.get("/115/actions/115-01/timeline/").content.decode()
    assert "留言" in page
    assert "預定進度" in page
    assert "2 筆，新的在前" in page
    page = client.get("/115/actions/115-01/timeline/?kind=questions").content.decode()
    assert "1 筆，新的在前" in page
    assert "新增預定進度" not in page
    assert client.get("/115/actions/115-01/timeline/?kind=x").status_code == 404
    assert client.get("/115/actions/115-99/timeline/").status_code == 404


def test_an_item_without_any_entry_says_so(make_action, sign_in, mei, programme):
    make_action([], code="115-50")
    page = sign_in(mei).get("/115/actions/115-50/timeline/").content.decode()
    assert "還沒有任何紀錄" in page


@pytest.mark.one_engine
@pytest.mark.slow
def test_queries_do_not_grow_and_paper_has_all(office, sign_in, django_assert_max_num_queries):
    for number in range(130):
        ask_about(office, number)
    client = sign_in(office.mei)
    address = "/115/actions/115-01/timeline/"
    client.get(address)
    with django_assert_max_num_queries(20):
        page = client.get(address).content.decode()
    assert "列出全部 130 筆" in page
    # Of one moment, what was written last comes first.
    assert page.index("第129題") < page.index("第128題")
    assert "第0題" not in page
    assert "第0題" in client.get(f"{address}?all=1").content.decode()


def ask_about(o, number):
    questions.ask(o.action, f"第{number}題", to=o.administration, by=o.coordinator, at=NOW)
