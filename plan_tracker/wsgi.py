"""The WSGI entry point, for a server of the office's own."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plan_tracker.settings")

application = get_wsgi_application()
