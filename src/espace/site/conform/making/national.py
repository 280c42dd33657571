"""National requests as practice software writes them: TD0.2 in HL7 v3; TD0.3, TD0.4 and TD0.9 in the elements that this
platform's WSDL describes, for the national ones are not public."""

from xml.sax.saxutils import escape

from espace import edge
from espace.site.conform.letters import new_oid
from espace.site.conform.staging import Stage

EXISTS = "urn:hl7-org:v3:PRPA_IN201307UV02"
AUTHORISE, LIST, ADDRESS = (
    f"urn:si-dmp-habilitations:v1:{one}" for one in ("setAuthorization", "listPatients", "getContextualAddress")
)
ADD, REMOVE = "AJOUT", "SUPPRESSION"
_INTERACTIONS = "2.16.840.1.113883.1.6"


def exists(stage: Stage, ins: str = "") -> str:
    """TD0.2 of the patient, or of that number."""
    patient, message = stage.kit.patient, new_oid()
    devices = "".join(
        f'<{name} typeCode="{kind}"><device classCode="DEV" determinerCode="INSTANCE">'
        f'<id root="{oid}"/></device></{name}>'
        for name, kind, oid in (("receiver", "RCV", "1.2.250.1.213.4"), ("sender", "SND", stage.kit.source_id))
    )
    return (
        f'<PRPA_IN201307UV02 xmlns="urn:hl7-org:v3" ITSVersion="XML_1.0"><id root="{message}" extension="1"/>'
        f'<creationTime value="{edge.now():%Y%m%d%H%M%S}"/>'
        f'<interactionId root="{_INTERACTIONS}" extension="PRPA_IN201307UV02"/><processingCode code="P"/>'
        f'<processingModeCode code="T"/><acceptAckCode code="AL"/>{devices}'
        '<controlActProcess classCode="CACT" moodCode="EVN">'
        f'<code code="PRPA_TE201307UV02" codeSystem="{_INTERACTIONS}"/>'
        '<reasonCode code="TEST_EXST" codeSystem="1.2.250.1.213.1.1.4.11"/><queryByParameter>'
        f'<queryId root="{message}" extension="2"/><statusCode code="new"/><parameterList><patientIdentifier>'
        f'<value root="{patient.authority}" extension="{escape(ins or patient.ins)}"/>'
        "<semanticsText>Patient.id</semanticsText></patientIdentifier></parameterList></queryByParameter>"
        "</controlActProcess></PRPA_IN201307UV02>"
    )


def authorise(stage: Stage, act: str, role: str = "STANDARD") -> str:
    """TD0.3: the reader's own authorisation; to add it, the patient said so."""
    return _asked("setAuthorization", f"{_patient(stage)}<action>{act}</action><role>{role}</role>")


def listed(_: Stage) -> str:
    """TD0.4: the patients of the reader, those whose authorisation changed last."""
    return _asked("listPatients", "<tri>DERNIERE_AUTORISATION</tri><nombre>50</nombre>")


def address(stage: Stage) -> str:
    """TD0.9: where the record opens in a browser."""
    return _asked("getContextualAddress", f"{_patient(stage)}<page>TABLEAU_DE_BORD</page>")


def _asked(name: str, inside: str) -> str:
    return f'<{name} xmlns="urn:si-dmp-habilitations:v1">{inside}</{name}>'


def _patient(stage: Stage) -> str:
    patient = stage.kit.patient
    return f'<patientId root="{patient.authority}" extension="{escape(patient.ins)}"/>'
