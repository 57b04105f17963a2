"""項目歷程: every verb that touches an item leaves an entry there, and everybody reads what is theirs."""

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from items.models import (
    Assignment,
    Change,
    ControlStatus,
    Department,
    Meeting,
    ProgressReport,
    RemindedItem,
    ReminderMail,
    ReportState,
    RequestStepKind,
)
from items.part_content import part_content_of
from items.plan_content import content_of
from items.workflow import (
    contacts,
    control_requests,
    control_together,
    control_writing,
    directive_answers,
    directive_endings,
    directives,
    editing,
    handing_out,
    handover,
    letters,
    official_text,
    plan_parts,
    planned,
    questions,
    reopening,
    reporting,
    year_end,
)
from items.workflow.control_requests import ManagerDecision
from items.workflow.control_together import SeenRequest
from items.workflow.directives import DirectiveContent
from items.workflow.open_work import fingerprint_of, loads_of
from items.workflow.planned import PlannedCell, planned_of
from items.workflow.successor_rows import SuccessorContent
from items.worklists.timeline import TimelineKind, timeline_entries, timeline_keys, timeline_tabs
from tests.items.verbs import MODULES_ABOUT_NO_ITEM, verbs
from tests.making import NOW, TODAY

LATER = NOW + timedelta(minutes=5)
"""When the verb is called that a test is about; everything before it was at another moment."""

VERBS_ABOUT_NO_ITEM = {
    "control_effects.carry_out": "由 approve_request 呼叫，走的是那一個。",
    "control_effects.change_status": "同上。",
    "control_effects.return_sent_reports": "同上。",
    "control_effects.stop_waiting_reports": "同上。",
    "successor_effects.take_over": "同上；走併案與分案的是下面兩個測試。",
    "control_files.attach": "草稿的附件，送出時才有紀錄（mark_files_sent）。",
    "control_files.mark_files_sent": "由 submit_request 呼叫；tests/items/workflow/test_control_files.py。",
    "control_files.take_away": "同上：送出過的才有紀錄，在 test_control_files.py。",
    "control_steps.take_step": "由 control_requests 的每個步驟呼叫，走的是那些。",
    "control_writing.begin": "草稿只有自己單位看得到，送出時才有紀錄。",
    "control_writing.write": "草稿，同上。",
    "directives.save_meeting": "會議屬於整個年度，還沒有項目。",
    "directives.delete_meeting": "沒有裁示的會議才能刪除。",
    "directive_holding.tell_departments": "通知，不是紀錄。",
    "directive_endings.write_outcome": "由 conclude 與 carry_over 呼叫，走的是那些。",
    "directive_endings.conclude_where_all_released": "由 agree 呼叫，走的是那一個。",
    "editing.create_first_action": "與 create_action 同一段；第一項在全新的年度。",
    "evidence.add_file": "草稿的佐證，送出的步驟會記下當時附了什麼。",
    "evidence.add_link": "同上。",
    "evidence.remove": "同上。",
    "handing_out.hand_out_to_new_department": "與 hand_out_to_every_department 同一段。",
    "placing.place_among": "由 edit_action 與 edit_part 呼叫。",
    "plan_parts.create_part": "新的一層底下還沒有項目。",
    "removing.remove_action": "項目沒有了；紀錄留在年度的歷程（tests/items/models/test_history_home.py）。",
    "removing.remove_part": "底下沒有項目才能刪除。",
    "reopening.end_all": "由 end_and_keep 呼叫，走的是那一個。",
    "report_writing.begin": "空白的草稿。",
    "report_writing.changes_of": "write 要寫的值，不是動作。",
    "report_writing.write": "草稿只有自己單位看得到，送出時才有紀錄。",
    "report_writing.write_in_transaction": "草稿，同上。",
}
"""{verb: why it stands on no timeline, or which walk goes through it}."""


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


# What happens before, at NOW; each walk then calls its verb at LATER.


def in_state(o, state):
    """The report of 行政處 in another state, as the steps before would have left it."""
    ProgressReport.objects.filter(pk=o.report.pk).update(state=state)
    return ProgressReport.objects.with_path().get(pk=o.report.pk)


def apply_for(o, at=NOW, **content):
    given = {
        "kind": "extend",
        "ground": "不可抗力",
        "reason": "原因",
        "late_reason": "颱風",
        "deadline": date(2027, 3, 31),
        "deadline_text": "116年3月",
    }
    draft = control_writing.begin(o.own, given | content, by=o.mei, at=NOW)
    return control_requests.submit_request(draft, by=o.mei, at=at)


def with_office(o):
    return control_requests.endorse_request(apply_for(o), by=o.head, at=NOW)


def manager():
    return ManagerDecision(on=TODAY, number="花港企字第1號")


def meeting(o, held_on=date(2026, 10, 20), name="檢討會議"):
    row = Meeting(programme=o.programme, name=name, held_on=held_on)
    return directives.save_meeting(row, by=o.coordinator, at=NOW)


