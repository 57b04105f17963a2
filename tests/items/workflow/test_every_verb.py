"""Every verb about accounts, departments, years and days leaves an entry, and the chain holds it.

Those about an item are walked in `tests/items/worklists/test_timeline.py`, by the same list of verbs.
"""

from datetime import date, timedelta

import pytest
from axes.models import AccessAttempt

from items.models import (
    Action,
    Change,
    ControlSettings,
    Department,
    Membership,
    Plan,
    Programme,
    SecondFactor,
    SingleSignOn,
)
from items.models.control_settings import control_settings_of
from items.workflow import (
    accounts,
    departments,
    deputies,
    first_passwords,
    memberships,
    password_links,
    passwords,
    periods,
    removing,
    second_factor,
    sign_in_locks,
    single_sign_on,
    working_days,
    year_rules,
    years,
)
from items.workflow.history_chain import chain_ends, faults_of_history
from items.workflow.second_factor import FactorChange
from tests.items.verbs import MODULES_ABOUT_NO_ITEM, verbs
from tests.making import NOW, TODAY, make_user

LATER = NOW + timedelta(minutes=5)

WITHOUT_ENTRY = {
    "history.save": "寫紀錄的工具。",
    "history.delete": "同上。",
    "history.entry": "同上。",
    "history.entry_row": "同上。",
    "notices.tell": "通知，不是紀錄。",
    "closing.keep_state": "關閉紀錄有自己的指紋，由 close_period 呼叫。",
    "passwords.password_entry": "還沒有存的紀錄；note_password 會存。",
    "sign_in_locks.lift_lock_of_address": "不是一個帳號的：在資安日誌。",
    "sign_ins.end_sessions": "在資安日誌。",
    "year_rules.carry_rules": "由 years.create 呼叫，走的是那一個。",
}
"""{verb: why it leaves no entry by itself}."""


def new_department(o):
    return Department.objects.create(name="港務處", position=7)


def another_year(o, **fields):
    values = {"year": 117, "title": "117年度計畫"}
    values |= {"starts_on": date(2028, 1, 1), "ends_on": date(2028, 12, 31)}
    return Programme.objects.create(**values | fields)


def name_deputy(o, at=LATER):
    until = TODAY + timedelta(days=3)
    return deputies.name_deputy(o["mei"], o["hao"], TODAY, until, by=o["mei"], at=at)


def give_first_passwords(o):
    mark = {o["mei"].pk: first_passwords.password_mark(o["mei"])}
    first_passwords.give_first_passwords(mark, by=o["admin"], at=LATER)


def reset_factor(o):
    SecondFactor.objects.create(user=o["mei"], seed="x", set_up_at=NOW)
    second_factor.remove(o["mei"], FactorChange.RESET, by=o["admin"], at=LATER)


def unlink(o):
    SingleSignOn.objects.create(user=o["mei"], issuer="x", subject="x", linked_at=NOW)
    single_sign_on.unlink(o["mei"], by=o["admin"], at=LATER)


def lift_lock(o):
    AccessAttempt.objects.create(username="mei", ip_address="192.0.2.1", failures_since_start=5)
    sign_in_locks.lift_lock(o["mei"], by=o["admin"], at=LATER)


def forget_day(o):
    row = working_days.set_day(TODAY, is_working=True, name="", by=o["yan"], at=NOW)
    working_days.forget_day(row, by=o["yan"], at=LATER)


def set_day(o):
    working_days.set_day(TODAY, is_working=True, name="補班", by=o["yan"], at=LATER)


def close_year(o):
    o["year"].periods.update(closed_at=NOW, closed_by=o["yan"])
    return years.close(o["year"], by=o["yan"], at=LATER)


def reopen_year(o):
    closed = another_year(o, state="closed")
    years.reopen(closed, because="補登", by=o["yan"], at=LATER)


def activate(o):
    asleep = Department.objects.create(name="港務處", position=7, is_active=False)
    departments.activate_department(asleep, by=o["yan"], at=LATER, today=TODAY)


def reopen_period(o):
    quarter = o["quarters"][2]
    periods.reopen_period(quarter, because="補報", by=o["yan"], at=LATER)


def open_period(o):
    year = another_year(o)
    first, *_ = periods.lay_out(year, by=o["yan"], at=NOW)
    periods.open_period(first, by=o["yan"], at=LATER)


