"""Every model whose rows are a record lies in the chain, or says where what happens to it is told."""

from contextlib import contextmanager

import pytest
from django.apps import apps
from django.db import transaction

from items.models import (
    ControlRequest,
    ControlStep,
    Handover,
    ImportBatch,
    Question,
    QuestionStep,
    ReminderLetter,
    YearEndDecision,
    YearEndItem,
)
from items.models.history_blocks import Chained
from items.workflow import history
from items.workflow.history_chain import CHAINED, chain_ends, faults_of_history
from tests.making import NOW, TODAY, past_the_application

BY_ENTRY = "每一次修改都有異動紀錄，異動紀錄在紀錄串裡"
BY_STEP = "送出時的內容在歷程裡，歷程在紀錄串裡"
OWN_DIGEST = "有自己的指紋：check_closed"
NO_RECORD = "不是紀錄"

NOT_IN_CHAIN = {
    "Programme": BY_ENTRY,
    "Strategy": BY_ENTRY,
    "Method": BY_ENTRY,
    "Plan": BY_ENTRY,
    "Action": BY_ENTRY,
    "Assignment": BY_ENTRY,
    "PlannedProgress": BY_ENTRY,
    "Period": BY_ENTRY,
    "Department": BY_ENTRY,
    "User": BY_ENTRY,
    "Membership": BY_ENTRY,
    "Deputy": BY_ENTRY,
    "OfficeDay": BY_ENTRY,
    "ControlSettings": BY_ENTRY,
    "ReminderSettings": BY_ENTRY,
    "Meeting": BY_ENTRY,
    "Directive": BY_ENTRY,
    "DirectiveAnswer": BY_ENTRY,
    "OfficialText": BY_ENTRY,
    "Reopening": BY_ENTRY,
    "SecondFactor": BY_ENTRY,
    "SingleSignOn": BY_ENTRY,
    "RecoveryCode": BY_ENTRY,
    "Passkey": BY_ENTRY,
    "ProgressReport": BY_STEP,
    "Evidence": BY_STEP,
    "ControlRequest": BY_STEP,
    "ControlFile": BY_STEP,
    "ControlSuccessor": BY_STEP,
    "SuccessorShare": BY_STEP,
    "PeriodClosing": OWN_DIGEST,
    "KeptLine": OWN_DIGEST,
    "FormerPassword": NO_RECORD,
    "SignedInSession": NO_RECORD,
    "CalendarAddress": NO_RECORD,
    "MailWish": NO_RECORD,
    "Notice": NO_RECORD,
    "ReminderMail": NO_RECORD,
    "RemindedItem": NO_RECORD,
    "Upload": NO_RECORD,
    "HistoryChain": NO_RECORD,
    "HistoryBlock": NO_RECORD,
}
"""{model: why its own rows are not in the chain}."""

ALTERED = {
    "ControlStep": {"words": "改過"},
    "Question": {"text": "改過"},
    "QuestionStep": {"text": "改過"},
    "ReminderLetter": {"note": "改過"},
    "Handover": {"summary": "改過"},
    "ImportBatch": {"file_name": "改過"},
    "YearEndDecision": {"words": "改過"},
    "YearEndItem": {"because": "改過"},
}
"""{model: what somebody writes past the application}; of the others see `test_history_chain`."""


@pytest.mark.one_engine
def test_every_model_is_in_the_chain_or_says_why_not():
    every = list(apps.get_app_config("items").get_models())
    assert set(CHAINED) == {model for model in every if issubclass(model, Chained)}
    chained = {model.__name__ for model in CHAINED}
    assert {model.__name__ for model in every} - chained == set(NOT_IN_CHAIN)
    assert chained - {"Change", "ReportStep"} == set(ALTERED)


