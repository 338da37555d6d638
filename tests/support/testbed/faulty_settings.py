"""The product's own settings, durable database included, with the addresses of the fault tests."""

from ceping.config.settings import *  # noqa: F403
from ceping.config.settings import INSTALLED_APPS

INSTALLED_APPS = ["testbed", *INSTALLED_APPS]
ROOT_URLCONF = "testbed.faulty"
# No pool: a process is forked for every life of the server, and threads do not survive a fork.
for _database in DATABASES.values():  # noqa: F405
    _database["OPTIONS"] = {}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
