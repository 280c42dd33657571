"""What a browser sends: bounded before it is read, kept in memory, never written in clear on a disk."""

from collections.abc import Callable
from io import BytesIO

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest
from django.http.response import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext

from espace.looks.frame import home_of, render
from espace.looks.plain import TEMPLATE, Said
from espace.looks.words import readable_size

MOST_FILES = 10
"""Files of one submission."""
FORM_BYTES = 1024 * 1024
"""Room for the other fields of the form and for what separates its parts."""

Handler = Callable[[HttpRequest], HttpResponseBase]


def most_bytes() -> int:
    """The largest body that the page which adds documents takes."""
    wanted: int = MOST_FILES * settings.ESPACE_UPLOAD_MAX_BYTES + FORM_BYTES
    return min(wanted, settings.ESPACE_MAX_REQUEST_BYTES)


def bounded_body(get_response: Handler) -> Handler:
    """Refuse a body that its length says to be too big, whoever sends it."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        most = most_bytes() if request.path == reverse("add") else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        return get_response(request) if _length(request) <= most else _too_large(request)

    return middleware


def announced(count: int) -> str:
    """« 5 Mo »: a bound as people say it."""
    return readable_size(count).replace(",0 ", " ").replace(".0 ", " ")


def _length(request: HttpRequest) -> int:
    stated = request.META.get("CONTENT_LENGTH") or "0"
    return int(stated) if stated.isascii() and stated.isdigit() else 0


def _too_large(request: HttpRequest) -> HttpResponse:
    adding = request.path == reverse("add")
    each = announced(settings.ESPACE_UPLOAD_MAX_BYTES)
    todo = gettext("Un fichier peut peser %(each)s au plus, et vous pouvez en envoyer %(count)s à la fois.")
    words = Said(
        title=gettext("C’est trop lourd"),
        what=gettext("Ce que votre navigateur a envoyé est trop lourd. Rien n’a été enregistré, rien n’est perdu."),
        todo=todo % {"each": each, "count": MOST_FILES} if adding else "",
        path=request.path if adding else home_of(request),
        action=gettext("Choisir d’autres fichiers") if adding else gettext("Revenir à l’accueil"),
    )
    return render(request, TEMPLATE, {"said": words}, status=413)


class InMemory(FileUploadHandler):
    """Files as bytes in memory, where the bounded body has room: a health document never lies in clear on a disk."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.kept = bytearray()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.kept += raw_data

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        data, self.kept = bytes(self.kept), bytearray()
        return InMemoryUploadedFile(
            file=BytesIO(data),
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type or "",
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
