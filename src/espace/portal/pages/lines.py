"""The register of accesses in plain sentences: who, what, when, and why it was allowed or refused."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.urls import reverse

from espace.access.facts import How
from espace.kernel.reasons import REASONS, Reason, care, decisions
from espace.kernel.reasons.helped import logged_to_helper
from espace.kernel.reasons.teams import TEAM_CONSENT
from espace.kernel.values import replace
from espace.kernel.words import ActorKind, Grant, Purpose, Verb
from espace.looks import cards
from espace.looks.cards import Opened
from espace.looks.words import clock_time, full_date, full_moment, local_day, said
from espace.portal.pages.helping_words import about_person, phrase_of, right_of
from espace.portal.pages.masking_words import decided
from espace.portal.pages.sentences import NAMED_BY_OTHERS, NAMING, PHRASES
from espace.portal.places import document_path
from espace.portal.whose import gettext
from espace.record import queries as record
from espace.record.facts import Document
from espace.record.rules import line_shown
from espace.trace.facts import Outcome, TraceEvent, TraceLine

RECENT = 100
"""Lines read to tell what is new."""

SAME_READING = timedelta(seconds=20)

_READINGS = frozenset({Verb.READ, Verb.DOWNLOAD})
_KNOWN_TO_HOLDER = _READINGS | {Verb.ADD}
_CONSULTATIONS = frozenset({Verb.LIST, Verb.SEE_AS, Verb.READ, Verb.DOWNLOAD, Verb.HISTORY})
_LISTINGS = frozenset({Verb.LIST, Verb.SEE_AS, Verb.HISTORY, Verb.OWN_DEPOSITS})
_REPEATED = _CONSULTATIONS | {Verb.COPY, Verb.STATUS, Verb.OWN_DEPOSITS, Verb.FEEDING_WISH, Verb.EXTRACT}
"""What the same person does over and over on one day, and is told in one line."""
_OWN_WORD = frozenset({care.CONSENT_IN_FORCE.code, care.CONSENT_RECORDED.code})
"""Reasons that stand on a consent which the professional may have recorded alone."""
_SAID_ONCE = frozenset({decisions.FEED_AUTHORISED.code, decisions.HOLDER_OWN_DOCUMENTS.code})
"""Ordinary reasons, which a list says at their first line only."""
_OWN_DOCUMENTS = frozenset({Verb.ADD, Verb.DESCRIBE, Verb.ARRANGE, Verb.REMOVE, Verb.RESTORE})
_ABOUT_DOCUMENTS = _OWN_DOCUMENTS | {
    Verb.READ, Verb.DOWNLOAD, Verb.DEPOSIT, Verb.AMEND, Verb.MASK, Verb.UNMASK, Verb.ANNOUNCE, Verb.UNVEIL,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """What the reader may know of: `visible` ids, the deleted documents among them, which `documents` no longer has.
    `reader`: the account of who helps the holder and reads in their place, None for the holder. `signatures` of lots
    are named in a line that is about nothing else."""

    documents: Mapping[UUID, Document]
    visible: Collection[UUID]
    reader: UUID | None = None
    signatures: Collection[UUID] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """A document of a line; one that was deleted leads nowhere and its `path` is empty."""

    path: str
    title: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """One of the other times of a line that tells several."""

    time: str
    iso: str
    proof: str
    proof_waits: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence: actor and what they did, the documents concerned, the reason ("" where the list said it already).

    Where the same was done several times on the same day, `time` says how often and when last, and `earlier` has the
    other times.
    """

    actor: str
    did: str
    when: str
    time: str
    iso: str
    documents: tuple[Named, ...]
    allowed: bool
    why: str
    icon: str
    proof: str = ""
    """Where its proof is downloaded, "" where it is not offered."""
    report: str = ""
    """Where a professional's access is reported."""
    unlinked: bool = False
    """Nothing that the reader sees links this professional to the holder but what they recorded themselves."""
    proof_waits: bool = False
    earlier: tuple[Earlier, ...] = ()
    explained: str = ""
    """Where its decision is explained, "" where it is the reader's own act."""


@dataclass(frozen=True, slots=True)
class Day:
    label: str
    lines: tuple[Line, ...]


def own(event: TraceEvent, reader: UUID | None = None) -> bool:
    """The holder's own act, in their own record; or that of `reader`, who helps them."""
    if reader is not None:
        return event.purpose is Purpose.PROXY and event.actor_id == reader
    return event.actor_kind is ActorKind.HOLDER and event.purpose is Purpose.HOLDER


def own_consultation(event: TraceEvent, reader: UUID | None = None) -> bool:
    """What the reader may want out of sight: their own comings and goings, never their decisions."""
    return own(event, reader) and event.verb in _CONSULTATIONS


