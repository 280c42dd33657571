"""From bytes to a CdaDocument: one parse, the header, the body, and everything that is wrong."""

from datetime import tzinfo

from espace.kernel.reasons.documents import CDA_INCOMPLETE
from espace.kernel.words import Problem
from espace.wire.cda.body import Body, read_body
from espace.wire.cda.finding import Notes, child
from espace.wire.cda.header import check_header, read_entry, read_related, templates_of
from espace.wire.cda.limits import over_limit
from espace.wire.cda.patient import read_patient
from espace.wire.cda.values import HL7, CdaDocument, CdaResult
from espace.wire.xml import DEFAULT_LIMITS, Element, XmlLimits, parse_xml

_XSL = "{http://www.w3.org/1999/XSL/Transform}"
_ROOTS = {
    HL7 + "ClinicalDocument": "text/xml",
    _XSL + "stylesheet": "application/xslt+xml",
    _XSL + "transform": "application/xslt+xml",
}


def parse(data: bytes, *, zone: tzinfo, limits: XmlLimits = DEFAULT_LIMITS) -> CdaResult:
    """Read a CDA R2 document; bad input never raises.

    `zone` is where a time stamp without an offset is local (Europe/Paris for French documents). A
    self-presenting document, an xsl:stylesheet around one ClinicalDocument, is read and never executed.
    Problems refuse; warnings name what the national header demands and the document lacks, while what
    it says can still be read without risk.
    """
    parsed = parse_xml(data, limits)
    del data  # read: a large document is not kept beside its tree
    if parsed.root is None:
        return CdaResult(None, parsed.problems)
    mime_type = _ROOTS.get(parsed.root.tag, "")
    found = [parsed.root] if mime_type == "text/xml" else list(parsed.root.iter(HL7 + "ClinicalDocument"))
    if not mime_type or len(found) != 1:
        place = f"/*, line {parsed.root.sourceline}"
        return CdaResult(None, (Problem(CDA_INCOMPLETE, place, "one ClinicalDocument of urn:hl7-org:v3"),))
    return _read(found[0], mime_type, zone)


def _read(cda: Element, mime_type: str, zone: tzinfo) -> CdaResult:
    if (excess := over_limit(cda)) is not None:
        return CdaResult(None, (excess,))
    notes = Notes()
    check_header(cda, notes)
    role, component = child(cda, "recordTarget/patientRole"), child(cda, "component")
    patient = None if role is None else read_patient(role, notes, zone)
    body: Body | None = None if component is None else read_body(component, notes)
    entry = read_entry(cda, mime_type, notes, zone)
    document = None
    if patient is not None and body is not None and not notes.problems:
        document = CdaDocument(
            entry=entry,
            patient=patient,
            templates=templates_of(cda),
            body_level=body.level,
            media=body.media,
            related=read_related(cda),
            sections=body.sections,
            media_names=dict(body.media_names),
            element=cda,
        )
    return CdaResult(document, tuple(notes.problems), tuple(notes.warnings))
