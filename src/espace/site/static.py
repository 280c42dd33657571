"""The style sheets and icons of the rooms, read once in memory: no path from outside reaches the disk."""

import hashlib
import mimetypes
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

PREFIX = "/static/"
CACHE = "public, max-age=600"


@dataclass(frozen=True, slots=True)
class StaticFile:
    contents: bytes
    media_type: str
    tag: str


def read_static(folders: Iterable[Path]) -> dict[str, StaticFile]:
    """URL path → file, for every file of the folders; the first folder wins."""
    found: dict[str, StaticFile] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                found.setdefault(PREFIX + path.relative_to(folder).as_posix(), _file(path))
    return found


def _file(path: Path) -> StaticFile:
    contents = path.read_bytes()
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if media_type.startswith("text/") or media_type.endswith(("javascript", "json")):
        media_type += "; charset=utf-8"
    return StaticFile(contents, media_type, f'"{hashlib.sha256(contents).hexdigest()[:32]}"')


def answer_static(
    files: dict[str, StaticFile], environ: dict[str, Any], start_response: "StartResponse"
) -> Iterable[bytes]:
    file = files.get(environ.get("PATH_INFO", ""))
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or file is None:
        start_response("404 Not Found", [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", "0")])
        return []
    headers = [
        ("Content-Type", file.media_type),
        ("ETag", file.tag),
        ("Cache-Control", CACHE),
        ("X-Content-Type-Options", "nosniff"),
    ]
    if file.tag in environ.get("HTTP_IF_NONE_MATCH", ""):
        start_response("304 Not Modified", headers)
        return []
    start_response("200 OK", [*headers, ("Content-Length", str(len(file.contents)))])
    return [file.contents] if environ["REQUEST_METHOD"] == "GET" else []
