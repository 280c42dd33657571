"""The holder hides a document from professionals, and shows it again (D51, C30; CSP R1111-49)."""

from uuid import UUID

from espace.kernel.words import PERSONAL, Grant, Verb, Visibility
from espace.record import queries, rules
from espace.record.actions.restrictions import hold, lift, restrict, restrictions
from espace.record.facts import Restricted


def mask(grant: Grant, entry_id: UUID) -> None:
    """Hide a document, in all its versions, from professionals; again changes nothing. One that a rule or a topic masks
    already stays masked when that ends.

    Nobody else lifts this mask. Refused(DOCUMENT_UNKNOWN) for a document that the holder may not see.
    """
    grant.require(PERSONAL, Verb.MASK)
    every = versions_of(grant, entry_id)
    masked = {entry for _, entry, said in restrictions(grant, every) if rules.masks_by_itself(said)}
    for one in every:
        if one not in masked:
            restrict(grant, one, Restricted(Visibility.MASQUE_PS, grant.actor.id, grant.at, by_holder=True))


def unmask(grant: Grant, entry_id: UUID) -> None:
    """Show a document, in all its versions, to professionals, whoever had masked it; again changes nothing. From whom
    it is hidden by name, it stays so.

    Refused(DOCUMENT_UNKNOWN) for a document that the holder may not see.
    """
    grant.require(PERSONAL, Verb.UNMASK)
    every = versions_of(grant, entry_id)
    lift(grant, [row for row, _, said in restrictions(grant, every) if rules.masks_all(said)])


def versions_of(grant: Grant, entry_id: UUID) -> tuple[UUID, ...]:
    """Every version, hidden ones too, held against others who change them: a mask must not leak through another
    version. Those that the holder sees are noted."""
    queries.document(grant, entry_id)
    older, newer = queries.versions(grant, entry_id)
    hold(grant, (*older, *newer))
    seen = queries.visible_ids(grant)
    grant.note(*(one for one in (*older, *newer) if one in seen and one != entry_id))
    return (*older, *newer)
