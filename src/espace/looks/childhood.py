"""The mandatory examinations of a child in words: what is due, until when, what was done."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext, gettext_noop

from espace.clinical.rules.childhood import Line, Stage, adult, following, pressing
from espace.looks import cards
from espace.looks.health import DueRow
from espace.looks.health_words import moment_words
from espace.looks.stated import Link
from espace.looks.words import said, short_date
from espace.record.facts import Document

STAGES: dict[Stage, str] = {
    Stage.LATE: gettext_noop("En retard"),
    Stage.NOW: gettext_noop("À faire"),
    Stage.LATER: gettext_noop("Plus tard"),
    Stage.DONE: gettext_noop("Fait"),
    Stage.UNWRITTEN: gettext_noop("Pas noté"),
}
_GROUPS: tuple[tuple[str, str, frozenset[Stage]], ...] = (
    ("now", gettext_noop("À faire maintenant"), frozenset({Stage.LATE, Stage.NOW})),
    ("later", gettext_noop("Les prochains"), frozenset({Stage.LATER})),
    ("done", gettext_noop("Déjà faits"), frozenset({Stage.DONE})),
    ("unwritten", gettext_noop("Pas notés ici"), frozenset({Stage.UNWRITTEN})),
)
_SHOWN: Mapping[str, int] = {"later": 3, "unwritten": 0}
"""Of these groups so many lines are shown, and the others unfold."""


@dataclass(frozen=True, slots=True)
class Exam:
    """One examination: `late` is "" for what is not; `path` leads to where it is said that it was done, "" where nobody
    says so; `document` is the one that tells of it."""

    name: str
    late: str
    when: str
    about: str
    who: str
    certificate: bool
    done: bool
    path: str
    document: Link | None


@dataclass(frozen=True, slots=True)
class Group:
    """`rest` unfolds."""

    slug: str
    title: str
    lines: tuple[Exam, ...]
    rest: tuple[Exam, ...]


def groups(
    lines: Collection[Line], page: Callable[[UUID], str], say: Callable[[str], str] | None = None
) -> tuple[Group, ...]:
    """Without those that have no line. `page`: where a document is read; `say`: where it is said that an examination
    was done, by its code."""
    every = (
        _group(slug, gettext(title), [exam(one, page, say) for one in _late_first(lines) if one.stage in held])
        for slug, title, held in _GROUPS
    )
    return tuple(one for one in every if one.lines or one.rest)


def _late_first(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda one: one.stage is not Stage.LATE)


def _group(slug: str, title: str, exams: list[Exam]) -> Group:
    most = _SHOWN.get(slug, len(exams))
    return Group(slug, title, tuple(exams[:most]), tuple(exams[most:]))


def exam(line: Line, page: Callable[[UUID], str], say: Callable[[str], str] | None = None) -> Exam:
    document, one = line.done.document if line.done else None, line.examination
    return Exam(
        name=said(one.title),
        late=gettext(STAGES[Stage.LATE]) if line.stage is Stage.LATE else "",
        when=window(line),
        about=said(one.about),
        who=said(one.who),
        certificate=one.certificate,
        done=line.stage is Stage.DONE,
        path=say(one.code) if say and not document and line.stage is not Stage.LATER else "",
        document=Link(page(document.id), cards.title(document)) if document else None,
    )


def due_rows(born: date, at: date, documents: Iterable[Document], stated: Mapping[str, str]) -> tuple[DueRow, ...]:
    """What a first screen says is to be done for a child: one line at most; nothing for an adult."""
    if adult(born, at):
        return ()
    return tuple(map(due_row, pressing(following(born, at, documents, stated))))


def due_row(line: Line) -> DueRow:
    """As the first screen of a professional says what is due."""
    name = gettext("Examen de l’enfant : %(age)s") % {"age": said(line.examination.title)}
    until = gettext("jusqu’au %(date)s") % {"date": short_date(_last(line.until))}
    why = until if line.stage is Stage.NOW else window(line)
    return DueRow(name, gettext(STAGES[line.stage]), why, line.stage in (Stage.LATE, Stage.NOW))


def window(line: Line) -> str:
    """When it was done, or when it is to be."""
    if line.done:
        return _done(line.done.day, stated=line.done.document is None)
    if line.stage is Stage.LATE:
        return gettext("prévu avant le %(day)s, il n’est pas noté ici") % {"day": short_date(line.until)}
    days = {"opens": short_date(line.opens), "last": short_date(_last(line.until))}
    if line.stage is Stage.NOW:
        return gettext("à faire jusqu’au %(last)s") % days
    return gettext("du %(opens)s au %(last)s") % days


def _last(until: date) -> date:
    return until - timedelta(days=1)


def _done(day: str, *, stated: bool) -> str:
    words = gettext("fait : %(day)s") % {"day": moment_words(day)}
    return gettext("%(words)s, déclaré") % {"words": words} if stated else words
