"""Examples that are the vendor's own: a letter of their professional about each patient, and what sends it."""

from base64 import b64encode
from datetime import datetime, timedelta
from xml.sax.saxutils import escape

from espace import edge
from espace.exchange.xds import transactions
from espace.kernel.values import replace
from espace.site.feeding import USUAL, ZONE, bundle_of
from espace.site.sandbox.facts import Sandbox
from espace.wire.cda import parse
from espace.wire.cda_writing import Frame, Patient, text_letter
from espace.wire.ebxml import writing
from espace.wire.ebxml.schemes import LCM, XDSB
from espace.wire.entries import entry_of
from espace.wire.xds import NewDocument, Submission

_TYPE, _LABEL = "11488-4", "Compte rendu de consultation"
_WORDS = ("Tension : 12/8. Aucun traitement à changer.", "À revoir dans six mois.")
_LONG = timedelta(minutes=20)
SIGNED = "<!-- the assertion -->"
"""Where the program of the sandbox puts it."""
_ENVELOPE = """\
<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://www.w3.org/2005/08/addressing"><s:Header>
<a:Action s:mustUnderstand="1">{action}</a:Action>
<a:MessageID>urn:uuid:{id}</a:MessageID>
<a:ReplyTo><a:Address>http://www.w3.org/2005/08/addressing/anonymous</a:Address></a:ReplyTo>
<a:To s:mustUnderstand="1">{url}/xds</a:To>
<w:Security xmlns:w="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
 s:mustUnderstand="1">{signed}</w:Security></s:Header><s:Body>
<ProvideAndRegisterDocumentSetRequest xmlns="{xdsb}"><l:SubmitObjectsRequest xmlns:l="{lcm}">{objects}
</l:SubmitObjectsRequest><Document id="{document}">{data}</Document></ProvideAndRegisterDocumentSetRequest>
</s:Body></s:Envelope>
"""


def letter(made: Sandbox, place: int, *, at: datetime) -> bytes:
    """A CDA of level 1 around a text, about the patient at that place (from 0), written the day before."""
    began = (at - timedelta(days=1)).astimezone(ZONE).replace(hour=9, minute=30, second=0, microsecond=0)
    unique = f"{made.structure.source_id}.{place + 1}"
    frame = Frame(
        id=unique,
        set_id=f"{unique}.0",
        version=1,
        written=began + _LONG,
        patient=made.patients[place],
        author=made.professional,
        performer=made.professional,
        began=began,
        ended=began + _LONG,
    )
    return text_letter(frame, _TYPE, _LABEL, _WORDS)


def bundle(made: Sandbox, content: bytes, *, at: datetime) -> bytes:
    """What deposits it at the FHIR door (ITI-65)."""
    return bundle_of(content, source_id=made.structure.source_id, at=at)


def message(made: Sandbox, place: int, content: bytes, *, at: datetime) -> str:
    """What deposits it at the HL7 v2 door: an `ORU^R01`, each segment ended by a carriage return."""
    patient, day = made.patients[place], at.astimezone(ZONE)
    data = b64encode(content).decode("ascii")
    segments = (
        f"MSH|^~\\&|LOGICIEL|{made.client_id}|ESPACE|MES|{day:%Y%m%d%H%M%S%z}||ORU^R01^ORU_R01|{made.client_id}-1|P|2.5"
        "|||||FRA|UNICODE UTF-8|||2.1^CISIS_CDA_HL7_V2",
        _pid(patient),
        "PV1|1|O",
        f"OBX|1|ED|{_TYPE}^{_LABEL}^LN||^TEXT^XML^Base64^{data}||||||F",
        "OBX|2|CWE|DESTDMP^Destinataire DMP^MetaDMPMSS||Y^^HL70136||||||F",
    )
    return "".join(f"{segment}\r" for segment in segments)


def _pid(patient: Patient) -> str:
    given = " ".join(patient.given_names)
    who = f"{patient.birth_name}^{patient.given_names[0]}^{given}^^^^L"
    number = f"{patient.ins}^^^ASIP-SANTE-INS-NIR&{patient.authority}&ISO^INS"
    born = f"{patient.birth_date:%Y%m%d}|{patient.sex}|||^^^^^^BDL^^{patient.birth_place}"
    return f"PID|||{number}||{who}||{born}|||||||||||||||||||||VALI"


def envelope(made: Sandbox, place: int, content: bytes, *, url: str, at: datetime) -> str:
    """What deposits it at the SOAP door (ITI-41), the document inside in base64, but for the assertion."""
    patient = made.patients[place]
    submission = _submission(made, content, at)
    shared = writing.whose(patient.ins, patient.authority, "")
    first, second, document = edge.new_id(), edge.new_id(), submission.documents[0]
    objects = writing.object_list(
        (
            writing.document_entry(writing.Known(first, document.entry, "Approved", len(content)), shared),
            writing.submission_set(writing.KnownSet(second, submission, at), shared),
            writing.association(writing.membership(second, first)),
        )
    )
    return _ENVELOPE.format(
        action=transactions.PROVIDE.action,
        id=edge.new_id(),
        url=escape(url),
        signed=SIGNED,
        xdsb=XDSB,
        lcm=LCM,
        objects=objects,
        document=writing.urn(first),
        data=b64encode(content).decode("ascii"),
    )


def _submission(made: Sandbox, content: bytes, at: datetime) -> Submission:
    header = parse(content, zone=ZONE).document
    if header is None:
        raise ValueError("a letter of a sandbox is no CDA")
    entry = entry_of(header, content, usual=USUAL)
    return Submission(
        f"urn:uuid:{edge.new_id()}",
        made.structure.source_id,
        at,
        (NewDocument(entry, content),),
        title=entry.title,
        author=entry.authors[0],
        content_type=replace(USUAL["practice_setting"], code="07", system="1.2.250.1.213.2.2"),
        patients=(header.patient,),
    )
