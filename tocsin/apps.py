"""The one Django app that holds every noun."""

from django.apps import AppConfig


class TocsinConfig(AppConfig):
    """Tocsin, as Django knows it."""

    name = "tocsin"
    label = "tocsin"
    verbose_name = "Tocsin"
    default_auto_field = "django.db.models.BigAutoField"
