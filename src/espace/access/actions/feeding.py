"""What the software of an organisation learns of spaces: it reads nothing, but each number that it states is answered.

It follows its deposits within a budget, as many people as the organisation's professionals may open. A deposit that is
refused is counted, and alerts the operator; it stops none that follows, for what feeds a record is care.
"""

from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from espace.access.actions.alerts import raise_alert
from espace.access.actions.budget import FORGET_OWN, LOCK
from espace.access.facts import AlertKind
from espace.access.queries.budget import DAY, seen_lately, spent_lately, stem_of, subject_of
from espace.access.rules.budgets import account_has_room, signs
from espace.kernel.words import Actor

_COUNT = """
INSERT INTO access_seen (professional_id, subject, at, stem, braked, own_word)
VALUES (%s, %s, %s, %s, false, false) ON CONFLICT DO NOTHING
"""


def ask_as_feeder(*, actor: Actor, name: str, number: str, at: datetime) -> bool:
    """Count somebody whom an organisation's software asks about (or whom a deposit that was refused is about), once an
    hour; whether its budget had room. `number` is the INS that was stated, if any.

    In its own short transaction, as `spend`; nothing of it counts for the organisation's professionals.
    """
    subject = subject_of(actor.id, name)
    if seen_lately(actor.id, subject, at):
        return True
    stem, budget = stem_of(actor.id, number), settings.ESPACE_BUDGETS.organisation
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        cursor.execute(LOCK, [f"budget|{actor.id}"])
        spent = spent_lately(actor, subject, stem, at)
        room = account_has_room(spent, budget)
        if not room or signs(spent, budget):
            raise_alert(kind=AlertKind.FEEDER, at=at, organisation=actor.id)
        if room:
            cursor.execute(FORGET_OWN, [actor.id, at - DAY])
            cursor.execute(_COUNT, [actor.id, subject, at, stem])
    return room
