"""Quality flags: which are raised when, that they are kept with the report, counted and switched off."""

from datetime import date

import pytest

from items.models import Evidence, ProgressReport, ReportState
from items.models.quality_flags import QualityFlag, RaisedFlag, read_flags, written_flags
from items.workflow import reporting
from items.workflow.report_flags import (
    ReportedValues,
    is_empty_phrase,
    raised_flags,
    same_share,
)
from items.worklists.flag_counts import waiting_numbers
from tests.making import NOW, TODAY

GOOD = "11月20日完成地坪施工，辦理 3 場說明會。"


def reported(text=GOOD, percent=88, planned=88, **words):
    return ReportedValues(text, percent, planned, **words)


def codes(now, *earlier, threshold=10, has_evidence=True):
    raised = raised_flags(now, earlier, threshold=threshold, has_evidence=has_evidence)
    return {one.flag.value: one.number for one in raised}


def test_a_good_report_has_none():
    assert codes(reported(), reported(text="10月完成發包。", percent=60)) == {}


@pytest.mark.parametrize(
    ("text", "is_empty"),
    [
        ("持續辦理中", True),
        ("持續辦理中。", True),
        ("研議中", True),
        ("本案目前研議中，將於未來辦理。", True),
        ("賡續推動；依計畫辦理。", True),
        ("持續辦理設備檢修", False),
        ("研議中，11月20日召開會議。", False),
        ("辦理說明會。", False),
    ],
)
def test_empty_phrases(text, is_empty):
    assert is_empty_phrase(text) is is_empty
    assert ("phrase" in codes(reported(text))) is is_empty


@pytest.mark.parametrize(
    ("text", "has_none"),
    [
        ("完成地坪施工並通過驗收作業", True),
        ("完成３場說明會並通過驗收", False),
        ("辦理兩場說明會並通過驗收", False),
        ("十一月完成地坪施工並通過驗收", False),
        ("一併完成地坪施工並通過驗收", True),
    ],
)
def test_no_number_and_no_date(text, has_none):
    assert ("no_figure" in codes(reported(text))) is has_none


def test_more_than_nine_tenths_the_same_as_last_period():
    old = "10月完成港區照明改善工程發包，得標廠商已進場，預計12月底前完工驗收並啟用。"
    assert codes(reported(old), reported(old))["unchanged"] == 100
    nearly = old.replace("10月", "11月")
    assert 90 < codes(reported(nearly), reported(old))["unchanged"] < 100
    more = f"{old}11月另完成第2標施工查核。"
    assert "unchanged" not in codes(reported(more), reported(old))
    assert same_share("甲", "乙") == 0


def test_what_the_percent_says():
    before = reported("10月完成發包。", percent=80)
    assert codes(reported(percent=79), before) == {"fell": 80}
    assert codes(reported(percent=100), before, has_evidence=False) == {"no_evidence": None}
    assert codes(reported(percent=100), reported("10月", percent=60)) == {"jump": 60}
    assert codes(reported(percent=100), reported("10月", percent=61)) == {}


def test_what_a_delay_says():
    late = {"percent": 60, "planned": 88}
    explained = {"delay_reason": "連續降雨 12 天。", "remedy": "增派 2 班趕工。"}
    assert codes(reported(**late)) == {"unexplained": None}
    assert codes(reported(**late, delay_reason="無", remedy="同上。")) == {"unexplained": None}
    assert codes(reported(**late, **explained)) == {}
    behind = reported(text="9月", percent=40, planned=60)
    on_time = reported(text="6月", percent=40, planned=40)
    assert codes(reported(**late, **explained), behind, on_time, behind) == {"behind_again": 2}
    assert codes(reported(**late, **explained), behind, behind) == {"behind_again": 3}
    # At the end of its time a single point is late.
    assert codes(reported(percent=99, planned=100)) == {"unexplained": None}
    assert codes(reported(percent=87, planned=88)) == {}


def test_what_is_written_is_read_again():
    raised = [RaisedFlag(QualityFlag.SHORT), RaisedFlag(QualityFlag.FELL, 80)]
    assert written_flags(raised) == ",short,fell=80,"
    assert read_flags(",fell=80,short,") == raised
    assert written_flags([]) == ""
    assert read_flags(",gone,") == []


@pytest.fixture
def assignment(make_action, administration):
    return make_action([administration]).assignments.get()


def send(assignment, period, by, version=0, **content):
    values = {"text": GOOD, "percent": 88, "work_status": "in_progress"} | content
    return reporting.write_and_submit(
        assignment, period, values, version=version, by=by, at=NOW, today=TODAY
    )


def test_the_flags_are_kept_when_a_report_is_sent_and_anew_when_it_is_sent_again(
    assignment, make_report, q3, q4, mei, coordinator
):
    make_report(assignment, q3, mei, percent=95)
    sent = send(assignment, q4, mei, text="持續辦理中。")
    assert sent.flags == ",phrase,short,no_figure,fell=95,"
    back = reporting.send_back(sent, words="請補件數。", by=coordinator, at=NOW)
    assert back.flags == sent.flags
    again = send(assignment, q4, mei, version=back.version, percent=96)
    assert again.flags == ""


def test_finished_with_evidence_is_no_flag(assignment, make_report, q3, q4, mei):
    make_report(assignment, q3, mei, percent=95)
    done = {"percent": 100, "work_status": "finished"}
    sent = send(assignment, q4, mei, **done)
    assert sent.flags == ",no_evidence,"
    back = reporting.recall(sent, by=mei, at=NOW)
    Evidence.objects.create(
        report=back, kind="link", address="https://a.tw", added_by=mei, added_at=NOW
    )
    assert send(assignment, q4, mei, version=back.version, **done).flags == ""


def test_the_database_counts_and_filters_them(
    make_action, make_report, administration, information, q4, mei, hao
):
    flags = [",fell=80,short,", ",short,", "", ",no_figure,"]
    for place, text in enumerate(flags):
        late = date(2026, 11, 21) if place == 2 else date(2026, 12, 31)
        one = make_action([administration], deadline=late).assignments.get()
        make_report(one, q4, mei, state=ReportState.WITH_COORDINATOR, flags=text)
    reports = ProgressReport.objects.all()
    numbers = waiting_numbers(reports, TODAY)
    assert numbers.by_period == {q4.pk: 4}
    assert numbers.by_flag == {"fell": 1, "short": 2, "no_figure": 1, "overdue": 1}
    for flag, number in numbers.by_flag.items():
        assert reports.flagged(flag, TODAY).count() == number
    assert reports.flagged(QualityFlag.NO_EVIDENCE, TODAY).count() == 0
