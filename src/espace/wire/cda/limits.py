"""How many of each thing a CDA may hold, found before any of it is read.

Reading costs far more for an author or a section than for a plain element, so the general limits of XML
do not bound it. The richest official example has 9 of one participant, 25 sections and 3 media.
"""

from collections import Counter
from itertools import islice

from espace.kernel.reasons.documents import XML_LIMIT
from espace.kernel.words import Problem
from espace.wire.cda.finding import place_of
from espace.wire.cda.values import HL7
from espace.wire.xml import Element

MOST_PARTS = 1_000
MOST_OTHERS = 10_000
MOST_IN_BODY = (("section", 2_000), ("observationMedia", 200), ("regionOfInterest", 2_000))
_PARTS = (
    *("recordTarget", "patientRole", "patient", "author", "dataEnterer", "informant", "custodian"),
    *("informationRecipient", "legalAuthenticator", "authenticator", "participant", "inFulfillmentOf", "order"),
    *("documentationOf", "serviceEvent", "performer", "relatedDocument", "parentDocument", "authorization", "consent"),
    *("componentOf", "encompassingEncounter", "encounterParticipant", "responsibleParty", "location"),
    *("templateId", "confidentialityCode"),
)  # participants and acts of the header (HL7 CDA R2, 4.2.2 and 4.2.3), and what may repeat beside them
_TAGS = {HL7 + name: name for name in _PARTS}


def over_limit(cda: Element) -> Problem | None:
    """The first limit that a document exceeds, from names alone: at most one pass over its elements."""
    for name, most in MOST_IN_BODY:
        if next(islice(cda.iter(HL7 + name), most, None), None) is not None:
            return _problem(cda, most, name)
    parts = cda.iterchildren()
    held = Counter(each.tag for part in parts if part.tag != HL7 + "component" for each in part.iter())
    for tag, name in _TAGS.items():
        if held[tag] > MOST_PARTS:
            return _problem(cda, MOST_PARTS, name)
    if any(count > MOST_OTHERS for count in held.values()):
        return _problem(cda, MOST_OTHERS, "elements of one name in the header")
    return None


def _problem(cda: Element, most: int, what: str) -> Problem:
    return Problem(XML_LIMIT, place_of(cda), f"more than {most} {what}")
