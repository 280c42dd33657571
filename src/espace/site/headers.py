"""What a request says of its body, looked at before any framework obeys it.

Django reads a form in whatever charset it is said to be in, which is every codec that Python knows (base64, zlib,
IDNA…), and looks at the header while it makes the request, where no page of errors is. So only a header that is whole
is handed on, with UTF-8 or no charset; the pages answer any other by `looks.middleware.readable_body`.
"""

import re
from typing import Any

from espace.looks.middleware import UNREADABLE

MOST = 300
"""Characters of a Content-Type: a boundary has 70 at most (RFC 2046, 5.1.1)."""
UTF_8 = frozenset({"utf-8", "utf8"})
_WORD = r"[!#$%&'+.^_`|~0-9A-Za-z-]+"
_PARAMETER = rf'({_WORD})=({_WORD}|"[^"\\\x00-\x1f\x7f-\uffff]*")'
_TYPE = re.compile(rf"{_WORD}/{_WORD}(?: *; *{_PARAMETER})* *;? *")
_PARAMETERS = re.compile(_PARAMETER)
_LENGTH = re.compile(r"[0-9]{0,15}")


def mark_unreadable(environ: dict[str, Any]) -> None:
    """A Content-Type that cannot be obeyed leaves the environment; that there was one is said in its place."""
    environ.pop(UNREADABLE, None)
    if not readable(str(environ.get("CONTENT_TYPE") or "")):
        environ["CONTENT_TYPE"] = ""
        environ[UNREADABLE] = True


def readable(content_type: str) -> bool:
    """Whether a body of this type is text that we read: nothing said, or a type whose parameters are plain (RFC 9110,
    8.3.1, without the encoded ones of RFC 2231) and whose charset, if any, is UTF-8."""
    said = content_type.strip(" \t")
    if not said:
        return True
    if len(said) > MOST or not _TYPE.fullmatch(said):
        return False
    charsets = (value for name, value in _PARAMETERS.findall(said) if name.lower() == "charset")
    return all(value.strip('"').lower() in UTF_8 for value in charsets)


def has_sound_length(environ: dict[str, Any]) -> bool:
    """Whether Content-Length is a number that there can be, or absent (RFC 9110, 8.6)."""
    return _LENGTH.fullmatch(str(environ.get("CONTENT_LENGTH") or "")) is not None
