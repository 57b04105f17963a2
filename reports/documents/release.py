"""解除列管 and 轉次年清單: one decision at the year's end, to print and sign."""

from datetime import date

from django.conf import settings

from items.day_words import moment_words
from items.models import YearEndDecision
from items.models.labels import field_label
from items.roc import format_roc
from reports.documents.paper import SIGNATURES, Fact, Grid, PaperForm


def release_name(decision: YearEndDecision) -> str:
    """「解除列管清單」"""
    return f"{decision.get_status_display()}清單"


def release_paper(decision: YearEndDecision, today: date) -> PaperForm:
    rows = []
    for item in decision.items.select_related("action"):
        departments = item.action.assignments.select_related("department")
        in_order = departments.order_by("kind", "position")
        names = "、".join(one.department.name for one in in_order)
        rows.append([item.action.code, item.action.title, names, item.because])
    state = "有效"
    facts = [
        Fact("決定", f"{moment_words(decision.decided_at)} {decision.decided_by}"),
        Fact(field_label(YearEndDecision, "number"), decision.number),
        Fact(field_label(YearEndDecision, "words"), decision.words),
    ]
    if decision.undone_at is not None:
        # The list may have been printed before: with both in hand, one has to see which one counts.
        state = "已復原"
        who_and_when = f"{moment_words(decision.undone_at)} {decision.undone_by}"
        words = f"{who_and_when}：{decision.undone_because}"
        facts.append(Fact("復原", words))
    # 「當時的情形」 is what was kept with the decision; item and departments are those of today.
    columns = ["項次編號", "具體推動作法", "單位", "當時的情形"]
    return PaperForm(
        organisation=settings.ORGANISATION,
        title=release_name(decision),
        subtitle=f"{decision.programme.title}　{len(rows):,} 項",
        facts=facts,
        grids=[Grid("項目", columns, [3, 8, 4, 6], rows=rows)],
        signatures=SIGNATURES,
        footer=f"{format_roc(today)}印製，{state}",
    )
