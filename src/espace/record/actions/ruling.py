"""The holder masks many documents to professionals in one act, and those to come; and shows them again (C29, C30)."""

from collections.abc import Collection

import msgspec
from django.db import connection

from espace.kernel.reasons import documents as reasons
from espace.kernel.words import PERSONAL, Grant, Refused, Verb, Visibility
from espace.keys import queries as keys
from espace.keys.facts import KeyKind
from espace.keys.rules import context
from espace.record import queries, rules
from espace.record.actions.restrictions import hold, lift, restrict_all, restrictions
from espace.record.facts import Masking, Restricted
from espace.record.queries import Row

_LENGTH = 512
"""Bytes of what is sealed, filled up with spaces: its length would tell how many kinds are masked."""
_PUT = """
INSERT INTO record_masking (patient_id, sealed) VALUES (%s, %s)
ON CONFLICT (patient_id) DO UPDATE SET sealed = EXCLUDED.sealed
"""


def mask_by_rule(grant: Grant, rule: str) -> int:
    """Put a rule in force, and mask what it is about; how many documents that the holder sees were shown to
    professionals until now. Again changes nothing. Refused(MASKING_UNKNOWN)."""
    before = _opened(grant, rule)
    masking, count = queries.masking_rules(grant), queries.extents(grant, before)[rule].open
    seen = {one.id for one in queries.seen(grant, [row.document for row in before])}
    about = rules.under(rule, (row.document for row in before), seen=seen)
    wanted = [row for row in before if row.document.id in about and not _under(rule, row)]
    said = Restricted(Visibility.MASQUE_PS, grant.actor.id, grant.at, by_holder=True, rule=rule)
    hold(grant, [row.document.id for row in wanted])
    restrict_all(grant, [(row.document.id, said) for row in wanted])
    _keep(grant, Masking(masking.rules | {rule}, grant.actor.id))
    _say(grant, rule, "on", 0 if rule == rules.NEW else count, wanted)
    return 0 if rule == rules.NEW else count


def end_rule(grant: Grant, rule: str) -> int:
    """Take a rule back, and show what it masked, unless something else masks it; « new » looks ahead only, here too.
    How many documents professionals see again. Refused(MASKING_UNKNOWN)."""
    before = _opened(grant, rule)
    masking = queries.masking_rules(grant)
    _keep(grant, Masking(masking.rules - {rule}, grant.actor.id))
    if rule == rules.NEW:
        _say(grant, rule, "off", 0, ())
        return 0
    return _free(grant, rule, "off", before)


def show_arrived(grant: Grant) -> int:
    """Show what arrived masked because every new document did, whether it still does or not; how many."""
    return _free(grant, rules.NEW, "shown", _opened(grant, rules.NEW))


def _opened(grant: Grant, rule: str) -> list[Row]:
    grant.require(PERSONAL, Verb.VISIBILITY)
    if rule not in rules.MASKING_RULES:
        raise Refused(reasons.MASKING_UNKNOWN)
    return queries.stored(grant)


def _under(rule: str, row: Row) -> bool:
    return any(one.by_holder and one.rule == rule for one in row.restricted)


def _free(grant: Grant, rule: str, act: str, before: list[Row]) -> int:
    count = queries.extents(grant, before)[rule].freed
    masked = [row for row in before if _under(rule, row)]
    ids = [row.document.id for row in masked]
    hold(grant, ids)
    lift(grant, [row for row, _, said in restrictions(grant, ids) if said.by_holder and said.rule == rule])
    _say(grant, rule, act, count, masked)
    return count


def _say(grant: Grant, rule: str, act: str, count: int, about: Collection[Row]) -> None:
    """One line: what was decided, how many documents, and the newest of those that the holder sees."""
    seen = queries.shown(grant, [row.document.id for row in about])
    grant.note(*sorted(seen, reverse=True)[: rules.NOTED_AT_MOST])
    grant.asked |= {"rule": rule, "act": act, "count": str(count)}


def _keep(grant: Grant, masking: Masking) -> None:
    """Whoever files a document at the same time fails to serialise, and runs again under the new rules."""
    plain = msgspec.json.encode(masking, order="deterministic").ljust(_LENGTH)
    sealed = keys.keys_of(grant).seal(KeyKind.METADATA, plain, context(queries.MASKING, grant.patient))
    with connection.cursor() as cursor:
        cursor.execute(_PUT, [grant.patient, sealed])
