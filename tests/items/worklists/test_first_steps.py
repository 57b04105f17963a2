"""首次設定: from an empty database to the first report, each step led to and ticked off."""

import re

import pytest
from django.urls import reverse

from items.models import Change, Department, Programme, ProgressReport, ReportState, Role, User
from items.workflow import periods
from tests.making import NOW, TODAY, make_user

STEP = re.compile(
    r'<li(?P<done> class="done")?>\s*<span class="tick"[\s\S]*?<h3>(?P<title>[^<]+?) <[\s\S]*?'
    r"<p>(?P<state>[^<]*)</p></div>\s*(?:<a class=\"btn[^\"]*\" href=\"(?P<url>[^\"]+)\">)?"
)


@pytest.fixture(autouse=True)
def _on_the_day(settings):
    settings.DEMONSTRATION = True
    settings.DEMONSTRATION_DATE = TODAY


@pytest.fixture
def office(client, admin):
    client.force_login(admin)
    return client


def steps_of(response):
    """{title: match} of the list on a page; empty where there is none."""
    page = response.content.decode().replace("&amp;", "&")
    return {match["title"]: match for match in STEP.finditer(page)}


def done_on(response):
    return [title for title, match in steps_of(response).items() if match["done"]]


@pytest.mark.one_engine
def test_an_empty_system_starts_with_five_open_steps_and_says_how_things_stand(office):
    response = office.get(reverse("home"))
    steps = steps_of(response)
    assert list(steps) == ["年度計畫", "單位", "帳號與角色", "匯入計畫", "填報期"]
    assert done_on(response) == []
    assert steps["單位"]["state"] == "還沒有單位。"
    assert "還沒有研考的帳號" in steps["帳號與角色"]["state"]
    assert steps["年度計畫"]["url"] == reverse("year_new") + "?next=%2F"
    # Nothing to import into yet.
    assert steps["匯入計畫"]["url"] is None


@pytest.mark.one_engine
@pytest.mark.parametrize("page", ["year_new", "admin:items_programme_add"])
def test_the_first_year_is_made_at_either_door_and_leads_back_to_the_list(office, page):
    address = f"{reverse(page)}?next=%2F"
    assert "‹ 回到首次設定" in office.get(address).content.decode()
    data = {
        "year": 115,
        "title": "115年度花蓮港務分公司提升服務品質執行計畫",
        "approved_on": "115/04/27",
        "starts_on": "115/01/01",
        "ends_on": "115/12/31",
        "behind_threshold": 10,
        "soon_days": 30,
        "frequency": "quarter",
        "periods-TOTAL_FORMS": 0,
        "periods-INITIAL_FORMS": 0,
    }
    wrong = office.post(address, data | {"title": ""})
    assert wrong.status_code == 200
    response = office.post(address, data, follow=True)
    # Home leads whoever prepares a draft to 管理, where the list goes on.
    assert response.redirect_chain[0][0] == "/"
    assert response.redirect_chain[-1][0] == reverse("manage", args=[115])
    assert done_on(response) == ["年度計畫"]
    assert "年度計畫" in response.content.decode()


@pytest.mark.one_engine
def test_a_list_of_the_back_office_carries_the_way_back_to_its_forms(office, programme):
    manage = reverse("manage", args=[115])
    listing = f"{reverse('admin:items_department_changelist')}?next={manage}"
    page = office.get(listing)
    assert page.status_code == 200
    text = page.content.decode().replace("&amp;", "&")
    assert f'href="{manage}">‹ 回到首次設定' in text
    add = re.search(r'href="([^"]*/department/add/[^"]*)"[^>]*class="addlink"', text)[1]
    # As it does in the menu beside it.
    assert "next=" in add
    data = {
        "name": "行政處",
        "position": 1,
        "is_active": "on",
        "memberships-TOTAL_FORMS": 0,
        "memberships-INITIAL_FORMS": 0,
    }
    response = office.post(add, data, follow=True)
    assert response.redirect_chain[-1][0] == manage
    assert "單位" in done_on(response)
    department = Department.objects.get()
    change = re.search(r'href="([^"]*/department/\d+/change/[^"]*)"', page_of_list(office, listing))
    response = office.post(change[1], data | {"name": "行政管理處"})
    assert response.url == manage
    department.refresh_from_db()
    assert department.name == "行政管理處"