WALKS = {
    "accounts.deactivate": lambda o: accounts.deactivate([o["mei"]], by=o["admin"], at=LATER),
    "departments.make_departments": lambda o: departments.make_departments(
        ["港務處"], by=o["yan"], at=LATER, today=TODAY
    ),
    "departments.save_department": lambda o: departments.save_department(
        Department(name="港務處", position=7), by=o["yan"], at=LATER, today=TODAY
    ),
    "departments.rename_department": lambda o: departments.rename_department(
        o["department"], "行政管理處", by=o["yan"], at=LATER
    ),
    "departments.place_department": lambda o: departments.place_department(
        o["department"], behind=new_department(o), by=o["yan"], at=LATER
    ),
    "departments.deactivate_departments": lambda o: departments.deactivate_departments(
        [o["department"]], by=o["yan"], at=LATER
    ),
    "departments.activate_department": activate,
    "departments.delete_unused": lambda o: departments.delete_unused(
        new_department(o), by=o["yan"], at=LATER
    ),
    "deputies.name_deputy": name_deputy,
    "deputies.end": lambda o: deputies.end(name_deputy(o, at=NOW), by=o["mei"], at=LATER),
    "first_passwords.give_first_passwords": give_first_passwords,
    "memberships.join": lambda o: memberships.join(
        o["guest"], o["department"], "reporter", by=o["yan"], at=LATER
    ),
    "memberships.change_role": lambda o: memberships.change_role(
        Membership.objects.get(user=o["mei"]), "head", by=o["yan"], at=LATER
    ),
    "memberships.leave": lambda o: memberships.leave(
        Membership.objects.get(user=o["mei"]), by=o["yan"], at=LATER
    ),
    "password_links.note_link": lambda o: password_links.note_link(
        o["mei"], "產生", by=o["admin"], at=LATER, door="page"
    ),
    "passwords.note_password": lambda o: passwords.note_password(
        o["mei"], passwords.PasswordSource.OFFICE, former="x", had_to_change=False,
        by=o["admin"], at=LATER,
    ),
    "periods.lay_out": lambda o: periods.lay_out(another_year(o), by=o["yan"], at=LATER),
    "periods.open_period": open_period,
    "periods.reopen_period": reopen_period,
    "periods.close_period": lambda o: periods.close_period(
        o["quarters"][3], by=o["yan"], at=LATER
    ),
    "periods.set_due": lambda o: periods.set_due(
        o["quarters"][3], date(2026, 12, 3), by=o["yan"], at=LATER
    ),
    "removing.remove_action": lambda o: removing.remove_action(
        Action.objects.get(), by=o["yan"], at=LATER
    ),
    "removing.remove_part": lambda o: removing.remove_part(
        Plan.objects.create(method=Plan.objects.get().method, position=9, title="空的"),
        by=o["yan"], at=LATER,
    ),
    "second_factor.remove": reset_factor,
    "second_factor.note": lambda o: second_factor.note(
        o["mei"], FactorChange.SET_UP, by=o["mei"], at=LATER, door="page"
    ),
    "sign_in_locks.lift_lock": lift_lock,
    "single_sign_on.unlink": unlink,
    "working_days.fill_year": lambda o: working_days.fill_year(2026, by=o["yan"], at=LATER),
    "working_days.set_day": set_day,
    "working_days.forget_day": forget_day,
    "year_rules.change_rules": lambda o: year_rules.change_rules(
        control_settings_of, o["year"], {"manager_decides_adjust": True}, by=o["yan"], at=LATER
    ),
    "years.create": lambda o: years.create(
        Programme(
            year=117, title="新的", starts_on=date(2028, 1, 1), ends_on=date(2028, 12, 31)
        ),
        by=o["yan"], at=LATER,
    ),
    "years.change": lambda o: years.change(
        o["year"], {"behind_threshold": 15}, by=o["yan"], at=LATER
    ),
    "years.start": lambda o: years.start(another_year(o), by=o["yan"], at=LATER),
    "years.close": close_year,
    "years.reopen": reopen_year,
    "years.delete_empty": lambda o: years.delete_empty(another_year(o), by=o["yan"], at=LATER),
}  # fmt: skip
"""{verb: how it is called at LATER}."""


@pytest.fixture
def office(
    make_action, administration, information, mei, hao, coordinator, admin, quarters, programme
):
    make_action([])
    return {
        "mei": mei, "hao": hao, "yan": coordinator, "admin": admin, "guest": make_user("g", "來客"),
        "department": administration, "other": information, "year": programme, "quarters": quarters,
    }  # fmt: skip


@pytest.mark.one_engine
def test_every_verb_about_no_item_is_walked_or_says_why_not():
    of_these = {verb for verb in verbs() if verb.split(".")[0] in MODULES_ABOUT_NO_ITEM}
    of_these |= {"removing.remove_action", "removing.remove_part"}
    assert of_these == set(WALKS) | set(WITHOUT_ENTRY)


@pytest.mark.one_engine
@pytest.mark.parametrize("verb", WALKS)
def test_a_verb_leaves_an_entry_that_the_chain_holds(office, verb):
    WALKS[verb](office)
    assert Change.objects.filter(at=LATER).exists()
    chain_ends()
    assert list(faults_of_history()) == []


def test_the_next_year_has_a_chain_of_its_own(office):
    """What is carried over of the rules stands in the chain of the new year."""
    year_rules.change_rules(
        control_settings_of,
        office["year"],
        {"manager_decides_adjust": True},
        by=office["yan"],
        at=NOW,
    )
    next_year = Programme(
        year=116, title="116年度計畫", starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31)
    )
    years.create(next_year, by=office["yan"], at=LATER)
    assert ControlSettings.objects.filter(programme=next_year).exists()
    told = Change.objects.filter(programme=next_year)
    assert set(told.values_list("model", flat=True)) >= {"programme", "controlsettings"}
    ends = {end.name: end.number for end in chain_ends()}
    assert ends["116 年度"] == told.count()
    assert list(faults_of_history()) == []
