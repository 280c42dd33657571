"""What of an extraction is kept, and how: small JSON in four parts, and counters that say nothing of anybody."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import accumulate, takewhile
from typing import Any, NamedTuple

import msgspec

from espace.clinical.facts.extracted import Extracted, Fact, Kind, NotRead, Unread
from espace.clinical.facts.kept import FREQUENT, Few
from espace.kernel.json import decode
from espace.kernel.values import defaults, is_value, replace

RULES = 4
"""The version of the rules of extraction: one more where they read more, and every document is read again
(`./espace extract`)."""
NOT_READ = {why: Extracted("", unread=(NotRead("", "", why),)) for why in (Unread.TOO_LARGE, Unread.BROKEN)}
"""What a document gives that is not read at all."""
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""What turns the direction of writing: « 10 mg » must not read « mg 01 ». It is seen instead, as in the document."""
MOST_LETTERS = 10_000
"""Of one text of a fact; a longer one is cut, and says so."""
MOST_KEPT = 8_000_000
"""Bytes of the facts of one document: each may quote a title, a name, a paragraph that stand there once."""
MOST_COUNTED = 100
"""Rows that one document adds to the counters, and one more for each reason."""

_OID = re.compile(r"[0-2](\.(0|[1-9][0-9]{0,7})){2,20}", re.ASCII)
"""No arc has more than eight digits: none is the number of a person."""
_LOINC = re.compile(r"[0-9]{1,6}-[0-9]", re.ASCII)
_ELEMENTS = frozenset(
    {
        *("act", "encounter", "observation", "observationMedia", "organizer", "procedure", "regionOfInterest"),
        *("substanceAdministration", "supply", "section", "text"),
    }
)
OTHER = "other"
"""What stands for a code that is none: it could be anything, a name as well."""

MOST_TEXT = 200_000
"""Letters of a document that a search looks at."""

Many = Callable[[], bytes]
"""The frequent facts of a block, opened when they are looked at; keys.SealBroken."""


class Parts(NamedTuple):
    """What is sealed of one document, each apart: what tells all its facts apart (`head`), those that are few first;
    these; those that are frequent; the text. None where there is nothing of any."""

    heads: bytes | None
    few: bytes
    many: bytes | None
    text: bytes | None


def parts_of(extracted: Extracted) -> Parts | None:
    """None for a document that says nothing."""
    many = [one for one in extracted.facts if one.kind in FREQUENT]
    few = tuple(one for one in extracted.facts if one.kind not in FREQUENT)
    if not (few or many or extracted.text):
        return None
    return Parts(
        msgspec.json.encode(_small([head(one) for one in (*few, *many)])) if extracted.facts else None,
        msgspec.json.encode(_small(Few(extracted.model, extracted.entries, few))),
        msgspec.json.encode(_small(many)) if many else None,
        msgspec.json.encode(extracted.text) if extracted.text else None,
    )


def head(fact: Fact) -> str:
    """What a fact is about and how it is said: the same for those that say the same thing again."""
    what = fact.what
    return f"{fact.kind} {fact.state or '-'} {int(fact.absent)} {what.code or what.display or what.words}"


def with_words(extracted: Extracted, words: str, fault: Unread | None) -> Extracted:
    """With what the file that is its body says; or why that is not known."""
    if fault:
        return replace(extracted, unread=(*extracted.unread, NotRead("", "", fault)))
    return replace(extracted, text=f"{extracted.text}{words}"[:MOST_TEXT])


def within(extracted: Extracted) -> Extracted:
    """The first facts, as many as are kept; each of the others stays in its document, and is counted."""
    sizes = accumulate(len(msgspec.json.encode(_small(one))) for one in extracted.facts)
    number = sum(1 for _ in takewhile(lambda size: size <= MOST_KEPT, sizes))
    beyond = tuple(NotRead("", one.place.section, Unread.TOO_MANY) for one in extracted.facts[number:])
    return replace(extracted, facts=extracted.facts[:number], unread=(*extracted.unread, *beyond))


def facts_in(few: bytes, many: Many | None, kinds: Collection[Kind] | None) -> tuple[Fact, ...]:
    """The facts of a block, of these kinds or of all; msgspec.DecodeError for what we did not write."""
    found = decode(few, Few).facts + (decode(many(), tuple[Fact, ...]) if many else ())
    return found if kinds is None else tuple(one for one in found if one.kind in kinds)


def counted(extracted: Extracted) -> Mapping[tuple[str, str, str, str], int]:
    """How many statements made no fact, by (model, template, section, why): codes only, for a document may say
    anything in their place; what one document says in more ways than `MOST_COUNTED` is counted together."""
    model = _named(extracted.model)
    found = Counter((model, _named(one.template), _section(one.section), one.why.value) for one in extracted.unread)
    for key, count in found.most_common()[MOST_COUNTED:]:
        del found[key]
        found[model, OTHER, OTHER, key[3]] += count
    return found


def _named(code: str) -> str:
    known = not code or code in _ELEMENTS or (len(code) <= 64 and _OID.fullmatch(code))
    return code if known else OTHER


def _section(code: str) -> str:
    return code if not code or _LOINC.fullmatch(code) else OTHER


def _small(value: Any) -> Any:
    """The same as JSON, without the fields that have their default: a fact has thirty, of which it states a few."""
    if isinstance(value, str):
        text = _TURNING.sub("\ufffd", value)
        return text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS]}…"
    if is_value(value):
        told = ((name, getattr(value, name), usual) for name, usual in defaults(type(value)).items())
        return {name: _small(said) for name, said, usual in told if said != usual}
    if isinstance(value, dict):
        return {key: _small(said) for key, said in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return [_small(one) for one in value]
    return value
