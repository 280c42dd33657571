"""HL7 v2 messages as the software of a hospital sends them, and what is answered."""

import base64
from dataclasses import dataclass
from itertools import count

from cast import Holder
from door import Answer, post
from espace.wire.cda_writing import Frame
from exchange.publishing import letter

TYPE = "application/hl7-v2"
_numbers = count(1)


@dataclass(frozen=True)
class Acknowledged:
    """An acknowledgement by what it says: MSA-1 and MSA-2, the reasons and places of its ERR, its ZAM."""

    status: int
    outcome: str
    control_id: str
    codes: tuple[str, ...]
    places: tuple[str, ...]
    done: tuple[tuple[str, str], ...]
    ids: tuple[str, ...]
    text: str


def acknowledged(answer: Answer) -> Acknowledged:
    assert answer.headers["Content-Type"].startswith(f"{TYPE}; charset="), answer.headers
    text = answer.body.decode(answer.headers["Content-Type"].partition("charset=")[2])
    lines = [line.split("|") for line in text.split("\r")]
    assert (lines[0][0], lines[0][8].split("^")[0], lines[1][0]) == ("MSH", "ACK", "MSA")
    errors = [line for line in lines if line[0] == "ERR"]
    routes = [line for line in lines if line[0] == "ZAM"]
    return Acknowledged(
        answer.status,
        lines[1][1],
        lines[1][2],
        tuple(line[5].split("^")[0] for line in errors),
        tuple(line[2] for line in errors),
        tuple((line[2], line[3]) for line in routes),
        tuple(line[5] for line in routes),
        text,
    )


def pid(of: Holder, *, birth_name: str = "", status: str = "VALI") -> str:
    traits = of.traits
    name = f"{birth_name or traits.birth_name}^{traits.given_names[0]}^{' '.join(traits.given_names)}^^^^L"
    ins = f"{of.ins.number}^^^ASIP-SANTE-INS-NIR&{of.ins.authority}&ISO^INS"
    born = f"{traits.birth_date:%Y%m%d}"
    place = f"^^^^^^BDL^^{traits.birth_place}"
    return f"PID|||{ins}||{name}||{born}|{traits.sex}|||{place}" + "|" * 20 + f"N|{status}"


def flag(name: str, value: str = "Y") -> str:
    return f"OBX|2|CWE|{name}^^MetaDMPMSS||{value}^^HL70136||||||F"


def obx(content: bytes, status: str = "F", code: str = "11490-0") -> str:
    return f"OBX|1|ED|{code}^^LN||^TEXT^XML^Base64^{base64.b64encode(content).decode()}||||||{status}"


def header(event: str, control_id: str = "", *, charset: str = "UNICODE UTF-8") -> str:
    kind = {"R01": "ORU^R01^ORU_R01"}.get(event, f"MDM^{event}^MDM_T02")
    version = "2.5" if event == "R01" else "2.6"
    number = control_id or f"M{next(_numbers)}"
    return (
        f"MSH|^~\\&|SIL-Y|labo|ESPACE|MES|202603041030||{kind}|{number}|P|{version}|||||FRA|{charset}"
        "|||2.1^CISIS_CDA_HL7_V2"
    )


def message(
    of: Holder,
    written: Frame,
    *more: str,
    event: str = "R01",
    status: str = "F",
    parent: str = "",
    patient: str = "",
    content: bytes = b"",
    first: str = "",
    code: str = "11490-0",
) -> bytes:
    """A message about a letter, or another content of this type; `parent` is TXA-13."""
    segments = [first or header(event), patient or pid(of), "PV1|1|I"]
    if event != "R01":
        segments.append(f"TXA|1|{code}|TEXT|202603041030||||||||{written.id}|{parent}||||LA")
    segments += [obx(content or letter(written), status, code), *more]
    return "".join(f"{segment}\r" for segment in segments).encode()


def send(data: bytes, token: str, *, kind: str = TYPE, **headers: str) -> Acknowledged:
    return acknowledged(post("/hl7v2", data, token=token, kind=kind, **headers))
