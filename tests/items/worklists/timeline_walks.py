"""How each verb is called about an item, at LATER; and which verbs are about none, and why."""

from dataclasses import replace
from datetime import date, timedelta

from items.models import (
    Assignment,
    Department,
    ReportState,
    RequestStepKind,
)
from items.part_content import part_content_of
from items.plan_content import content_of
from items.workflow import (
    contacts,
    control_requests,
    control_together,
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
from items.workflow.control_together import SeenRequest
from items.workflow.directives import DirectiveContent
from items.workflow.planned import PlannedCell, planned_of
from tests.items.worklists.timeline_steps import (
    answer_of,
    answered,
    apply_for,
    ask,
    end_year,
    give,
    hand,
    in_state,
    letter,
    manager,
    meeting,
    reopened,
    with_office,
)
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
    "report_steps.take_step": "由 reporting 的每個步驟呼叫，走的是那些。",
    "report_writing.begin": "空白的草稿。",
    "report_writing.changes_of": "write 要寫的值，不是動作。",
    "report_writing.write": "草稿只有自己單位看得到，送出時才有紀錄。",
    "report_writing.write_in_transaction": "草稿，同上。",
}
"""{verb: why it stands on no timeline, or which walk goes through it}."""


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
