"""The independent checker: what is wrong, of what clients were told and of what a stranger finds afterwards.

Pure: evidence in, faults out. Nothing of the platform's rooms is used.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from espace.site.bench.crash.evidence import Entry, Evidence, Listed, Told, Traced
from espace.site.bench.crash.facts import READINGS, SEARCHES, Act, Fault, Found, Line
from espace.site.bench.crash.stories import Operation, Story, looks, operations, stories

DELETED = "Deleted"
SERVED, ABSENT = 200, 404
CURRENT, SUPERSEDED = "current", "superseded"
DOCTORS = frozenset({Act.DOCTOR_READ, Act.DOCTOR_SEARCH})
TRACES: dict[Act, tuple[str, str]] = {
    Act.DEPOSIT: ("deposit", "organisation"),
    Act.REPLACE: ("deposit", "organisation"),
    Act.DELETE: ("amend", "organisation"),
    Act.MASK: ("mask", "holder"),
    Act.UNMASK: ("unmask", "holder"),
    Act.READ: ("download", "holder"),
    Act.DOCTOR_READ: ("download", "professional"),
    Act.SEARCH: ("list", "holder"),
    Act.DOCTOR_SEARCH: ("list", "professional"),
}
"""The verb and the kind of actor of the line that each act leaves."""


@dataclass(frozen=True)
class Case:
    """The evidence, and what is made of it once for every check."""

    evidence: Evidence
    done: list[Operation]
    told: list[Story]
    by_entry: dict[str, Story]


def judged(evidence: Evidence) -> list[Found]:
    """Everything that is wrong, each once; nothing when nothing is."""
    done = operations(evidence.ledger)
    told = stories(done)
    case = Case(evidence, done, told, {entry: story for story in told for entry in story.entries})
    return sorted({found for check in CHECKS for found in check(case)})


def answers(case: Case) -> Iterator[Found]:
    """Nothing right is refused, and everything ends by being answered."""
    for one in case.done:
        name = one.first.entry or one.first.document
        if one.stuck or not (one.answers or one.refused):
            yield Found(Fault.UNANSWERED, f"{one.act} {name}")
        for line in one.refused:
            yield Found(Fault.REFUSED, f"{one.act} {name}: {line.status} {line.target}")


def deposits(case: Case) -> Iterator[Found]:
    """Every deposit has one identifier, one row, and its bytes."""
    rows = {row.id: row for row in case.evidence.rows.entries}
    for story in case.told:
        name = story.deposit.first.document
        if len(story.entries) > 1:
            yield Found(Fault.DUPLICATE, f"document {name} was given the identifiers {', '.join(story.entries)}")
        for entry in story.entries:
            row = rows.get(entry)
            if row is None:
                yield Found(Fault.LOST, f"no row for document {entry}")
            else:
                yield from _content(row, story)


def _content(row: Entry, story: Story) -> Iterator[Found]:
    if row.digest == "missing":
        yield Found(Fault.LOST, f"no content for document {row.id}")
    elif row.digest == "broken":
        yield Found(Fault.ALTERED, f"the content of document {row.id} does not open")
    elif row.digest != story.digest:
        yield Found(Fault.ALTERED, f"the content of document {row.id} is not what was sent")


def wholeness(case: Case) -> Iterator[Found]:
    """A deposit is all its rows or none; no row names what is not there."""
    rows = case.evidence.rows
    entries = {row.id for row in rows.entries}
    sets = {row.submission for row in rows.entries}
    here = entries | rows.submissions
    for row in rows.entries:
        if row.id not in case.by_entry:
            yield Found(Fault.DUPLICATE, f"document {row.id} was told to nobody")
    pairs: tuple[tuple[str, Iterable[str], Iterable[str]], ...] = (
        ("the set of a document is not there", sets, rows.submissions),
        ("a set without a document", rows.submissions, sets),
        ("not found by its identifier alone", here, rows.located),
        ("a place that leads to nothing", rows.located, here),
        ("its own identifier is not kept", here, rows.named),
        ("an identifier that leads to nothing", rows.named, here),
        ("a restriction of nothing", (entry for entry, _code in rows.restrictions), entries),
        ("an association of nothing", (end for _kind, *ends in rows.associations for end in ends), entries),
    )
    for what, wanted, there in pairs:
        for missing in set(wanted) - set(there):
            yield Found(Fault.HALF_VISIBLE, f"{what}: {missing}")
    for target, count in Counter(rows.named).items():
        if count > 1:
            yield Found(Fault.DUPLICATE, f"{count} identifiers of {target}")
    for entry, code in rows.restrictions:
        if not code:
            yield Found(Fault.ALTERED, f"a restriction of document {entry} does not open")


def state(case: Case) -> Iterator[Found]:
    """What was acknowledged last is in force, in the rows."""
    rows = {row.id: row for row in case.evidence.rows.entries}
    replaced = {(source, target) for kind, source, target in case.evidence.rows.associations if kind == "RPLC"}
    masked = {entry for entry, code in case.evidence.rows.restrictions if code == "MASQUE_PS"}
    for story in case.told:
        row = rows.get(story.entry)
        if row is None:
            continue
        if (row.status == DELETED) is not (story.deleted is not None and bool(story.deleted.answers)):
            yield Found(Fault.UNDONE, f"document {row.id} is {row.status}")
        if (row.id in masked) is not bool(story.masked(math.inf, math.inf)):
            yield Found(Fault.UNDONE, f"document {row.id} is {'' if row.id in masked else 'not '}masked")
        target = story.deposit.first.target
        if target and (row.id, target) not in replaced:
            yield Found(Fault.UNDONE, f"document {row.id} does not replace {target}")


def doors(case: Case) -> Iterator[Found]:
    """What the FHIR door tells now, of every document to the holder and to the doctor."""
    by_patient: dict[str, list[Story]] = defaultdict(list)
    for story in case.told:
        by_patient[story.deposit.patient].append(story)
    for patient, told in case.evidence.told.items():
        holder, doctor = _once(told.holder), _once(told.doctor)
        for listed in (told.holder, told.doctor):
            for entry, count in Counter(one.entry for one in listed).items():
                if count > 1:
                    yield Found(Fault.DUPLICATE, f"document {entry} is told {count} times")
                if entry not in case.by_entry:
                    yield Found(Fault.HALF_VISIBLE, f"document {entry} is told and nobody was given it")
        for story in by_patient[patient]:
            if story.entry:
                yield from _door(story, told, holder.get(story.entry), doctor.get(story.entry))


def _once(listed: Iterable[Listed]) -> dict[str, Listed]:
    return {one.entry: one for one in listed}


def _door(story: Story, told: Told, seen: Listed | None, by_doctor: Listed | None) -> Iterator[Found]:
    entry, masked = story.entry, bool(story.masked(math.inf, math.inf))
    status, digest = told.served.get(entry, (0, ""))
    if story.deleted is not None:
        if seen or by_doctor or status == SERVED:
            yield Found(Fault.SHOWN, f"document {entry} was deleted")
        return
    if seen is None or status != SERVED:
        yield Found(Fault.LOST, f"document {entry} is not served to its holder ({status})")
        return
    if digest != story.digest:
        yield Found(Fault.ALTERED, f"document {entry} is served with other bytes")
    if seen.masked is not masked:
        yield Found(Fault.UNDONE, f"document {entry} is told {'' if seen.masked else 'not '}masked")
    if seen.document != story.deposit.first.document:
        yield Found(Fault.ALTERED, f"document {entry} is told under another identifier")
    # Where another version was deleted, the status says whether its reader knew of that one.
    if not story.chain.cut and seen.status != (SUPERSEDED if story.replaced else CURRENT):
        yield Found(Fault.UNDONE, f"document {entry} is told {seen.status}")
    if masked and by_doctor:
        yield Found(Fault.SHOWN, f"document {entry} is masked and told to a doctor")
    if not masked and not by_doctor:
        yield Found(Fault.LOST, f"document {entry} is not told to a doctor")


def seen_meanwhile(case: Case) -> Iterator[Found]:
    """Every look during the campaign showed what was sure at that moment, and nothing that could not be."""
    by_patient: dict[str, list[Story]] = defaultdict(list)
    for story in case.told:
        by_patient[story.deposit.patient].append(story)
    for one, answer in looks(case.done):
        if one.act in READINGS:
            yield from _read(one, answer, case.by_entry.get(one.first.entry))
        else:
            yield from _searched(one, answer, by_patient[one.patient], case.by_entry)


def _read(one: Operation, answer: Line, story: Story | None) -> Iterator[Found]:
    if story is None:
        yield Found(Fault.HALF_VISIBLE, f"document {one.first.entry} was read and nobody was given it")
        return
    served, moment = answer.status == SERVED, (one.last_sent, answer.at)
    gone = story.deleted is not None and story.deleted.surely(*moment)
    hidden = one.act in DOCTORS and story.masked(*moment)
    if served and answer.digest != story.digest:
        yield Found(Fault.ALTERED, f"document {story.entry} was served with other bytes")
    if served and (gone or hidden):
        yield Found(Fault.SHOWN, f"document {story.entry} was served while {'deleted' if gone else 'masked'}")
    if not served and gone is False and hidden is False:
        yield Found(Fault.LOST, f"document {story.entry} was not served")


def _searched(one: Operation, answer: Line, told: list[Story], by_entry: dict[str, Story]) -> Iterator[Found]:
    moment = (one.last_sent, answer.at)
    listed = Counter(answer.listed)
    for entry, count in listed.items():
        if count > 1:
            yield Found(Fault.DUPLICATE, f"document {entry} was told {count} times")
        story = by_entry.get(entry)
        if story is None or story.deposit.surely(*moment) is False:
            yield Found(Fault.HALF_VISIBLE, f"document {entry} was told before anybody sent it")
    for story in told:
        expected = _expected(story, one.act in DOCTORS, *moment)
        if expected is True and story.entry not in listed:
            yield Found(Fault.LOST, f"document {story.entry} was not told")
        if expected is False and story.entry in listed:
            yield Found(Fault.SHOWN, f"document {story.entry} was told while it could not be current and visible")


def _expected(story: Story, doctor: bool, begin: float, end: float) -> bool | None:
    """Whether a search for what is current must tell it; None when both are right."""
    moment = (begin, end)
    against = (
        story.replaced.surely(*moment) if story.replaced else False,
        story.deleted.surely(*moment) if story.deleted else False,
        story.masked(*moment) if doctor else False,
    )
    if story.deposit.surely(*moment) is False or True in against[1:]:
        return False
    if story.chain.cut and story.deleted is None:
        return None
    if against[0]:
        return False
    return True if story.deposit.surely(*moment) and None not in against else None


def traced(case: Case) -> Iterator[Found]:
    """Whatever was acknowledged left its line; and no line says what nobody asked for."""
    lines = _lines(case.evidence.rows.lines)
    least: Counter[tuple[str, ...]] = Counter()
    most: Counter[tuple[str, ...]] = Counter()
    for one in case.done:
        for key in _keys(one, case):
            least[key] += sum(1 for answer in one.answers if answer.status != ABSENT)
            most[key] += one.sends
    for key in sorted(least.keys() | lines.keys()):
        told = " ".join(key)
        if lines[key] < least[key]:
            yield Found(Fault.UNTRACED, f"{told}: {least[key]} answers, {lines[key]} lines")
        if lines[key] > most[key]:
            yield Found(Fault.UNASKED, f"{told}: {most[key]} requests, {lines[key]} lines")
    yield from _searches(case)


def _lines(lines: Iterable[Traced]) -> Counter[tuple[str, ...]]:
    """How many lines of each verb, actor and object; of a list, whatever it listed."""
    known = set(TRACES.values())
    found: Counter[tuple[str, ...]] = Counter()
    for line in lines:
        if line.outcome == "allowed" and (line.verb, line.actor) in known:
            named = (line.patient,) if line.verb == "list" else line.objects[:1]
            found[line.verb, line.actor, *named] += 1
    return found


def _keys(one: Operation, case: Case) -> list[tuple[str, ...]]:
    if one.act in SEARCHES:
        return [(*TRACES[one.act], one.patient)]
    entry = one.first.entry or (one.answers[0].entry if one.answers else "")
    return [(*TRACES[one.act], entry)] if entry else []


def _searches(case: Case) -> Iterator[Found]:
    """Every search that was answered has a line that names exactly what it told."""
    lists = (one for one in case.evidence.rows.lines if one.verb == "list")
    lines = Counter((one.patient, one.actor, frozenset(one.objects)) for one in lists)
    told = Counter(
        (one.patient, TRACES[one.act][1], frozenset(answer.listed))
        for one, answer in looks(case.done)
        if one.act in SEARCHES
    )
    for (patient, actor, _listed), count in (told - lines).items():
        yield Found(Fault.UNTRACED, f"{count} searches of {patient} by a {actor} have no line that says what they told")


def tree(case: Case) -> Iterator[Found]:
    """Lines and leaves are the same commitments, each once, and the indexes of leaves follow each other."""
    rows = case.evidence.rows
    for line in rows.broken_lines:
        yield Found(Fault.TRACE_GAP, f"line {line} does not open, or is not what was committed to")
    indexes = sorted(index for index, _commitment in rows.leaves)
    if indexes != list(range(len(indexes))):
        yield Found(Fault.TRACE_GAP, f"{len(indexes)} leaves, and the last one is number {indexes[-1]}")
    leaves = Counter(commitment for _index, commitment in rows.leaves) + Counter(rows.pending)
    lines = Counter(rows.commitments)
    for what, missing in (("line has no leaf", lines - leaves), ("leaf has no line", leaves - lines)):
        for commitment in missing:
            yield Found(Fault.TRACE_GAP, f"a {what}: {commitment.hex()[:16]}")


def events(case: Case) -> Iterator[Found]:
    """Nothing waits or was given up once the worker is idle, and everything was counted once."""
    rows = case.evidence.rows
    left = (("events given up", rows.dead), ("events left", rows.waiting), ("lines without leaf", len(rows.pending)))
    for what, count in left:
        if count:
            yield Found(Fault.DROPPED, f"{count} {what}")
    downloads = sum(1 for line in rows.lines if line.verb == "download" and line.outcome == "allowed")
    for what, right in (("deposit", len(rows.entries)), ("reading", downloads)):
        counted = rows.counted.get(what, 0)
        if counted != right:
            fault = Fault.DUPLICATE if counted > right else Fault.DROPPED
            yield Found(fault, f"{right} of « {what} » and {counted} counted")


CHECKS: tuple[Callable[[Case], Iterable[Found]], ...] = (
    answers,
    deposits,
    wholeness,
    state,
    doors,
    seen_meanwhile,
    traced,
    tree,
    events,
)
