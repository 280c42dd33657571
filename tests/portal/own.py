"""Files that holders add, and the way through the pages that add them."""

import struct
import zlib
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from espace.access import gate
from espace.edge import now
from espace.kernel.words import Purpose, Verb
from espace.record import queries as record
from espace.record.facts import Document
from portal.helpers import Member

ADD = "/documents/ajouter/"


def png(width: int = 8, height: int = 6, grey: int = 200) -> bytes:
    """A small picture, whole and true."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes([grey]) * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def text_file(name: str = "ordonnance.txt", words: str = "Paracétamol 1 g\n") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, words.encode(), "text/plain")


def picture(name: str = "photo.png", grey: int = 200) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, png(grey=grey), "image/png")


def send(browser: Client, *files: SimpleUploadedFile, **said: str) -> Any:
    """What the browser sends when « Ajouter » is pressed."""
    form: dict[str, Any] = {"chosen": list(files), "type_code": "DOCPAT02", "title": "", "day": "", **said}
    return browser.post(ADD, form, follow=True)


def documents_of(who: Member) -> tuple[Document, ...]:
    """What the holder has, the first deposit last."""
    with gate.open_record(
        actor=who.of.actor, patient=who.of.patient, purpose=Purpose.HOLDER, verb=Verb.LIST, at=now()
    ) as grant:
        return record.documents(grant)


def titles(who: Member) -> list[str]:
    return sorted(one.entry.title for one in documents_of(who))


def added(who: Member, browser: Client, name: str, words: str = "") -> UUID:
    """A text file added through the page; its id."""
    send(browser, text_file(name, words or name))
    wanted = name.rpartition(".")[0]
    return next(one.id for one in documents_of(who) if one.entry.title == wanted)
