"""The back office in a real browser: its scripts run under the strict policy, nothing overflows, axe finds nothing."""

from playwright.sync_api import expect

from items.models import Action, Change, Department, Programme, ProgressReport, User
from tests.browser.looking import PHONE, WIDE, findings, overflow_of, show_at, show_in

LISTS = ("department", "user", "programme", "strategy", "method", "plan", "action", "assignment", "plannedprogress",
         "progressreport", "reportstep", "change", "importbatch")  # fmt: skip
FORMS = (
    "department",
    "user",
    "programme",
    "strategy",
    "method",
    "plan",
    "action",
    "assignment",
    "plannedprogress",
)
ACCOUNTS = "帳號,姓名,啟用,所屬單位\r\nfang,方小姐,是,行政處（單位主管）\r\n"


def pages():
    one = User.objects.filter(role="").first()
    yield "/admin/"
    yield from (f"/admin/items/{model}/" for model in LISTS)
    yield from (f"/admin/items/{model}/add/" for model in FORMS)
    yield f"/admin/items/user/first-passwords/?account={one.pk}"
    yield from (f"/admin/items/{model}/import/" for model in ("department", "user", "assignment"))
    for row in (
        one,
        *(
            model.objects.first()
            for model in (Action, Change, Department, Programme, ProgressReport)
        ),
    ):
        yield f"/admin/items/{row._meta.model_name}/{row.pk}/change/"
        yield f"/admin/items/{row._meta.model_name}/{row.pk}/history/"
    yield f"/admin/items/user/{one.pk}/password/"
    yield f"/admin/items/action/{Action.objects.first().pk}/delete/"


def test_every_page_of_the_back_office_is_accessible_quiet_and_fits(
    page, sign_in, complaints, demonstration
):
    sign_in(User.objects.get(role="admin"), demonstration)
    wrong = []
    for path in pages():
        show_at(page, WIDE)
        answer = page.goto(path)
        if answer.status != 200:
            wrong.append((path, answer.status))
        wrong += overflow_of(page)
        # Not axe's own reading of style sheets: for Django's it makes inline ones, which the
        # policy rightly blocks.
        wrong += [(path, "light", *finding) for finding in findings(page, preload=False)]
        show_at(page, PHONE)
        wrong += overflow_of(page)
        # On the phone, in the dark, the front page and the lists are enough.
        is_list = path.count("/") == 4
        if is_list:
            show_in(page, "dark")
            wrong += [(path, "dark", *finding) for finding in findings(page, preload=False)]
            show_in(page, "light")
    assert wrong == []
    assert complaints == []


def test_an_account_is_made_by_hand_and_another_by_a_file(
    page, sign_in, complaints, base_url, admin, administration
):
    sign_in(admin)
    page.goto("/admin/items/user/add/")
    page.locator("#memberships-0 .select2-selection").click()
    page.locator(".select2-results__option", has_text="行政處").click()
    for field, value in {"username": "yu", "full_name": "余先生"}.items():
        page.fill(f"#id_{field}", value)
    for field in ("password1", "password2"):
        page.fill(f"#id_{field}", "another horse 116")
    with page.expect_navigation():
        page.get_by_role("button", name="儲存", exact=True).click()
    page.goto("/admin/items/user/import/")
    page.set_input_files(
        "[name=file]", {"name": "帳號.csv", "mimeType": "text/csv", "buffer": ACCOUNTS.encode()}
    )
    page.get_by_role("button", name="預覽").click()
    page.get_by_role("button", name="確認匯入").click()
    expect(page.locator(".messagelist")).to_contain_text("新增 1 筆")
    assert set(administration.memberships.values_list("user__username", "role")) == {
        ("yu", "reporter"),
        ("fang", "head"),
    }
    assert complaints == []
