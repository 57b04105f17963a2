"""佐證資料 in a real browser: dropped, pasted, chosen, taken away, put back, sent, and read by another."""

import base64

from playwright.sync_api import expect

from items.models import Evidence, ProgressReport, ReportState
from tests.browser.looking import PHONE, WIDE, findings, overflow, show_at, until
from tests.items.evidence.files import PDF, jpeg_from_a_phone, png

TEXT = "11月20日完成地坪施工，植栽 32 盆進場。"

MAKE = """([files, text]) => {
  const transfer = new DataTransfer();
  for (const [name, type, content] of files) {
    const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
    transfer.items.add(new File([bytes], name, { type }));
  }
  if (text) transfer.setData("text/plain", text);
  return transfer;
}"""


def transfer(page, *files, text=""):
    """What a browser hands over where files are dropped or pasted."""
    packed = []
    for name, content_type, content in files:
        packed.append([name, content_type, base64.b64encode(content).decode()])
    return page.evaluate_handle(MAKE, [packed, text])


def paste(page, handed_over):
    page.evaluate(
        "(data) => document.getElementById('id_text').dispatchEvent("
        "new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))",
        handed_over,
    )


def test_evidence_comes_in_every_way_and_is_read_by_somebody_else(
    page, sign_in, mei, head, hao, make_action, administration, q4, complaints
):
    assignment = make_action([administration]).assignments.get()
    sign_in(mei)
    show_at(page, WIDE)
    page.goto(f"/115/assignments/{assignment.pk}/report/4/")
    rows = page.locator(".evidence-row")

    # Dropped, several at once: one is there with its picture, and of each other one stands why it is
    # not, until somebody has read it.
    photograph = jpeg_from_a_phone()
    dropped = transfer(
        page,
        ("安裝.exe", "application/octet-stream", b"MZ"),
        ("現場.jpg", "image/jpeg", photograph),
        ("現場 (2).jpg", "image/jpeg", photograph),
        ("壞掉.png", "image/png", b"MZ"),
    )
    page.locator("#evidence .drop").dispatch_event("drop", {"dataTransfer": dropped})
    refusals = page.locator(".evidence-sending .error")
    expect(refusals).to_have_count(3)
    expect(refusals.nth(0)).to_contain_text("「安裝.exe」沒有附上")
    expect(refusals.nth(1)).to_contain_text("這個檔案已在")
    expect(refusals.nth(2)).to_contain_text("「壞掉.png」沒有附上")
    for _ in range(3):
        page.get_by_role("button", name="知道了").first.click()
    expect(refusals).to_have_count(0)
    expect(rows).to_have_count(1)
    picture = rows.first.locator("img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 40
    # The camera knows the day.
    expect(rows.first.get_by_label("證明日期")).to_have_value("115/09/30")

    # Cells of a spreadsheet come as a picture as well, and are text; a picture alone is evidence.
    cells = ("image.png", "image/png", png((9, 9)))
    paste(page, transfer(page, cells, text="植栽\t32"))
    paste(page, transfer(page, ("image.png", "image/png", png())))
    expect(rows).to_have_count(2)
    expect(rows.nth(1)).to_contain_text("貼上的圖片-")

    # The text that is written afterwards goes into the draft that the first file has begun, by itself,
    # and what is said about a file with it.
    page.locator("#id_text").fill(TEXT)
    rows.first.get_by_label("說明").fill("地坪完工")
    expect(page.locator("#saved")).to_contain_text("已自動儲存")
    # Where three seconds lie between the two, they are saved one after the other.
    until(page, lambda: Evidence.objects.get(content_kind="jpg").description == "地坪完工")
    assert ProgressReport.objects.get().text == TEXT

    # Chosen, taken away, put back; and what was written in another row meanwhile stays.
    rows.first.get_by_label("說明").fill("地坪完工，共 12 處")
    page.set_input_files(
        "#evidence-files", {"name": "紀錄.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    expect(rows).to_have_count(3)
    rows.nth(1).get_by_role("button", name="移除").click()
    expect(rows).to_have_count(2)
    expect(page.get_by_role("button", name="復原")).to_be_focused()
    page.keyboard.press("Enter")
    expect(rows).to_have_count(3)
    rows.filter(has_text="貼上的圖片").get_by_role("button", name="移除").click()
    expect(rows).to_have_count(2)
    expect(rows.first.get_by_label("說明")).to_have_value("地坪完工，共 12 處")
    page.get_by_text("＋ 附上網址").click()
    page.get_by_label("網址").fill("www.twport.com.tw/news")
    page.locator("#evidence .evidence-link button").click()
    expect(rows).to_have_count(3)

    assert findings(page) == []
    for size in (PHONE, WIDE):
        show_at(page, size)
        assert overflow(page) == 0

    page.locator("#id_percent").fill("95")
    page.get_by_label("辦理中").check()
    page.get_by_role("button", name="送主管核可").click()
    expect(page.get_by_text("115-01 已送出")).to_be_visible()
    report = ProgressReport.objects.get()
    assert report.state == ReportState.WITH_HEAD
    kept = [(one["name"], one["description"]) for one in report.steps.get().evidence]
    assert kept == [
        ("現場.jpg", "地坪完工，共 12 處"),
        ("紀錄.pdf", ""),
        ("https://www.twport.com.tw/news", ""),
    ]

    # Another department reads it, and the file comes as it is kept.
    sign_in(hao)
    page.goto(f"/115/reports/{report.pk}/")
    assert findings(page) == []
    with page.expect_download() as coming:
        page.get_by_role("link", name="紀錄.pdf").click()
    assert coming.value.suggested_filename == "紀錄.pdf"
    assert coming.value.path().read_bytes() == PDF
    with page.expect_download() as coming:
        page.get_by_role("link", name="全部下載").click()
    assert coming.value.suggested_filename == "115-01_行政處_115年第4季佐證資料.zip"
    assert complaints == []
