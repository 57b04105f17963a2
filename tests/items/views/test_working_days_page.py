"""The page 辦公日曆, and where a due day falls on a holiday."""

from datetime import date

import pytest

from items.models import OfficeDay, WorkingCalendar
from items.workflow import working_days
from tests.making import NOW, make_user

PAGE = "/115/working-days/"


@pytest.fixture
def client(sign_in, coordinator, programme):
    return sign_in(coordinator)


@pytest.fixture
def yan_too():
    return make_user("lin", "林研考", role="coordinator")


@pytest.mark.one_engine
def test_an_empty_year_says_so_and_is_filled_by_one_press(client):
    assert "115 年還沒有填入，現在只認得星期六、日" in client.get(PAGE).content.decode()
    page = client.post(f"{PAGE}fill/", follow=True).content.decode()
    assert "更新 16 天" in page
    assert "行憲紀念日" in page
    assert "還沒有填入" not in page


def test_a_storm_day_is_set_and_taken_back(client):
    data = {"day": "9/1", "state": "off", "name": "颱風停班"}
    page = client.post(PAGE, data, follow=True).content.decode()
    assert "已設定：115年9月1日 放假" in page
    row = OfficeDay.objects.get()
    assert (row.day, row.name, row.is_working) == (date(2026, 9, 1), "颱風停班", False)
    data = {"day": row.pk, "seen": row.as_seen}
    page = client.post(f"{PAGE}forget/", data, follow=True).content.decode()
    assert "已取消 115年9月1日 放假 的設定" in page
    assert WorkingCalendar.load().is_working(date(2026, 9, 1))


def test_whoever_sets_a_day_that_another_has_just_set_is_told_and_may_insist(client, yan_too):
    mine = {"day": "9/1", "state": "working", "name": ""}
    working_days.set_day(date(2026, 9, 1), is_working=False, name="颱風停班", by=yan_too, at=NOW)
    told = client.post(PAGE, mine).content.decode()
    assert "林研考在115年11月22日 10:00設定了115年9月1日 放假（颱風停班）" in told
    assert OfficeDay.objects.get().name == "颱風停班"
    [row] = OfficeDay.objects.all()
    assert f'name="seen" value="{row.as_seen}"' in told
    done = client.post(PAGE, mine | {"seen": [row.as_seen]}, follow=True).content.decode()
    assert "已設定：115年9月1日 上班" in done


def test_a_day_that_another_has_changed_is_not_taken_back_unseen(client, coordinator):
    day = date(2026, 9, 1)
    row = working_days.set_day(day, is_working=False, name="颱風", by=coordinator, at=NOW)
    seen = row.as_seen
    working_days.set_day(day, is_working=True, name="補班", by=coordinator, at=NOW)
    data = {"day": row.pk, "seen": seen}
    told = client.post(f"{PAGE}forget/", data, follow=True).content.decode()
    assert "115年9月1日 上班（補班）" in told
    row.refresh_from_db()
    data["seen"] = row.as_seen
    client.post(f"{PAGE}forget/", data)
    again = client.post(f"{PAGE}forget/", data, follow=True).content.decode()
    assert "這一天的設定剛才已經取消了" in again


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"day": "", "state": "off"}, "請填日期"),
        ({"day": "2/30", "state": "off"}, "115年2月只有 28 天"),
        ({"day": "9/1", "state": "perhaps"}, "請選上班或放假"),
        ({"day": "9/1", "state": "off", "name": "長" * 51}, "說明太長，最多 50 個字"),
    ],
)
def test_what_cannot_be_is_said_beside_what_was_typed(client, data, sentence):
    page = client.post(PAGE, data).content.decode()
    assert sentence in page
    assert f'value="{data["day"]}"' in page or not data["day"]
    assert not OfficeDay.objects.exists()


@pytest.mark.one_engine
@pytest.mark.parametrize("step", ["fly", "forget"])
def test_a_step_or_a_day_that_is_not_there_is_404(client, step):
    assert client.post(f"{PAGE}{step}/", {"day": "x"}).status_code == 404


@pytest.mark.one_engine
def test_a_due_day_on_a_holiday_is_told_where_it_is_set(client, q4, coordinator):
    working_days.set_day(
        date(2026, 12, 25), is_working=False, name="行憲紀念日", by=coordinator, at=NOW
    )
    done = client.post("/115/periods/4/due/", {"4-due_on": "12/25"}, follow=True)
    words = "115年12月25日放假（行憲紀念日），前一個上班日是115年12月24日"
    # Once as the answer and once on the card of the period.
    assert done.content.decode().count(words) == 2
    assert f"填報期限 {words}" in client.get(PAGE).content.decode()


@pytest.mark.one_engine
def test_a_period_that_is_opened_again_is_due_on_a_day_that_is_worked(client, q3, coordinator):
    # 14 days after 115年11月22日 is a Sunday, and the Monday after it is off here.
    working_days.set_day(date(2026, 12, 7), is_working=False, name="停班", by=coordinator, at=NOW)
    page = client.get("/115/periods/").content.decode()
    assert 'name="3-due_on" value="115/12/08"' in page