def opened_by(lines: Sequence[TraceLine], reader: UUID | None = None) -> Opened:
    """What the holder, or `reader` who helps them, has read, downloaded or added, from the last RECENT lines that they
    may read (or all, if fewer)."""
    events = [line.event for line in lines]
    mine = (one for one in events if own(one, reader) and one.outcome is Outcome.ALLOWED)
    read = (one for one in mine if one.verb in _KNOWN_TO_HOLDER)
    return Opened(
        ids=frozenset(document for event in read for document in event.objects),
        since=events[-1].at if len(events) >= RECENT else None,
    )


def known(grant: Grant) -> Known:
    documents, visible = record.documents_and_visible_ids(grant)
    helps = grant.purpose is Purpose.PROXY
    health = {one.id: one for one in documents if not one.signs}
    signatures = frozenset(one.id for one in documents if one.signs)
    return Known(health, visible, grant.actor.id if helps else None, signatures)


def may_read(grant: Grant, visible: Collection[UUID]) -> Callable[[TraceEvent], bool]:
    """Whether the holder, or who helps them, may read a line."""
    helper = grant.purpose is Purpose.PROXY
    return lambda one: line_shown(one.verb, one.objects, one.hidden_from, visible, helper=helper)


def shown(lines: Iterable[TraceLine], visible: Collection[UUID], *, helper: bool = False) -> list[TraceEvent]:
    """The lines that the reader may read, once each: a page and the files it embeds are one reading, and a listing is
    one though what was held from the holder at that time has a line of its own."""
    events = (one.event for one in lines)
    kept = [one for one in events if line_shown(one.verb, one.objects, one.hidden_from, visible, helper=helper)]
    return [one for one, newer in zip(kept, [None, *kept], strict=False) if newer is None or not _same(one, newer)]


def _same(one: TraceEvent, newer: TraceEvent) -> bool:
    acts = ((it.actor_id, it.verb, it.outcome, it.reason, it.objects) for it in (one, newer))
    if one.verb in _LISTINGS:
        return newer.verb is one.verb and (newer.at, newer.actor_id) == (one.at, one.actor_id)
    return one.verb is Verb.READ and len(set(acts)) == 1 and newer.at - one.at < SAME_READING


def lately(events: Iterable[TraceEvent], known: Known, most: int) -> tuple[Line, ...]:
    """The first lines of a list that is not grouped by day: each says its own."""
    groups = together(events)[:most]
    return tuple(_once(((group[0], line(group[0], known, dated=True, times=len(group))) for group in groups), set()))


def together(events: Iterable[TraceEvent]) -> list[tuple[TraceEvent, ...]]:
    """Newest first: with each event, what the same actor did alike earlier on the same day, so that repeats do not
    hide what else happened."""
    groups: dict[tuple[object, ...], list[TraceEvent]] = {}
    for one in events:
        groups.setdefault(_alike(one), []).append(one)
    return [tuple(group) for group in groups.values()]


def _alike(event: TraceEvent) -> tuple[object, ...]:
    if event.verb not in _REPEATED:
        return (event.id,)
    who = (event.actor_kind, event.actor_id, event.actor_name, event.organisation_name, event.purpose)
    about = event.objects if event.verb in _ABOUT_DOCUMENTS else ()
    said = event.asked.get("feeding", "")
    return (local_day(event.at), *who, event.verb, event.outcome, event.reason, said, about)


def _once(lines: Iterable[tuple[TraceEvent, Line]], already: set[str]) -> Iterator[Line]:
    """The lines, without the ordinary reasons that are `already` said; it grows."""
    for event, one in lines:
        yield replace(one, why="") if event.reason in already else one
        already |= {event.reason} & _SAID_ONCE


def line(event: TraceEvent, known: Known, *, dated: bool = False, times: int = 1) -> Line:
    """`dated` says the day in the line itself, for lists that are not grouped by day; `event` is the last of those
    `times`."""
    mine, allowed = own(event, known.reader), event.outcome is Outcome.ALLOWED
    about = event.objects if event.verb in _ABOUT_DOCUMENTS else ()
    seen = tuple(_named(one, known) for one in _told(about, known))
    reason = REASONS.get(event.reason)
    return Line(
        actor=gettext("Vous") if mine else _who(event),
        did=_did(event, mine=mine, allowed=allowed, helper=known.reader is not None) + ("" if seen else "."),
        when="",
        time=_when(event.at, dated=dated, times=times),
        iso=event.at.isoformat(),
        documents=seen,
        allowed=allowed,
        why=_why(event, reason, helper=known.reader is not None) if reason else "",
        icon=PHRASES[event.verb].icon if allowed else "refused",
    )


def _why(event: TraceEvent, reason: Reason, *, helper: bool) -> str:
    """The reason, and by whom somebody came into the care team on whose consent they read."""
    adder = event.asked.get("added_by", "")
    if reason is TEAM_CONSENT and adder:
        return gettext("Membre de l’équipe de soins. Ajout fait par %(name)s.") % {"name": adder}
    return said(logged_to_helper(reason) if helper else reason.holder)


