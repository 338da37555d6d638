"""The entry of the web server's workers; each ends with the supervisor."""

import os

from django.core.wsgi import get_wsgi_application

from ceping.config.lifeline import hold
from ceping.documents.confined import keep_nursery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ceping.config.settings")
application = get_wsgi_application()
# Files come in one after another here, each read by a child of its own; the first sender need not wait for the loading.
keep_nursery(ahead=True)
# The worker's parent is the server's main process: asked to end, it takes all workers with it.
hold(os.getppid())
