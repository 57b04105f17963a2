"""The 115 plan as a database, a year with one row of each kind for the walk of all addresses, a bucket."""

import logging

import pytest

from items.models import Programme
from items.workflow import periods
from tests.items.bucket_settings import use_bucket
from tests.items.whole_world import make_world
from tests.kept_rows import load_plan
from tests.making import NOW
from tests.whole_office import office_of_a_module


@pytest.fixture
def plan(db):
    """The 115 plan as loaded from the fixture."""
    load_plan()
    return Programme.objects.get(year=115)


@pytest.fixture
def quarter(plan, coordinator):
    """115年第4季, open."""
    periods.lay_out(plan, by=coordinator, at=NOW)
    return periods.open_period(plan.periods.get(number=4), by=coordinator, at=NOW)


@pytest.fixture(scope="module")
def whole_office(django_db_setup, django_db_blocker):
    """Everybody and the running year, for all tests of a module; they are marked `django_db`."""
    with office_of_a_module(django_db_blocker) as made:
        yield made


@pytest.fixture(scope="module")
def world(whole_office):
    """{what stands in an address: the key of its row}, and who may be signed in, for a whole module."""
    return make_world(whole_office)


@pytest.fixture(scope="session")
def bucket_server():
    """An S3 server that says nothing of each request.

    Imported only where it is asked for: it takes as long as all tests of a bucket.
    """
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def bucket(bucket_server, settings, monkeypatch):
    """The settings as EVIDENCE_BUCKET and EVIDENCE_ENDPOINT make them, and an empty bucket."""
    import boto3

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "an id")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a secret")
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    host, port = bucket_server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    options = {"bucket_name": "evidence", "endpoint_url": endpoint, "file_overwrite": False}
    use_bucket(settings, options)
    client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")
    client.create_bucket(Bucket="evidence")
    yield client
    made = boto3.resource("s3", endpoint_url=endpoint, region_name="us-east-1").Bucket("evidence")
    made.objects.all().delete()
    made.delete()
    client.close()
