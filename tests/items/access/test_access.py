"""Every URL × every role: what each may open, and that no URL is missing from the table (trust.md, A1)."""

import re
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from items.evidence.storage import store
from items.models import Evidence, ReportState, User
from plan_tracker import security_log
from tests.items.letters_and_files import attach
from tests.items.rights_table import (
    LOGIN,
    NO,
    OK,
    OPEN_TO_ALL,
    ROLES,
    SIGNED_IN,
    TABLE,
    enter,
)
from tests.making import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def programme(whole_office):
    return whole_office.programme


@pytest.fixture(scope="module")
def q4(whole_office):
    return whole_office.quarters[3]


@pytest.fixture(scope="module")
def administration(whole_office):
    return whole_office.administration


@pytest.fixture(scope="module")
def mei(whole_office):
    return whole_office.people["mei"]


def names_of(patterns):
    """Every URL name outside the admin, whose own rule is tested below."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                yield from names_of(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield pattern.name


def outcome(response):
    if response.status_code == 302 and response.url.startswith("/login/"):
        return LOGIN
    return OK if response.status_code in (200, 204, 302) else response.status_code


def read_through(response):
    """To its end, where it is a file: until then the file stays open."""
    if response.streaming:
        for _ in response.streaming_content:
            pass


def test_no_url_is_missing_from_the_table():
    assert set(names_of(get_resolver().url_patterns)) - OPEN_TO_ALL == set(TABLE)


@pytest.fixture
def newest_event(settings, tmp_path):
    """newest_event() → what the security log was told last; empty where that was asked for already."""
    settings.SECURITY_LOG_DIR = tmp_path
    asked = []

    def newest():
        for day in security_log.days_kept():
            raw = next(security_log.raw_lines(day))
            if raw not in asked:
                asked.append(raw)
                return security_log.read_line(raw).event
        return ""

    return newest


ON_BOTH_ENGINES = {
    *("home", "todo", "inbox", "review", "letters", "security_log_export"),
    *("passkey_add", "notice_open", "sign_ins_end", "deputy_end", "control_file_remove"),
}
"""Each runs a statement on PostgreSQL that no other test runs there; what the rest of the table
runs is run by the tests of its pages as well (recorded, with the kinds of its values)."""


def each_address():
    addresses = []
    for name in TABLE:
        marks = []
        if name not in ON_BOTH_ENGINES:
            marks.append(pytest.mark.one_engine)
        addresses.append(pytest.param(name, marks=marks))
    return addresses


OF_SIGNING_IN = {"django_session", "items_signedinsession"}
"""A session is pushed on by whatever is read."""
WRITE = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')


@contextmanager
def noting_writes():
    """The tables that something is written into meanwhile."""
    tables = set()

    def note(execute, sql, *others):
        match = WRITE.match(sql)
        if match:
            tables.add(match[1])
        return execute(sql, *others)

    with connection.execute_wrapper(note):
        yield tables


@pytest.mark.parametrize("name", each_address())
def test_each_role_gets_what_the_table_says(world, name, newest_event):
    """One world for all roles: what a role does on the page is taken back before the next one comes.

    Whoever is refused, and whatever file leaves, stands in the security log. A page that is only
    read changes no row.
    """
    url = TABLE[name]
    address = reverse(name, args=[world.get(part, part) for part in url.args])
    answers = {}
    expected = {}
    leaves_as_file = False
    for role in ROLES:
        with transaction.atomic():
            client = Client()
            enter(client, role, world)
            with noting_writes() as written:
                response = getattr(client, url.method)(address, dict(url.data))
                read_through(response)
            answers[role] = outcome(response)
            if url.method == "get":
                assert written - OF_SIGNING_IN == set()
            is_file = response.get("Content-Disposition", "").startswith("attachment")
            if response.status_code == NO and role in SIGNED_IN:
                assert newest_event() == "refusal"
            elif is_file:
                assert newest_event() in ("export", "download")
                leaves_as_file = True
            else:
                assert newest_event() not in ("export", "download", "refusal")
            transaction.set_rollback(True)
        expected[role] = expected_outcome(name, role)
    assert answers == expected
    assert leaves_as_file or "export" not in name


def test_what_is_written_is_noted(world):
    with noting_writes() as written:
        User.objects.filter(username="mei").update(full_name="王美玲")
    assert written == {"items_user"}


def expected_outcome(name, role):
    url = TABLE[name]
    if role in ("anonymous", "disabled") or name == "logout":
        return LOGIN
    if role in url.allowed:
        return OK
    return url.otherwise


def admin_addresses():
    """Every address of the admin that takes no argument or one object's key."""
    for pattern in get_resolver().url_patterns:
        if not (isinstance(pattern, URLResolver) and pattern.namespace == "admin"):
            continue
        for name, variants in pattern.reverse_dict.items():
            if not isinstance(name, str):
                continue
            parameters = variants[0][0][1]
            if parameters in ([], ["object_id"]):
                yield name, [1] * len(parameters)


@pytest.mark.slow
@pytest.mark.one_engine
@pytest.mark.parametrize("role", [role for role in ROLES if role != "admin"])
def test_the_admin_is_closed_to_everyone_but_the_admin(client, world, role):
    enter(client, role, world)
    open_to_all = {"login", "logout", "jsi18n"}
    addresses = [(name, args) for name, args in admin_addresses() if name not in open_to_all]
    assert len(addresses) > 20
    for name, args in addresses:
        response = client.get(reverse(f"admin:{name}", args=args))
        assert response.status_code in (302, 403, 404), name
        assert response.status_code != 302 or "login" in response.url, name


