"""The WSGI entry point, for a server of the office's own."""

import os

from django.core.wsgi import get_wsgi_application

from plan_tracker.collector import look_less_often
from plan_tracker.heaps import keep_one_heap
from plan_tracker.starting import application_or_sentence

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plan_tracker.settings")

# Before the server starts its threads.
keep_one_heap()
application = application_or_sentence(get_wsgi_application)
look_less_often()
