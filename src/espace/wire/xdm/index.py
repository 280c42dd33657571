"""INDEX.HTM and README.TXT of an archive: for whoever has nothing but a browser (ITI TF-2, 3.32.4.1.2.1, XHTML Basic).

In French, and nothing in them is fetched, run or styled by anything else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from urllib.parse import quote

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML Basic 1.1//EN" "http://www.w3.org/TR/xhtml-basic/xhtml-basic11.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="fr">
<head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8"/><title>Documents de santé</title></head>
<body>
"""
_END = "</body>\n</html>\n"
_UNTITLED = "Document sans titre"


@dataclass(frozen=True, slots=True)
class Line:
    """A document in the list: `name` is its file from the root of the archive, `at` when the act was."""

    name: str
    title: str
    kind: str
    at: datetime | None
    author: str


def index(lines: Sequence[Line], moment: datetime) -> bytes:
    """The list of documents, each with a link to its file."""
    rows = "".join(f"<li>{_row(one)}</li>\n" for one in lines)
    return (
        f"{_HEAD}<h1>Documents de santé</h1>\n<p>{_counted(len(lines))}, archive du {_day(moment)}. Ces documents sont "
        "confidentiels\u202f: ne les transmettez qu’à qui vous soigne, et effacez l’archive quand elle ne sert plus."
        "</p>\n"
        f"<ol>\n{rows}</ol>\n<p>Le dossier IHE_XDM contient les mêmes documents pour les logiciels de santé (IHE XDM)."
        f"</p>\n{_END}"
    ).encode()


def _row(one: Line) -> str:
    said = (one.kind if one.kind != one.title else "", _day(one.at) if one.at else "", one.author)
    beside = ", ".join(escape(part) for part in said if part)
    link = f'<a href="{quote(one.name)}">{escape(one.title or _UNTITLED)}</a>'
    return f"{link} ({beside})" if beside else link


def readme(count: int, moment: datetime) -> bytes:
    """What the archive is, and how to open it."""
    text = (
        "DOCUMENTS DE SANTÉ\n\n"
        f"{_counted(count)}, archive du {_day(moment)}.\n\n"
        "Pour les lire\u202f: ouvrez INDEX.HTM dans un navigateur.\n"
        "Pour un logiciel de santé\u202f: cette archive est au format IHE XDM (Cross-Enterprise Document Media\n"
        "Interchange). Le dossier IHE_XDM/SUBSET01 contient les documents et METADATA.XML, leur description.\n\n"
        "Ces documents sont confidentiels. Écrit par espace-santé.\n"
    )
    return text.replace("\n", "\r\n").encode()


def _counted(count: int) -> str:
    return f"{count} documents" if count > 1 else "1 document"


def _day(at: datetime) -> str:
    return f"{at.day:02}/{at.month:02}/{at.year:04}"