@pytest.mark.one_engine
def test_a_draft_is_a_404_for_another_department_and_the_own_head_reads_it(
    client, world, make_action, make_report, q4, mei, administration
):
    draft = make_report(
        make_action([administration], code="115-77").assignments.get(),
        q4,
        mei,
        text="只有行政處",
        state=ReportState.DRAFT,
    )
    address = reverse("report", args=[115, draft.pk])
    for role, status in [
        ("hao", 404),
        ("coordinator", 404),
        ("auditor", 404),
        ("admin", 404),
        ("mei", 200),
        ("head", 200),
    ]:
        client.force_login(world["people"][role])
        assert client.get(address).status_code == status, role


@pytest.mark.slow
def test_a_word_in_a_foreign_draft_appears_in_no_answer(
    client, world, make_action, make_report, q4, mei, administration
):
    make_report(
        make_action([administration], code="115-77").assignments.get(),
        q4,
        mei,
        text="暗號麒麟",
        state=ReportState.DRAFT,
    )
    for role in ("hao", "coordinator", "manager", "auditor", "admin"):
        client.force_login(world["people"][role])
        for name, url in TABLE.items():
            if url.method != "get":
                continue
            address = reverse(name, args=[world.get(part, part) for part in url.args])
            response = client.get(address, {"q": "麒麟"} if name in ("plan", "plan_export") else {})
            content = (
                b"".join(response.streaming_content) if response.streaming else response.content
            )
            words = (
                content.decode("utf-8-sig", errors="ignore")
                .replace('value="麒麟"', "")
                .replace("「麒麟」", "")
            )
            assert "暗號" not in words, (role, name)
            if name == "plan_export":
                assert "麒麟" not in words


def test_evidence_of_a_draft_is_its_departments_business(
    client, world, make_action, make_report, q4, mei, administration
):
    """Neither the file nor its name reaches anybody else, not even when it was taken away."""
    draft = make_report(
        make_action([administration], code="115-77").assignments.get(),
        q4,
        mei,
        state=ReportState.DRAFT,
    )
    picture = attach(draft, mei, "懲處案.jpg", thumbnail_name=store(b"small"))
    pages = {
        "evidence": [115, picture.pk],
        "evidence_thumbnail": [115, picture.pk],
        "report_evidence": [115, draft.pk],
    }
    for role in ("hao", "coordinator", "manager", "auditor", "admin"):
        client.force_login(world["people"][role])
        for name, args in pages.items():
            assert client.get(reverse(name, args=args)).status_code == 404, (role, name)
    for role in ("mei", "head"):
        client.force_login(world["people"][role])
        for name, args in pages.items():
            response = client.get(reverse(name, args=args))
            assert response.status_code == 200, (role, name)
            read_through(response)
    Evidence.objects.filter(pk=picture.pk).update(removed_at=NOW, removed_by=mei)
    assert client.get(reverse("evidence", args=[115, picture.pk])).status_code == 404


@pytest.mark.one_engine
def test_answers_are_taken_back_by_their_own_department_alone(client, world):
    address = reverse("answer_step", args=[115, world["answer"], "take_back"])
    for role, status in {"hao": 404, "coordinator": 404, "manager": 404, "mei": 302}.items():
        client.force_login(world["people"][role])
        assert client.post(address).status_code == status, role


@pytest.mark.one_engine
@pytest.mark.parametrize("page", ["meetings", "meeting"])
def test_meetings_and_instructions_are_written_by_the_plan_office_alone(client, world, page):
    address = reverse(page, args=[115] if page == "meetings" else [115, world["meeting"]])
    for role in ("hao", "mei", "head", "manager", "auditor", "admin"):
        client.force_login(world["people"][role])
        assert client.post(address).status_code == 403, role
    client.force_login(world["people"]["coordinator"])
    assert client.post(address).status_code == 200


def test_a_role_taken_away_counts_from_the_next_request(client, world):
    coordinator = world["people"]["coordinator"]
    client.force_login(coordinator)
    assert client.get(reverse("review", args=[115])).status_code == 200
    User.objects.filter(pk=coordinator.pk).update(role="")
    assert client.get(reverse("review", args=[115])).status_code == 403


@pytest.mark.one_engine
def test_every_post_needs_its_token(world):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world["people"]["head"])
    address = reverse("report_step", args=[115, world["submitted"], "endorse"])
    assert strict.post(address, {"version": 1}).status_code == 403


@pytest.mark.one_engine
def test_extra_posted_fields_change_nothing(client, world):
    client.force_login(world["people"]["mei"])
    address = reverse("report_form", args=[115, world["assignment"], 4])
    from items.models import ProgressReport

    ProgressReport.objects.update(state=ReportState.DRAFT)
    client.post(
        address,
        {
            "version": 1,
            "text": "新的文字",
            "percent": 90,
            "work_status": "in_progress",
            "intent": "draft",
        }
        | {
            "state": "accepted",
            "assignment": 999,
            "written_by": world["people"]["hao"].pk,
            "period": 1,
        },
    )
    report = ProgressReport.objects.get()
    assert (report.text, report.state, report.written_by) == (
        "新的文字",
        ReportState.DRAFT,
        world["people"]["mei"],
    )
