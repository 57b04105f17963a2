"""Generated official tables with merged cells, and the stock resource beside our import."""

import math
from collections.abc import Iterable

import tablib
from django.db import connection, models
from import_export import fields, resources, widgets

from items.exchange.columns import CODE, OFFICIAL
from items.exchange.plan_export.table_layout import (
    PRINTED_COLUMNS,
    RowPlace,
    benefit_merges,
    path_merges,
)
from items.exchange.spreadsheets.file_table import FileTable
from items.exchange.spreadsheets.write import write

NAMES = tuple(f"第{number}處" for number in range(1, 21))


Rows = list[list[str]]
"""Cells in the order of `OFFICIAL`."""


def rows(count: int) -> Rows:
    """`count` actions: three to a plan, three plans to a method, ten strategies.

    Each has one to three departments.
    """
    plan_rows = []
    for number in range(count):
        plan, method = number // 3, number // 9
        methods = math.ceil(count / 9)
        strategy = method * 10 // max(1, methods) + 1
        departments = [NAMES[(number + step) % len(NAMES)] for step in range(number % 3 + 1)]
        plan_rows.append(
            [
                f"{strategy}. 完備基礎服務項目，注重服務特性差異化（{strategy}）",
                f"建立業務標準作業流程，維持服務措施處理一致性，並適時檢討改進流程與作業方式（{method}）。",
                f"依各港營運狀況，滾動檢討商務管理辦法、港棧作業流程，修訂營運規章等（{plan}）。",
                f"依據商港管理辦法等相關規範，適時檢討各項申辦業務流程，並依實際需要調整作業程序（{number}）。",
                "115年12月" if number % 4 else "115年6月30日",
                "\n".join(departments),
                f"建立共通作業程序，強化商務服務品質，提升作業效率（{plan}）。",
            ]
        )
    return plan_rows


def xlsx(plan_rows: Rows) -> bytes:
    """The rows as the official table, merged as the offices do."""
    places = []
    for row in plan_rows:
        strategy, method, plan, *_, benefit = row
        places.append(RowPlace(strategy, method, plan, benefit))
    columns = tuple(PRINTED_COLUMNS[heading] for heading in OFFICIAL)
    table = FileTable(
        "計畫",
        "115年度計畫",
        "",
        columns,
        rows=plan_rows,
        merges=path_merges(places, OFFICIAL) + benefit_merges(places, OFFICIAL),
    )
    return write(table, "xlsx")


class Named(models.Model):
    """What a foreign key of the stock resource looks up, by an indexed name: stock at its best."""

    title = models.CharField(max_length=500, unique=True)

    class Meta:
        abstract = True
        app_label = "benchmarks"

    def __str__(self) -> str:
        return self.title


class StockStrategy(Named):
    """實施策略."""


class StockMethod(Named):
    """推動方法."""


class StockPlan(Named):
    """執行計畫."""


class StockDepartment(Named):
    """主辦單位."""


class StockAction(models.Model):
    """One table with foreign keys and a many-to-many, as django-import-export is made for.

    It has no history and no paths.
    """

    code = models.CharField(max_length=20, unique=True)
    strategy = models.ForeignKey(StockStrategy, models.CASCADE)
    method = models.ForeignKey(StockMethod, models.CASCADE)
    plan = models.ForeignKey(StockPlan, models.CASCADE)
    title = models.CharField(max_length=2000)
    deadline = models.CharField(max_length=100)
    benefit = models.CharField(max_length=2000)
    departments = models.ManyToManyField(StockDepartment)

    class Meta:
        app_label = "benchmarks"

    def __str__(self) -> str:
        return self.title


class StockResource(resources.ModelResource):
    """As its documentation shows: a widget for each foreign key and one for the many-to-many."""

    code = fields.Field("code", "項次編號")
    strategy = fields.Field(
        "strategy", "實施策略", widgets.ForeignKeyWidget(StockStrategy, "title")
    )
    method = fields.Field("method", "推動方法", widgets.ForeignKeyWidget(StockMethod, "title"))
    plan = fields.Field("plan", "執行計畫", widgets.ForeignKeyWidget(StockPlan, "title"))
    title = fields.Field("title", "具體推動作法")
    deadline = fields.Field("deadline", "完成期限")
    departments = fields.Field(
        "departments", "主辦單位", widgets.ManyToManyWidget(StockDepartment, "\n", "title")
    )
    benefit = fields.Field("benefit", "預期效益")

    class Meta:
        model = StockAction
        import_id_fields = ["code"]
        skip_unchanged = True


def stock_dataset(plan_rows: Rows) -> tablib.Dataset:
    """The same rows, filled down, with a code each."""
    dataset = tablib.Dataset(headers=[CODE, *OFFICIAL])
    for number, row in enumerate(plan_rows, start=1):
        dataset.append([f"115-{number:05}", *row])
    return dataset


def make_stock_tables(plan_rows: Rows) -> None:
    """Stock cannot make what its foreign keys point at: it finds it there. Not part of its time."""
    named = (StockStrategy, StockMethod, StockPlan, StockDepartment)
    with connection.schema_editor() as editor:
        for model in (*named, StockAction):
            editor.create_model(model)
    # A dictionary keeps one of each, in order.
    strategies: dict[str, None] = {}
    methods: dict[str, None] = {}
    plans: dict[str, None] = {}
    for strategy, method, plan, *_ in plan_rows:
        strategies[strategy] = None
        methods[method] = None
        plans[plan] = None
    _create(StockStrategy, strategies)
    _create(StockMethod, methods)
    _create(StockPlan, plans)
    _create(StockDepartment, dict.fromkeys(NAMES))


def _create(model: type[Named], titles: Iterable[str]) -> None:
    model._default_manager.bulk_create(model(title=title) for title in titles)
