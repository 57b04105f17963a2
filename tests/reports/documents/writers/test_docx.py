"""The form as a document of Word."""

import io

from docx import Document

from reports.documents.writers.docx import write_docx
from tests.making import NOW


def test_every_text_stands_in_a_cell_as_it_was_written(paper):
    document = Document(io.BytesIO(write_docx(paper, NOW)))
    cells = []
    for table in document.tables:
        for row in table.rows:
            cells += [cell.text for cell in row.cells]
    assert paper.facts[0].text in cells
    for text in ("原訂", "116年3月", "附件", "王美玲", *paper.signatures):
        assert text in cells
