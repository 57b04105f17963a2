"""Addresses of the summaries and documents."""

from django.urls import path

from reports import document_views, views

urlpatterns = [
    path("<int:year>/", views.dashboard, name="dashboard"),
    path(
        "<int:year>/requests/<int:pk>/form/<str:format>/",
        document_views.control_form,
        name="control_form",
    ),
    path(
        "<int:year>/year-end/<int:pk>/form/<str:format>/",
        document_views.year_end_form,
        name="year_end_form",
    ),
]
