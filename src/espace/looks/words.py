"""Values in the words people read: dates in full, times, sizes, names, in the language of the page."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

from django.utils import formats, timezone
from django.utils.translation import get_language, gettext, ngettext

from espace.kernel.reasons import Sentence
from espace.wire.nomenclature import Kind

KIBI, MEBI = 1024, 1024 * 1024
TIED = "\u00a0"
"""A space at which no line is broken."""
BOUND = "\u202f"
"""The space of French before « ; : ? ! » and inside « », at which none is broken either."""
_LOOSE = re.compile(r"(?<!\s)\s+(?=[;:?!](?:\s|$)|»)|(?<=«)\s+")
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def page_language() -> str:
    """None active is "". To be asked once where hundreds of words are made: it costs more than a short word."""
    return get_language() or ""


def english(language: str = "") -> bool:
    return (language or page_language() or "fr").startswith("en")


def said(sentence: Sentence) -> str:
    """A sentence of the closed list, in the language of the page."""
    return sentence.en if english() else sentence.fr


def bound(words: str) -> str:
    """Words of a document as a line shows them: none begins with « ; », whatever space its software wrote before it;
    what turns the direction of writing is seen, and turns nothing of ours."""
    return _LOOSE.sub(BOUND, words if words.isascii() else _TURNING.sub("\ufffd", words))


def tied(words: str) -> str:
    """Words that stand on one line: a number with its unit, a day."""
    return words.replace(" ", TIED)


def apart(parts: Iterable[str]) -> str:
    """« un ; deux », “one; two”: parts that may have commas of their own, each said once."""
    between = gettext("%(one)s ; %(other)s") % {"one": "", "other": ""}
    return between.join(dict.fromkeys(filter(None, parts)))


def amid(words: str) -> str:
    """Within a sentence: « rhume », and still « VIH »."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def kind_label(kind: Kind) -> str:
    return kind.label_en if english() else kind.label_fr


def local_day(at: datetime) -> date:
    return at.astimezone(timezone.get_default_timezone()).date()


def full_date(day: date) -> str:
    """« mardi 4 mars 2025 », « samedi 1er mars 2025 », “Tuesday 4 March 2025”."""
    return f"{formatted(day, 'l')} {short_date(day)}"


def short_date(day: date) -> str:
    """« 4 mars 2025 », « 1er juin 2025 »: where a list has no room for the day of the week."""
    return f"{day_number(day)} {month_name(day)}"


def day_number(day: date) -> str:
    """The day of a month: the first has a number of its own in French alone."""
    return "1er" if day.day == 1 and not english() else str(day.day)


def month_name(day: date) -> str:
    """« mars 2025 »."""
    return formatted(day, "F Y")


def formatted(day: date, form: str) -> str:
    """A day in the words of Django and of the page's language, found once: a page has two hundred of them."""
    return _formatted(day, form, get_language())


@lru_cache(maxsize=4096)
def _formatted(day: date, form: str, _language: str | None) -> str:
    return formats.date_format(day, form)


def clock_time(at: datetime) -> str:
    """« 14 h 05 », never cut at the end of a line; “14:05”."""
    local = timezone.localtime(at)
    return local.strftime("%H:%M") if english() else f"{local.hour}{TIED}h{TIED}{local.minute:02}"


def full_moment(at: datetime) -> str:
    return gettext("%(day)s à %(time)s") % {"day": full_date(local_day(at)), "time": clock_time(at)}


def lately(at: datetime, now: datetime) -> str:
    """« aujourd’hui à 10 h 12 », « le 3 mars 2026 »: of today the hour counts, of another day the day does."""
    day = local_day(at)
    if day == local_day(now):
        return gettext("aujourd’hui à %(time)s") % {"time": clock_time(at)}
    return gettext("le %(day)s") % {"day": short_date(day)}


def cased(name: str) -> str:
    """« Le Gall » for « LE GALL »: software and directories write names in capitals; others keep their own."""
    return name.title() if name.isupper() else name


def readable_size(count: int) -> str:
    """« 420 ko », « 1,3 Mo »: never « 0 ko »."""
    if count < MEBI:
        return gettext("%(count)s ko") % {"count": max(1, round(count / KIBI))}
    return gettext("%(count)s Mo") % {"count": formats.number_format(count / MEBI, decimal_pos=1)}


def counted_documents(count: int) -> str:
    if count == 0:
        return gettext("Aucun document")
    return ngettext("%(count)s document", "%(count)s documents", count) % {"count": count}
