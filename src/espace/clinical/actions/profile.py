"""What the holder states of their own health: added, changed, removed, put back; and what they say of whole sections.

Each act is one decision and one line of the access log. Who helps the holder states in their place, as they add
documents; what professionals see of it is decided as what they see of documents is.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import connection
from django.utils.timezone import localdate

from espace import edge
from espace.clinical.facts.profile import Choices, Item, Medicine, Profile, Section, Target
from espace.clinical.facts.receiving import Ready
from espace.clinical.queries.profile import CHOICES, ITEM, kept
from espace.clinical.rules import childhood
from espace.clinical.rules import profile as rules
from espace.clinical.rules.receiving import identity_of, same, still_received
from espace.kernel.reasons import Sentence, decisions, documents, stating
from espace.kernel.values import replace
from espace.kernel.words import PERSONAL, Grant, Purpose, Refused, Verb, Visibility
from espace.keys import queries as keys
from espace.keys.facts import KeyKind
from espace.keys.rules import context
from espace.record import queries as record

MOST_LINKED = 50
"""Documents, and other items, that one item is linked to."""
_FROM_PROFESSIONALS = frozenset({Visibility.MASQUE_PS})
_BLOCK = 512
"""Bytes to a multiple of which what is sealed is filled up with spaces: its length would tell of what was stated."""


def state(
    grant: Grant, *, section: Section, typed: Mapping[str, str], item: UUID | None = None, box: Medicine | None = None
) -> UUID:
    """Add an item, or state one anew (`item`); its links stay. `box`: what the list of medicines says of it.

    Refused: ITEM_REFUSED with the field, ITEM_UNKNOWN, ITEMS_TOO_MANY.
    """
    grant.require(PERSONAL, Verb.STATE)
    there = _kept_of(grant, section)
    sheet = rules.SHEETS[section]
    found = rules.checked(sheet, typed, localdate(grant.at))
    if found.wrong:
        raise Refused(stating.ITEM_REFUSED, place=next(iter(found.wrong)))
    before = _held(there.items, item) if item else None
    if before is not None and before.section is not section:
        raise Refused(stating.ITEM_UNKNOWN)
    if before is None and len(there.of(section)) >= sheet.most:
        raise Refused(stating.ITEMS_TOO_MANY, detail=f"≤ {sheet.most}")
    new = Item(
        before.id if before else edge.new_id(),
        section,
        found.values,
        grant.at,
        documents=before.documents if before else (),
        linked=before.linked if before else (),
        medicine=box,
        helped=grant.purpose is Purpose.PROXY,
        received=still_received(before, found.values),
    )
    _write(grant, new)
    _is_concerned(grant, there.choices, section)
    return new.id


def receive(grant: Grant, *, measures: Sequence[Ready]) -> tuple[tuple[Item, bool], ...]:
    """Add the measures that software sent, all or none: the item of each, and whether it was there already.

    It was where the same software sent it before; what the holder removed since stays removed. Refused: VALUE_INVALID
    where a measure has the identifier of another one, ITEMS_TOO_MANY.
    """
    grant.require(PERSONAL | {Purpose.APP}, Verb.STATE)
    there = kept(grant, removed=True)
    _tell(grant, there.choices, Section.MEASURES)
    before = there.of(Section.MEASURES)
    known = {identity_of(one.values, one.received): one for one in before if one.received}
    answers: list[tuple[Item, bool]] = []
    for one in measures:
        name = identity_of(one.values, one.received)
        if name in known and not same(known[name], one):
            raise Refused(documents.VALUE_INVALID, place=one.place, detail="the identifier of another measure")
        answers.append((known[name], True) if name in known else (_received(grant, one), False))
        known.setdefault(name, answers[-1][0])
    _keep_new(grant, there, [item for item, already in answers if not already])
    return tuple(answers)


def _received(grant: Grant, one: Ready) -> Item:
    return Item(edge.new_id(), Section.MEASURES, one.values, grant.at, received=one.received)


def _keep_new(grant: Grant, there: Profile, made: Collection[Item]) -> None:
    held = sum(not one.removed for one in there.of(Section.MEASURES))
    most = rules.SHEETS[Section.MEASURES].most
    if made and held + len(made) > most:
        raise Refused(stating.ITEMS_TOO_MANY, detail=f"≤ {most}")
    for item in made:
        _write(grant, item)
    if made:
        # Written even where it says the same: of two that bring the same at one moment, one stumbles here, is done
        # again, and finds what the other brought.
        _choose(grant, replace(there.choices, unconcerned=_without(there.choices, Section.MEASURES)))


def link(grant: Grant, *, item: UUID, documents: Collection[UUID], items: Collection[UUID]) -> None:
    """Link an item to these documents and other items of the profile, and to no other that the reader knows of.

    Refused: ITEM_UNKNOWN, DOCUMENT_UNKNOWN, TOO_MANY_AT_ONCE.
    """
    grant.require(PERSONAL, Verb.STATE)
    there = kept(grant)
    one = _held(there.items, item)
    _tell(grant, there.choices, one.section)
    others = {other.id for other in there.items} - {item}
    if not {*items} <= others:
        raise Refused(stating.ITEM_UNKNOWN)
    seen = {document.id for document in record.documents(grant)}
    if not {*documents} <= seen:
        raise Refused(decisions.DOCUMENT_UNKNOWN)
    unseen = [document for document in one.documents if document not in seen]
    linked = tuple(dict.fromkeys([*unseen, *documents]))
    if max(len(linked), len({*items})) > MOST_LINKED:
        raise Refused(stating.ITEMS_TOO_MANY, detail=f"≤ {MOST_LINKED}")
    _write(grant, replace(one, documents=linked, linked=tuple(dict.fromkeys(items))))


def remove(grant: Grant, *, item: UUID) -> Section:
    """It may be put back for some weeks, then it is forgotten. Refused(ITEM_UNKNOWN)."""
    grant.require(PERSONAL, Verb.STATE)
    there = kept(grant)
    one = _held(there.items, item)
    _tell(grant, there.choices, one.section)
    _mark(grant, item, grant.at)
    return one.section


def restore(grant: Grant, *, item: UUID) -> Section:
    """Put back what was removed; again changes nothing. Refused: ITEM_UNKNOWN, ITEMS_TOO_MANY."""
    grant.require(PERSONAL, Verb.STATE)
    there = kept(grant, removed=True)
    one = _held(there.items, item)
    _tell(grant, there.choices, one.section)
    alive = [other for other in there.of(one.section) if not other.removed and other.id != item]
    if len(alive) >= rules.SHEETS[one.section].most:
        raise Refused(stating.ITEMS_TOO_MANY, detail=f"≤ {rules.SHEETS[one.section].most}")
    _mark(grant, item, None)
    _is_concerned(grant, there.choices, one.section)
    return one.section


def say_unconcerned(grant: Grant, *, section: Section, on: bool) -> None:
    """« I am not concerned », with its day; only where nothing is stated. Refused(ITEM_REFUSED) where something is."""
    grant.require(PERSONAL, Verb.STATE)
    there = _kept_of(grant, section)
    if on and there.of(section):
        raise Refused(stating.ITEM_REFUSED)
    day = localdate(grant.at).isoformat()
    others = _without(there.choices, section)
    _choose(grant, replace(there.choices, unconcerned={**others, section: day} if on else others))


def show_section(grant: Grant, *, section: Section, visible: bool) -> None:
    """Whether professionals see a section."""
    grant.require(PERSONAL, Verb.VISIBILITY)
    choices = kept(grant).choices
    hidden = choices.hidden - {section} if visible else choices.hidden | {section}
    _choose(grant, replace(choices, hidden=hidden))


def set_target(grant: Grant, *, measure: str, target: Target) -> None:
    """Between what a measure is wished to be; an empty one takes it away. Refused(ITEM_REFUSED)."""
    grant.require(PERSONAL, Verb.STATE)
    checked = rules.checked_target(measure, target.low, target.high)
    if not isinstance(checked, Target):
        raise Refused(stating.ITEM_REFUSED, place=next(iter(checked)))
    choices = _kept_of(grant, Section.MEASURES).choices
    others = {code: one for code, one in choices.targets.items() if code != measure}
    _choose(grant, replace(choices, targets={**others, measure: checked} if checked != Target() else others))


def say_examined(grant: Grant, *, examination: str, typed: str, born: date) -> None:
    """When an examination of a child was done, as precisely as is known; "" takes it back. Refused: ITEM_UNKNOWN,
    ITEM_REFUSED."""
    grant.require(PERSONAL, Verb.STATE)
    today = localdate(grant.at)
    if childhood.examination(examination, today) is None:
        raise Refused(stating.ITEM_UNKNOWN)
    day = childhood.day_done(typed, born, today) if typed else ""
    if isinstance(day, Sentence):
        raise Refused(stating.ITEM_REFUSED, place="day")
    choices = _kept_of(grant, Section.VACCINATIONS).choices
    others = {code: one for code, one in choices.examined.items() if code != examination}
    _choose(grant, replace(choices, examined={**others, examination: day} if day else others))


def forget_items(*, at: datetime, limit: int) -> int:
    """Destroy what was removed long enough ago; how many. A worker's job: it opens nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM clinical_item WHERE (patient_id, id) IN (SELECT patient_id, id FROM clinical_item "
            "WHERE removed_at < %s ORDER BY removed_at LIMIT %s FOR UPDATE SKIP LOCKED)",
            [at - timedelta(days=settings.ESPACE_TRASH_DAYS), limit],
        )
        return int(cursor.rowcount)