def _when(at: datetime, *, dated: bool, times: int) -> str:
    said = full_moment(at) if dated else clock_time(at)
    if times == 1:
        return said
    day = gettext("%(count)s fois, la dernière le %(at)s")
    hour = gettext("%(count)s fois, la dernière à %(at)s")
    return (day if dated else hour) % {"count": times, "at": said}


def _told(about: Collection[UUID], known: Known) -> Collection[UUID]:
    visible = [one for one in about if one in known.visible]
    return [one for one in visible if one not in known.signatures] or visible


def _named(document_id: UUID, known: Known) -> Named:
    document = known.documents.get(document_id)
    if document_id in known.signatures:
        return Named("", gettext("Signature d’un lot de documents"))
    if document is None:
        return Named("", gettext("Document supprimé"))
    return Named(document_path(document_id), cards.title(document))


def _did(event: TraceEvent, *, mine: bool, allowed: bool, helper: bool = False) -> str:
    """The phrase of the verb, with whom the holder decided about and until when a consent runs where the line says."""
    phrase, named = phrase_of(event.verb, helper=helper), event.asked.get("professional", "")
    if not allowed:
        return gettext(phrase.tried_by_you if mine else phrase.tried)
    if words := about_person(event, mine=mine):
        return words
    if mine and event.verb is Verb.VISIBILITY and (words := decided(event.asked)):
        return words
    if mine and named and event.verb in NAMING:
        return gettext(NAMING[event.verb]) % {"professional": named}
    if named and event.actor_kind is ActorKind.PROFESSIONAL and event.verb in NAMED_BY_OTHERS:
        return gettext(NAMED_BY_OTHERS[event.verb]) % {"professional": named}
    if event.verb is Verb.CONSENT and (until := _instant(event.asked.get("until", ""))):
        alone = gettext("a enregistré votre accord pour lire votre espace, jusqu’au %(until)s")
        team = gettext("a enregistré votre accord pour que son équipe de soins lise votre espace, jusqu’au %(until)s")
        return (team if event.asked.get("for") == "team" else alone) % {"until": full_moment(until)}
    if event.verb is Verb.BREAK_GLASS and (words := event.asked.get("words", "")):
        return gettext("%(did)s : « %(words)s »") % {"did": gettext(phrase.done), "words": words}
    return gettext(phrase.done_by_you if mine else phrase.done)


def _instant(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _who(event: TraceEvent) -> str:
    """A person and where they act, or an organisation."""
    names = dict.fromkeys(filter(None, (event.actor_name, event.organisation_name)))
    who, right = ", ".join(names) or gettext("Quelqu’un"), right_of(event)
    return f"{who} ({right})" if right else who


def by_day(events: Iterable[TraceEvent], known: Known, waiting: Collection[UUID]) -> tuple[Day, ...]:
    """Every line with the address of its proof; those that are `waiting` have none yet. That nothing else links
    somebody to the holder is said once, at their last line."""
    already: set[str] = set()
    doubted: set[UUID] = set()

    def proved(group: tuple[TraceEvent, ...]) -> tuple[TraceEvent, Line]:
        last, *others = (_earlier(one, waiting) for one in group)
        said = line(group[0], known, times=len(group))
        if not own(group[0], known.reader):
            said = replace(said, explained=reverse("why", args=[group[0].id]))
        said = replace(said, proof=last.proof, proof_waits=last.proof_waits, earlier=tuple(others))
        alone = group[0].actor_id not in doubted and unlinked(group[0], known)
        doubted.update({group[0].actor_id} if alone else ())
        return group[0], replace(said, report=report_path(group[0]), unlinked=alone)

    grouped = groupby(events, key=lambda event: local_day(event.at))
    return tuple(Day(full_date(day), tuple(_once(map(proved, together(group)), already))) for day, group in grouped)


def _earlier(event: TraceEvent, waiting: Collection[UUID]) -> Earlier:
    waits = event.id in waiting
    proof = "" if waits else reverse("line_proof", args=[event.id])
    return Earlier(clock_time(event.at), event.at.isoformat(), proof, waits)


def report_path(event: TraceEvent) -> str:
    """Where the holder reports what a professional did; "" for anybody else's line."""
    return reverse("report", args=[event.id]) if event.actor_kind is ActorKind.PROFESSIONAL else ""


def unlinked(event: TraceEvent, known: Known) -> bool:
    """Whether this access stands on nothing but a consent that the professional recorded: no document that the reader
    sees comes from them or from where they acted. By the names of that day, and by what the reader sees alone: what is
    hidden from them must not show here."""
    if event.reason not in _OWN_WORD or event.grounds.get("how", "") == How.HOLDER:
        return False
    names = {event.actor_name, event.organisation_name} - {""}
    return not any(names & _from(one) for one in known.documents.values())


def _from(document: Document) -> set[str]:
    """Whom a document comes from, by name: who deposited it, and its authors with their institutions."""
    authors = document.entry.authors
    named = {f"{one.given} {one.family}" for one in authors} | {one.institution for one in authors}
    return {document.professional, document.organisation_name} | named
