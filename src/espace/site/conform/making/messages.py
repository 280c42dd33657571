"""HL7 v2 as a feeder writes it: a CDA in ORU^R01 (2.5) or MDM^T02, T04, T10 (2.6), by the CI-SIS guide, 2.1; and what a
patient said of their record, in a movement (PAM-FR 2.11)."""

from espace import edge
from espace.site.conform.letters import TYPE
from espace.site.conform.staging import Stage

MEDIA_TYPE = "application/hl7-v2"
_ESCAPES = {"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "&": "\\T\\", "~": "\\R\\"}
_KINDS = {
    "R01": ("ORU^R01^ORU_R01", "2.5"),
    "T02": ("MDM^T02^MDM_T02", "2.6"),
    "T04": ("MDM^T04^MDM_T02", "2.6"),
    "T10": ("MDM^T10^MDM_T02", "2.6"),
    "A99": ("ADT^A99^ADT_A99", "2.5"),
}


def control_id(stage: Stage, name: str) -> str:
    """MSH-10: the same for the whole scenario."""
    return stage.id(f"message {name}", lambda: edge.new_id().hex[-20:])


def message(stage: Stage, event: str, name: str = "first", *, born: str = "", parent: str = "") -> bytes:
    """A message about one document; `born` is another birth date, `parent` what TXA-13 says."""
    kind, version = _KINDS[event]
    letter, number = stage.letter(name), control_id(stage, name + event)
    segments = [
        f"MSH|^~\\&|BANC|CONFORMITE|ESPACE|MES|20260304100500+0100||{kind}|{number}|P|{version}"
        "|||||FRA|UNICODE UTF-8|||2.1^CISIS_CDA_HL7_V2",
        _pid(stage, born),
        "PV1|1|O",
        f"OBX|1|ED|{TYPE}^Document^LN||^TEXT^XML^Base64^{letter.base64}||||||F",
        "OBX|2|CWE|DESTDMP^Destinataire DMP^MetaDMPMSS||Y^^HL70136||||||F",
    ]
    if event.startswith("T"):
        segments.insert(3, f"TXA|1|{TYPE}|TEXT|20260304100000||||||||{letter.oid}|{parent}||||LA")
    return "".join(f"{one}\r" for one in segments).encode()


def movement(stage: Stage, feeding: str, name: str) -> bytes:
    """ADT^A31 whose ZFA-9 says whether the patient objects to being fed: `IO`, or not: `INO`."""
    number, now = control_id(stage, name), f"{edge.now():%Y%m%d%H%M%S%z}"
    segments = (
        f"MSH|^~\\&|BANC|CONFORMITE|ESPACE|MES|{now}||ADT^A31^ADT_A05|{number}|P|2.5^FRA^2.11"
        "|||||FRA|UNICODE UTF-8|||2.11^IHE_FRANCE-2.11-PAM",
        f"EVN||{now}",
        _pid(stage, ""),
        "PV1|1|N",
        f"ZFA|ACTIF||||||||{feeding}||NA|",
    )
    return "".join(f"{one}\r" for one in segments).encode()


def _escaped(text: str) -> str:
    """HL7 v2.5.1, 2.7: separators inside of a value."""
    return "".join(_ESCAPES.get(sign, sign) for sign in text)


def _pid(stage: Stage, born: str) -> str:
    patient = stage.kit.patient
    given = patient.given_names
    name = f"{_escaped(patient.birth_name)}^{_escaped(given[0])}^{_escaped(' '.join(given))}^^^^L"
    ins = f"{patient.ins}^^^ASIP-SANTE-INS-NIR&{patient.authority}&ISO^INS"
    place = f"^^^^^^BDL^^{patient.birth_place}"
    date = born or f"{patient.birth_date:%Y%m%d}"
    return f"PID|||{ins}||{name}||{date}|{patient.sex}|||{place}{'|' * 20}N|VALI"