def _kept_of(grant: Grant, section: Section) -> Profile:
    """The whole profile, to state something in one section of it."""
    there = kept(grant)
    _tell(grant, there.choices, section)
    return there


def _tell(grant: Grant, choices: Choices, section: Section) -> None:
    """No professional reads that something was stated in a section that the holder hides from them."""
    if section in choices.hidden:
        grant.hidden_from |= _FROM_PROFESSIONALS


def _held(items: tuple[Item, ...], item: UUID) -> Item:
    found = next((one for one in items if one.id == item), None)
    if found is None:
        raise Refused(stating.ITEM_UNKNOWN)
    return found


def _is_concerned(grant: Grant, choices: Choices, section: Section) -> None:
    """What is written takes back « I am not concerned »."""
    if section in choices.unconcerned:
        _choose(grant, replace(choices, unconcerned=_without(choices, section)))


def _without(choices: Choices, section: Section) -> dict[Section, str]:
    return {one: day for one, day in choices.unconcerned.items() if one is not section}


def _write(grant: Grant, item: Item) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO clinical_item (patient_id, id, changed_at, sealed) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT (patient_id, id) DO UPDATE SET changed_at = EXCLUDED.changed_at, sealed = EXCLUDED.sealed",
            [grant.patient, item.id, grant.at, _sealed(grant, item, ITEM, item.id)],
        )


def _mark(grant: Grant, item: UUID, removed_at: datetime | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE clinical_item SET removed_at = %s WHERE patient_id = %s AND id = %s",
            [removed_at, grant.patient, item],
        )


def _choose(grant: Grant, choices: Choices) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO clinical_profile (patient_id, sealed) VALUES (%s, %s) "
            "ON CONFLICT (patient_id) DO UPDATE SET sealed = EXCLUDED.sealed",
            [grant.patient, _sealed(grant, choices, CHOICES, grant.patient)],
        )


def _sealed(grant: Grant, what: Item | Choices, table: str, row: UUID) -> bytes:
    plain = msgspec.json.encode(what)
    filled = plain.ljust(-(-len(plain) // _BLOCK) * _BLOCK)
    return keys.keys_of(grant).seal(KeyKind.METADATA, filled, context(table, row))
