"""What a sender's software does: from a CDA file to the bundle that deposits it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from espace import edge
from espace.kernel.words import RefusedProblems
from espace.wire.cda import parse
from espace.wire.entries import entry_of
from espace.wire.fhir.writing import provide_bundle
from espace.wire.nomenclature import FACILITY_TYPES, PRACTICE_SETTINGS
from espace.wire.xds import NewDocument, Submission

ZONE = ZoneInfo("Europe/Paris")
USUAL = {"facility_type": FACILITY_TYPES["SA01"], "practice_setting": PRACTICE_SETTINGS["ETABLISSEMENT"]}
"""The sender's own setting: a hospital's."""


def bundle_of(data: bytes, *, source_id: str, at: datetime, replaces: str | None = None) -> bytes:
    """The ITI-65 bundle of one CDA document, its metadata read from its header (CI-SIS, CDA→XDS).

    Raises RefusedProblems when the file cannot be read as a CDA.
    """
    result = parse(data, zone=ZONE)
    if result.document is None:
        raise RefusedProblems(result.problems)
    entry = entry_of(result.document, data, usual=USUAL)
    document = NewDocument(entry, data, (result.document.patient,), replaces)
    submission = Submission(f"urn:uuid:{edge.new_id()}", source_id, at, (document,), title=entry.title)
    return provide_bundle(submission, [edge.new_id() for _ in range(3)])
