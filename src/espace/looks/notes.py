"""« C’est fait »: what the page after an act says of it. It travels in the address, sealed: nobody else makes it speak.

Neither a session nor a cookie keeps it: whose name it says is nobody's to read in a database.
"""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.http import urlencode

from espace.kernel.json import decode
from espace.keys.facts import SealBroken
from espace.keys.queries import open_system, seal_system

DOMAIN = "page-note"
NAME = "fait"
LIFE = timedelta(minutes=5)
MOST_TOKEN = 1200


@dataclass(frozen=True, slots=True)
class _Note:
    text: str
    at: datetime


def redirect_saying(path: str, text: str, *, reader: UUID, at: datetime, about: bytes = b"") -> HttpResponseRedirect:
    """To `path`, which will say `text` to this reader and nobody else, for five minutes; `about`, to whoever asks for a
    word about the same only."""
    hidden = seal_system(DOMAIN, msgspec.json.encode(_Note(text, at)), reader.bytes + about)
    token = base64.urlsafe_b64encode(hidden).decode().rstrip("=")
    return HttpResponseRedirect(f"{path}?{urlencode({NAME: token})}")


def note_in(request: HttpRequest, *, reader: UUID, at: datetime, about: bytes = b"") -> str:
    """What `redirect_saying` was given for this reader lately, about the same; "" for anything else."""
    try:
        data = base64.b64decode(request.GET.get(NAME, "")[:MOST_TOKEN] + "===", altchars=b"-_", validate=False)
        note = decode(open_system(DOMAIN, data, reader.bytes + about), _Note)
    except (ValueError, SealBroken, msgspec.MsgspecError):
        return ""
    return note.text if note.at <= at <= note.at + LIFE else ""
