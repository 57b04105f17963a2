"""Addresses of the summaries."""

from django.urls import path

from reports import views

urlpatterns = [path("<int:year>/", views.dashboard, name="dashboard")]
