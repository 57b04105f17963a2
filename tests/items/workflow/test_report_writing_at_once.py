"""Many write reports of one period at the same moment; none waits for another, closing for all."""

import threading

import pytest
from django.db import OperationalError, connection, transaction

from items.models import Period, ProgressReport
from items.workflow import report_writing
from tests.making import NOW

CONTENT = {"text": "完成地坪施工。", "percent": 89, "work_status": "in_progress"}


@pytest.mark.django_db(transaction=True)
def test_writers_of_a_period_do_not_wait_for_each_other(make_action, administration, q4, mei):
    if not connection.features.has_select_for_update:
        pytest.skip("SQLite has one writer at a time")
    one = make_action([administration]).assignments.get()
    other = make_action([administration]).assignments.get()
    closing = []

    def write_meanwhile():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
            report_writing.write(other, q4, CONTENT, version=0, by=mei, at=NOW)
            try:
                with transaction.atomic():
                    Period.objects.select_for_update(nowait=True).get(pk=q4.pk)
            except OperationalError:
                closing.append("waits")
        finally:
            connection.close()

    with transaction.atomic():
        report_writing.write(one, q4, CONTENT, version=0, by=mei, at=NOW)
        thread = threading.Thread(target=write_meanwhile)
        thread.start()
        thread.join()
    assert ProgressReport.objects.count() == 2
    assert closing == ["waits"]
