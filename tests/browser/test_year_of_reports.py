"""One quarter from its opening to the second state that is kept of it, as everybody has a part in it."""

import io
import zipfile

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from items.fields import typed_day
from items.models import Assignment, Department, PeriodClosing, ProgressReport, ReportStep
from plan_tracker import clock
from tests.browser.looking import PATIENCE
from tests.browser.signing_in import enter
from tests.items.evidence.files import PDF
from tests.making import make_user

FILE = "/115/periods/4/export.xlsx"


@pytest.fixture
def at_desk(new_context):
    """at_desk(user) → the page of a browser of their own, in which they are signed in once."""
    pages = {}

    def at_desk(user):
        if user.pk not in pages:
            page = new_context().new_page()
            page.set_default_timeout(PATIENCE)
            enter(page, user)
            pages[user.pk] = page
        return pages[user.pk]

    return at_desk


def said(page, words):
    expect(page.get_by_role("status").first).to_contain_text(words)


def fill_in(page, code, text):
    open_form(page, code)
    write(page, text)


def open_form(page, code):
    assignment = Assignment.objects.get(action__code=code)
    page.goto(f"/115/assignments/{assignment.pk}/report/4/")


def write(page, text, percent="90"):
    page.locator("#id_text").fill(text)
    page.locator("#id_percent").fill(percent)
    page.get_by_role("radio", name="辦理中").check()


def send(page, code):
    page.locator("button[value=submit]").click()
    said(page, f"{code} 已送出")


def endorse_all(page):
    page.goto("/115/inbox/")
    page.get_by_role("button", name="同意全部 1 件").click()
    said(page, "已同意 1 件")


def of_period(page):
    page.goto("/115/periods/")
    return page.locator("#period-4")


def file_at(page, address):
    """What a workbook holds, byte for byte; but for the moment at which it was written."""
    answer = page.request.get(address)
    assert answer.ok
    with zipfile.ZipFile(io.BytesIO(answer.body())) as workbook:
        parts = {name: workbook.read(name) for name in workbook.namelist()}
    parts.pop("docProps/core.xml", None)
    return parts


