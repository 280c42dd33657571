"""`/erreurs/` and `/erreurs/<code>/`: for anybody, without sign-in, without a word to the database."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from espace.kernel.reasons import REASONS, Sentence
from espace.looks.frame import render
from espace.looks.plain import missing
from espace.looks.words import english, said
from espace.site.refusals.facts import Family, Form, Sample
from espace.site.refusals.table import FAMILIES, NOTHING, OF, PLATFORM, SAMPLES, samples_of, sources_of
from espace.site.refusals.where import codes_of, shown

MOST_WORDS = 80
EVERY, ONE = "looks/refusals.html", "looks/refusal.html"


@dataclass(frozen=True, slots=True)
class Line:
    """A reason in the list."""

    code: str
    path: str
    said: str


@dataclass(frozen=True, slots=True)
class Group:
    slug: str
    title: str
    lines: tuple[Line, ...]


def every(request: HttpRequest) -> HttpResponse:
    """The reasons by family; `?code=` keeps those whose code, or code of IHE, has these letters."""
    words = request.GET.get("code", "")[:MOST_WORDS].strip()
    groups = [one for one in (_group(family, _letters(words)) for family in FAMILIES) if one.lines]
    context = {"words": words, "groups": groups, "number": sum(len(one.lines) for one in groups)}
    return render(request, EVERY, context)


def one(request: HttpRequest, code: str) -> HttpResponse:
    """What one reason is, where it shows, its rule and source, what to correct, a valid example."""
    if code not in OF:
        return missing(request)
    return render(request, ONE, _context(code))


def _letters(words: str) -> str:
    return "".join(letter for letter in words.casefold() if letter.isalnum())


def _group(family: Family, letters: str) -> Group:
    kept = (reason for reason in family.reasons if _matches(reason.code, letters))
    lines = tuple(Line(one.code, reverse("refusal", args=[one.code]), said(one.professional)) for one in kept)
    return Group(family.slug, said(family.title), lines)


def _matches(code: str, letters: str) -> bool:
    return any(letters in _letters(one) for one in (code, *codes_of(code)))


def _context(code: str) -> dict[str, object]:
    reason, family = REASONS[code], OF[code]
    return {
        "code": code,
        "family": said(family.title),
        "anchor": family.slug,
        "sentence": said(reason.professional),
        "other_sentence": _other(reason.professional),
        "other_language": "fr" if english() else "en",
        "to_holder": said(reason.holder) if reason.holder != reason.professional else "",
        "doors": [{"name": said(each.door), "lines": each.lines} for each in shown(code)],
        "rule": said(family.rule),
        "sources": sources_of(reason),
        "platform": said(PLATFORM),
        "line": _pieces(said(family.line)),
        "fix": said(reason.fix or NOTHING),
        "samples": [_sample(each) for each in samples_of(reason)],
        "of_family": code not in SAMPLES,
    }


def _sample(sample: Sample) -> dict[str, object]:
    return {"title": said(sample.title), "form": "" if sample.form is Form.TEXT else sample.form, "lines": sample.lines}


def _pieces(text: str) -> list[tuple[bool, str]]:
    """A sentence, cut at the backticks around what programs call it: (is a name, words)."""
    return [(bool(number % 2), words) for number, words in enumerate(text.split("`"))]


def _other(sentence: Sentence) -> str:
    """The sentence in the language that the page is not in."""
    return sentence.fr if english() else sentence.en
