"""The entry of the web server's workers; each ends with the supervisor."""

import os

from django.core.wsgi import get_wsgi_application

from ceping.config.lifeline import hold
from ceping.documents.confined import keep_nursery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ceping.config.settings")
# Files come in one after another here, each read by a child of its own.
keep_nursery()
application = get_wsgi_application()
# The worker's parent is the server's main process: asked to end, it takes all workers with it.
hold(os.getppid())
