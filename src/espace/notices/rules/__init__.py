"""What a mail says, and when it is sent."""

from espace.notices.rules.timing import ATTENDING_DOCTOR, CONSENT, NEW_DOCUMENT, TOPICS, mail_at, wanted
from espace.notices.rules.wording import invitation, notice

__all__ = [
    "ATTENDING_DOCTOR",
    "CONSENT",
    "NEW_DOCUMENT",
    "TOPICS",
    "invitation",
    "mail_at",
    "notice",
    "wanted",
]
