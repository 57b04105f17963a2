"""A year with one row of each kind, for the walk of all addresses."""

from datetime import date

from django.test import Client

from items.evidence.storage import store
from items.exchange.plan_import.confirm import Source, confirm
from items.exchange.plan_import.source import table_of
from items.models import (
    ControlFile,
    ControlRequest,
    Deputy,
    Directive,
    DirectiveAnswer,
    Handover,
    Meeting,
    Notice,
    Question,
    ReportState,
    Upload,
    YearEndDecision,
)
from tests.items.letters_and_files import attach, send_letter
from tests.making import NOW, TODAY, action_maker, make_report, make_user

TABLE_FILE = (
    "實施策略,推動方法,執行計畫,具體推動作法,完成期限,主辦單位,預期效益\n"
    "1. 完備基礎服務項目,建立標準作業流程,滾動檢討作業流程,設置飲水機,115年12月,行政處,便利民眾\n"
).encode()


def make_world(office):
    """One action of 行政處 with a report that waits for its head, an upload of the coordinator, and a batch."""
    programme, q4 = office.programme, office.quarters[3]
    administration = office.administration
    mei, head = office.people["mei"], office.people["head"]
    coordinator = office.people["coordinator"]
    assignment = action_maker(programme)([administration]).assignments.get()
    submitted = make_report(assignment, q4, mei, percent=89, state=ReportState.WITH_HEAD)
    attached = attach(submitted, mei, "紀錄.pdf")
    picture = attach(submitted, mei, "現場.jpg", thumbnail_name=store(b"small"))
    upload = Upload.objects.create(
        programme=programme,
        by=coordinator,
        at=NOW,
        reference="r" * 43,
        file_name="表.csv",
        content=TABLE_FILE,
        sha256="0" * 64,
    )
    handover = Handover.objects.create(
        at=NOW, by=coordinator, giver=mei, receiver=head, summary="移交 0 項"
    )
    table, _ = table_of(TABLE_FILE, "表.csv", programme)
    batch = confirm(table, programme, Source("表.csv", TABLE_FILE), by=coordinator, at=NOW)
    disabled = make_user("left", "離職員", reporter=administration)
    deputy = Deputy.objects.create(
        person=mei,
        deputy=disabled,
        starts_on=TODAY,
        ends_on=date(2100, 1, 1),
        made_by=mei,
        made_at=NOW,
    )
    meeting = Meeting.objects.create(programme=programme, name="檢討會議", held_on=TODAY)
    directive = Directive.objects.create(meeting=meeting, number=1, text="請加速。")
    answer = DirectiveAnswer.objects.create(directive=directive, department=administration)
    returned = ControlRequest.objects.create(
        assignment=assignment,
        kind="extend",
        state="returned",
        written_by=mei,
        updated_at=NOW,
        submitted_at=NOW,
        since=NOW,
    )
    proof = ControlFile.objects.create(
        request=returned,
        purpose="signed",
        file_name="簽呈.pdf",
        content_kind="pdf",
        size=7,
        sha256="0" * 64,
        received_sha256="0" * 64,
        stored_name=store(b"content"),
        added_by=mei,
        added_at=NOW,
        sent_at=NOW,
    )
    question = Question.objects.create(
        action=assignment.action,
        to_department=administration,
        text="何時驗收？",
        asked_by=coordinator,
        asked_at=NOW,
    )
    notice = Notice.objects.create(
        person=mei, kind="deputy", event="deputy_named", about="deputy", about_id=deputy.pk, at=NOW
    )
    return {
        "notice": notice.pk,
        "letter": send_letter(programme, administration, coordinator).pk,
        "question": question.pk,
        "meeting": meeting.pk,
        "directive": directive.pk,
        "answer": answer.pk,
        "year": 115,
        "assignment": assignment.pk,
        "submitted": submitted.pk,
        "evidence": attached.pk,
        "picture": picture.pk,
        "plan_key": assignment.action.plan_id,
        "reference": upload.reference,
        "batch": batch.pk,
        "handover": handover.pk,
        "deputy": deputy.pk,
        "request": returned.pk,
        "control_file": proof.pk,
        "year_end": YearEndDecision.objects.create(
            programme=programme, status="released", decided_at=NOW, decided_by=coordinator
        ).pk,
        "membership": mei.memberships.get().pk,
        "department": administration.pk,
        "disabled": disabled,
        "people": office.people,
        "sessions": sessions_of({**office.people, "disabled": disabled}),
    }


def sessions_of(people):
    """{role: the key of a session in which its person is signed in}."""
    sessions = {}
    for role, person in people.items():
        client = Client()
        client.force_login(person)
        sessions[role] = client.session.session_key
    return sessions
