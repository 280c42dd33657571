"""When a mail is sent: at once the first time, then rarely enough to be read. Sources: C26, C40, M05-M08."""

from datetime import datetime, timedelta

from espace.notices.facts import Preferences, Told, Topic, Wish

NEW_DOCUMENT = Topic("new_document", Wish.NEW_DOCUMENT, timedelta(minutes=10), timedelta(hours=1))
"""Deposits come in groups: one mail for those of the same ten minutes, one an hour at most, and none is untold."""

REPLACED = Topic("replaced", Wish.REPLACED, timedelta(minutes=10), timedelta(hours=1))
DELETED = Topic("deleted", Wish.DELETED, timedelta(minutes=10), timedelta(hours=1))
UNMASKED = Topic("unmasked", Wish.UNMASKED, timedelta(minutes=10), timedelta(hours=1))
CORRECTED = Topic("corrected", Wish.REPLACED, timedelta(minutes=10), timedelta(hours=1))
FIRST_ACCESS = Topic("first_access", Wish.FIRST_ACCESS, timedelta(minutes=10), timedelta(hours=1))
ACCESS = Topic("access", Wish.ACCESS, timedelta(minutes=10), timedelta(hours=1))
"""What comes in groups too: a series of corrections, the professionals of one team."""

CONSENT = Topic("consent", Wish.SHARING, timedelta(0), timedelta(minutes=10))
CARE_TEAM = Topic("care_team", Wish.SHARING, timedelta(0), timedelta(minutes=10))
ADMINISTRATION = Topic("administration", Wish.SHARING, timedelta(0), timedelta(minutes=10))
ATTENDING_DOCTOR = Topic("attending_doctor", Wish.SHARING, timedelta(0), timedelta(minutes=10))
FEEDING_WISH = Topic("feeding_wish", Wish.SHARING, timedelta(0), timedelta(minutes=10))
"""Each is told; several in a row, by error or to drown one another, make one mail in ten minutes."""

COPY_READY = Topic("copy_ready", None, timedelta(0), timedelta(0))
"""Who asked for a copy waits for it."""

EMERGENCY = Topic("emergency", None, timedelta(0), timedelta(0))
"""Each is told at once, whatever was chosen (CSP R1111-48)."""

CONSULT = Topic("consult", None, timedelta(0), timedelta(0))
"""Whatever was chosen: the law has it told (CSP R1111-53)."""

NEW_BROWSER = Topic("new_browser", None, timedelta(0), timedelta(0))
SIGN_IN_CHANGED = Topic("sign_in_changed", None, timedelta(0), timedelta(minutes=10))
PASSWORD_CHANGED = Topic("password_changed", None, timedelta(0), timedelta(minutes=10))
"""Of the way in, everything is told, whatever was chosen: it is how a holder learns that somebody else is there."""

PASSWORD_TRIED = Topic("password_tried", None, timedelta(days=1), timedelta(days=1))
"""Wrong passwords: one mail a day at most, so that nobody fills a mailbox by guessing."""

_ALL = (
    NEW_DOCUMENT, REPLACED, DELETED, UNMASKED, CORRECTED, FIRST_ACCESS, ACCESS, CONSENT, CARE_TEAM,
    ADMINISTRATION, ATTENDING_DOCTOR, FEEDING_WISH,
    EMERGENCY, CONSULT, COPY_READY, NEW_BROWSER, SIGN_IN_CHANGED, PASSWORD_CHANGED, PASSWORD_TRIED,
)  # fmt: skip
TOPICS = {topic.code: topic for topic in _ALL}


def wanted(topic: Topic, preferences: Preferences) -> bool:
    """Whether the holder wants mails on this topic, or gets them in any case."""
    return topic.wish is None or topic.wish in preferences.mailed


def mail_at(told: Told, topic: Topic, *, happened: datetime, at: datetime) -> datetime | None:
    """When to mail what happened at `happened`, seen at `at`: now, later, or None where a mail already told it."""
    if told.mailed_at is None:
        return at
    if happened <= told.mailed_at + topic.covers:
        return None
    return max(at, told.mailed_at + topic.pause)
