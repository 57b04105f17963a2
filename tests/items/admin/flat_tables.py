"""Short ways to bring a flat table into the back office, and to take one out."""

import csv
import io
import re
from datetime import timedelta

import openpyxl
from django.urls import reverse

DEPARTMENTS = ["單位名稱", "排序", "使用中"]
ACCOUNTS = ["帳號", "姓名", "電子郵件", "全公司角色", "啟用", "所屬單位"]
ASSIGNMENTS = ["項次編號", "單位", "主協辦", "完成期限"]
EXPIRED = timedelta(minutes=61)


def as_csv(*rows):
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue().encode("utf-8-sig")


def as_xlsx(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def upload(client, model, content, name="表.csv", **data):
    file = io.BytesIO(content)
    file.name = name
    return client.post(reverse(f"admin:items_{model}_import"), {"file": file, **data}, follow=True)


def confirm(client, model, preview):
    """Press the button below a preview, or post what it would where the page has none."""
    reference = preview.context["upload"].reference
    seen = preview.context["preview"].fingerprint()
    return client.post(
        reverse(f"admin:items_{model}_process_import"),
        {"reference": reference, "seen": seen},
        follow=True,
    )


def bring(client, model, *rows, **data):
    preview = upload(client, model, as_csv(*rows), **data)
    return preview, confirm(client, model, preview)


def said(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def rows_of(response, kind):
    if kind == "csv":
        return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def take(client, model, kind="csv", query=""):
    return client.get(reverse(f"admin:items_{model}_export_as", args=[kind]) + query)
