"""The form as a text of OpenDocument."""

import io

from odfdo import Document

from reports.documents.writers.odt import write_odt
from tests.making import NOW


def test_every_text_is_there_as_it_was_written(paper):
    words = Document(io.BytesIO(write_odt(paper, NOW))).get_formatted_text()
    for line in paper.facts[0].text.split("\n"):
        assert line in words
    for text in (paper.title, "原訂", "116年3月", "附件", "王美玲", *paper.signatures):
        assert text in words
