"""A minor shows to their representatives what was kept secret from them (CSP L1111-5, R1111-50): for good."""

from uuid import UUID

from django.db import connection

from espace.kernel.words import FROM_REPRESENTATIVES, Grant, Purpose, Verb
from espace.record import queries
from espace.record.actions.restrictions import hold, lift, restrictions


def open_to_representatives(grant: Grant, entry_id: UUID) -> None:
    """Show a document, and the versions that it replaces, to the representatives from whom they were kept secret;
    nothing hides them from there again. Asked again, or about one that they see, changes nothing.

    That it was ever secret, and what was done with it meanwhile, stays hidden from them, this act too.
    Refused(DOCUMENT_UNKNOWN) for a document that the holder may not see.
    """
    grant.require(Purpose.HOLDER, Verb.UNVEIL)
    grant.secret = True
    found = queries.document(grant, entry_id)
    if FROM_REPRESENTATIVES.isdisjoint(found.restrictions):
        return
    older, _ = queries.versions(grant, entry_id)
    hold(grant, older)
    lift(grant, [row for row, _, said in restrictions(grant, older) if said.code in FROM_REPRESENTATIVES])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE record_entry SET changed_at = %s, revision = revision + 1 WHERE patient_id = %s AND id = %s",
            [grant.at, grant.patient, entry_id],
        )
