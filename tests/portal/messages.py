"""The sentences of the rooms with pages and their English: what the code says, what the catalogues have.

`python tests/portal/messages.py [room…]` writes the catalogues of those rooms again from the code (of every room
that has a `locale` folder when none is named), keeps what is translated, compiles them, and lists what has no
English yet. A sentence that another room has translated is taken from there.
"""

import io
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

SOURCE = Path(__file__).parents[2] / "src" / "espace"
ROOMS = tuple(sorted(path.parent.name for path in SOURCE.glob("*/locale")))
_DEMO = ("demo/pages.py", "demo/styleguide.py", "demo/examples.py", "demo/examples_health.py", "sandbox/pages.py")
ELSEWHERE = {"portal": tuple(SOURCE / "site" / name for name in _DEMO)}
"""Files outside a room whose sentences its catalogue has."""
KEYWORDS = ("gettext", "gettext_lazy", "gettext_noop", "ngettext", "pgettext")
SINCE = datetime(2026, 1, 1, tzinfo=UTC)
"""A fixed date in the header: the same code gives the same file."""
COMMENT = "English sentences of the {room}. French is the language of the code."

Said = str | tuple[str, str]


def catalogue(room: str, suffix: str) -> Path:
    return SOURCE / room / "locale" / "en" / "LC_MESSAGES" / f"django.{suffix}"


def sentences(room: str) -> dict[Said, set[str]]:
    """Every sentence of the room's code and templates, with the files that say it; plurals are pairs."""
    found: dict[Said, set[str]] = {}
    folder = SOURCE / room
    for path in [*folder.rglob("*.py"), *ELSEWHERE.get(room, ()), *folder.rglob("*.html")]:
        for said in _said(path):
            found.setdefault(said, set()).add(path.relative_to(SOURCE).as_posix())
    return found


def _said(path: Path) -> Iterator[Said]:
    text = path.read_text(encoding="utf-8")
    code = templatize(text, origin=path.name) if path.suffix == ".html" else text
    for _line, _function, message, _comments in extract_python(io.BytesIO(code.encode()), KEYWORDS, (), {}):
        parts = [part for part in (message if isinstance(message, tuple) else (message,)) if part]
        if parts:
            yield (parts[0], parts[1]) if len(parts) > 1 else parts[0]


def written(room: str) -> Catalog:
    with catalogue(room, "po").open("rb") as file:
        return read_po(file, locale="en")


def compiled(room: str) -> Catalog:
    with catalogue(room, "mo").open("rb") as file:
        return read_mo(file)


def english(catalog: Catalog) -> dict[Said, Said]:
    """Sentence → English, without the header; what is not translated has an empty one."""
    return {_said_as(message.id): _said_as(message.string) for message in catalog if message.id}


def _said_as(words: str | Sequence[str]) -> Said:
    return words if isinstance(words, str) else (words[0], words[1])


def update(room: str) -> list[Said]:
    """Write the catalogue and its compiled form; what has no English yet."""
    existing = [one for one in (*ROOMS, room) if catalogue(one, "po").exists()]
    known = {said: words for one in existing for said, words in english(written(one)).items() if all(words)}
    catalog = Catalog(
        locale="en", project="espace-santé", creation_date=SINCE, revision_date=SINCE, fuzzy=False,
        header_comment=f"# {COMMENT.format(room=room)}",
    )  # fmt: skip
    for said, files in sorted(sentences(room).items(), key=lambda item: str(item[0])):
        catalog.add(said, known.get(said, ("", "") if isinstance(said, tuple) else ""), [(f, 0) for f in sorted(files)])
    catalogue(room, "po").parent.mkdir(parents=True, exist_ok=True)
    with catalogue(room, "po").open("wb") as file:
        write_po(file, catalog, width=110, omit_header=False, include_lineno=False)
    with catalogue(room, "mo").open("wb") as file:
        write_mo(file, catalog)
    return [said for said, words in english(catalog).items() if not all(words if isinstance(words, tuple) else [words])]


if __name__ == "__main__":
    missing = [said for room in sys.argv[1:] or ROOMS for said in update(room)]
    sys.stdout.write("".join(f"{said!r}\n" for said in missing))
