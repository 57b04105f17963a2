"""Every page with the demonstration's data, as each role: no finding of axe, no complaint of the browser, no overflow."""

import pytest
from django.db.models import Count
from playwright.sync_api import expect

from items.models import (
    Action,
    ControlRequest,
    Directive,
    Handover,
    Programme,
    ProgressReport,
    User,
)
from tests.browser.looking import (
    faults,
    faults_as_it_is,
    faults_in_the_dark,
    findings,
    show_on,
)


def addresses():
    """{role: the pages that are the role's own}; the rest is everyone's."""
    draft = ProgressReport.objects.filter(state="draft").first()
    handover = Handover.objects.get()
    waiting = ProgressReport.objects.filter(state="with_head").first()
    directive = Directive.objects.open().latest("meeting__held_on", "-number")
    meeting = directive.meeting
    apply = f"/115/requests/new/{draft.assignment_id}/"
    write = f"/115/assignments/{draft.assignment_id}/report/{draft.period.number}/"
    of_several = Action.objects.annotate(number=Count("assignments")).filter(number__gt=1)
    to_decide = ControlRequest.objects.get(state="with_coordinator")
    returned = ControlRequest.objects.get(state="returned")
    several = of_several.filter(control_status="under_control").first()
    return {
        "reporter": ["/notices/", "/115/todo/", write, f"/115/reports/{draft.pk}/", apply],
        "head": ["/115/inbox/", f"/115/reports/{waiting.pk}/", "/115/contacts/"],
        "coordinator": [
            "/115/review/",
            "/115/manage/",
            "/years/",
            "/years/new/",
            "/115/settings/",
            "/115/requests/",
            f"/115/requests/{to_decide.pk}/",
            "/115/year-end/",
            "/115/departments/",
            f"/115/departments/{waiting.assignment.department_id}/",
            "/115/contacts/",
            "/115/people/",
            "/115/deputies/",
            "/115/meetings/",
            f"/115/meetings/{meeting.pk}/",
            f"/115/directives/{directive.pk}/",
            "/115/review/?flag=fell",
            "/115/review/?state=with_head",
            f"/115/people/handover/?giver={handover.receiver_id}&receiver={handover.by_id}",
            f"/115/people/handover/{handover.pk}/",
            "/115/periods/",
            f"/115/actions/{several.code}/official/4/",
            "/115/import/",
            "/115/imports/",
        ],
        "manager": [
            "/115/",
            "/115/plan/",
            "/115/plan/?light=over",
            "/115/plan/?q=nothing",
            "/115/actions/115-02/",
            "/115/actions/115-04/",
            f"/115/requests/{returned.pk}/",
        ],
        "auditor": [
            "/115/record/",
            "/115/reported/",
            "/115/reported/?day=115/6/30&period=2",
            "/115/record/?what=plan&department=1",
            "/115/record/?what=office",
            "/115/record/?what=control",
            "/115/record/?start=昨天",
            "/115/imports/",
        ],
        "admin": [
            "/115/manage/",
            "/password/",
            "/account/sign-ins/",
            "/account/second-factor/",
            "/115/accounts/",
            "/115/security-log/",
            "/115/accounts/?kind=unused",
        ],
    }, {
        "reporter": member(draft, "reporter"),
        "head": member(waiting, "head"),
        **{
            role: User.objects.filter(role=role, is_active=True).first()
            for role in ("coordinator", "manager", "auditor", "admin")
        },
    }


def member(report, role):
    return User.objects.filter(
        memberships__department=report.assignment.department, memberships__role=role, is_active=True
    ).first()


# Two tests of equal length, so that two processes look at once.
GROUPS = [("reporter", "coordinator"), ("head", "manager", "auditor", "admin")]


@pytest.mark.parametrize("roles", GROUPS, ids="-".join)
def test_every_page_is_accessible_quiet_and_fits(page, sign_in, complaints, demonstration, roles):
    pages, people = addresses()
    assert set(pages) == {role for group in GROUPS for role in group}
    page.goto("/login/")
    wrong = faults_as_it_is(page) + faults_in_the_dark(page)
    for role in roles:
        page.context.clear_cookies()
        sign_in(people[role], demonstration)
        for path in pages[role]:
            answer = page.goto(path)
            if answer.status != 200:
                wrong.append((role, path, answer.status))
            # No script asks for the window (tests/project/test_schemes.py): one load shows both.
            wrong += faults(page)
    assert wrong == []
    assert complaints == []


def test_the_dashboard_prints_everything_that_asks_for_a_decision(page, sign_in, demonstration):
    reports = ProgressReport.objects.exclude(remedy="")
    reports.update(remedy="改採開口契約，" * 30 + "115年12月底前完成驗收。")
    sign_in(User.objects.filter(role="manager").first(), demonstration)
    page.goto("/115/")
    expect(page.get_by_role("button", name="列印")).to_be_visible()
    show_on(page, "print")
    expect(page.get_by_role("button", name="列印")).to_be_hidden()
    rows = page.locator(".cases tbody tr")
    assert rows.count() == 8
    for row in rows.all():
        expect(row).to_be_visible()
    cut = "texts => texts.filter(text => text.scrollHeight > text.clientHeight + 1).length"
    assert page.locator(".cases .said").evaluate_all(cut) == 0
    show_on(page, "screen")
    assert page.locator(".cases .said").evaluate_all(cut) > 0


def test_an_empty_database_says_what_to_do(page, sign_in, complaints, admin):
    assert not Programme.objects.exists()
    sign_in(admin)
    assert "歡迎使用計畫管考" in page.locator("h1").inner_text()
    assert findings(page) == []
    assert complaints == []
