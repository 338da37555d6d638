"""The project's settings with a throw-away database, fast passwords and plain static files."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
os.environ.setdefault("CEPING_HOME", str(ROOT / "var" / "test"))
for _name in ("DATABASE_URL", "CEPING_DEMO", "CEPING_HOSTS", "CEPING_HTTPS"):
    os.environ.pop(_name, None)
# An identity provider is configured; a test that needs one to answer runs its own and says where it is.
_secret = Path(os.environ["CEPING_HOME"]) / "oidc-secret"
_secret.parent.mkdir(parents=True, exist_ok=True)
_secret.touch(mode=0o600)
_secret.write_text("of-the-tests", encoding="ascii")
_identity = {
    "CEPING_OIDC_ISSUER": "http://127.0.0.1:9",
    "CEPING_OIDC_CLIENT": "ceping",
    "CEPING_OIDC_SECRET_FILE": str(_secret),
    "CEPING_OIDC_LABEL": "一网通办",
}
for _name in ("CEPING_OIDC_CLAIM", "CEPING_OIDC_PAGES"):
    os.environ.pop(_name, None)
os.environ |= _identity

from ceping.config.settings import *  # noqa: E402, F403
from ceping.config.settings import DATABASES, INSTALLED_APPS, STATIC_ROOT  # noqa: E402
from ceping.postgres.server import Server  # noqa: E402

# Programs that a test starts are told by that test what they stand in.
for _name in _identity:
    os.environ.pop(_name)

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
