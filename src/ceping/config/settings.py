"""Django's settings, from the surroundings alone: nothing here is changed for one installation."""

import os
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from ceping.config.environment import LOOPBACK, database_in, flag, home, whole, words
from ceping.config.keys import data_keys, make_keys, secret_key
from ceping.config.logging import logging_for
from ceping.config.mail import Mail, mail_in, site_url
from ceping.config.oidc import Oidc, oidc_in
from ceping.postgres.server import Server

_WEB = Path(__file__).resolve().parent.parent / "web"

HOME = home()
DATABASE_URL = words("DATABASE_URL")[0] if words("DATABASE_URL") else ""
# The demo opens every role to a click, so it exists on this machine's own addresses and on its own database alone.
DEMO = flag("CEPING_DEMO", default=False)
DEBUG = flag("CEPING_DEBUG_PAGES", default=False)
# The demo asks nobody who they are.
OIDC = Oidc() if DEMO else oidc_in()
# What the button says; "" without one.
IDENTITY = OIDC.label if OIDC.whole else ""
# Plain http is for loopback: anywhere else a log-in travels under https or not at all.
HTTPS = flag("CEPING_HTTPS", default=bool(words("CEPING_HOSTS")))
ALLOWED_HOSTS = list(LOOPBACK) if DEMO else [*LOOPBACK, *words("CEPING_HOSTS")]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in words("CEPING_HOSTS")]

# Data without its keys is a folder that was moved in part: new keys would only hide that.
if not DATABASE_URL and not (HOME.postgres / "data").exists():
    make_keys(HOME.keys)
SECRET_KEY = secret_key(HOME.keys)
DATA_KEYS = data_keys(HOME.keys)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "django_htmx",
    "template_partials",
    "csp",
    "ceping.ground.journal",
    "ceping.ground.people",
    "ceping.ground.files",
    "ceping.ground.work",
    "ceping.ground.exports",
    "ceping.ground.messages",
    "ceping.stages.scheme",
    "ceping.stages.report",
    "ceping.stages.shop",
    "ceping.stages.recommendation",
    "ceping.stages.assessment",
    "ceping.stages.verification",
    "ceping.stages.points",
    "ceping.stages.results",
    "ceping.stages.publication",
    "ceping.flow",
    "ceping.web.ui",
    "ceping.web.institution",
    "ceping.web.recommender",
    "ceping.web.assessor",
    "ceping.web.office",
    "ceping.web.auditor",
    "ceping.web.verifier",
    "ceping.web.public",
    "ceping.web.market",
    "ceping.web.api",
]
if IDENTITY:
    INSTALLED_APPS += ["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]
    globals().update(OIDC.settings())
MIDDLEWARE = [
    "ceping.web.ui.numbered.NumberedMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "ceping.web.ui.staying.StayingMiddleware",
    "ceping.web.ui.plain.PlainMiddleware",
    "ceping.web.ui.door.DoorMiddleware",
    "ceping.web.ui.reading.ReadingMiddleware",
]
ROOT_URLCONF = "ceping.config.urls"
WSGI_APPLICATION = "ceping.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_WEB / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ceping.web.ui.context.page",
            ]
        },
    }
]


def _databases() -> dict[str, Any]:
    pool = {"min_size": 1, "max_size": 8, "timeout": 10}
    if DATABASE_URL:
        one: dict[str, Any] = database_in(DATABASE_URL)
    else:
        one = {
            "ENGINE": "ceping.config.database",
            "NAME": "ceping",
            "USER": "ceping",
            "EMBEDDED": Server(HOME.postgres, programs=words("CEPING_POSTGRES")[0] if words("CEPING_POSTGRES") else ""),
        }
    options = one.get("OPTIONS", {})
    common = {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}
    # Limits and the cache live on a connection of their own: what they count is kept when a request is rolled back.
    return {
        "default": {**one, **common, "OPTIONS": {**options, "pool": pool}},
        "cache": {
            **one,
            **common,
            "OPTIONS": {**options, "pool": {**pool, "max_size": 4}},
            "TEST": {"MIRROR": "default"},
        },
    }


DATABASES = _databases()
DATABASE_ROUTERS = ["ceping.config.routing.CacheRouter"]
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # The default of 300 would throw away the counted log-ins of a deadline day.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "ceping.ground.people.login.NameBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "ceping.ground.people.login.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# A district's whole office comes from one address on deadline day. The key is account and network together: wrong
# passwords lock an account for the network they came from, never its owner elsewhere.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "60/m/ip,5/300s/key",
    # A district's office may help a dozen firms in an hour; nobody claims one institution more often than a few times.
    "claim": "20/h/ip",
    "claim_code": "5/d/key",
    # Many clients may sit behind one address; a token is never guessed at this pace.
    "answer": "60/h/ip",
    # One office may sit behind one address: enough for it, too few to fill a disk.
    "objection": "20/h/ip",
    # A class may sign up from one room; nobody makes accounts by the hundred.
    "join": "30/h/ip",
    # A code is twelve letters of twenty-four: not to be found by trying.
    "check": "300/h/ip",
}
# A letter to whoever is not here would be a letter to a stranger.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
PASSWORD_RESET_TIMEOUT = 3600
ALLAUTH_TRUSTED_PROXY_COUNT = whole("CEPING_PROXIES", default=0, least=0)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Else an account whose address nobody confirmed could never turn on its second factor.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_TOTP_ISSUER = "ceping"
MFA_FORMS = {
    "add_webauthn": "ceping.web.ui.passkeys.AddPasskey",
    "edit_webauthn": "ceping.web.ui.passkeys.RenamePasskey",
}

# A log-in lasts so long in all, and so long without a sign of its reader (`web.ui.staying`); in seconds.
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_AGE = 30 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "ceping.web.ui.faults.no_token"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
X_FRAME_OPTIONS = "SAMEORIGIN"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        # A form that leads to the identity provider is followed only where it may lead.
        "form-action": [SELF, *(OIDC.origins() if IDENTITY else ())],
        "frame-ancestors": [SELF],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATIC_ROOT = HOME.folder / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "ceping.web.ui.charts.ChartsFinder",
]
MEDIA_ROOT = HOME.media
# A folder that a cluster sees as well, where points are counted anew by one.
POINTS_LOG = Path(os.environ.get("CEPING_POINTS_LOG") or HOME.points_log)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "ceping.web.ui.spooling.SpoolingHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# The demo writes to nobody.
MAIL = Mail() if DEMO else mail_in()
globals().update(MAIL.settings())
EMAIL_FILE_PATH = HOME.outbox
# Short messages lie in the outbox as files until an adapter of the carrier's takes its place.
SMS_BACKEND = [*([] if DEMO else words("CEPING_SMS_BACKEND")), "ceping.ground.messages.outbox.FileOutbox"][0]
# Letters wait for a person's word before they go out.
HOLD_LETTERS = flag("CEPING_HOLD_LETTERS", default=False)
# Networks of a site's own to which other systems may be told of levels; else the open internet alone.
HOOK_NETWORKS = words("CEPING_HOOK_NETWORKS")
# Where a letter's links lead.
SITE_URL = site_url(
    hosts=words("CEPING_HOSTS"),
    https=HTTPS,
    bind=words("CEPING_BIND")[0] if words("CEPING_BIND") else "",
    port=whole("CEPING_PORT", default=8000),
)
EMAIL_TIMEOUT = 10
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016"] if not HTTPS else []
# One JSON record a line where somebody collects them; readable lines at a person's terminal.
LOGGING = logging_for(as_json=flag("CEPING_LOG_JSON", default=HTTPS))
