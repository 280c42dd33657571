"""`./espace bench extraction`: how much of what documents say as coded entries becomes facts, model by model.

Over a folder of CDA and PDF files, or over the documents of the invented population, made in memory: no installation,
no database, nothing kept. What is said of a document is counts, templates and codes of sections; never a word of it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from espace.clinical.adapters import KINDS, File, words_of
from espace.clinical.facts import Unread
from espace.clinical.rules import MOST_TEXT
from espace.clinical.rules.extraction import extract
from espace.site.demo.crowd.population import population, story
from espace.site.demo.progress import SEED
from espace.site.demo.stories import stories
from espace.site.terminal import Failed
from espace.wire.cda import CDA_TYPES, CdaDocument, Media, parse
from espace.wire.cda.abroad import parse_abroad
from espace.wire.files import PDF
from espace.wire.nomenclature import FORMAT_OF_TEMPLATE, FORMATS

DAY = date(2026, 1, 5)
"""Day of the stories: the same documents whenever they are told."""
REFUSED, UNSTRUCTURED, OTHER = "not a CDA that can be read", "body of one file (level 1)", "no French model"
BARE = "PDF by itself"
COLUMNS = ("model", "documents", "with words", "entries", "facts", "not understood", "share")
AT_ONCE = 50
"""Files whose words are asked for together."""
MOST_NAME = 80
_PARIS = ZoneInfo("Europe/Paris")

Missed = tuple[str, str, Unread]
"""Template or element, LOINC code of the section, why."""


@dataclass(slots=True)
class Quality:
    """What the documents of one model gave. `facts` are more than the entries read where a narrative is one; `worded`
    of the documents have words that a search looks at, beside their title."""

    model: str
    documents: int = 0
    entries: int = 0
    facts: int = 0
    missed: Counter[Missed] = field(default_factory=Counter)
    worded: int = 0

    @property
    def share(self) -> float | None:
        """Per cent of the coded entries that were understood; None without any."""
        return 100 * (self.entries - self.missed.total()) / self.entries if self.entries else None


def files_in(folder: Path) -> Iterator[bytes]:
    """The XML and PDF files of a folder and of those below, in the order of their names."""
    found = sorted(each for each in folder.rglob("*") if each.suffix.lower() in (".xml", ".pdf") and each.is_file())
    if not found:
        raise Failed(f"No *.xml or *.pdf file in {folder}.")
    for each in found:
        yield each.read_bytes()


def told(people: int) -> Iterator[bytes]:
    """Every CDA of the cast and of so many people of the crowd."""
    crowd = (story(SEED, DAY, who) for who in population(SEED, DAY, people))
    for deposits in (stories(SEED, DAY), *crowd):
        for deposit in deposits:
            if deposit.entry.mime_type in CDA_TYPES:
                yield deposit.content


def qualities(documents: Iterable[bytes]) -> list[Quality]:
    """One for each model, in the order of their names."""
    found: dict[str, Quality] = {}
    files: list[tuple[Quality, File]] = []
    for content in documents:
        files += _count(content, found)
        if len(files) == AT_ONCE:
            _look_into(files)
            files = []
    _look_into(files)
    return sorted(found.values(), key=lambda each: each.model)


def _count(content: bytes, found: dict[str, Quality]) -> Iterator[tuple[Quality, File]]:
    """What is counted at once; the file in it whose words are still to be taken."""
    if content.startswith(b"%PDF-"):
        yield _one_more(BARE, found), File(PDF, content)
        return
    document = parse(content, zone=_PARIS).document or parse_abroad(content, zone=_PARIS)
    if document is None:
        _one_more(REFUSED, found)
        return
    extracted = extract(document)
    one = _one_more(_name(extracted.model) if document.body_level > 1 else UNSTRUCTURED, found)
    one.entries += extracted.entries
    one.facts += len(extracted.facts)
    one.missed.update((each.template, each.section, each.why) for each in extracted.unread)
    body = _body(document)
    if body and body.media_type in KINDS:
        yield one, File(body.media_type, body.data)
    else:
        one.worded += len(extracted.text.strip()) > len(document.entry.title.strip())


def _one_more(name: str, found: dict[str, Quality]) -> Quality:
    one = found.setdefault(name, Quality(name))
    one.documents += 1
    return one


def _body(document: CdaDocument) -> Media | None:
    return document.media[0] if document.body_level == 1 else None


def _look_into(files: Sequence[tuple[Quality, File]]) -> None:
    while files:
        answers = words_of([file for _, file in files], most=MOST_TEXT)
        for (one, _), said in zip(files, answers, strict=False):
            one.worded += said.fault is None
        files = files[len(answers) :]


def _name(model: str) -> str:
    """The template, and what JDV_J60 calls the format that it gives."""
    known = FORMATS.get(FORMAT_OF_TEMPLATE.get(model, ""))
    return f"{model} {known.label_fr}"[:MOST_NAME] if known else model or OTHER


def line(one: Quality) -> bytes:
    """One JSON object, for `--json`."""
    missed = [
        {"template": template, "section": section, "why": why, "count": count}
        for (template, section, why), count in one.missed.most_common()
    ]
    share = None if one.share is None else round(one.share, 1)
    counted = {
        "model": one.model, "documents": one.documents, "worded": one.worded, "entries": one.entries,
        "facts": one.facts,
    }  # fmt: skip
    return msgspec.json.encode({**counted, "share": share, "missed": missed}) + b"\n"


def table(found: Sequence[Quality]) -> str:
    """A line for each model and one for all; then what was not understood, the most frequent first."""
    whole = Quality("all", *(sum(getattr(one, name) for one in found) for name in ("documents", "entries", "facts")))
    for one in found:
        whole.missed += one.missed
        whole.worded += one.worded
    rows = [COLUMNS, *(_row(one) for one in (*found, whole))]
    widths = [max(len(row[place]) for row in rows) for place in range(len(COLUMNS))]
    lines = ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in rows]
    return "\n".join([*lines, *_missed(found)])


def _row(one: Quality) -> tuple[str, ...]:
    share = "-" if one.share is None else f"{one.share:.1f} %"
    counts = (one.documents, one.worded, one.entries, one.facts, one.missed.total())
    return (one.model, *map(str, counts), share)


def _missed(found: Sequence[Quality]) -> Iterator[str]:
    for one in found:
        for (template, section, why), count in one.missed.most_common():
            yield f"  {one.model}: {count} × {why}, {template or 'no template'}, section {section or 'without code'}"
