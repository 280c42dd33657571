"""What a mail says, and when it is sent."""

from espace.notices.rules.timing import (
    ATTENDING_DOCTOR,
    CONSENT,
    CONSULT,
    EMERGENCY,
    NEW_BROWSER,
    NEW_DOCUMENT,
    PASSWORD_CHANGED,
    PASSWORD_TRIED,
    SIGN_IN_CHANGED,
    TOPICS,
    mail_at,
    wanted,
)
from espace.notices.rules.ways_in import address_changed, address_code, recovery
from espace.notices.rules.wording import invitation, notice, sign_in_code

__all__ = [
    "ATTENDING_DOCTOR",
    "CONSENT",
    "CONSULT",
    "EMERGENCY",
    "NEW_BROWSER",
    "NEW_DOCUMENT",
    "PASSWORD_CHANGED",
    "PASSWORD_TRIED",
    "SIGN_IN_CHANGED",
    "TOPICS",
    "address_changed",
    "address_code",
    "invitation",
    "mail_at",
    "notice",
    "recovery",
    "sign_in_code",
    "wanted",
]
