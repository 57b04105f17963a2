"""How the database is emptied after a test that committed: what holds rows, instead of all tables.

Django truncates every table and then makes all content types and permissions anew, which takes
half a second a test. Neither depends on a test: they stay as the migrations have left them.
"""

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connections, transaction
from django.test import TransactionTestCase

STAYING = {ContentType._meta.db_table, Permission._meta.db_table}


def install():
    """Let every test that commits leave the database in this way."""
    TransactionTestCase._fixture_teardown = _empty_all


def _empty_all(test_case):
    for name in test_case._databases_names(include_mirrors=False):
        empty(connections[name])


def empty(connection):
    """Delete the rows of every table but those that no test changes."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with connection.cursor() as cursor:
        filled = _tables_with_rows(cursor, sorted(set(tables) - STAYING))
        # Keys between them are looked at when all are empty: at the end of the transaction.
        with transaction.atomic(using=connection.alias):
            for table in filled:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")


def _tables_with_rows(cursor, tables):
    quote = cursor.db.ops.quote_name
    questions = [
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {quote(table)})" for table in tables
    ]
    if not questions:
        return []
    cursor.execute(" UNION ALL ".join(questions))
    return [table for (table,) in cursor.fetchall()]
