"""The whole access log that its reader may see, as a page and as data: the lines of the page « Historique »."""

import json
from collections.abc import Iterable, Iterator, Sequence

from django.template.loader import render_to_string
from django.utils.translation import override

from espace.identity.queries import own_person
from espace.kernel.reasons import REASONS, Sentence
from espace.kernel.reasons.helped import logged_to_helper
from espace.kernel.values import replace
from espace.kernel.words import Grant, Purpose
from espace.looks.words import full_date, full_moment, local_day
from espace.portal.copies.places import HISTORY, HISTORY_DATA, Paths, languages, main_file
from espace.portal.pages.history import altered_words
from espace.portal.pages.lines import Known, Line, Named, known, line, may_read, shown
from espace.portal.places import document_path
from espace.portal.whose import speaking_of
from espace.trace import queries as trace
from espace.trace.facts import TraceEvent

TEMPLATE, LINES, END = (f"portal/copies/history{part}.html" for part in ("", "_lines", "_end"))
NOTHING = Sentence("", "")


def pages_of_lines(grant: Grant, about: Known) -> Iterator[tuple[Sequence[TraceEvent], int]]:
    """Newest first, some lines at a time, and how many among them somebody altered: those are not believed."""
    before = None
    while True:
        found = trace.read_shown(grant, may_read(grant, about.visible), most=trace.MOST_LINES, before=before)
        yield shown(found.lines, about.visible, helper=grant.purpose is Purpose.PROXY), found.altered
        if found.rows < trace.MOST_LINES:
            return
        before = found.last


def history_page(grant: Grant, paths: Paths, *, language: str) -> tuple[str, Iterable[bytes]]:
    """The history to be read, in one language."""
    return HISTORY[language], _page(grant, paths, language)


def _page(grant: Grant, paths: Paths, language: str) -> Iterator[bytes]:
    about, altered = known(grant), 0
    of = _helped(grant, about)
    places = {document_path(one): main_file(names) for one, names in paths.items()}
    with override(language):
        context = {"language": language, "made": full_moment(grant.at), "other": languages(HISTORY, language)}
        begin = render_to_string(TEMPLATE, context)
    yield begin.encode()
    for events, wrong in pages_of_lines(grant, about):
        altered += wrong
        with override(language), speaking_of(of):
            told = [(full_date(local_day(one.at)), _near(line(one, about), places)) for one in events]
            some = render_to_string(LINES, {"lines": told})
        yield some.encode()
    with override(language):
        end = render_to_string(END, {"altered": altered_words(altered)})
    yield end.encode()


def _helped(grant: Grant, about: Known) -> str:
    """The name of whom the reader of this copy helps; "" for the holder's own."""
    return own_person(grant).name if about.reader else ""


def _near(said: Line, places: dict[str, str]) -> Line:
    """The line, its documents found in the copy."""
    return replace(said, documents=tuple(Named(places.get(one.path, ""), one.title) for one in said.documents))


def history_data(grant: Grant, paths: Paths) -> tuple[str, Iterable[bytes]]:
    """The same lines as JSON."""
    return HISTORY_DATA, _data(grant, paths)


def _data(grant: Grant, paths: Paths) -> Iterator[bytes]:
    about, first = known(grant), True
    of = _helped(grant, about)
    yield b"["
    for events, _ in pages_of_lines(grant, about):
        for one in events:
            yield (b"\n" if first else b",\n") + json.dumps(_told(one, about, paths, of), ensure_ascii=False).encode()
            first = False
    yield b"\n]\n"


def _told(event: TraceEvent, about: Known, paths: Paths, of: str) -> dict[str, object]:
    reason = REASONS.get(event.reason)
    why = (logged_to_helper(reason) if about.reader else reason.holder) if reason else NOTHING
    return {
        "id": str(event.id),
        "at": event.at.isoformat(),
        "actor": event.actor_name,
        "actor_kind": event.actor_kind.value,
        "organisation": event.organisation_name,
        "purpose": event.purpose.value,
        "verb": event.verb.value,
        "outcome": event.outcome.value,
        "reason": event.reason,
        "said": {language: did(event, about, language, of) for language in HISTORY},
        "why": {"fr": why.fr, "en": why.en},
        "documents": [
            {"id": str(one), "files": list(paths.get(one, ()))} for one in event.objects if one in about.visible
        ],
    }


def did(event: TraceEvent, about: Known, language: str, of: str) -> str:
    """Who did what, in a sentence; `of` is the holder's name where somebody else reads it."""
    with override(language), speaking_of(of):
        said = line(event, about)
        return f"{said.actor} {said.did}".rstrip(".")