@pytest.fixture
def records(make_action, administration, coordinator, mei, programme):
    """{model: a row that nothing points to}."""
    action = make_action([administration])
    written = {"written_by": mei, "updated_at": NOW, "since": NOW}
    share = action.assignments.get()
    request = ControlRequest.objects.create(assignment=share, kind="extend", **written)
    step = {"number": 2, "kind": "submit", "from_state": "draft", "to_state": "with_head"}
    about = {"action": action, "to_person": mei, "asked_by": coordinator, "asked_at": NOW}
    asked = Question.objects.create(text="？", **about)
    decided = {"programme": programme, "status": "released", "decided_by": coordinator}
    decision = YearEndDecision.objects.create(decided_at=NOW, **decided)
    file = {"file_name": "表", "content": b"x", "counts": {"new": 1}, "sha256": SHA256_OF_X}
    letter = {"dated_on": TODAY, "answer_until": TODAY, "content": {"items": [{"code": "115-01"}]}}
    letter |= {"issued_at": NOW, "issued_by": coordinator}
    people = {"by": coordinator, "giver": mei, "receiver": coordinator}
    rows = [
        ControlStep.objects.create(request=request, by=mei, at=NOW, **step),
        Question.objects.create(text="何時驗收？", **about),
        QuestionStep.objects.create(question=asked, kind="answer", text="好", by=mei, at=NOW),
        ReminderLetter.objects.create(
            programme=programme,
            number=1,
            department=administration,
            department_name="行政處",
            **letter,
        ),
        Handover.objects.create(at=NOW, summary="移交 0 項", content={"items": []}, **people),
        ImportBatch.objects.create(
            programme=programme, by=coordinator, at=NOW, door="page", **file
        ),
        YearEndDecision.objects.create(decided_at=NOW, **decided),
        YearEndItem.objects.create(decision=decision, action=action, because="已完成"),
    ]
    return {type(row).__name__: row for row in rows}


SHA256_OF_X = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"


def words():
    return "".join(fault.words for fault in faults_of_history())


@contextmanager
def taken_back():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", ALTERED)
def test_a_record_that_was_altered_removed_or_slipped_in_is_found(records, name):
    row = records[name]
    chain_ends()
    assert words() == ""
    with taken_back():
        past_the_application(type(row)).filter(pk=row.pk).update(**ALTERED[name])
        assert "內容或順序被改過" in words()
    with taken_back():
        past_the_application(type(row)).filter(pk=row.pk).delete()
        assert "應有 1 筆，現在有 0 筆" in words()
    # One that nothing forbids twice, in the block of the first.
    copy = type(row).objects.get(pk=row.pk)
    copy.pk = None
    with taken_back():
        past_the_application(type(row)).filter(pk=row.pk).update(block=None)
        assert "1 筆不在紀錄串裡" in words()
    if name in ("Question", "QuestionStep", "Handover", "ImportBatch", "YearEndDecision"):
        past_the_application(type(row)).bulk_create([copy])
        assert "應有 1 筆，現在有 2 筆" in words()


@pytest.mark.parametrize("name", ALTERED)
def test_the_application_writes_a_record_once(records, coordinator, name):
    row = records[name]
    for attempt in (
        row.save,
        lambda: row.save(update_fields=["block"]),
        row.delete,
        type(row).objects.all().delete,
        lambda: type(row).objects.update(**ALTERED[name]),
    ):
        with pytest.raises(TypeError, match="只能新增"):
            attempt()
    for field, value in ALTERED[name].items():
        setattr(row, field, value)
    with pytest.raises(TypeError, match="只能新增"):
        history.save(row, by=coordinator, at=NOW)


def test_what_is_said_of_a_record_later_leaves_it_whole(records, coordinator):
    letter = records["ReminderLetter"]
    letter.answer, letter.answered_on = "已補。", TODAY
    history.save(letter, by=coordinator, at=NOW)
    chain_ends()
    assert words() == ""
    assert ReminderLetter.objects.get().answer == "已補。"


def test_an_imported_file_that_was_exchanged_is_found(records):
    past_the_application(ImportBatch).update(content=b"y")
    assert "匯入批次「表」" in words()
    assert "檔案內容被改過" in words()
