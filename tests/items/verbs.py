"""The verbs of `items/workflow`, for the tests that walk every one of them."""

import importlib
import inspect
import pkgutil

from items import workflow

MODULES_ABOUT_NO_ITEM = {
    "accounts": "帳號是整個機關的，在歷程的「帳號、權限與單位」。",
    "closing": "保存關閉時的狀態，由 periods 與 reopening 呼叫。",
    "year_rules": "一個年度的申請規定與催辦規則，在歷程的計畫異動。",
    "departments": "單位是整個機關的。",
    "deputies": "代理是整個機關的。",
    "first_passwords": "帳號是整個機關的。",
    "history": "寫紀錄的工具，不是動作。",
    "memberships": "誰屬於哪個單位是整個機關的。",
    "notices": "通知不是紀錄；說的事情本身都有紀錄。",
    "password_links": "帳號是整個機關的。",
    "passwords": "帳號是整個機關的。",
    "periods": "填報期屬於整個年度，在歷程的「年度與填報期」。",
    "second_factor": "帳號是整個機關的。",
    "reminder_mail": "催辦信的設定，在歷程的計畫異動。",
    "sign_in_locks": "帳號是整個機關的。",
    "single_sign_on": "帳號是整個機關的。",
    "sign_ins": "帳號是整個機關的。",
    "working_days": "上班日是整個機關的。",
    "years": "年度，在歷程的「年度與填報期」。",
}
"""{module of `items/workflow`: why none of its verbs stands on the timeline of an item}."""


def verbs():
    """Every public function of `items/workflow` that somebody does: it takes `by`."""
    names = set()
    for module in pkgutil.iter_modules(workflow.__path__):
        loaded = importlib.import_module(f"items.workflow.{module.name}")
        for name, function in vars(loaded).items():
            if name.startswith("_") or not inspect.isfunction(function):
                continue
            if inspect.unwrap(function).__module__ != loaded.__name__:
                continue
            parameters = inspect.signature(function).parameters
            if "by" in parameters or "step" in parameters:
                names.add(f"{module.name}.{name}")
    return names
