"""The holder hides a document from professionals, and shows it again (D51, C30; CSP R1111-49)."""

from uuid import UUID

from espace.kernel.words import PERSONAL, Grant, Verb, Visibility
from espace.record import queries, rules
from espace.record.actions.relating import Family, family, mask_family
from espace.record.actions.restrictions import lift
from espace.record.facts import Restricted


def mask(grant: Grant, entry_id: UUID) -> None:
    """Hide a document, in all its versions and with what appends or transforms it, from
    professionals; again changes nothing. One that a rule or a topic masks
    already stays masked when that ends.

    Nobody else lifts this mask. Refused(DOCUMENT_UNKNOWN) for a document that the holder may not see.
    """
    grant.require(PERSONAL, Verb.MASK)
    said = Restricted(Visibility.MASQUE_PS, grant.actor.id, grant.at, by_holder=True)
    mask_family(grant, family_of(grant, entry_id), said)


def unmask(grant: Grant, entry_id: UUID) -> None:
    """Show a document, in all its versions, to professionals, whoever had masked it, and
    what was masked with it; again changes nothing. From whom
    it is hidden by name, it stays so.

    Refused(DOCUMENT_UNKNOWN) for a document that the holder may not see.
    """
    grant.require(PERSONAL, Verb.UNMASK)
    lift(grant, [row for row, _, said in family_of(grant, entry_id).own if rules.masks_all(said)])


def family_of(grant: Grant, entry_id: UUID) -> Family:
    """Every version and what follows them, hidden ones too: a mask must not leak through another version, nor through
    an addendum. Those that the holder sees are noted."""
    queries.document(grant, entry_id)
    found = family(grant, entry_id)
    seen = queries.visible_ids(grant)
    grant.note(*(one for one in found.every if one in seen and one != entry_id))
    return found
