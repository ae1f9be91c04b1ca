"""WSGI entry point, for sites that run the pages under a WSGI server and `/events` beside it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commerce.settings")
application = get_wsgi_application()
