"""匯入 and 離線填報表 in a real browser: every step of both is accessible, fits and can be undone; files are dropped."""

import pytest
from playwright.sync_api import expect

from items.exchange.plan_export.official import export_programme
from items.models import Programme, User
from tests.browser.looking import faults
from tests.items.exchange.official_rows import as_csv, rows_of

DROP = """([selector, name]) => {
  const data = new DataTransfer(), target = document.querySelector(selector);
  data.items.add(new File(["x"], name));
  const send = (kind) => {
    const event = new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true });
    target.dispatchEvent(event);
    return event.defaultPrevented;
  };
  return [send("dragover") && send("drop"), document.querySelector("input[type=file]").files.length];
}"""


@pytest.fixture
def programme(demonstration):
    return Programme.objects.get()


@pytest.fixture
def look(page, complaints):
    """`look()` at the page that is open, wide and on the phone, light and dark; `wrong` is what it found."""
    wrong = []
    page.emulate_media(reduced_motion="reduce")

    def look():
        wrong.extend(faults(page))

    yield look
    assert wrong == []
    assert complaints == []


def choose(page, name, content):
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "", "buffer": content}
    )
    page.get_by_role("button", name="上傳並預覽").click()


def test_an_import_from_the_first_error_to_its_undoing(
    page, sign_in, look, programme, demonstration
):
    sign_in(User.objects.get(username="yan"), demonstration)
    rows = rows_of(programme)
    rows[1][4], rows[2][5] = "改寫的作法", "115年13月"
    page.goto("/115/import/")
    choose(page, "計畫.csv", as_csv(rows))
    expect(page.locator("h1")).to_have_text("有 1 個錯誤，還不能匯入")
    look()
    page.get_by_role("link", name="上傳改好的檔案").click()
    rows[2][5] = "115年11月30日"
    choose(page, "計畫.csv", as_csv(rows))
    expect(page.locator("h1")).to_have_text("要修改 2 項")
    look()
    page.get_by_role("link", name="相同").click()
    expect(page.locator("#unchanged")).to_have_attribute("open", "")
    page.get_by_role("button", name="確認匯入").click()
    expect(page.get_by_role("status").first).to_contain_text("匯入完成")
    look()
    page.go_back()
    expect(page.locator("h1")).to_have_text("匯入紀錄")
    page.get_by_role("link", name="計畫.csv").click()
    page.get_by_role("link", name="復原這次匯入…").click()
    # A click does not wait for the page that it leads to: the look was now and then between two.
    expect(page.get_by_role("button", name="確定復原")).to_be_visible()
    look()
    page.get_by_role("button", name="確定復原").click()
    expect(page.get_by_role("status").first).to_contain_text("已復原這次匯入")
    file = export_programme(programme, "xlsx")
    page.goto("/115/import/")
    choose(page, file.name, file.content)
    expect(page.locator("h1")).to_have_text("不需要匯入，沒有要改的")


def test_a_file_is_dropped_anywhere_into_the_box_and_beside_it_does_no_harm(
    page, sign_in, programme, demonstration
):
    sign_in(User.objects.get(username="yan"), demonstration)
    page.goto("/115/import/")
    assert page.evaluate(DROP, ["main", "計畫.xlsx"]) == [True, 0]
    assert page.evaluate(DROP, [".drop", "計畫.xlsx"]) == [True, 1]


def test_the_offline_workbook_and_the_files_of_the_plan(
    page, sign_in, look, programme, demonstration
):
    sign_in(User.objects.get(username="mei"), demonstration)
    page.goto("/115/offline/4/")
    look()
    with page.expect_download() as download:
        page.get_by_role("link", name="下載行政處填報表").click()
    page.locator("input[type=file]").set_input_files(
        {
            "name": download.value.suggested_filename,
            "mimeType": "",
            "buffer": download.value.path().read_bytes(),
        }
    )
    page.get_by_role("button", name="上傳並預覽").click()
    expect(page.locator("h1")).to_have_text("檔案和現在的內容相同")
    look()
    page.goto("/115/plan/")
    page.get_by_text("其他檔案").click()
    look()
    with page.expect_download() as download:
        page.locator(".files").get_by_role("link", name="Excel").first.click()
    assert download.value.suggested_filename.endswith(".xlsx")
    page.keyboard.press("Escape")
    expect(page.locator(".files")).not_to_have_attribute("open", "")
