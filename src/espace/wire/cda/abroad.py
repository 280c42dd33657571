"""Documents whose header is not the national one: what they state can be measured all the same."""

from datetime import tzinfo

from espace.wire.cda.body import read_body
from espace.wire.cda.finding import Notes, child
from espace.wire.cda.header import read_entry, templates_of
from espace.wire.cda.limits import over_limit
from espace.wire.cda.values import HL7, CdaDocument
from espace.wire.xds import PatientStatement
from espace.wire.xml import parse_xml


def parse_abroad(data: bytes, *, zone: tzinfo) -> CdaDocument | None:
    """A CDA R2 document whoever it is about and whatever its header lacks; None for anything else. It names no patient:
    it is to be counted, never to be kept."""
    cda = parse_xml(data).root
    if cda is None or cda.tag != HL7 + "ClinicalDocument" or over_limit(cda) is not None:
        return None
    notes, component = Notes(), child(cda, "component")
    body = None if component is None else read_body(component, notes)
    if body is None:
        return None
    return CdaDocument(
        entry=read_entry(cda, "text/xml", notes, zone),
        patient=PatientStatement("/ClinicalDocument"),
        templates=templates_of(cda),
        body_level=body.level,
        media=body.media,
        sections=body.sections,
        media_names=dict(body.media_names),
        element=cda,
    )
