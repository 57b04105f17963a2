"""The back office as an app of Django."""

from django.contrib.admin.apps import AdminConfig


class BackOfficeConfig(AdminConfig):
    """Django's admin with our own site as `admin.site`."""

    default_site = "items.back_office.BackOffice"
