"""The app's name in Django and on the screen."""

from django.apps import AppConfig


class ItemsConfig(AppConfig):
    name = "items"
    verbose_name = "計畫管考"
