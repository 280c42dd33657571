"""A message written out by hand, to be spoiled one segment at a time."""

import base64
from zoneinfo import ZoneInfo

from espace.wire.hl7v2 import Received, Taking, read
from wire.cda.cda_samples import cda

PARIS = ZoneInfo("Europe/Paris")
TAKING = Taking(PARIS, 1_000_000)
CDA = cda()

MSH = (
    "MSH|^~\\&|SIL-Y|labo|ESPACE|Plateforme|20260304103000+0100||{event}|015|P|{version}"
    "|||||FRA|{charset}|||{profile}"
)
PROFILE = "2.1^CISIS_CDA_HL7_V2"
PID = (
    "PID|||279035121518989^^^ASIP-SANTE-INS-NIR&1.2.250.1.213.1.4.10&ISO^INS^^20101207"
    "~IPP-1^^^HOPITAL&1.2.3.4&ISO^PI||PAT-TROIS^DOMINIQUE^DOMINIQUE MARIE-LOUISE^^^^L~DURAND^DOMINIQUE^^^^^D"
    "||19790328|F|||28 Av de Breteuil^^PARIS^^75007^FRA^H~^^^^^^BDL^^51215" + "|" * 20 + "N|VALI"
)
TXA = "TXA|1|34133-9|TEXT|202603041030||||||||1.2.250.1.213.1.1.1.13.99.1^SIL|{parent}||||LA"
SENDER = (
    "PRT||UC||SB^^HL70912|801234567897^MEDIONI^Stéphane^^^^^^ASIP-SANTE-PS&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS"
    "|||Cabinet du Port^^^^^ASIP-SANTE-ST&1.2.250.1.71.4.2.2&ISO^FINEG^^^120456789"
)
TO = "PRT||UC||RCT^^HL70912|8010^Adam^Hoda||||||||||^NET^X.400^Adam.Hoda@test.mssante.fr"
TO_PATIENT = "PRT||UC||RCT^^HL70912|2790^PAT||||||||||^^X.400^279035121518989@patient.mssante.fr"
REPLY = "PRT||UC||REPLY^^HL70912|||||||||||^^X.400^labo@test.mssante.fr"


def msh(
    event: str = "ORU^R01^ORU_R01", version: str = "2.5", charset: str = "UNICODE UTF-8", profile: str = PROFILE
) -> str:
    return MSH.format(event=event, version=version, charset=charset, profile=profile)


def obx(content: bytes = CDA, *, number: int = 1, status: str = "F", code: str = "34133-9", kind: str = "XML") -> str:
    data = base64.b64encode(content).decode()
    return f"OBX|{number}|ED|{code}^Synthèse^LN||^TEXT^{kind}^Base64^{data}||||||{status}"


def flag(name: str, value: str = "Y", *, kind: str = "CWE") -> str:
    return f"OBX|9|{kind}|{name}^Drapeau^MetaDMPMSS||{value}^^HL70136||||||F"


def body(name: str, text: str, *, encoding: str = "utf-8") -> str:
    return f"OBX|10|ED|{name}^Corps^MetaDMPMSS||^TEXT^^Base64^{base64.b64encode(text.encode(encoding)).decode()}||||||F"


def message(*segments: str, end: str = "\r", encoding: str = "utf-8") -> bytes:
    return "".join(f"{one}{end}" for one in segments).encode(encoding)


def oru(*more: str, first: str = "", pid: str = PID, document: str = "") -> bytes:
    return message(first or msh(), pid, "PV1|1|I|UF", document or obx(), SENDER, *more)


def mdm(event: str, *more: str, status: str = "F", parent: str = "") -> bytes:
    first = (msh(f"MDM^{event}^MDM_T02", "2.6"), "EVN||20260304", PID, "PV1|1|O", TXA.format(parent=parent))
    return message(*first, obx(status=status), *more)


def received(data: bytes, taking: Taking = TAKING) -> Received:
    return read(data, taking)


def found(data: bytes, taking: Taking = TAKING) -> list[tuple[str, str]]:
    """The code and place of every problem."""
    return [(one.reason.code, one.place) for one in read(data, taking).problems]
