"""Files of a paper: each writer knows the parts of a paper and no document by its name."""

from datetime import datetime

from items.exchange.spreadsheets.write import WrittenFile, file_name
from reports.documents.paper import PaperForm

FORMATS = {
    "pdf": "application/pdf",
    "odt": "application/vnd.oasis.opendocument.text",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
"""{ending of the file: its content type}"""


def paper_file(paper: PaperForm, title: str, format: str, at: datetime) -> WrittenFile:
    """A file to send, whose name is made of the title."""
    return WrittenFile(
        name=file_name(title, format),
        content=write_paper(paper, format, at),
        content_type=FORMATS[format],
    )


def write_paper(paper: PaperForm, format: str, at: datetime) -> bytes:
    """The file. `at` is when it was made, as its properties say."""
    # Imported here and not above: the three libraries take 50 MB, which only a process that prints
    # has to pay.
    if format == "pdf":
        from reports.documents.writers.pdf import write_pdf

        return write_pdf(paper, at)
    if format == "odt":
        from reports.documents.writers.odt import write_odt

        return write_odt(paper, at)
    from reports.documents.writers.docx import write_docx

    return write_docx(paper, at)
