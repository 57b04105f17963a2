"""The form as PDF."""

import re
from dataclasses import replace

from reports.documents.paper import Fact
from reports.documents.writers.pdf import write_pdf
from tests.making import NOW


def pages_of(content):
    """The tree of pages says how many there are."""
    return int(re.search(rb"/Count ([0-9]+)", content)[1])


def test_a_form_is_one_page_and_a_long_text_goes_over_several(paper):
    assert pages_of(write_pdf(paper, NOW)) == 1
    facts = [Fact("理由", "甲" * 5_000)]
    assert pages_of(write_pdf(replace(paper, facts=facts), NOW)) > 1
