"""When a mail is sent: at once the first time, then rarely enough to be read. Sources: C26, C40, M05-M08."""

from datetime import datetime, timedelta

from espace.notices.facts import Preferences, Told, Topic

NEW_DOCUMENT = Topic("new_document", "new_document", timedelta(minutes=10), timedelta(hours=1))
"""Deposits come in groups: one mail for those of the same ten minutes, one an hour at most, and none is untold."""

CONSENT = Topic("consent", "access", timedelta(0), timedelta(minutes=10))
ATTENDING_DOCTOR = Topic("attending_doctor", "access", timedelta(0), timedelta(minutes=10))
"""Each is told; several in a row, by error or to drown one another, make one mail in ten minutes."""

EMERGENCY = Topic("emergency", "", timedelta(0), timedelta(0))
"""Each is told at once, whatever was chosen (CSP R1111-48)."""

CONSULT = Topic("consult", "", timedelta(0), timedelta(0))
"""Whatever was chosen: the law has it told (CSP R1111-53)."""

NEW_BROWSER = Topic("new_browser", "", timedelta(0), timedelta(0))
SIGN_IN_CHANGED = Topic("sign_in_changed", "", timedelta(0), timedelta(minutes=10))
PASSWORD_CHANGED = Topic("password_changed", "", timedelta(0), timedelta(minutes=10))
"""Of the way in, everything is told, whatever was chosen: it is how a holder learns that somebody else is there."""

PASSWORD_TRIED = Topic("password_tried", "", timedelta(days=1), timedelta(days=1))
"""Wrong passwords: one mail a day at most, so that nobody fills a mailbox by guessing."""

_ALL = (
    NEW_DOCUMENT, CONSENT, ATTENDING_DOCTOR, EMERGENCY, CONSULT,
    NEW_BROWSER, SIGN_IN_CHANGED, PASSWORD_CHANGED, PASSWORD_TRIED,
)  # fmt: skip
TOPICS = {topic.code: topic for topic in _ALL}


def wanted(topic: Topic, preferences: Preferences) -> bool:
    """Whether the holder wants mails on this topic, or gets them in any case."""
    return not topic.wish or bool(getattr(preferences, topic.wish))


def mail_at(told: Told, topic: Topic, *, happened: datetime, at: datetime) -> datetime | None:
    """When to mail what happened at `happened`, seen at `at`: now, later, or None where a mail already told it."""
    if told.mailed_at is None:
        return at
    if happened <= told.mailed_at + topic.covers:
        return None
    return max(at, told.mailed_at + topic.pause)
