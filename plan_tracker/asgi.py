"""The ASGI entry point, for a server of the office's own."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plan_tracker.settings")

application = get_asgi_application()
