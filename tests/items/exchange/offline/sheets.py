"""A 填報表 as a person has it: downloaded, filled in, sent and confirmed."""

import io
import re

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from items.models import Assignment, Upload
from items.workflow import report_writing
from tests.making import NOW


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


def sheet_for(client, office):
    response = client.get(reverse("offline_file", args=[115, 4, office.pk]))
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    return book, book["填報表"]


def columns(sheet):
    return {cell.value: cell.column for cell in sheet[3]}


def row_of(sheet, code):
    return next(
        number for number in range(4, sheet.max_row + 1) if sheet.cell(number, 1).value == code
    )


def fill(sheet, code, **cells):
    for heading, value in cells.items():
        heading = {"實際進度": "實際進度（%）"}.get(heading, heading)
        sheet.cell(row_of(sheet, code), columns(sheet)[heading]).value = value


def send(client, book):
    stream = io.BytesIO()
    book.save(stream)
    file = SimpleUploadedFile("填報表.xlsx", stream.getvalue())
    return client.post(reverse("offline", args=[115, 4]), {"file": file}, follow=True)


def confirm(client, intent):
    url = reverse("offline_confirm", args=[115, 4, Upload.objects.get().reference])
    return client.post(url, {"intent": intent}, follow=True)


def save_on_the_page(quarter, mei, text):
    content = {
        "text": text,
        "percent": 60,
        "work_status": "in_progress",
        "delay_reason": "天候",
        "remedy": "趕工",
    }
    report_writing.write(
        Assignment.objects.get(action__code="115-04"), quarter, content, version=0, by=mei, at=NOW
    )
