"""Every model says where its entries belong; entries are read there, by people."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.utils.html import strip_tags

from items.models import (
    Assignment,
    CalendarAddress,
    Change,
    ControlFile,
    ControlRequest,
    ControlSettings,
    ControlStep,
    ControlSuccessor,
    Deputy,
    Directive,
    DirectiveAnswer,
    Evidence,
    FormerPassword,
    Handover,
    HistoryHome,
    ImportBatch,
    KeptLine,
    MailWish,
    Meeting,
    Membership,
    Method,
    Notice,
    OfficeDay,
    OfficialText,
    Passkey,
    PeriodClosing,
    Plan,
    PlannedProgress,
    Question,
    QuestionStep,
    RecoveryCode,
    RemindedItem,
    ReminderLetter,
    ReminderMail,
    ReminderSettings,
    Reopening,
    ReportStep,
    SecondFactor,
    SignedInSession,
    SingleSignOn,
    Strategy,
    SuccessorShare,
    Upload,
    YearEndDecision,
    YearEndItem,
)
from items.models.history import OF_THE_OFFICE
from items.models.history_blocks import HistoryBlock, HistoryChain
from items.workflow import history
from tests.making import NOW, TODAY


@pytest.mark.parametrize("model", list(apps.get_app_config("items").get_models()))
def test_every_model_says_where_its_entries_belong(model):
    assert callable(getattr(model, "history_home", None)), f"{model.__name__} has no history_home()"


def read(client, address):
    """What somebody reads on a page, in one line."""
    return " ".join(strip_tags(client.get(address).content.decode()).split())


@pytest.fixture
def action(make_action, administration):
    return make_action([administration])


@pytest.fixture
def planned(action, q4, coordinator):
    """預定進度 of 行政處 for the fourth quarter, entered by the plan office."""
    entered = PlannedProgress(assignment=action.assignments.get(), period=q4, percent=60)
    return history.save(entered, by=coordinator, at=NOW)


@pytest.fixture
def one_of_each(action, planned, make_report, mei, coordinator, programme, q4):
    """{model: a row of it}, all of one action and one programme."""
    report = make_report(action.assignments.get(), q4, mei)
    step = ReportStep.objects.create(
        report=report,
        number=2,
        kind="accept",
        from_state="with_coordinator",
        to_state="accepted",
        by=mei,
        at=NOW,
    )
    file = {"by": coordinator, "at": NOW, "file_name": "表", "content": b"x", "sha256": "0" * 64}
    batch = ImportBatch.objects.create(programme=programme, door="page", **file)
    upload = Upload.objects.create(programme=programme, reference="r", **file)
    evidence = Evidence.objects.create(
        report=report, kind="link", address="https://a.tw", added_by=mei, added_at=NOW
    )
    rows = [evidence, programme, action, planned, report, step, batch, upload, q4, mei]
    rows += [Assignment.objects.get(), Membership.objects.get(), Change.objects.latest("id")]
    rows += [Strategy.objects.get(), Method.objects.get(), Plan.objects.get()]
    rows += [mei.departments.get()]
    rows.append(
        Handover.objects.create(
            at=NOW, by=coordinator, giver=mei, receiver=coordinator, summary="移交 0 項"
        )
    )
    state = PeriodClosing.objects.create(
        period=q4,
        number=1,
        closed_at=NOW,
        closed_by=coordinator,
        starts_on=q4.starts_on,
        ends_on=q4.ends_on,
        due_on=q4.due_on,
        light_day=q4.ends_on,
        number_of_lines=0,
    )
    rows += [
        state,
        KeptLine.objects.create(closing=state, place=0, assignment_key=1, department_key=1),
    ]
    rows.append(
        Deputy.objects.create(
            person=mei, deputy=coordinator, starts_on=TODAY, ends_on=TODAY, made_by=mei, made_at=NOW
        )
    )
    rows.append(
        OfficialText.objects.create(
            action=action, period=q4, text="一", composed_by=mei, composed_at=NOW
        )
    )
    request = ControlRequest.objects.create(
        assignment=action.assignments.get(),
        kind="extend",
        written_by=mei,
        updated_at=NOW,
        since=NOW,
    )
    control_step = ControlStep.objects.create(
        request=request,
        number=2,
        kind="submit",
        from_state="draft",
        to_state="with_head",
        by=mei,
        at=NOW,
    )
    rules = ControlSettings.objects.create(programme=programme)
    attached = ControlFile.objects.create(
        request=request,
        purpose="proof",
        file_name="簽呈.pdf",
        content_kind="pdf",
        size=1,
        stored_name="x",
        added_by=mei,
        added_at=NOW,
    )
    decision = YearEndDecision.objects.create(
        programme=programme, status="released", decided_at=NOW, decided_by=coordinator
    )
    decided = YearEndItem.objects.create(decision=decision, action=action)
    successor = ControlSuccessor.objects.create(request=request, number=1, title="分出的一項")
    successor_share = SuccessorShare.objects.create(
        successor=successor,
        department=action.assignments.get().department,
        kind="lead",
        deadline=TODAY,
        deadline_text="115年11月",
    )
    rows += [successor, successor_share]
    rows += [request, control_step, rules, attached, decision, decided]
    rows.append(FormerPassword.objects.create(user=mei, hashed="x"))
    rows.append(SecondFactor.objects.create(user=mei, seed="x", set_up_at=NOW))
    rows.append(SingleSignOn.objects.create(user=mei, issuer="x", subject="x", linked_at=NOW))
    rows.append(RecoveryCode.objects.create(user=mei, hashed="x"))
    passkey = {"name": "手機", "credential_id": "x", "credential": b"x", "added_at": NOW}
    rows.append(Passkey.objects.create(user=mei, **passkey))
    rows.append(
        SignedInSession.objects.create(user=mei, session_key="k", at=NOW, address="192.0.2.1")
    )
    exception = Reopening.objects.create(
        period=q4,
        assignment=action.assignments.get(),
        due_on=q4.due_on,
        because="漏報",
        opened_at=NOW,
        opened_by=coordinator,
    )
    rows.append(exception)
    meeting = Meeting.objects.create(programme=programme, name="檢討會議", held_on=TODAY)
    directive = Directive.objects.create(meeting=meeting, number=1, text="加速。", action=action)
    answer = DirectiveAnswer.objects.create(directive=directive, department=mei.departments.get())
    rows += [meeting, directive, answer]
    rows.append(
        Notice.objects.create(
            person=mei,
            kind="returned",
            event="report_returned",
            programme=programme,
            action=action,
            about="progressreport",
            about_id=report.pk,
            at=NOW,
        )
    )
    letter = ReminderLetter.objects.create(
        programme=programme,
        number=1,
        department=mei.departments.get(),
        department_name="行政處",
        dated_on=TODAY,
        answer_until=TODAY,
        issued_at=NOW,
        issued_by=coordinator,
    )
    rows.append(letter)
    mail = ReminderMail.objects.create(person=mei, on=TODAY, claimed_at=NOW)
    share = action.assignments.get()
    reminded = RemindedItem.objects.create(mail=mail, assignment=share, period=q4, kind="to_report")
    mail_rules = ReminderSettings.objects.create(programme=programme)
    rows.append(CalendarAddress.objects.create(person=mei, digest="0" * 64, made_at=NOW))
    rows += [mail, reminded, mail_rules, MailWish.objects.create(person=mei)]
    rows.append(OfficeDay.objects.create(day=TODAY, is_working=False))
    question = Question.objects.create(
        action=action, to_person=coordinator, text="？", asked_by=mei, asked_at=NOW
    )
    rows += [
        question,
        QuestionStep.objects.create(question=question, kind="settle", by=mei, at=NOW),
    ]
    return {type(row): row for row in rows}


def test_a_row_belongs_to_its_programme_and_its_action(one_of_each, programme, action):
    homes = {model._meta.model_name: row.history_home() for model, row in one_of_each.items()}
    of_programme = HistoryHome(programme=programme)
    of_action = HistoryHome(programme=programme, action=action)
    assert homes == {
        "programme": of_programme,
        "strategy": of_programme,
        "method": of_programme,
        "plan": of_programme,
        "period": of_programme,
        "periodclosing": of_programme,
        "keptline": of_programme,
        "controlsettings": of_programme,
        "importbatch": of_programme,
        "upload": of_programme,
        "action": of_action,
        "assignment": of_action,
        "plannedprogress": of_action,
        "progressreport": of_action,
        "reportstep": of_action,
        "reopening": of_action,
        "controlrequest": of_action,
        "controlstep": of_action,
        "controlfile": of_action,
        "controlsuccessor": of_action,
        "successorshare": of_action,
        "yearenddecision": of_programme,
        "yearenditem": of_action,
        "evidence": of_action,
        "officialtext": of_action,
        "meeting": of_programme,
        "directive": of_action,
        "directiveanswer": of_action,
        "notice": of_action,
        "question": of_action,
        "questionstep": of_action,
        "change": of_action,
        "department": HistoryHome(),
        "user": HistoryHome(),
        "membership": HistoryHome(),
        "handover": HistoryHome(),
        "formerpassword": HistoryHome(),
        "secondfactor": HistoryHome(),
        "recoverycode": HistoryHome(),
        "passkey": HistoryHome(),
        "singlesignon": HistoryHome(),
        "signedinsession": HistoryHome(),
        "deputy": HistoryHome(),
        "officeday": HistoryHome(),
        "reminderletter": of_programme,
        "remindersettings": of_programme,
        "remindeditem": of_action,
        "remindermail": HistoryHome(),
        "mailwish": HistoryHome(),
        "calendaraddress": HistoryHome(),
    }
    # What the chain over the history is made of has no entries of its own.
    told = set(apps.get_app_config("items").get_models()) - {HistoryChain, HistoryBlock}
    assert set(one_of_each) == told


def test_what_belongs_to_no_year_is_read_under_the_office(one_of_each):
    """Else its entries would be taken for those of years that were deleted."""
    homeless = set()
    for model, row in one_of_each.items():
        if row.history_home() == HistoryHome():
            homeless.add(model._meta.model_name)
    assert homeless == set(OF_THE_OFFICE)


def test_a_change_of_planned_progress_is_read_on_the_item_and_in_the_record(
    sign_in, auditor, coordinator, action, planned
):
    planned.percent = 75
    history.save(planned, by=coordinator, at=NOW + timedelta(minutes=1))
    client = sign_in(auditor)
    for address in ("/115/record/?what=plan&code=115-01", f"/115/actions/{action.code}/"):
        page = read(client, address)
        assert "115-01 行政處 115年第4季 75%" in page
        assert "預定進度（%） 60 75" in page


def test_what_became_of_a_deleted_item_is_read_in_the_record_of_its_year(
    sign_in, auditor, coordinator, action, planned, programme
):
    for row in (planned, action.assignments.get(), action):
        history.delete(row, by=coordinator, at=NOW)
    entries = Change.objects.filter(programme=programme, kind="deleted")
    assert {entry.model for entry in entries} == {"plannedprogress", "assignment", "action"}
    assert {entry.action for entry in Change.objects.filter(label__startswith="115-01")} == {None}
    page = read(sign_in(auditor), "/115/record/?what=plan&code=115-01")
    for what in ("預定進度", "分辦", "具體推動作法"):
        assert page.count(f"刪除{what} 115-01") == 1
    assert "新增預定進度 115-01 行政處 115年第4季 60%" in page
