"""Folders that are stated anew, closed and opened again by the organisation that filed them (ITI-57)."""

from django.db import connection

from espace.kernel.values import replace
from espace.kernel.words import Grant, Purpose, RefusedProblems, Verb
from espace.record import queries, rules
from espace.record.actions.foldering import seal_folder
from espace.record.actions.restating import keep, note_changed
from espace.record.facts import KeptFolder, Status
from espace.wire.xds import Folder


def amend_folder(
    grant: Grant, folder: KeptFolder, *, status: Status | None = None, stated: Folder | None = None
) -> None:
    """Change what a folder of one's own (`queries.kept_folders`) states, or its status; asked again it changes nothing.
    What it stated before is kept sealed. Raises RefusedProblems: IDENTIFIER_KEPT, VALUE_INVALID."""
    grant.require(Purpose.FEED, Verb.AMEND)
    before = folder.stated.stated
    if stated and (problems := tuple(rules.refiling_problems(before, stated))):
        raise RefusedProblems(problems)
    said = rules.refiled(before, stated) if stated else before
    for one in queries.kept(grant, folder.members[: rules.NOTED_AT_MOST]):  # the line is hidden as they are
        note_changed(grant, one, "folder")
    if said == before and status in (None, folder.status):
        return
    sealed = None
    if said != before:
        keep(grant, folder.id, folder.revision, folder.stated)
        sealed = seal_folder(grant, folder.id, replace(folder.stated, stated=said))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE record_filed_folder SET status = COALESCE(%s, status), sealed = COALESCE(%s, sealed),"
            " changed_at = %s, revision = revision + 1 WHERE patient_id = %s AND id = %s",
            [status, sealed, grant.at, grant.patient, folder.id],
        )
