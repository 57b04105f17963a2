"""The back office as an app of Django."""

from django.contrib.admin.apps import AdminConfig


class BackOfficeConfig(AdminConfig):
    """Django's admin with our own site as `admin.site`."""

    default_site = "items.back_office.BackOffice"

    def ready(self) -> None:
        super().ready()
        # Importing it registers the check.
        from plan_tracker import rights_check  # noqa: F401