def test_a_quarter_is_reported_closed_corrected_and_kept_twice(
    at_desk,
    programme,
    make_action,
    administration,
    information,
    mei,
    hao,
    head,
    coordinator,
    auditor,
):
    harbour = Department.objects.create(name="港務處", position=3)
    business = Department.objects.create(name="業務處", position=4)
    lan = make_user("lan", "李蘭", reporter=harbour)
    peng = make_user("peng", "彭小鵬", reporter=harbour)
    wen = make_user("wen", "溫文", reporter=business)
    tsai = make_user("tsai", "蔡處長", head=business)
    for department in (administration, information, harbour, business):
        make_action([department])
    office = at_desk(coordinator)

    # The plan office opens the quarter.
    office.goto("/115/periods/")
    office.get_by_role("button", name="建立填報期").click()
    of_period(office).get_by_role("button", name="開放填報").click()
    said(office, "115年第4季已開放填報")

    # Four departments report, one of them with evidence.
    fill_in(at_desk(mei), "115-01", "完成地坪 12 處。")
    at_desk(mei).set_input_files(
        "#evidence-files", {"name": "紀錄.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    expect(at_desk(mei).locator(".evidence-row")).to_have_count(1)
    send(at_desk(mei), "115-01")
    fill_in(at_desk(hao), "115-02", "持續辦理中。")
    send(at_desk(hao), "115-02")
    fill_in(at_desk(wen), "115-04", "辦理說明會 2 場。")
    send(at_desk(wen), "115-04")

    # Two people write one report: the second sees both texts, and keeps both. Both have it open
    # before the first one writes, or else what the form saves by itself would already be read.
    open_form(at_desk(peng), "115-03")
    fill_in(at_desk(lan), "115-03", "換裝燈具 32 盞。")
    at_desk(lan).get_by_role("button", name="儲存草稿").click()
    said(at_desk(lan), "草稿已儲存")
    write(at_desk(peng), "清淤 2 公里。", percent="92")
    at_desk(peng).locator("button[value=submit]").click()
    expect(at_desk(peng).get_by_role("alert")).to_contain_text("李蘭剛才更新了這份辦理情形")
    at_desk(peng).get_by_label("兩段都留").check()
    at_desk(peng).get_by_role("button", name="照選的存成草稿").click()
    said(at_desk(peng), "草稿已儲存")
    send(at_desk(peng), "115-03")
    collided = ProgressReport.objects.get(assignment__action__code="115-03")
    assert collided.text.split() == ["換裝燈具", "32", "盞。", "清淤", "2", "公里。"]
    assert collided.percent == 92

    # A head endorses, and for another one the deputy.
    endorse_all(at_desk(head))
    at_desk(tsai).goto("/115/deputies/")
    at_desk(tsai).get_by_label("代理人", exact=True).select_option(label="林志豪（hao）")
    at_desk(tsai).get_by_label("到", exact=True).fill(typed_day(clock.today()))
    at_desk(tsai).get_by_role("button", name="指定").click()
    said(at_desk(tsai), "已指定：蔡處長由林志豪代理")
    endorse_all(at_desk(hao))
    assert ReportStep.objects.get(
        report__assignment__department=business, kind="endorse"
    ).by_words == ("蔡處長（林志豪代理）")

    # The plan office returns one, its writer mends it, and all are accepted.
    office.goto("/115/review/")
    empty = office.locator("article.pick", has_text="115-02")
    empty.locator("summary", has_text="退回…").click()
    empty.get_by_label("退回 115-02 的原因").fill("請寫出件數。")
    empty.get_by_role("button", name="確定退回 115-02").click()
    said(office, "已退回")
    at_desk(hao).goto("/115/todo/")
    expect(at_desk(hao).locator("main")).to_contain_text("請寫出件數。")
    fill_in(at_desk(hao), "115-02", "完成系統 3 套。")
    send(at_desk(hao), "115-02")
    office.goto("/115/review/")
    office.get_by_role("button", name="備查全部 4 件").click()
    said(office, "已備查 4 件")

    # It closes; afterwards wording, deadline and department change in the plan, not in its file.
    fourth = of_period(office)
    fourth.get_by_text("關閉第4季…").click()
    fourth.get_by_role("button", name="確定關閉第4季").click()
    said(office, "全部備查")
    kept_file = file_at(office, FILE)
    office.goto("/115/actions/115-01/edit/")
    office.get_by_label("具體推動作法").fill("改寫過的作法")
    office.get_by_label("完成期限", exact=True).first.fill("115年11月")
    office.get_by_role("button", name="儲存", exact=True).click()
    said(office, "115-01")
    office.goto(f"/115/departments/{administration.pk}/")
    office.get_by_label("單位名稱").fill("行政室")
    office.get_by_role("button", name="儲存").click()
    said(office, "已儲存行政室")
    assert file_at(office, FILE) == kept_file
    archive = at_desk(auditor)
    archive.goto("/115/reported/?period=4")
    expect(archive.locator("main")).to_contain_text("設置民眾休憩區")
    expect(archive.locator("main")).to_contain_text("行政處")
    expect(archive.locator("main")).not_to_contain_text("改寫過的作法")

    # One department alone corrects what it reported, until a day of its own.
    fourth = of_period(office)
    fourth.get_by_text("只對一個單位或一項重新開放…").click()
    fourth.get_by_label("單位", exact=True).select_option(label="行政室")
    fourth.get_by_label("補正期限", exact=True).fill("11/27")
    fourth.get_by_label("個別開放的原因").fill("件數更正")
    fourth.get_by_role("button", name="確定個別重新開放").click()
    said(office, "補正期限 115年11月27日")
    first = ProgressReport.objects.get(assignment__action__code="115-01")
    office.goto(f"/115/reports/{first.pk}/")
    office.get_by_label("說明").fill("件數不符。")
    office.get_by_role("button", name="退回", exact=True).click()
    said(office, "退回")
    fill_in(at_desk(mei), "115-01", "完成地坪 15 處。")
    expect(at_desk(mei).locator("main")).to_contain_text("補正期限 11月27日")
    send(at_desk(mei), "115-01")
    endorse_all(at_desk(head))
    office.goto("/115/review/?period=4")
    office.get_by_role("button", name="備查全部 1 件").click()
    said(office, "已備查 1 件")
    assert file_at(office, FILE) == kept_file
    fourth = of_period(office)
    fourth.get_by_text("結束補正並重新保存…").click()
    fourth.get_by_role("button", name="確定結束補正").click()
    said(office, "個別補正已結束")

    # Both states stay, each with its file.
    archive.goto("/115/reported/?period=4")
    expect(archive.locator("main")).to_contain_text("完成地坪 15 處。")
    archive.get_by_role("link", name="第 1 次（").click()
    expect(archive.locator("main")).to_contain_text("完成地坪 12 處。")
    assert file_at(archive, "/115/reported/export.xlsx?period=4&closing=1") == kept_file
    assert file_at(office, FILE) != kept_file
    assert PeriodClosing.objects.count() == 2
    call_command("check_closed", verbosity=0)