def give(o, at=NOW):
    departments = [o.administration, o.information]
    content = DirectiveContent(text="請加速。", departments=departments, action=o.action)
    return directives.give(meeting(o), content, by=o.coordinator, at=at)


def answer_of(o, *, asks, at=NOW):
    row = give(o).answers.select_related("directive").get(department=o.administration)
    return directive_answers.write(row, "已辦。", seen_at=None, asks=asks, by=o.mei, at=at)


def ask(o, at=NOW):
    return questions.ask(o.action, "？", to=o.administration, by=o.coordinator, at=at)


def answered(o):
    question = ask(o)
    questions.answer(question, "好。", by=o.mei, at=NOW)
    return question


def letter(o, at=NOW):
    item = letters.LetterItem(
        action=o.action.pk, code="115-01", title="設置民眾休憩區", period="115年第4季",
        step="尚未送出", who="王美玲", since="2026-11-16", due="2026-12-01",
    )  # fmt: skip
    wish = letters.LetterWish(items=[item], answer_until=date(2026, 12, 5))
    return letters.issue(o.programme, o.administration, wish, by=o.coordinator, at=at)


def end_year(o, at=NOW):
    items = {o.action.pk: "都已完成"}
    status = ControlStatus.RELEASED
    return year_end.decide_year_end(o.programme, items, status, by=o.coordinator, at=at)


def hand(o, at=NOW):
    Assignment.objects.filter(pk=o.own.pk).update(contact=o.mei)
    wish = handover.HandoverWish(
        giver=o.mei,
        receiver=o.head,
        departments=[handover.DepartmentWish(o.administration.pk)],
        ends_memberships=False,
        fingerprint=fingerprint_of(loads_of(o.mei, [o.administration.pk])),
    )
    return handover.hand_over(wish, reach=[o.administration.pk], by=o.coordinator, at=at)


def reopened(o, at=NOW):
    given = {"because": "漏報", "due_on": date(2026, 12, 5), "by": o.coordinator, "at": at}
    return reopening.open_for(o.q3, [o.own], **given)


def edit(o):
    present = content_of(o.action)
    wanted = replace(present, title="改名")
    editing.edit_action(o.action, wanted, seen=present, by=o.coordinator, at=LATER)


def edit_plan(o):
    part = o.action.plan
    present = part_content_of(part)
    wanted = replace(present, title="改名")
    plan_parts.edit_part(part, wanted, seen=present, by=o.coordinator, at=LATER)


def create(o):
    present = content_of(o.action)
    shares = tuple(replace(share, key=None) for share in present.shares)
    wanted = replace(present, shares=shares, place=2)
    o.action = editing.create_action(o.programme, wanted, by=o.coordinator, at=LATER)


def write_and_submit(o):
    content = {"text": "完成。", "percent": 95, "work_status": "in_progress"}
    reporting.write_and_submit(o.other, o.q4, content, version=0, by=o.hao, at=LATER, today=TODAY)


def write_and_submit_request(o):
    content = {"kind": "release", "ground": "不可抗力", "reason": "已完成", "late_reason": "颱風"}
    control_requests.write_and_submit_request(
        o.own, content, written=None, version=0, by=o.mei, at=LATER, sends=True
    )


def compose(o, at=LATER):
    official_text.compose(o.action, o.q4, "彙整。", seen="", by=o.coordinator, at=at)


def take_text_back(o):
    compose(o, at=NOW)
    official_text.take_back(o.action, o.q4, seen="彙整。", by=o.coordinator, at=LATER)


def set_planned(o):
    cell = PlannedCell(o.own.pk, o.q4.pk)
    seen = planned_of(o.action)
    planned.set_planned(o.action, {cell: 60}, seen=seen, by=o.coordinator, at=LATER)


def decide(o):
    request = with_office(o)
    seen = [SeenRequest(request, request.version)]
    step = RequestStepKind.APPROVE
    control_together.decide_together(seen, step, manager=manager(), by=o.coordinator, at=LATER)


def end_reopened(o):
    reopened(o)
    reopening.end_and_keep(o.q3, by=o.coordinator, at=LATER)


def hand_out(o):
    Department.objects.create(name="業務處", position=9)
    handing_out.hand_out_to_every_department(
        o.action, date(2026, 12, 31), "115年12月", by=o.coordinator, at=LATER
    )


def set_contacts(o):
    wish = contacts.ContactWish(o.own.pk, None, o.mei)
    contacts.set_contacts([wish], Assignment.objects.all(), by=o.head, at=LATER)


def conclude(o):
    directive_endings.conclude(give(o), "void", because="重複", by=o.coordinator, at=LATER)


def revise(o):
    content = DirectiveContent(text="改。", departments=[o.administration], action=o.action)
    directives.revise(give(o), content, by=o.coordinator, at=LATER)


def carry(o):
    directives.carry_over(
        give(o), meeting(o, date(2026, 11, 20), "下次會議"), by=o.coordinator, at=LATER
    )


