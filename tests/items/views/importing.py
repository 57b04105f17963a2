"""Short ways to upload, preview and confirm a plan's file in the browser."""

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.items.exchange.official_rows import as_csv


def upload(client, content, name="計畫.csv", **headers):
    content = content if isinstance(content, bytes) else as_csv(content)
    return client.post(
        reverse("import_upload", args=[115]), {"file": SimpleUploadedFile(name, content)}, **headers
    )


def preview(client, content, name="計畫.csv"):
    response = upload(client, content, name)
    assert response.status_code == 302, response.content.decode()
    return response.url, client.get(response.url)


def confirm(client, url):
    return client.post(f"{url}confirm/", follow=True)


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


def heading(response):
    return re.search(r"<h1>(.*?)</h1>", response.content.decode(), re.DOTALL).group(1)
