"""When stated traits agree with the known ones (B17-B23: never match by name, only compare)."""

import re
import unicodedata
from collections.abc import Iterator

from espace.identity.facts import Traits
from espace.wire.xds import PatientStatement

_SEPARATORS = re.compile(r"[\s\-'’.]+")
_LIGATURES = str.maketrans({"Œ": "OE", "Æ": "AE", "ß": "SS"})


def normalised(name: str) -> str:
    """Upper case without diacritics; hyphens, apostrophes and spaces count alike (RNIV, comparison of traits)."""
    decomposed = unicodedata.normalize("NFKD", name.upper().translate(_LIGATURES))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _SEPARATORS.sub(" ", plain).strip()


def _first_names(given_names: tuple[str, ...]) -> Iterator[str]:
    """Every reading of the first given name: names are separated by spaces, and so may a composed one be."""
    for count in range(1, len(given_names) + 1):
        yield normalised(" ".join(given_names[:count]))


def disagreements(stated: PatientStatement, known: Traits) -> tuple[str, ...]:
    """The names of the traits that this statement gives and that differ from the known ones."""
    first = stated.first_given or (stated.given_names[0] if stated.given_names else "")
    checks = (
        ("birth_name", stated.birth_name, normalised(stated.birth_name) == normalised(known.birth_name)),
        ("first_given", first, normalised(first) in set(_first_names(known.given_names))),
        ("birth_date", stated.birth_date, stated.birth_date == known.birth_date),
        ("sex", stated.sex, stated.sex == known.sex),
        (
            "birth_place",
            stated.birth_place and known.birth_place,
            stated.birth_place.upper() == known.birth_place.upper(),
        ),
    )
    return tuple(name for name, is_stated, agrees in checks if is_stated and not agrees)
