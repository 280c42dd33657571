"""The flags of a message (OBX of « MetaDMPMSS »): what hides the documents, where they go, what the mail says."""

import binascii
from collections.abc import Mapping
from dataclasses import dataclass

from espace.kernel.reasons import documents as reasons
from espace.kernel.reasons import hl7v2 as hl7_reasons
from espace.kernel.words import Visibility
from espace.wire.hl7v2.er7 import MAX_TEXT, Message, Segment
from espace.wire.hl7v2.values import Routes
from espace.wire.report import Report

SYSTEM = "METADMPMSS"
HIDES = {
    "MASQUE_PS": Visibility.MASQUE_PS,
    "INVISIBLE_PATIENT": Visibility.INVISIBLE_PATIENT,
    "INVISIBLE_REP_LEGAUX": Visibility.INVISIBLE_REPRESENTANTS_LEGAUX,
    "INVISIBLE_REPRESENTANTS_LEGAUX": Visibility.INVISIBLE_REPRESENTANTS_LEGAUX,
    "CONNEXION_SECRETE": Visibility.INVISIBLE_REPRESENTANTS_LEGAUX,
}
"""What each flag hides; what is done in a secret session of a minor is kept from the representatives."""

RECORD, PROFESSIONALS, PATIENT = "DESTDMP", "DESTMSSANTEPS", "DESTMSSANTEPAT"
RELABELS = "MODIF_CONF_CODE"
RECEIPT, READING = "ACK_RECEPTION", "ACK_LECTURE_MSS"
TEXTS = ("CORPSMAIL_PS", "CORPSMAIL_PATIENT")
_KNOWN = frozenset({*HIDES, RECORD, PROFESSIONALS, PATIENT, RELABELS, RECEIPT, READING})
_CODED = ("CWE", "CE")
_YES_NO = {"Y": True, "N": False}


@dataclass(frozen=True, slots=True)
class Combination:
    """Flags that may stand together; None where a flag may be either."""

    masked: bool | None
    held: bool | None
    from_parents: bool | None
    secret: bool | None
    record: bool | None
    professionals: bool
    patient: bool


LEGAL = (
    Combination(None, None, None, None, record=True, professionals=False, patient=False),
    Combination(False, False, False, False, record=None, professionals=True, patient=True),
    Combination(None, True, False, None, record=None, professionals=True, patient=False),
    Combination(None, False, None, None, record=False, professionals=False, patient=True),
)
"""The first row goes to no mail: the matrix (D56) is about the three that do, and any other is an error. Whether
CONNEXION_SECRETE counts in the last two is not said there: it may be either."""


@dataclass(frozen=True, slots=True)
class Flags:
    """The flags stated, by name; what is not stated is N."""

    said: Mapping[str, bool]
    texts: Mapping[str, str]

    def __getitem__(self, name: str) -> bool:
        return self.said.get(name, False)

    @property
    def visibility(self) -> frozenset[Visibility]:
        return frozenset(hides for name, hides in HIDES.items() if self[name])

    @property
    def routes(self) -> Routes:
        """A message that states no destination at all was brought to the record."""
        stated = {RECORD, PROFESSIONALS, PATIENT} & self.said.keys()
        return Routes(self[RECORD], self[PROFESSIONALS], self[PATIENT]) if stated else Routes()

    def combination(self) -> Combination:
        from_parents = self["INVISIBLE_REP_LEGAUX"] or self["INVISIBLE_REPRESENTANTS_LEGAUX"]
        routes = self.routes
        return Combination(
            self["MASQUE_PS"], self["INVISIBLE_PATIENT"], from_parents, self["CONNEXION_SECRETE"],
            routes.record, routes.professionals, routes.patient,
        )  # fmt: skip


def is_flag(message: Message, segment: Segment) -> bool:
    return message.value(segment, 3, 3).upper() == SYSTEM or message.value(segment, 3).upper() in (*_KNOWN, *TEXTS)


def read_flags(message: Message, report: Report) -> Flags:
    """Every flag, each said once or alike; one that is not known may not be passed over where it says Y."""
    said: dict[str, bool] = {}
    texts: dict[str, str] = {}
    for segment in message.named("OBX"):
        if not is_flag(message, segment):
            continue
        name = message.value(segment, 3).upper()
        if name in TEXTS:
            texts[name] = _text(message, segment, report)
        else:
            _read_one(message, segment, name, said, report)
    flags = Flags(said, texts)
    _check_routes(flags, message, report)
    return flags


def _read_one(message: Message, segment: Segment, name: str, said: dict[str, bool], report: Report) -> None:
    value = _YES_NO.get(message.value(segment, 5).upper())
    if name not in _KNOWN:
        if value or (value is None and message.value(segment, 2).upper() in _CODED):
            report.unsupported(segment.place(3), "a flag that is not known, and says neither N nor nothing")
        return
    if value is None:
        report.invalid(segment.place(5), "Y or N is expected")
    elif said.setdefault(name, value) is not value:
        report.invalid(segment.place(5), "said before, and otherwise")


def _text(message: Message, segment: Segment, report: Report) -> str:
    """The body of a mail: base64 in ED.5, text of the message's charset within. Official examples have one that was cut
    short: what is whole of it is taken."""
    found = message.repetitions(segment, 5)
    part = message.part(found[0], 5) if found else None
    raw = message.data[part[0] : part[1]] if part else b""
    if len(raw) > MAX_TEXT:
        report.add(reasons.CONTENT_TOO_LARGE, segment.place(5, 1, 5), f"{MAX_TEXT} bytes at most")
        return ""
    encoded = b"".join(message.plain(raw).split()).rstrip(b"=")
    whole = encoded if len(encoded) % 4 != 1 else encoded[:-1]
    try:
        data = binascii.a2b_base64(whole + b"=" * (-len(whole) % 4), strict_mode=True)
        text = data.decode(message.codec, errors="ignore" if whole != encoded else "strict")
    except ValueError:
        report.invalid(segment.place(5, 1, 5), "base64 of a text in the charset of the message is expected")
        return ""
    return "".join(each for each in text if each.isprintable() or each in "\n\t")


def _check_routes(flags: Flags, message: Message, report: Report) -> None:
    stated = flags.combination()
    if not any(_allows(row, stated) for row in LEGAL):
        places = [one.place(5) for one in message.named("OBX") if message.value(one, 3).upper() == RECORD]
        said = ", ".join(f"{name}={'Y' if flags[name] else 'N'}" for name in (RECORD, PROFESSIONALS, PATIENT))
        report.add(hl7_reasons.HL7_ROUTING_REFUSED, places[0] if places else "OBX", said)


def _allows(row: Combination, stated: Combination) -> bool:
    names = Combination.__slots__
    return all(getattr(row, name) in (None, getattr(stated, name)) for name in names)
