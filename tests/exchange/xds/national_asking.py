"""The national requests written out by hand, and what their answers say."""

from collections.abc import Mapping
from typing import Any

from cast import Holder
from espace.exchange.xds import transactions
from soap_door import Answer, send

PATIENTS, HABILITATIONS = "/xds/patients", "/xds/habilitations"
V3 = "{urn:hl7-org:v3}"
DMP = "{urn:si-dmp-habilitations:v1}"
_EXISTS = """<PRPA_IN201307UV02 xmlns="urn:hl7-org:v3" ITSVersion="XML_1.0">
<id root="1.2.250.1.999.9" extension="M1"/><creationTime value="20260304093000"/>
<interactionId root="2.16.840.1.113883.1.6" extension="PRPA_IN201307UV02"/>
<processingCode code="P"/><processingModeCode code="T"/><acceptAckCode code="AL"/>
<receiver typeCode="RCV">
<device classCode="DEV" determinerCode="INSTANCE"><id root="1.2.250.1.999.8"/></device></receiver>
<sender typeCode="SND"><device classCode="DEV" determinerCode="INSTANCE"><id root="1.2.250.1.999.7"/></device></sender>
<controlActProcess classCode="CACT" moodCode="EVN">
<code code="PRPA_TE201307UV02" codeSystem="2.16.840.1.113883.1.6"/>
<reasonCode code="TEST_EXST" codeSystem="1.2.250.1.213.1.1.4.11"/>
<queryByParameter><queryId root="1.2.250.1.999.9" extension="Q1"/><statusCode code="new"/>
<parameterList><patientIdentifier><value root="{authority}" extension="{number}"/>
<semanticsText>Patient.id</semanticsText></patientIdentifier></parameterList>
</queryByParameter></controlActProcess></PRPA_IN201307UV02>"""


def existence(number: str, authority: str) -> str:
    return _EXISTS.format(number=number, authority=authority)


def exists(who: tuple[Any, Any], of: Holder, *, number: str = "") -> Answer:
    body = existence(number or of.ins.number, of.ins.authority)
    return send(body, who, path=PATIENTS, action=transactions.EXISTENCE.action)


def flat(name: str, of: Holder, more: Mapping[str, str]) -> str:
    said = "".join(f"<{one}>{value}</{one}>" for one, value in more.items())
    patient = f'<patientId root="{of.ins.authority}" extension="{of.ins.number}"/>'
    return f'<{name} xmlns="urn:si-dmp-habilitations:v1">{patient}{said}</{name}>'


def authorises(who: tuple[Any, Any], of: Holder, action: str, **more: str) -> Answer:
    body = flat("setAuthorization", of, {"action": action, **more})
    return send(body, who, path=HABILITATIONS, action=transactions.AUTHORISATION.action)


def asks_address(who: tuple[Any, Any], of: Holder, page: str = "") -> Answer:
    body = flat("getContextualAddress", of, {"page": page} if page else {})
    return send(body, who, path=HABILITATIONS, action=transactions.ADDRESS.action)


def observed(answer: Answer) -> dict[str, str]:
    """What is told of the space, by its code; empty where nothing is."""
    found = {}
    for one in answer.body.iter(f"{V3}administrativeObservation"):
        [code] = one.findall(f"{V3}code")
        [value] = one.findall(f"{V3}value")
        found[code.get("code", "")] = value.get("code") or value.get("value") or value.text or ""
    return found


def acknowledged(answer: Answer) -> tuple[str, str, list[str]]:
    """Of the message (AA, AE), of the query (OK, NF, AE), and the codes of the details."""
    [typed] = answer.body.iter(f"{V3}typeCode")
    [response] = answer.body.iter(f"{V3}queryResponseCode")
    details = [one.find(f"{V3}code") for one in answer.body.iter(f"{V3}acknowledgementDetail")]
    codes = [one.get("code", "") for one in details if one is not None]
    return typed.get("code", ""), response.get("code", ""), codes


def said(answer: Answer) -> dict[str, str]:
    """The simple elements of an answer of the others, by name; the codes of its errors under `error`."""
    found = {one.tag.removeprefix(DMP): one.text or "" for one in answer.body if one.tag != f"{DMP}error"}
    errors = [one.get("code", "") for one in answer.body.findall(f"{DMP}error")]
    return found | ({"error": " ".join(errors)} if errors else {})


def lists(who: tuple[Any, Any], **more: str) -> Answer:
    inside = "".join(f"<{one}>{value}</{one}>" for one, value in more.items())
    body = f'<listPatients xmlns="urn:si-dmp-habilitations:v1">{inside}</listPatients>'
    return send(body, who, path=HABILITATIONS, action=transactions.OWN_PATIENTS.action)


def listed(answer: Answer) -> list[dict[str, str]]:
    """The patients of a list; `ins` is the number."""
    found = []
    for one in answer.body.findall(f"{DMP}patient"):
        [ins] = one.findall(f"{DMP}patientId")
        found.append({each.tag.removeprefix(DMP): each.text or "" for each in one} | {"ins": ins.get("extension", "")})
    return found
