"""Django's settings, made from `espace.site.config`. Importing them reads the home and writes nothing."""

import secrets
from typing import Any
from urllib.parse import urlsplit

from psycopg import IsolationLevel

from espace.site.config import Config, Database, load, read_secret_key
from espace.site.logs import logging_settings
from espace.site.places import databases

_config: Config = load()


def _django_database(database: Database, **options: Any) -> dict[str, Any]:
    return {
        "ENGINE": "espace.site.backend",
        "NAME": database.name,
        "USER": database.user,
        "PASSWORD": database.password,
        "HOST": database.host,
        "PORT": database.port,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # Statements are prepared by the server at their second use: half its work (docs/reference/figures.md).
        "OPTIONS": {
            "connect_timeout": 5,
            "server_side_binding": True,
            "prepare_threshold": 2,
            **dict(database.options),
            **options,
        },
    }


ESPACE_HOME = _config.home
ESPACE_PORT = _config.port
ESPACE_PUBLIC_URL = _config.public_url
ESPACE_THREADS = _config.threads
ESPACE_TRUSTED_PROXIES = _config.trusted_proxies
ESPACE_CONTENT_URL = _config.content_url
ESPACE_CONTENT_ACCESS_KEY = _config.content_access_key
ESPACE_CONTENT_SECRET_KEY = _config.content_secret_key
ESPACE_ORPHAN_HOURS = _config.orphan_hours
ESPACE_KEYS_FOLDER = _config.home / "keys"
ESPACE_MAIL_FOLDER = _config.home / "mail"
ESPACE_AUTHORITIES = _config.authorities
ESPACE_REVOCATIONS = _config.revocations
ESPACE_DISPATCH_CENTRES = _config.dispatch_centres
ESPACE_REPOSITORY_OID = _config.repository_oid
ESPACE_METRICS_TOKEN = _config.metrics_token
ESPACE_OTLP_URL = _config.otlp_url
ESPACE_BUDGET_HOUR = _config.budget_hour
ESPACE_BUDGET_DAY = _config.budget_day
ESPACE_BUDGETS = _config.budgets
ESPACE_TOKEN_SECONDS = _config.token_seconds
ESPACE_STEP_UP_MINUTES = _config.step_up_minutes
ESPACE_RECOVERY_HOURS = _config.recovery_hours
ESPACE_ADVISING_MINUTES = _config.advising_minutes
ESPACE_SANDBOX_HOUR = _config.sandbox_hour
ESPACE_SANDBOX_MOST = _config.sandbox_most
ESPACE_TEST_IDENTITIES = _config.test_identities
ESPACE_DEMONSTRATION = _config.demonstration
ESPACE_MAX_DOCUMENT_BYTES = _config.max_document_bytes
ESPACE_UPLOAD_MAX_BYTES = _config.upload_max_bytes
ESPACE_OWN_DOCUMENTS = _config.own_documents
ESPACE_OWN_BYTES = _config.own_bytes
ESPACE_EXTRACTED_BYTES = _config.extracted_bytes
ESPACE_TRASH_DAYS = _config.trash_days
ESPACE_COPY_DAYS = _config.copy_days
ESPACE_CLOSING_DAYS = _config.closing_days
ESPACE_NOTICE_DAYS = _config.notice_days
ESPACE_HOLD_TELL_DAYS = _config.hold_tell_days
ESPACE_HOLD_DAYS = _config.hold_days
ESPACE_MAJORITY_REMINDERS = _config.majority_reminders
ESPACE_MAX_REQUEST_BYTES = _config.max_request_bytes
ESPACE_LARGE_BYTES_AT_ONCE = _config.large_bytes_at_once
ESPACE_MAX_XML_DEPTH = _config.max_xml_depth
ESPACE_PSC_ISSUER = _config.sign_in.issuer
ESPACE_PSC_DISCOVERY = _config.sign_in.discovery_url
ESPACE_PSC_CLIENT_ID = _config.sign_in.client_id
ESPACE_PSC_CLIENT_SECRET = _config.sign_in.client_secret
ESPACE_PSC_SCOPE = _config.sign_in.scope
ESPACE_PSC_ACR = _config.sign_in.acr
ESPACE_PSC_TIERS = _config.sign_in.tiers
ESPACE_PSC_CLIENTS = _config.sign_in.clients

SECRET_KEY = read_secret_key(_config.home) or secrets.token_urlsafe(48)
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", urlsplit(_config.public_url).hostname or "localhost"]
ROOT_URLCONF = "espace.site.urls"
WSGI_APPLICATION = "espace.site.wsgi.application"

_databases = databases(_config)
DATABASES = {
    "default": _django_database(_databases["default"], isolation_level=IsolationLevel.REPEATABLE_READ),
    "owner": _django_database(_databases["owner"]),
    "keys": _django_database(_databases["keys"]),
}
DATABASE_ROUTERS = ["espace.site.routers.Databases"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "espace.keys",
    "espace.trace",
    "espace.outbox",
    "espace.identity",
    "espace.enrolment",
    "espace.catalogue",
    "espace.access",
    "espace.record",
    "espace.clinical",
    "espace.indicators",
    "espace.notices",
    # before allauth: the portal's templates and words replace allauth's own
    "espace.portal",
    "espace.workstation",
    "espace.looks",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "espace.portal.spaces.helped_space",
    "django.middleware.security.SecurityMiddleware",
    "espace.looks.middleware.security_headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "espace.looks.middleware.chosen_language",
    "espace.looks.middleware.readable_body",
    "espace.portal.pages.own.receiving.bounded_body",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "espace.looks.middleware.Unavailable",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

AUTH_USER_MODEL = "identity.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "espace.portal.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "identifier"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
# Wrong passwords and codes. The address first, so that it makes no more counts than it has tries, each hour too.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,200/h/ip,5/300s/key"}
MFA_ADAPTER = "espace.portal.adapters.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp"]
MFA_TOTP_ISSUER = "espace santé"
CSRF_FAILURE_VIEW = "espace.looks.errors.csrf_failure"

SESSION_ENGINE = "espace.looks.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _config.public_url.startswith("https:")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SESSION_COOKIE_SECURE else 0
X_FRAME_OPTIONS = "DENY"

# Counts of tries, and nothing else: Django's own backends drop what is alive once they are full.
CACHES = {"default": {"BACKEND": "espace.identity.adapters.Tallies"}}

ESPACE_DOORS = ["espace.portal.places.DOOR", "espace.workstation.places.DOOR"]
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
TIME_ZONE = "Europe/Paris"
USE_TZ = True
STATIC_URL = "/static/"

_mail = _config.mail_server
EMAIL_BACKEND = "espace.notices.adapters.smtp.Backend"
EMAIL_HOST, EMAIL_PORT = _mail.host, _mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
EMAIL_USE_SSL, EMAIL_USE_TLS = _mail.tls, _mail.starttls
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = _config.mail_from

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
LOGGING = logging_settings(_config)
