"""The WSGI application: `gunicorn lodestock_desk.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lodestock_desk.settings")
application = get_wsgi_application()
