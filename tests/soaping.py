"""An ITI-41 message written out by hand, to be spoiled one piece at a time."""

import base64
import hashlib
from collections.abc import Mapping
from uuid import uuid4

CONTENT = b"Glyc\xc3\xa9mie 5,1 mmol/L"
ACTION = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b"
MESSAGE_ID = "urn:uuid:0fbfdced-6c01-4d09-a110-2201afedaa02"
CX = "279035121518989^^^&amp;1.2.250.1.213.1.4.10&amp;ISO^NH"
DOCUMENT_UID, SET_UID = "1.2.250.1.999.1.1.8", "1.2.250.1.999.1.1.7"
INCLUDE = '<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:{}"/>'
NAMESPACES = (
    'xmlns="urn:ihe:iti:xds-b:2007" xmlns:lcm="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0" '
    'xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"'
)
SCHEMES = {
    "class": "urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a",
    "confidentiality": "urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f",
    "event": "urn:uuid:2c6b8cb7-8b2a-4051-b291-b1ae6a575ef4",
    "format": "urn:uuid:a09d5840-386c-46f2-b5ad-9c3699a4309d",
    "facility": "urn:uuid:f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1",
    "practice": "urn:uuid:cccf5598-8b07-4b77-a05e-ae952c785ead",
    "type": "urn:uuid:f0306f51-975f-434e-a61c-c59651d33983",
    "content": "urn:uuid:aa543740-bdda-424e-8c96-df4873be8500",
}
DOCUMENT_AUTHOR = "urn:uuid:93606bcf-9494-43ec-9b4e-a7748d1a838d"
SET_AUTHOR = "urn:uuid:a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d"
DOCUMENT_PATIENT = "urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427"
DOCUMENT_UNIQUE = "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab"
SET_PATIENT = "urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446"
SET_UNIQUE = "urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8"
SET_SOURCE = "urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832"
FOLDER_CODES = "urn:uuid:1ba97051-7806-41a8-a48b-8fce7af683c5"
FOLDER_PATIENT = "urn:uuid:f64ffdf0-4b97-4e06-b79f-a52b38ec2f8a"
FOLDER_UNIQUE = "urn:uuid:75df8f67-9973-4fbe-a900-df66cefecc5a"
A_SET = "urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"
A_FOLDER = "urn:uuid:d9d542f3-6cc4-48b6-8870-ea235fbc94c2"
HAS_MEMBER = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"
RPLC = "urn:ihe:iti:2007:AssociationType:RPLC"
PERSON = "810001288385^Le Goff^Anne^^^^^^&amp;1.2.250.1.71.4.2.1&amp;ISO^D^^^IDNPS"
INSTITUTION = "Hôpital des Remparts^^^^^&amp;1.2.250.1.71.4.2.2&amp;ISO^IDNST^^^1990000017"
TRAITS = ("PID-5|PAT-UN^DOMINIQUE^^^^^D", "PID-5|PAT-TROIS^DOMINIQUE^DOMINIQUE MARIE^^^^L", "PID-7|19790305", "PID-8|F")


def slot(name: str, *values: str) -> str:
    listed = "".join(f"<rim:Value>{value}</rim:Value>" for value in values)
    return f'<rim:Slot name="{name}"><rim:ValueList>{listed}</rim:ValueList></rim:Slot>'


def name(text: str, element: str = "Name") -> str:
    return f'<rim:{element}><rim:LocalizedString value="{text}"/></rim:{element}>'


def code(scheme: str, of: str, value: str, system: str, display: str = "x") -> str:
    return (
        f'<rim:Classification classificationScheme="{SCHEMES[scheme]}" classifiedObject="{of}" '
        f'nodeRepresentation="{value}">{slot("codingScheme", system)}{name(display)}</rim:Classification>'
    )


def author(scheme: str, of: str) -> str:
    slots = slot("authorPerson", PERSON) + slot("authorInstitution", INSTITUTION)
    slots += slot("authorSpecialty", "G15_10/SM26^Médecin généraliste^1.2.250.1.213.1.1.4.5")
    return (
        f'<rim:Classification classificationScheme="{scheme}" classifiedObject="{of}" nodeRepresentation="">'
        f"{slots}</rim:Classification>"
    )


def identifier(scheme: str, value: str) -> str:
    stated = f'identificationScheme="{scheme}" value="{value}"'
    return f"<rim:ExternalIdentifier {stated}>{name('x')}</rim:ExternalIdentifier>"


def document(
    of: str = "Document01",
    *,
    content: bytes = CONTENT,
    mime: str = "text/plain",
    uid: str = DOCUMENT_UID,
    cx: str = CX,
    traits: tuple[str, ...] = TRAITS,
    labels: tuple[str, ...] = ("N",),
    more: str = "",
) -> str:
    """An ExtrinsicObject."""
    return (
        f'<rim:ExtrinsicObject id="{of}" mimeType="{mime}" objectType="urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1">'
        + slot("creationTime", "20260304093000")
        + slot("languageCode", "fr-FR")
        + slot("serviceStartTime", "20260304")
        + slot("legalAuthenticator", PERSON)
        + slot("hash", hashlib.sha1(content).hexdigest())
        + slot("size", str(len(content)))
        + slot("sourcePatientId", "IPP-1^^^&amp;1.2.3.4&amp;ISO^PI")
        + slot("sourcePatientInfo", *traits)
        + slot("urn:ihe:iti:xds:2013:referenceIdList", "ACC-5^^^&amp;1.9&amp;ISO^urn:ihe:iti:xds:2013:accession")
        + more
        + name("Biologie")
        + name("À jeun", "Description")
        + author(DOCUMENT_AUTHOR, of)
        + code("class", of, "10", "1.2.250.1.213.1.1.4.1", "Compte rendu")
        + "".join(code("confidentiality", of, one, "2.16.840.1.113883.5.25") for one in labels)
        + code("event", of, "GLU", "1.2.3")
        + code("format", of, "urn:ihe:iti:xds-sd:text:2008", "1.3.6.1.4.1.19376.1.2.3")
        + code("facility", of, "SA01", "1.2.250.1.71.4.2.4")
        + code("practice", of, "ETABLISSEMENT", "1.2.250.1.213.1.1.4.9")
        + code("type", of, "11502-2", "2.16.840.1.113883.6.1", "CR d'examens biologiques")
        + identifier(DOCUMENT_PATIENT, cx)
        + identifier(DOCUMENT_UNIQUE, uid)
        + "</rim:ExtrinsicObject>"
    )


