"""Which files may be attached: by the ending of the name and by the content."""

import io
import zipfile

import pytest

from items.evidence.kinds import ENDINGS, kind_of
from items.evidence.refused import FileRefused
from items.evidence.zip_content import MOST_ENTRIES
from tests.items.evidence.files import HEIC, OLE, PDF, doc, docx, jpeg, odt, png, zip_file


def gif():
    return b"GIF89a" + b"\x00" * 20


XLSX = zip_file({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("會議紀錄.pdf", PDF, "pdf"),
        ("會議紀錄.PDF", b"\n\n" + PDF, "pdf"),
        ("報告.docx", docx(), "docx"),
        ("表.xlsx", XLSX, "xlsx"),
        ("報告.doc", doc(), "doc"),
        ("報告.odt", odt(), "odt"),
        ("現場.JPEG", jpeg(), "jpg"),
        ("現場.png", png(), "png"),
        ("動畫.gif", gif(), "gif"),
        ("說明.txt", "辦理情形".encode(), "txt"),
        ("說明.txt", "辦理情形".encode("cp950"), "txt"),
        ("說明.csv", "項次,說明".encode("utf-16"), "csv"),
        ("照片.HEIC", HEIC, "heic"),
        ("照片.heif", HEIC, "heic"),
        # A picture under the name of another kind is what its content says.
        ("照片.jpg", HEIC, "heic"),
        ("照片.jpg", png(), "png"),
        ("照片.png", jpeg(), "jpg"),
        ("全部.zip", zip_file({"照片/a.jpg": jpeg(), "b.pdf": PDF}), "zip"),
        # What Word and Excel put into their files themselves is nothing that runs.
        (
            "全部.zip",
            zip_file({"a.docx": docx(**{"word/embeddings/b.xlsx": XLSX, "word/c.bin": b"x"})}),
            "zip",
        ),
    ],
)
def test_a_file_is_what_its_name_and_its_content_say(name, content, kind):
    assert kind_of(name, content).name == kind


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("程式.exe", b"MZ", "不能附 .exe 檔；可以附的有 PDF、Word"),
        ("檔案", PDF, "檔名沒有副檔名"),
        ("照片.heic", b"x", "內容不是 .heic 檔"),
        ("照片.jpg", PDF, "副檔名是 .jpg，內容卻是PDF"),
        ("報告.pdf", jpeg(), "副檔名是 .pdf，內容卻是圖片（.jpg）"),
        ("表.xlsm", XLSX, "沒有巨集的 xlsx"),
        ("網頁.html", b"<script>", "請列印成 PDF"),
        ("空的.pdf", b"", "這個檔案是空的"),
        ("報告.pdf", docx(), "副檔名是 .pdf，內容卻是Word"),
        ("報告.docx", PDF, "副檔名是 .docx，內容卻是PDF"),
        ("報告.pdf", b"MZ\x90\x00", "內容不是 .pdf 檔，或檔案已經損壞"),
        ("報告.docx", docx()[:-30], "已損壞"),
        ("報告.docx", docx(**{"word/vbaProject.bin": b"x"}), "檔案裡有巨集"),
        (
            "報告.docx",
            zip_file({"[Content_Types].xml": b"x.macroEnabled.main+xml", "word/document.xml": b""}),
            "檔案裡有巨集",
        ),
        ("報告.doc", doc("_VBA_PROJECT"), "檔案裡有巨集"),
        ("報告.odt", odt(**{"Basic/Standard/Module1.xml": b"x"}), "檔案裡有巨集"),
        (
            "報告.odt",
            odt(**{"META-INF/manifest.xml": b"<manifest:encryption-data/>"}),
            "有密碼保護",
        ),
        ("報告.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "有密碼保護"),
        ("說明.txt", b"MZ\x00\x01\xff", "內容不是 .txt 檔"),
        ("全部.zip", b"x", "內容不是 .zip 檔"),
        ("全部.zip", zip_file({"setup.EXE": b"x"}), "「setup.EXE」是會執行的檔案"),
        ("全部.zip", zip_file({"a/run.js ": b"x"}), "是會執行的檔案"),
        ("全部.zip", zip_file({"照片.jpg": b"MZ\x90"}), "「照片.jpg」是程式"),
        ("全部.zip", zip_file({"../a.txt": b"x"}), "解壓縮到別的資料夾"),
        ("全部.zip", zip_file({"C:/a.txt": b"x"}), "解壓縮到別的資料夾"),
        ("全部.zip", zip_file({"a.rar": b"x"}), "還是壓縮檔"),
        ("全部.zip", zip_file({"內層.zip": zip_file({"b.bat": b"x"})}), "「b.bat」是會執行"),
        (
            "全部.zip",
            zip_file({"1.zip": zip_file({"2.zip": zip_file({"3.zip": zip_file({"a.txt": b""})})})}),
            "太多層",
        ),
        ("全部.zip", zip_file({"a.docx": docx(**{"word/vbaProject.bin": b"x"})}), "有巨集"),
        (
            "全部.zip",
            zip_file({f"{number}.txt": b"" for number in range(MOST_ENTRIES + 1)}),
            "超過 2,000 個",
        ),
    ],
)
def test_what_may_not_be_attached_is_refused_with_the_reason(name, content, words):
    with pytest.raises(FileRefused) as refusal:
        kind_of(name, content)
    assert words in refusal.value.sentence


def test_a_zip_bomb_is_stopped_while_it_is_inflated():
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("零.txt", "w", force_zip64=True) as member,
    ):
        for _ in range(201):
            member.write(bytes(1024 * 1024))
    assert len(stream.getvalue()) < 2_000_000
    with pytest.raises(FileRefused, match="解壓縮後超過 200 MB"):
        kind_of("炸彈.zip", stream.getvalue())


def test_an_encrypted_zip_is_refused_since_nobody_could_look_into_it():
    content = bytearray(zip_file({"a.txt": b"x"}))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(FileRefused, match="密碼"):
        kind_of("全部.zip", bytes(content))


def test_every_ending_is_in_small_letters_and_known_once():
    assert len(set(ENDINGS)) == len(ENDINGS)
    assert all(ending == ending.lower() for ending in ENDINGS)
