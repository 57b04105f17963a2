"""Names of departments: what no file could carry out and back is refused where it is made."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from items.models import Department
from items.workflow import history
from tests.making import NOW

REFUSED = [
    ("人事、政風室", "會被拆成兩個單位"),
    ("人事／政風室", "會被拆成兩個單位"),
    ("人事；政風室", "會被拆成兩個單位"),
    ("人事，政風室", "會被拆成兩個單位"),
    ("Port Office", "會被拆成兩個單位"),
    ("人事室(兼政風)", "裡有括號"),
    ("人事室（兼政風）", "裡有括號"),
    ("007", "只有數字"),
    ("１２", "只有數字"),
    ("台北辦事處", "已經有「臺北辦事處」"),
    ("ＩＴ室", "已經有「IT室」"),
    ("臺北辦事處", "已經有「臺北辦事處」這個單位。"),
    ("各 單位", "不能當作單位名稱"),
]


@pytest.fixture(autouse=True)
def _others(db):
    Department.objects.create(name="臺北辦事處", position=1)
    Department.objects.create(name="IT室", position=2)


@pytest.mark.parametrize(("name", "sentence"), REFUSED)
def test_a_new_department_has_a_name_that_files_can_carry(admin, name, sentence):
    with pytest.raises(ValidationError, match=sentence):
        history.save(Department(name=name), by=admin, at=NOW)
    assert Department.objects.count() == 2


@pytest.mark.parametrize("name", ["業務處", "第3課", "e化小組", "台東辦事處", "人事及政風室"])
def test_other_names_are_fine(admin, name):
    assert history.save(Department(name=name), by=admin, at=NOW).pk


def test_a_name_from_before_the_rule_stays_while_the_rest_is_edited(admin):
    old = Department.objects.create(name="人事、政風室", position=3)
    old.position = 4
    history.save(old, by=admin, at=NOW)
    old.name = "人事／政風室"
    with pytest.raises(ValidationError, match="會被拆成兩個單位"):
        history.save(old, by=admin, at=NOW)


def test_the_form_says_so_beside_the_name_and_offers_the_last_place(client, admin):
    client.force_login(admin)
    address = reverse("admin:items_department_add")
    assert client.get(address).context["adminform"].form["position"].value() == 3
    data = {
        "name": "台北辦事處",
        "position": 3,
        "is_active": "on",
        "memberships-TOTAL_FORMS": 0,
        "memberships-INITIAL_FORMS": 0,
    }
    form = client.post(address, data).context["adminform"].form
    assert "會分不出來，請換一個名稱" in form.errors["name"][0]
