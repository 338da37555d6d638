"""The project's settings with a throw-away database, fast passwords and plain static files."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
os.environ.setdefault("CEPING_HOME", str(ROOT / "var" / "test"))
for _name in ("DATABASE_URL", "CEPING_DEMO", "CEPING_HOSTS", "CEPING_HTTPS"):
    os.environ.pop(_name, None)

from ceping.config.settings import *  # noqa: E402, F403
from ceping.config.settings import DATABASES, INSTALLED_APPS, STATIC_ROOT  # noqa: E402
from ceping.postgres.server import Server  # noqa: E402

SERVER = Server(ROOT / "var" / "test" / "pg", grace=60, durable=False)
for _database in DATABASES.values():
    _database["EMBEDDED"] = SERVER
    # Another test's worker must be able to drop what this one leaves.
    _database["OPTIONS"] = {}
DATABASES["default"]["TEST"] = {"NAME": "ceping_test"}

INSTALLED_APPS = ["testbed", *INSTALLED_APPS]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
DATABASE_ROUTERS: list[str] = []
# Else the one that serves static files warns that there are none.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
