"""A form with everything that a form may have."""

import pytest

from reports.documents.paper import SIGNATURES, Fact, Grid, PaperForm


@pytest.fixture
def paper():
    return PaperForm(
        organisation="花蓮港務分公司",
        title="管制異動申請表",
        subtitle="115年度",
        facts=[Fact("理由", "𠮷野家、<b>、#let x = 1\n第二段")],
        grids=[Grid("期限", ["原訂", "展延"], [1, 1], [["115年12月", "116年3月"]])],
        facts_behind=[Fact("附件", "無")],
        signatures=SIGNATURES,
        footer="115年11月22日列印",
        steps=Grid("經過", ["日期", "誰"], [1, 1], [["115年11月20日", "王美玲"]]),
    )
