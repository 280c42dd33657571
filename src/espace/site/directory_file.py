"""Reading a directory file: the public extract of the national directory of professionals, one activity a line.

Format of « PS_LibreAcces_Personne_activite »: UTF-8, fields between `|`, a header with French names. Columns are found
by their names, whatever their order; those that are not needed are ignored. Lines are read one at a time: the memory
needed does not depend on the size of the file.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from espace.identity.facts import Activity, Professional
from espace.identity.rules import (
    is_finess,
    is_national_id,
    is_siret,
    is_technical_id,
    professional_uuid,
    structure_uuid,
)
from espace.wire.nomenclature import PROFESSIONS, author_specialty, region_of

LINE_MOST = 16_384
NAME_MOST, STRUCTURE_MOST = 100, 200
SEPARATOR = "|"

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "national_id": ("Identification nationale PP",),
    "kind": ("Type d'identifiant PP",),
    "number": ("Identifiant PP",),
    "family": ("Nom d'exercice",),
    "given": ("Prénom d'exercice",),
    "profession": ("Code profession",),
    "skill": ("Code savoir-faire",),
    "section": ("Code section tableau pharmaciens",),
    "siret": ("Numéro SIRET site",),
    "finess": ("Numéro FINESS site",),
    "technical_id": ("Identifiant technique de la structure",),
    "name": ("Raison sociale site",),
    "sign": ("Enseigne commerciale site",),
    "city": ("Libellé commune (coord. structure)",),
    "department": ("Code Département (structure)", "Code Département (coord. structure)"),
    "sector": ("Code secteur d'activité",),
}
"""What is read, by the names that columns bear."""

REQUIRED = ("family", "given", "profession", "finess", "siret", "technical_id", "name", "sector")
_SECTOR = re.compile(r"SA[0-9]{2}", re.ASCII)


class NotADirectoryFile(Exception):
    """The file as a whole cannot be read; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line, counted from 1: a professional with the activity that it states, or why it is refused.

    `national_id` is that of whom it is about, where it can be read at all.
    """

    number: int
    professional: Professional | None
    national_id: str = ""
    refusal: str = ""


def read(file: BinaryIO) -> Iterator[Line]:
    """The lines after the header that are not empty. Raises NotADirectoryFile."""
    places: dict[str, int] | None = None
    for number, raw in enumerate(_raw_lines(file), 1):
        if places is None:
            places = _places(raw)
        elif raw is None or raw.strip():
            yield _line(number, raw, places)
    if places is None:
        raise NotADirectoryFile("The file is empty.")


def _raw_lines(file: BinaryIO) -> Iterator[bytes | None]:
    """Each line without its end; None for one that is too long to be a line of such a file."""
    while raw := file.readline(LINE_MOST + 1):
        whole = raw.endswith(b"\n") or len(raw) <= LINE_MOST
        while not raw.endswith(b"\n") and len(raw) > LINE_MOST:
            raw = file.readline(LINE_MOST + 1)
        yield raw.rstrip(b"\r\n") if whole else None


def _places(raw: bytes | None) -> dict[str, int]:
    try:
        header = (raw or b"").decode("utf-8-sig").split(SEPARATOR)
    except UnicodeDecodeError as error:
        raise NotADirectoryFile("The file is not UTF-8 text.") from error
    known = {_folded(name): place for place, name in reversed(list(enumerate(header)))}
    places = {
        field: known[_folded(name)] for field, names in COLUMNS.items() for name in names if _folded(name) in known
    }
    missing = [COLUMNS[field][0] for field in REQUIRED if field not in places]
    if "national_id" not in places and not {"kind", "number"} <= places.keys():
        missing.insert(0, COLUMNS["national_id"][0])
    if missing:
        raise NotADirectoryFile(
            f"The first line must name the columns, between « | »; missing: {', '.join(missing)}."
        )
    return places


def _folded(name: str) -> str:
    return name.strip().replace("’", "'").casefold()


def _line(number: int, raw: bytes | None, places: Mapping[str, int]) -> Line:
    if raw is None:
        return Line(number, None, refusal=f"more than {LINE_MOST} bytes")
    try:
        fields = raw.decode("utf-8").split(SEPARATOR)
    except UnicodeDecodeError:
        return Line(number, None, refusal="not UTF-8 text")
    if len(fields) <= max(places.values()):
        return Line(number, None, refusal=f"{len(fields)} fields: some are missing")
    said = {field: fields[place].strip() for field, place in places.items()}
    stated = said.get("national_id") or said.get("kind", "") + said.get("number", "")
    national_id = stated if is_national_id(stated) else ""
    refusals = [sentence for sentence, holds in _CHECKS if not holds(said)]
    if not national_id:
        refusals.insert(0, "RPPS: 8 and 11 digits with their key (other identifiers are not taken)")
    if refusals:
        return Line(number, None, national_id, "; ".join(refusals))
    return Line(number, _professional(national_id, said), national_id)


_CHECKS: tuple[tuple[str, Callable[[Mapping[str, str]], bool]], ...] = (
    (f"names: 1 to {NAME_MOST} letters", lambda said: _is_name(said["family"]) and _is_name(said["given"])),
    ("profession: a code of TRE_G15, TRE_R94 or TRE_R95", lambda said: said["profession"] in PROFESSIONS),
    ("FINESS: 9 characters", lambda said: not said["finess"] or is_finess(said["finess"])),
    ("SIRET: 14 digits", lambda said: not said["siret"] or is_siret(said["siret"])),
    (
        "technical id of the structure: 1 to 40 letters and digits",
        lambda said: not said["technical_id"] or is_technical_id(said["technical_id"]),
    ),
    ("sector: a code of TRE_R02", lambda said: not said["sector"] or bool(_SECTOR.fullmatch(said["sector"]))),
    (
        f"name of the structure: 1 to {STRUCTURE_MOST} characters",
        lambda said: not _is_somewhere(said) or _is_text(_name_of(said), STRUCTURE_MOST),
    ),
    ("city: 100 characters at most", lambda said: not said.get("city") or _is_text(said["city"], NAME_MOST)),
)
"""What must hold of the fields of a line, and what is said otherwise."""


def _is_name(text: str) -> bool:
    return _is_text(text, NAME_MOST) and any(c.isalpha() for c in text)


def _is_text(text: str, most: int) -> bool:
    return 0 < len(text) <= most and text.isprintable()


def _is_somewhere(said: Mapping[str, str]) -> bool:
    """A line may state no structure: the professional is known, and acts nowhere yet."""
    return bool(said["finess"] or said["siret"] or said["technical_id"])


def _name_of(said: Mapping[str, str]) -> str:
    return said["name"] or said.get("sign", "")


def _professional(national_id: str, said: Mapping[str, str]) -> Professional:
    specialty = author_specialty(said["profession"], said.get("skill", ""), said.get("section", ""))
    return Professional(
        professional_uuid(national_id),
        national_id,
        said["family"],
        said["given"],
        said["profession"],
        specialty.code if specialty else "",
        activities=(_activity(said),) if _is_somewhere(said) else (),
    )


def _activity(said: Mapping[str, str]) -> Activity:
    numbers = {kind: said[kind] for kind in ("finess", "siret", "technical_id")}
    return Activity(
        structure_uuid(**numbers),
        _name_of(said),
        **numbers,
        sector=said["sector"],
        region=region_of(said.get("department", "")),
        city=said.get("city", ""),
    )
