"""The JSON beside a document, read against a table of what it may say. Pure: never raises but Held.

Unknown names are told rather than ignored: a misspelt `hidden_from` would show what must be hidden.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from espace_feed.facts import Description, Held, Identity, Why

SUFFIX = ".json"
MAX_BYTES = 65_536
_MAX_TEXT = 500
_VISIBILITY = frozenset({"MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX"})
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class _Wrong(Exception):
    """What is expected instead, in French."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A name of the sidecar: the field that it fills, and how its value is read."""

    field: str
    read: Callable[[Any], Any]


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _MAX_TEXT or _CONTROLS.search(value):
        raise _Wrong(f"un texte d’une ligne, de {_MAX_TEXT} caractères au plus")
    return value.strip()


def _matching(shape: str, expected: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or not re.fullmatch(shape, value, re.ASCII):
            raise _Wrong(expected)
        return value

    return read


def _yes(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Wrong("true ou false")
    return value


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(_matching(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "")(value))
    except (ValueError, _Wrong):
        raise _Wrong("une date AAAA-MM-JJ") from None


def _moment(value: Any) -> datetime:
    try:
        found = datetime.fromisoformat(value)
    except (ValueError, TypeError):
        found = None
    if found is None or found.tzinfo is None:
        raise _Wrong("une date et une heure avec leur décalage : 2026-03-04T10:00:00+01:00")
    return found


def _hidden(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one in _VISIBILITY for one in value):
        raise _Wrong("une liste de codes parmi " + ", ".join(sorted(_VISIBILITY)))
    return tuple(sorted(set(value)))


_OID = _matching(r"[0-2](\.(0|[1-9][0-9]*)){1,30}", "un OID")
_INS = _matching(r"[0-9]{5}[0-9AB][0-9]{9}", "le matricule INS : 13 caractères et la clé de 2 chiffres")
_IDENTITY = {
    "ins": _Part("ins", _INS),
    "oid": _Part("oid", _OID),
    "birth_name": _Part("birth_name", _text),
    "given_names": _Part("given_names", _text),
    "birth_date": _Part("birth_date", _day),
    "sex": _Part("sex", _matching("[FM]", "F ou M")),
    "birth_place": _Part("birth_place", _matching(r"[0-9][0-9AB][0-9]{3}", "un code INSEE de 5 caractères")),
    "qualified": _Part("qualified", _yes),
}
_ORGANISATION = {name: _Part(name, _text) for name in ("id", "name", "facility", "setting")}
_AUTHOR = {name: _Part(name, _text) for name in ("id", "family", "given", "specialty")}
_DOCUMENT = {
    **{name: _Part(name, _text) for name in ("type", "type_label", "title")},
    "date": _Part("written", _moment),
    "began": _Part("began", _moment),
    "ended": _Part("ended", _moment),
    "confidentiality": _Part("confidentiality", _matching("[NRV]", "N, R ou V")),
    "hidden_from": _Part("hidden_from", _hidden),
    "replaces": _Part("replaces", _matching(r"urn:(oid|uuid):[0-9a-fA-F.\-]{3,128}", "urn:oid:… ou urn:uuid:…")),
}
_INNER: Mapping[str, Mapping[str, _Part]] = {
    "identity": _IDENTITY,
    "organisation": _ORGANISATION,
    "author": _AUTHOR,
}


def _wrong(place: str, expected: str) -> Why:
    return Why("fiche_valeur", "La fiche du document porte une valeur qui n’a pas la forme attendue.", place, expected)


def _unknown(place: str) -> Why:
    sentence = "La fiche du document porte un nom qui n’existe pas : rien n’en est ignoré en silence."
    return Why("fiche_nom", sentence, place, "Corrigez ou retirez ce nom.")


def _values(said: Any, table: Mapping[str, _Part], place: str, wrong: list[Why]) -> dict[str, Any]:
    if not isinstance(said, dict):
        wrong.append(_wrong(place, "un objet JSON"))
        return {}
    found = {}
    for name, value in said.items():
        here = f"{place}.{name}" if place else name
        if name not in table:
            wrong.append(_unknown(here))
            continue
        try:
            found[table[name].field] = table[name].read(value)
        except _Wrong as error:
            wrong.append(_wrong(here, str(error)))
    return found


def described(said: Any, usual: Description) -> Description:
    """`usual` with what is said over it, each name of an inner object by itself. Raises Held with all that is wrong."""
    wrong: list[Why] = []
    outer = {name: value for name, value in said.items() if name not in _INNER} if isinstance(said, dict) else said
    values = _values(outer, _DOCUMENT, "", wrong)
    for name, table in _INNER.items():
        if isinstance(said, dict) and name in said:
            values[name] = replace(getattr(usual, name), **_values(said[name], table, name, wrong))
    if wrong:
        raise Held(*wrong)
    return replace(usual, **values)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a name said twice")
    return dict(pairs)


def read(data: bytes, usual: Description) -> Description:
    """The description that this sidecar and the folder's settings give together. Raises Held."""
    return described(_json(data), usual)


def _json(data: bytes) -> Any:
    try:
        if len(data) > MAX_BYTES:
            raise ValueError("too large")
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once)
    except (ValueError, RecursionError):
        sentence = "La fiche du document n’est pas du JSON lisible."
        raise Held(Why("fiche_illisible", sentence, "", "Écrivez du JSON en UTF-8, sans nom répété.")) from None


def with_qualified(data: bytes | None) -> bytes:
    """The same sidecar, which says that the identity is qualified. Raises Held where it cannot be read."""
    said = {} if data is None else _json(data)
    if not isinstance(said, dict) or not isinstance(said.get("identity", {}), dict):
        raise Held(_wrong("", "un objet JSON"))
    stated = {**said, "identity": {**said.get("identity", {}), "qualified": True}}
    return json.dumps(stated, ensure_ascii=False, indent=1).encode()


def said_of(identity: Identity) -> dict[str, Any]:
    """The object of a sidecar that says this identity."""
    said = {name: value for name, value in asdict(identity).items() if value not in ("", None)}
    return said | {"birth_date": identity.birth_date.isoformat()} if identity.birth_date else said


def fingerprint(description: Description, data: bytes) -> bytes:
    """32 bytes, the same for the same file and description, whatever the order in which it was said."""
    said = json.dumps(asdict(description), default=str, sort_keys=True, ensure_ascii=False).encode()
    return hashlib.sha256(hashlib.sha256(data).digest() + said).digest()


NAMES = frozenset({*_DOCUMENT, *_INNER, *(name for table in _INNER.values() for name in table)})
"""Every name that a sidecar may have, outer and inner."""
