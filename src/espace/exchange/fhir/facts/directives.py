"""Wishes and advance directives, as R4 tells them (Consent, of the scope of advance care directives)."""

from base64 import b64encode
from collections.abc import Mapping

from espace.clinical.facts import Fact, Origin, State
from espace.exchange.fhir.facts import common
from espace.exchange.fhir.facts.common import Thing
from espace.wire.clinical_statements.values import Value
from espace.wire.fhir.facts import resources, values
from espace.wire.fhir.resources import Attachment, Base64, Extension, Reference

WISH = "urn:espace:extension:wish"
"""What a document says is wished, in words, which Consent of R4 has no place for."""
ABSENT = "urn:espace:extension:absent"
"""Said not to be: « no advance directive »."""
_TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
_SCOPE = values.known(f"{_TERMINOLOGY}/consentscope", "adr", "Advanced Care Directive")
_CATEGORY = values.known(f"{_TERMINOLOGY}/consentcategorycodes", "acd", "Advance Directive")
_STATUS: Mapping[State, str] = {
    State.ACTIVE: "active",
    State.UNKNOWN: "active",
    State.OVER: "inactive",
    State.STOPPED: "inactive",
    State.PLANNED: "proposed",
}


def consent(thing: Thing) -> resources.Consent:
    """R4 wants the policy under which it stands (ppc-1): no document names one. Its words are its source where the
    patient states it; else its source is the document."""
    fact, newest = thing.fact, thing.item.sources[0]
    mine = newest.origin is Origin.STATED
    document = next((one.document for one in thing.item.sources if one.document), None)
    return resources.Consent(
        id=thing.id,
        meta=common.meta(thing),
        extension=(*common.extensions(thing), *_extensions(fact, written=document is None)),
        identifier=common.identifiers(fact),
        status="inactive" if fact.absent else _STATUS[fact.state],
        scope=_SCOPE,
        category=(_CATEGORY, values.concept(fact.what)),
        patient=thing.subject,
        date_time=values.moment(fact.when.start) or common.recorded(thing),
        performer=(thing.subject,) if mine else (),
        source_attachment=None if document else _words(fact),
        source_reference=Reference(reference=f"DocumentReference/{document.id}") if document else None,
        policy_rule=values.UNKNOWN,
    )


def _extensions(fact: Fact, *, written: bool) -> tuple[Extension, ...]:
    """`written`: the words are the source itself."""
    said = (
        "" if written else "\n".join(filter(None, (_wish(fact.value), fact.comment.strip(), fact.place_name.strip())))
    )
    found = [Extension(url=WISH, value_string=said)] if said else []
    return (*found, Extension(url=ABSENT, value_boolean=True)) if fact.absent else tuple(found)


def _wish(value: Value | None) -> str:
    if value is None:
        return ""
    if value.truth is not None:
        return "oui" if value.truth else "non"
    return (values.named(value.concept) or values.worded(value) or "").strip()


def _words(fact: Fact) -> Attachment | None:
    said = fact.comment.strip()
    return (
        Attachment(content_type="text/plain; charset=utf-8", data=Base64(b64encode(said.encode()).decode("ascii")))
        if said
        else None
    )
