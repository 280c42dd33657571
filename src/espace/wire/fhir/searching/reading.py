"""One parameter of a search → what it looks for: or-lists, escapes, modifiers (R4, search.html#combining, #escaping).

Everything is bounded, and nothing is passed over: what cannot be read is a problem at the parameter's own place.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from espace.kernel.reasons import transport as reasons
from espace.kernel.words import Problem
from espace.wire import nomenclature
from espace.wire.fhir.searching.dates import when
from espace.wire.fhir.searching.parameters import Form, Kind, Parameter, Table
from espace.wire.fhir.searching.values import How, Target, Text, Token, Value
from espace.wire.fhir.values import URI_SYSTEM, oid_of, uri_id

MAX_VALUES = 50
"""Values of one parameter, any of which may match."""
MAX_LENGTH = 128
"""Characters of one value, its system aside."""
MAX_SYSTEM = 256

_ESCAPED = re.compile(r"\\([\\,|$])|(\\)")
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")
_TYPED = re.compile(r"[A-Z][A-Za-z]{1,63}/[A-Za-z0-9.-]{1,64}")
_SHOWN = re.compile(r"[A-Za-z_][\w.-]{0,63}", re.ASCII)
# Private characters stand for what was escaped while the rest is split: no value may hold them.
_HIDDEN = {"\\": "\ue000", ",": "\ue001", "|": "\ue002", "$": "\ue003"}
_SHOWN_AGAIN = {ord(private): escaped for escaped, private in _HIDDEN.items()}
_UNACCEPTABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ue000-\ue003]")


@dataclass(frozen=True, slots=True)
class Language:
    """How to read: dates without an offset are local in `zone`, references are to `base`, `ap` is around `now`."""

    zone: tzinfo
    base: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Criterion:
    """One parameter once read: any of `values` will do, or none with `negated`.

    `missing` (true or false) asks instead whether there is anything to compare with.
    """

    name: str
    values: tuple[Value, ...] = ()
    negated: bool = False
    missing: bool | None = None


def place_of(name: str) -> str:
    """A parameter as a place of OperationOutcome, where its name looks like one: others could hold anything."""
    bare = name.partition(":")[0]
    return f"http.{bare}" if _SHOWN.fullmatch(bare) else ""


def problem(name: str, detail: str = "") -> Problem:
    return Problem(reasons.PARAMETER_UNSUPPORTED, place_of(name), detail)


def fold(text: str) -> str:
    """A text as it is compared: without case, accents or repeated spaces (search.html#string)."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(plain.casefold().split())


def parameter_named(name: str, table: Table) -> tuple[Parameter | None, str]:
    """The parameter that a name says, with its modifier; None for one that the table does not have.

    `patient:identifier` is `patient.identifier` (search.html#modifiers); any other modifier stays one.
    """
    bare, colon, modifier = name.partition(":")
    if colon and not modifier:
        return None, ""
    if modifier == "identifier":
        return table.parameters.get(f"{bare}.identifier"), ""
    return table.parameters.get(bare), modifier


def criterion(parameter: Parameter, modifier: str, text: str, language: Language) -> Criterion | Problem:
    """What one parameter says, or what is wrong with it."""
    name = parameter.name
    if modifier and modifier not in parameter.modifiers:
        return problem(name, f"no modifier, or one of {', '.join(sorted(parameter.modifiers)) or 'none'}")
    if modifier == "missing":
        return Criterion(name, missing=text == "true") if text in ("true", "false") else problem(name, "true or false")
    if _UNACCEPTABLE.search(text):
        return problem(name, "a value with characters that no text has")
    parts = _split(text)
    if parts is None:
        return problem(name, "a backslash escapes a comma, a bar, a dollar or itself")
    if not 1 <= len(parts) <= MAX_VALUES or not all(parts):
        return problem(name, f"1 to {MAX_VALUES} values are expected")
    values = [_READERS[parameter.kind](parameter, modifier, one, language) for one in parts]
    wrong = next((one for one in values if isinstance(one, str)), None)
    if wrong is not None:
        return problem(name, wrong)
    return Criterion(name, tuple(one for one in values if not isinstance(one, str)), negated=modifier == "not")


def _split(text: str) -> list[str] | None:
    """The values of an or-list; escaped characters are private ones until `_shown`."""
    if any(stray for _, stray in _ESCAPED.findall(text)):
        return None
    return _ESCAPED.sub(lambda found: _HIDDEN[found[1]], text).split(",")


def _shown(part: str) -> str:
    return part.translate(_SHOWN_AGAIN)


def _token(parameter: Parameter, modifier: str, part: str, language: Language) -> Token | str:
    system, bar, code = part.partition("|")
    if not bar:
        system, code = "", system
    if len(code) > MAX_LENGTH or len(system) > MAX_SYSTEM or "|" in code or part == "|":
        return f"system|code is expected, {MAX_LENGTH} characters at most"
    found = Token(_shown(code), _system(_shown(system)) if bar else None)
    special = _closed if parameter.codes else _FORMS.get(parameter.form)
    return special(parameter, found) if special else found


def _system(uri: str) -> str:
    known = nomenclature.system_of(uri)
    return known.oid if known else oid_of(uri) or uri


def _closed(parameter: Parameter, token: Token) -> Token | str:
    """A code of a closed list, whose system goes without saying."""
    if token.code not in parameter.codes or token.system not in (None, "", parameter.system):
        return f"one of {', '.join(sorted(parameter.codes))} is expected"
    return Token(token.code)


def _identifier(parameter: Parameter, token: Token) -> Token | str:
    """A uniqueId: an OID alone, or `urn:uuid:` in lower case, as the record keeps them."""
    if not token.code or token.system not in (None, "", URI_SYSTEM):
        return f"{URI_SYSTEM}|urn:… is expected"
    return Token(uri_id(token.code) or token.code)


def _source(parameter: Parameter, token: Token) -> Token | str:
    """A sourceId: an OID or a URI as the record keeps them, or a number under a system of its own."""
    return Token(uri_id(token.code) or token.code) if token.system in (None, "", URI_SYSTEM) else token


def _ins(parameter: Parameter, token: Token) -> Token | str:
    if not token.code or not token.system:
        return "urn:oid:…|INS is expected"
    return token


def _own_id(parameter: Parameter, token: Token) -> Token | str:
    return token if token.system is None and _ID.fullmatch(token.code) else "an id is expected"


_FORMS: dict[Form, Callable[[Parameter, Token], Token | str]] = {
    Form.UNIQUE_ID: _identifier,
    Form.SOURCE: _source,
    Form.INS: _ins,
    Form.ID: _own_id,
}


def _text(parameter: Parameter, modifier: str, part: str, language: Language) -> Text | str:
    said = _shown(part)
    if len(said) > MAX_LENGTH:
        return f"{MAX_LENGTH} characters at most"
    how = How(modifier) if modifier else How.BEGINS
    words = said if how is How.EXACT else fold(said)
    return Text(words, how) if words else "a text is expected"


def _date(parameter: Parameter, modifier: str, part: str, language: Language) -> Value | str:
    found = when(_shown(part), zone=language.zone, now=language.now) if len(part) <= MAX_LENGTH else None
    return found or "a date is expected: YYYY, YYYY-MM, YYYY-MM-DD or a time, after one of eq ne gt lt ge le sa eb ap"


def _reference(parameter: Parameter, modifier: str, part: str, language: Language) -> Target | str:
    """`Type/id`, the same under our own address, or, where there is one type alone, the id."""
    said = _shown(part).removeprefix(f"{language.base}/")
    if not parameter.target:
        return Target("", said) if _TYPED.fullmatch(said) else "Type/<id> of this server"
    bare = said.removeprefix(f"{parameter.target}/")
    return Target(parameter.target, bare) if _ID.fullmatch(bare) else f"{parameter.target}/<id> of this server"


_READERS: dict[Kind, Callable[[Parameter, str, str, Language], Value | str]] = {
    Kind.TOKEN: _token,
    Kind.STRING: _text,
    Kind.DATE: _date,
    Kind.REFERENCE: _reference,
}
