"""The holder hides a document from one professional, and shows it to them again (C24, C30; CSP R1111-49)."""

from uuid import UUID

from espace.kernel.reasons import documents as reasons
from espace.kernel.words import PERSONAL, Grant, Refused, Verb, Visibility
from espace.record import rules
from espace.record.actions.masking import family_of
from espace.record.actions.relating import mask_family
from espace.record.actions.restrictions import lift
from espace.record.facts import Restricted


def hide_from(grant: Grant, entry_id: UUID, professional: UUID) -> None:
    """Hide a document, in all its versions, from one professional; again changes nothing.

    Nobody else lifts this. Refused(DOCUMENT_UNKNOWN) for a document that the holder may not see,
    Refused(TOO_MANY_NAMED) beyond what one document bears.
    """
    grant.require(PERSONAL, Verb.MASK)
    found = family_of(grant, entry_id)
    named = {said.about for _, entry, said in found.said if said.about and entry in found.versions}
    if len(named | {professional}) > rules.NAMED_AT_MOST:
        raise Refused(reasons.TOO_MANY_NAMED)
    said = Restricted(Visibility.MASQUE_PS, grant.actor.id, grant.at, by_holder=True, about=professional)
    mask_family(grant, found, said)


def show_to(grant: Grant, entry_id: UUID, professional: UUID) -> None:
    """Hide a document, in all its versions, no more from that professional by name; again changes nothing. What masks
    it to all stays. Refused(DOCUMENT_UNKNOWN)."""
    grant.require(PERSONAL, Verb.UNMASK)
    lift(grant, [row for row, _, said in family_of(grant, entry_id).own if said.about == professional])
