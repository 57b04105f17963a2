"""雙重驗證 below the pages: what two workers do at the same moment."""

import threading
import time

import pyotp
import pytest
from django.db import connection

from items.models import SecondFactor
from items.workflow import second_factor
from plan_tracker import one_time_codes
from tests.making import NOW, make_user


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_takes_the_code():
    user = make_user("mei", "王美玲")
    seed = one_time_codes.new_seed()
    SecondFactor.objects.create(user=user, seed=seed, set_up_at=NOW)
    code = pyotp.TOTP(one_time_codes.secret_of(seed)).at(int(time.time()))
    together = threading.Barrier(2)
    taken = []

    def take():
        together.wait()
        taken.append(second_factor.take_code(user, code, at=NOW))
        connection.close()

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [False, True]