def carry_several(o):
    later = meeting(o, date(2026, 11, 20), "下次會議")
    directives.carry_several([give(o)], later, by=o.coordinator, at=LATER)


def again(o):
    given = give(o)
    directive_endings.conclude(given, "void", because="重複", by=o.coordinator, at=NOW)
    directive_endings.follow_up_again(given, because="還要", by=o.coordinator, at=LATER)


def recall(o):
    draft = in_state(o, ReportState.DRAFT)
    sent = reporting.submit(draft, by=o.mei, at=NOW, today=TODAY)
    reporting.recall(sent, by=o.mei, at=LATER)


WALKS = {
    "contacts.set_contacts": set_contacts,
    "contacts.set_contact": lambda o: contacts.set_contact(o.own, o.mei, by=o.head, at=LATER),
    "control_requests.submit_request": lambda o: apply_for(o, at=LATER),
    "control_requests.write_and_submit_request": write_and_submit_request,
    "control_requests.endorse_request": lambda o: control_requests.endorse_request(
        apply_for(o), by=o.head, at=LATER
    ),
    "control_requests.return_request": lambda o: control_requests.return_request(
        apply_for(o), words="補件", by=o.head, at=LATER
    ),
    "control_requests.withdraw_request": lambda o: control_requests.withdraw_request(
        apply_for(o), by=o.mei, at=LATER
    ),
    "control_requests.approve_request": lambda o: control_requests.approve_request(
        with_office(o), manager=manager(), by=o.coordinator, at=LATER
    ),
    "control_requests.reject_request": lambda o: control_requests.reject_request(
        with_office(o), words="不符", by=o.coordinator, at=LATER
    ),
    "control_together.decide_together": decide,
    "directive_answers.write": lambda o: answer_of(o, asks=False, at=LATER),
    "directive_answers.take_back": lambda o: directive_answers.take_back(
        answer_of(o, asks=True), by=o.mei, at=LATER
    ),
    "directive_answers.agree": lambda o: directive_answers.agree(
        answer_of(o, asks=True), by=o.coordinator, at=LATER
    ),
    "directive_answers.refuse": lambda o: directive_answers.refuse(
        answer_of(o, asks=True), because="補件", by=o.coordinator, at=LATER
    ),
    "directives.give": lambda o: give(o, at=LATER),
    "directives.revise": revise,
    "directive_endings.conclude": conclude,
    "directives.carry_over": carry,
    "directives.carry_several": carry_several,
    "directive_endings.follow_up_again": again,
    "editing.edit_action": edit,
    "editing.create_action": create,
    "handing_out.hand_out_to_every_department": hand_out,
    "handover.hand_over": lambda o: hand(o, at=LATER),
    "handover.hand_back": lambda o: handover.hand_back(hand(o), by=o.coordinator, at=LATER),
    "letters.issue": lambda o: letter(o, at=LATER),
    "letters.void": lambda o: letters.void(letter(o), "發錯", by=o.coordinator, at=LATER),
    "letters.note_answer": lambda o: letters.note_answer(
        letter(o), "已補。", TODAY, by=o.coordinator, at=LATER
    ),
    "official_text.compose": compose,
    "official_text.take_back": take_text_back,
    "plan_parts.edit_part": edit_plan,
    "planned.set_planned": set_planned,
    "questions.ask": lambda o: ask(o, at=LATER),
    "questions.answer": lambda o: questions.answer(ask(o), "好。", by=o.mei, at=LATER),
    "questions.settle": lambda o: questions.settle(ask(o), by=o.coordinator, at=LATER),
    "questions.ask_again": lambda o: questions.ask_again(
        answered(o), "哪天？", by=o.coordinator, at=LATER
    ),
    "reopening.open_for": lambda o: reopened(o, at=LATER),
    "reopening.end_and_keep": end_reopened,
    "reporting.submit": lambda o: reporting.submit(
        in_state(o, ReportState.DRAFT), by=o.mei, at=LATER, today=TODAY
    ),
    "reporting.write_and_submit": write_and_submit,
    "reporting.endorse": lambda o: reporting.endorse(
        in_state(o, ReportState.WITH_HEAD), by=o.head, at=LATER
    ),
    "reporting.accept": lambda o: reporting.accept(o.report, by=o.coordinator, at=LATER),
    "reporting.send_back": lambda o: reporting.send_back(
        o.report, words="補件", by=o.coordinator, at=LATER
    ),
    "reporting.stop_waiting": lambda o: reporting.stop_waiting(
        in_state(o, ReportState.WITH_HEAD), words="115-01 已撤銷管制。", by=o.coordinator, at=LATER
    ),
    "reporting.recall": recall,
    "year_end.decide_year_end": lambda o: end_year(o, at=LATER),
    "year_end.undo_year_end": lambda o: year_end.undo_year_end(
        end_year(o), because="錯了", by=o.coordinator, at=LATER
    ),
}
"""{verb: how it is called at LATER, about the item of the office}."""


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
