"""What PostgreSQL's planner knows of the tables of a test."""

from django.db import connection


def refresh_statistics():
    """Count the rows anew, after a test has written thousands of them.

    The service's tables are counted within a minute of their being filled. Inside a test's
    transaction nobody counts them, and PostgreSQL plans for a handful of rows: a query of a tenth
    of a second may then take minutes.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