def page_of_list(office, listing):
    return office.get(listing).content.decode().replace("&amp;", "&")


@pytest.mark.one_engine
def test_a_file_of_departments_leads_back_as_well(office, programme):
    from django.core.files.uploadedfile import SimpleUploadedFile

    manage = reverse("manage", args=[115])
    listing = f"{reverse('admin:items_department_changelist')}?next={manage}"
    text = office.get(listing).content.decode().replace("&amp;", "&")
    upload = re.search(r'href="([^"]*/department/import/[^"]*)"', text)[1]
    file = SimpleUploadedFile("單位.csv", "單位名稱\n行政處\n資訊室\n".encode())
    preview = office.post(upload, {"file": file}, follow=True)
    text = preview.content.decode().replace("&amp;", "&")
    confirm = re.search(r'action="([^"]*process_import[^"]*)"', text)[1]
    reference = re.search(r'name="reference" value="([^"]+)"', text)[1]
    seen = re.search(r'name="seen" value="([^"]+)"', text)[1]
    agreed = {"reference": reference, "seen": seen}
    response = office.post(confirm, agreed, follow=True)
    assert response.redirect_chain[-1][0] == manage
    assert steps_of(response)["單位"]["state"] == "2 個單位。"


@pytest.mark.one_engine
@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_the_way_back_leads_to_no_other_site(office, administration, address):
    page = reverse("admin:items_department_change", args=[administration.pk])
    data = {
        "name": "行政處",
        "position": 2,
        "is_active": "on",
        "memberships-TOTAL_FORMS": 0,
        "memberships-INITIAL_FORMS": 0,
    }
    response = office.post(f"{page}?next={address}", data)
    assert response.url.startswith(reverse("admin:items_department_changelist"))
    assert "回到首次設定" not in office.get(f"{page}?next={address}").content.decode()


@pytest.mark.one_engine
def test_the_accounts_are_done_when_all_can_work(office, programme, administration):
    manage = reverse("manage", args=[115])
    state = lambda: steps_of(office.get(manage))["帳號與角色"]  # noqa: E731
    assert "還沒有研考的帳號，1 個單位沒有人員" in state()["state"]
    make_user("yan", "顏研考", Role.COORDINATOR)
    mei = make_user("mei", "王美玲", reporter=administration)
    mei.set_unusable_password()
    mei.save()
    assert "帳號沒有密碼 1 個" in state()["state"]
    mei.set_password("korrekt-horse-115")
    mei.save()
    assert state()["done"]


def test_an_account_that_was_added_leads_back_at_once(office, programme, administration):
    manage = reverse("manage", args=[115])
    address = f"{reverse('admin:items_user_add')}?next={manage}"
    data = {
        "username": "yan",
        "full_name": "顏佳慧",
        "email": "",
        "role": "coordinator",
        "password1": "korrekt-horse-115",
        "password2": "korrekt-horse-115",
        "memberships-TOTAL_FORMS": 0,
        "memberships-INITIAL_FORMS": 0,
    }
    assert office.post(address, data).url == manage
    assert User.objects.filter(username="yan").exists()
    # Without a way back, to the list, and not to a second page of the same account.
    data["username"] = "yan2"
    response = office.post(reverse("admin:items_user_add"), data)
    assert response.url == reverse("admin:items_user_changelist")


@pytest.mark.one_engine
def test_the_plan_office_has_the_steps_that_are_hers(sign_in, coordinator, programme):
    response = sign_in(coordinator).get(reverse("manage", args=[115]))
    steps = steps_of(response)
    assert steps["單位"]["url"].startswith(reverse("departments", args=[115]))
    assert steps["匯入計畫"]["url"].startswith(reverse("import_upload", args=[115]))
    assert steps["填報期"]["url"].startswith(reverse("periods", args=[115]))
    assert steps["帳號與角色"]["url"] is None
    assert steps["帳號與角色"]["state"].endswith("由系統管理處理。")
    for step in steps.values():
        if step["url"]:
            assert sign_in(coordinator).get(step["url"]).status_code == 200


