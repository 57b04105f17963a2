"""Django set up on a migrated database; run by itself, it migrates the one that all others copy.

    python -m benchmarks._migrated

DATABASE_URL and DATA_DIR say which database.
"""

import os

if __name__ == "__main__":
    os.environ["DEMONSTRATION"] = "1"
    os.environ["DJANGO_SETTINGS_MODULE"] = "plan_tracker.settings"


def set_up() -> None:
    """To find out that nothing is to be migrated takes two seconds: a look at the tables does it."""
    # Only now: Django reads the settings when it is imported.
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    if "django_migrations" not in connection.introspection.table_names():
        call_command("migrate", verbosity=0)
    # Whoever measures begins with a connection of its own.
    connection.close()


if __name__ == "__main__":
    set_up()
    print("null")
