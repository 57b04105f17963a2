"""Addresses of the summaries."""

urlpatterns = []
