"""Documents whose body is a file (CDA level 1, IHE XDS-SD): letters, reports and certificates of any type."""

from base64 import b64encode

from espace.wire.cda_writing import pdf, rtf
from espace.wire.cda_writing.header import document
from espace.wire.cda_writing.words import Frame, Model
from espace.wire.cda_writing.xml import el, to_bytes
from espace.wire.nomenclature import TYPES, UNSTRUCTURED, specialty_label
from espace.wire.xds import Coded


def typed(code: str) -> Coded:
    """The type of that code of J07; KeyError for a code that is not there."""
    known = TYPES[code]
    return Coded(known.code, known.system, known.label_fr)


def embedded(
    frame: Frame, type_code: str, title: str, content: bytes, media: str, *, act: Coded | None = None
) -> bytes:
    """A document of level 1 around any file of media type `media`; `act` is what it documents, else its type."""
    model = Model(typed(type_code), title, (UNSTRUCTURED,), act or typed(type_code))
    text = el("text", {"mediaType": media, "representation": "B64"}, b64encode(content).decode("ascii"))
    return to_bytes(document(frame, model, el("nonXMLBody", None, text)))


def _signed(frame: Frame, paragraphs: tuple[str, ...]) -> tuple[str, ...]:
    place = frame.author.organisation
    address = place.address
    head = f"{place.name}\n{address.number} {address.street}, {address.postcode} {address.city}"
    who, born = ("Patiente", "née") if frame.patient.sex == "F" else ("Patient", "né")
    about = f"{who} : {frame.patient.name}, {born} le {frame.patient.birth_date:%d/%m/%Y}"
    job = specialty_label(frame.author.specialty.code) or frame.author.specialty.display
    when = f"{address.city}, le {frame.written:%d/%m/%Y}"
    return (head, f"{when}\n{about}", *paragraphs, f"{frame.author.name}\n{job}")


def pdf_letter(
    frame: Frame, type_code: str, title: str, paragraphs: tuple[str, ...], *, act: Coded | None = None
) -> bytes:
    """A letter in PDF with its head, date and signature; code page 1252 only, else UnicodeEncodeError."""
    content = pdf.letter(title, _signed(frame, paragraphs))
    return embedded(frame, type_code, title, content, "application/pdf", act=act)


def rtf_letter(frame: Frame, type_code: str, title: str, paragraphs: tuple[str, ...]) -> bytes:
    """The same letter in rich text."""
    return embedded(frame, type_code, title, rtf.letter(title, _signed(frame, paragraphs)), "text/rtf")


def text_letter(frame: Frame, type_code: str, title: str, paragraphs: tuple[str, ...]) -> bytes:
    """The same letter in plain UTF-8 text."""
    content = "\n\n".join((title, *_signed(frame, paragraphs))).encode("utf-8")
    return embedded(frame, type_code, title, content, "text/plain")
