"""What a sender's software does: from a CDA file to the bundle that deposits it."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from espace import edge
from espace.kernel.words import RefusedProblems
from espace.wire import nomenclature
from espace.wire.cda import CdaDocument, parse
from espace.wire.fhir.writing import provide_bundle
from espace.wire.nomenclature import systems
from espace.wire.xds import Coded, DocumentEntry, NewDocument, Submission

ZONE = ZoneInfo("Europe/Paris")


def bundle_of(data: bytes, *, source_id: str, at: datetime, replaces: str | None = None) -> bytes:
    """The ITI-65 bundle of one CDA document, its metadata read from its header (CI-SIS, CDA→XDS).

    Raises RefusedProblems when the file cannot be read as a CDA.
    """
    result = parse(data, zone=ZONE)
    if result.document is None:
        raise RefusedProblems(result.problems)
    document = NewDocument(_entry(result.document), data, (result.document.patient,), replaces)
    submission = Submission(f"urn:uuid:{edge.new_id()}", source_id, at, (document,), title=document.entry.title)
    return provide_bundle(submission, [edge.new_id() for _ in range(3)])


def _entry(document: CdaDocument) -> DocumentEntry:
    """What the header leaves out is deduced from national tables, or is the sender's usual setting."""
    entry = document.entry
    code = entry.type.code if entry.type else ""
    embedded = document.media[0].media_type if document.body_level == 1 and document.media else None
    return replace(
        entry,
        class_=Coded(nomenclature.class_of(code) or "", systems.CLASS.oid),
        format=Coded(nomenclature.format_of(document.templates, embedded) or nomenclature.NO_PROFILE),
        facility_type=entry.facility_type or Coded("SA01", systems.SECTOR.oid),
        practice_setting=entry.practice_setting or Coded("ETABLISSEMENT", systems.PRACTICE_SETTING.oid),
    )