def submission_set(*, uid: str = SET_UID, source: str = "1.2.250.1.999.1.1", cx: str = CX) -> str:
    """A RegistryPackage."""
    of = "SubmissionSet01"
    return (
        f'<rim:RegistryPackage id="{of}">'
        + slot("submissionTime", "20260304093000")
        + name("Bilan de printemps")
        + name("Deux tubes", "Description")
        + f'<rim:Classification classifiedObject="{of}" classificationNode="{A_SET}"/>'
        + author(SET_AUTHOR, of)
        + code("content", of, "07", "1.2.250.1.213.2.2")
        + identifier(SET_SOURCE, source)
        + identifier(SET_UNIQUE, uid)
        + identifier(SET_PATIENT, cx)
        + "</rim:RegistryPackage>"
    )


def folder(of: str = "Folder01", *, uid: str, cx: str = CX, title: str = "Grossesse", code: str = "13-2") -> str:
    """A RegistryPackage that is a Folder, with what is in it put there by `inside`."""
    return (
        f'<rim:RegistryPackage id="{of}">'
        + name(title)
        + name("Suivi", "Description")
        + f'<rim:Classification classifiedObject="{of}" classificationNode="{A_FOLDER}"/>'
        + f'<rim:Classification classificationScheme="{FOLDER_CODES}" classifiedObject="{of}" '
        f'nodeRepresentation="{code}">{slot("codingScheme", "1.2.3.4")}{name("Suivi")}</rim:Classification>'
        + identifier(FOLDER_UNIQUE, uid)
        + identifier(FOLDER_PATIENT, cx)
        + "</rim:RegistryPackage>"
    )


def inside(member: str, *, of: str = "Folder01") -> str:
    return association(HAS_MEMBER, of, member)


def association(kind: str, source: str, target: str, slots: str = "") -> str:
    return (
        f'<rim:Association id="as-{uuid4()}" associationType="{kind}" sourceObject="{source}" '
        f'targetObject="{target}">{slots}</rim:Association>'
    )


def member(of: str = "Document01") -> str:
    return association(HAS_MEMBER, "SubmissionSet01", of, slot("SubmissionSetStatus", "Original"))


def provide(*objects: str, contents: Mapping[str, str] | None = None) -> str:
    """The body of a request; `contents` are what its Documents hold, by id."""
    held = {"Document01": base64.b64encode(CONTENT).decode()} if contents is None else contents
    documents = "".join(f'<Document id="{of}">{text}</Document>' for of, text in held.items())
    return (
        f"<ProvideAndRegisterDocumentSetRequest {NAMESPACES}><lcm:SubmitObjectsRequest><rim:RegistryObjectList>"
        f"{''.join(objects)}</rim:RegistryObjectList></lcm:SubmitObjectsRequest>{documents}"
        "</ProvideAndRegisterDocumentSetRequest>"
    )


def request() -> str:
    """One document, its content inline."""
    return provide(document(), submission_set(), member())


def envelope(
    body: str, *, action: str = ACTION, security: str = "", more: str = "", message_id: str = MESSAGE_ID
) -> str:
    return (
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
        'xmlns:a="http://www.w3.org/2005/08/addressing"><s:Header>'
        f'<a:Action s:mustUnderstand="1">{action}</a:Action><a:MessageID>{message_id}</a:MessageID>'
        "<a:ReplyTo><a:Address>http://www.w3.org/2005/08/addressing/anonymous</a:Address></a:ReplyTo>"
        f'<a:To s:mustUnderstand="true">https://sante.example.org/xds</a:To>{security}{more}</s:Header>'
        f"<s:Body>{body}</s:Body></s:Envelope>"
    )


BOUNDARY = "MIMEBoundary_1"
MULTIPART = (
    f'multipart/related; boundary="{BOUNDARY}"; type="application/xop+xml"; start="<root@test>"; '
    'start-info="application/soap+xml"'
)


def part(content_id: str, data: bytes, kind: str = "application/octet-stream", *more: str) -> bytes:
    rows = (f"Content-Type: {kind}", "Content-Transfer-Encoding: binary", f"Content-ID: <{content_id}>", *more)
    return "\r\n".join((*rows, "", "")).encode() + data


def in_parts(root: str | bytes, **parts: bytes) -> bytes:
    """A multipart body; the names of the parts are their Content-ID."""
    whole = root.encode() if isinstance(root, str) else root
    every = [part("root@test", whole, 'application/xop+xml; charset=UTF-8; type="application/soap+xml"')]
    every += [part(content_id, data) for content_id, data in parts.items()]
    mark = f"--{BOUNDARY}".encode()
    return b"".join(mark + b"\r\n" + one + b"\r\n" for one in every) + mark + b"--\r\n"
