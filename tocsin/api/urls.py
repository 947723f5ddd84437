"""The addresses at which other machines call."""

from django.urls import path

from tocsin.api import webhooks

urlpatterns = [path("<slug:esp>/", webhooks.reports, name="reports")]