@pytest.mark.one_engine
def test_the_periods_are_laid_out_by_either_and_opened_by_the_plan_office(
    office, programme, coordinator
):
    manage = reverse("manage", args=[115])
    address = steps_of(office.get(manage))["填報期"]["url"]
    text = office.get(address).content.decode().replace("&amp;", "&")
    lay_out = re.search(r'action="([^"]*/periods/[^"]*)"', text)[1]
    response = office.post(lay_out, follow=True)
    assert response.redirect_chain[-1][0] == manage
    step = steps_of(response)["填報期"]
    assert step["state"] == "已建立 4 期，還沒有開放。由研考處理。"
    assert step["url"] is None
    period = programme.periods.get(number=4)
    periods.open_period(period, by=coordinator, at=NOW)
    assert "填報期" in done_on(office.get(manage))


@pytest.mark.one_engine
def test_a_draft_leads_whoever_prepares_it_to_the_list(sign_in, coordinator, programme):
    Programme.objects.update(state="draft")
    response = sign_in(coordinator).get(reverse("home"))
    assert response.url == reverse("manage", args=[115])


@pytest.mark.one_engine
@pytest.mark.parametrize("role", ["mei", "manager", "auditor"])
def test_nobody_else_sees_the_list(client, request, role):
    client.force_login(request.getfixturevalue(role))
    response = client.get(reverse("home"))
    assert steps_of(response) == {}
    assert "研考或系統管理建立年度計畫後" in response.content.decode()


def test_the_list_folds_when_all_is_done_and_ends_with_the_first_report(
    office, coordinator, mei, quarters, make_action, make_report, administration
):
    manage = reverse("manage", args=[115])
    assignment = make_action([administration]).assignments.get()
    page = office.get(manage)
    assert steps_of(page) == {}
    assert "首次設定都完成了" in page.content.decode()
    draft = make_report(assignment, quarters[3], mei, state=ReportState.DRAFT)
    assert "首次設定都完成了" in office.get(manage).content.decode()
    ProgressReport.objects.filter(pk=draft.pk).update(state=ReportState.WITH_HEAD)
    assert "首次設定" not in office.get(manage).content.decode()
    # What goes missing later is said under 待處理.
    newcomer = make_user("new", "新人", reporter=administration)
    newcomer.set_unusable_password()
    newcomer.save()
    page = office.get(manage).content.decode()
    assert "首次設定" not in page
    assert "帳號沒有密碼 1 個" in page


def test_an_office_at_work_is_told_what_its_next_year_lacks(
    office, coordinator, mei, quarters, make_action, make_report, administration
):
    assignment = make_action([administration]).assignments.get()
    make_report(assignment, quarters[3], mei)
    Programme.objects.create(
        year=116, title="116年度計畫", starts_on="2027-01-01", ends_on="2027-12-31"
    )
    assert "填報期未建立" in office.get(reverse("manage", args=[116])).content.decode()
    Department.objects.update(is_active=False)
    assert "還沒有<a" in office.get(reverse("manage", args=[116])).content.decode()


@pytest.mark.one_engine
def test_new_departments_lead_back_to_the_list(sign_in, coordinator, programme):
    manage = reverse("manage", args=[115])
    address = steps_of(sign_in(coordinator).get(manage))["單位"]["url"]
    response = sign_in(coordinator).post(address, {"names": "行政處\n資訊室"}, follow=True)
    assert response.redirect_chain[-1][0] == manage
    assert steps_of(response)["單位"]["state"] == "2 個單位。"


@pytest.mark.one_engine
def test_the_pages_of_the_product_lead_back_too(sign_in, coordinator, programme):
    page = sign_in(coordinator).get(reverse("periods", args=[115])).content.decode()
    assert f'href="{reverse("manage", args=[115])}">‹ 回到首次設定' in page
    assert Change.objects.count() == 0
