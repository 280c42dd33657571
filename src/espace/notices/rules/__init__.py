"""What a mail says, and when it is sent."""

from espace.notices.rules.timing import (
    ATTENDING_DOCTOR,
    CONSENT,
    NEW_BROWSER,
    NEW_DOCUMENT,
    SIGN_IN_CHANGED,
    TOPICS,
    mail_at,
    wanted,
)
from espace.notices.rules.wording import invitation, notice, sign_in_code

__all__ = [
    "ATTENDING_DOCTOR",
    "CONSENT",
    "NEW_BROWSER",
    "NEW_DOCUMENT",
    "SIGN_IN_CHANGED",
    "TOPICS",
    "invitation",
    "mail_at",
    "notice",
    "sign_in_code",
    "wanted",
]
