"""Words looked for in one record, as people type them: without accents, in the plural or not, by an abbreviation.

Every word must be somewhere in a document: its title, its authors, its text, its facts. A word of three letters or less
is a whole word (« IRM » is not in « infirmière »); a longer one may be a part of a word.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from espace.kernel.folding import folded

MOST_WORDS = 12
MOST_LINE = 2000
"""Letters of a line of a text that are looked at together."""
AROUND = 60
"""Letters shown on either side of what was found."""

SAME: tuple[tuple[str, ...], ...] = (
    ("hba1c", "hemoglobine glyquee", "hemoglobine a1c", "hemoglobine glycosylee"),
    ("tsh", "thyreostimuline", "thyrotropine", "thyreotropine"),
    ("t4", "t4l", "ft4", "thyroxine", "t4 libre"),
    ("t3", "t3l", "ft3", "triiodothyronine", "t3 libre"),
    ("ecbu", "examen cytobacteriologique des urines", "examen cytobacteriologique urinaire"),
    ("nfs", "hemogramme", "numeration formule sanguine", "numeration globulaire"),
    ("vs", "vitesse de sedimentation"),
    ("crp", "proteine c reactive", "c reactive protein"),
    ("dfg", "debit de filtration glomerulaire", "clairance de la creatinine", "egfr"),
    ("inr", "taux de prothrombine", "rapport international normalise"),
    ("psa", "antigene specifique de la prostate", "antigene prostatique specifique"),
    ("ldl", "cholesterol ldl", "lipoproteines de basse densite"),
    ("hdl", "cholesterol hdl", "lipoproteines de haute densite"),
    ("eal", "bilan lipidique", "exploration d une anomalie lipidique"),
    ("asat", "aspartate aminotransferase", "tgo"),
    ("alat", "alanine aminotransferase", "tgp"),
    ("ggt", "gamma gt", "gamma glutamyltransferase"),
    ("pal", "phosphatases alcalines"),
    ("bnp", "peptide natriuretique", "nt probnp"),
    ("hcg", "gonadotrophine chorionique", "test de grossesse"),
    ("fsh", "follitropine", "hormone folliculostimulante"),
    ("irm", "imagerie par resonance magnetique", "remnographie"),
    ("tdm", "scanner", "tomodensitometrie", "scanographie"),
    ("tep", "tomographie par emission de positons", "pet scan"),
    ("radio", "radiographie"),
    ("echo", "echographie"),
    ("ecg", "electrocardiogramme"),
    ("eeg", "electroencephalogramme"),
    ("emg", "electromyogramme"),
    ("hta", "hypertension arterielle"),
    ("pa", "ta", "pression arterielle", "tension arterielle"),
    ("imc", "indice de masse corporelle"),
    ("fc", "frequence cardiaque"),
    ("avc", "accident vasculaire cerebral"),
    ("ait", "accident ischemique transitoire"),
    ("idm", "infarctus du myocarde"),
    ("acfa", "fibrillation auriculaire", "fibrillation atriale"),
    ("bpco", "bronchopneumopathie chronique obstructive"),
    ("rgo", "reflux gastro oesophagien"),
    ("sep", "sclerose en plaques"),
    ("vih", "hiv", "virus de l immunodeficience humaine"),
    ("vhb", "hepatite b"),
    ("vhc", "hepatite c"),
    ("hpv", "papillomavirus"),
    ("ror", "rougeole oreillons rubeole"),
    ("dtp", "diphtherie tetanos poliomyelite"),
    ("dt2", "diabete de type 2", "dnid"),
    ("dt1", "diabete de type 1", "did"),
    ("ald", "affection de longue duree"),
    ("cro", "compte rendu operatoire"),
    ("crh", "compte rendu d hospitalisation"),
    ("avk", "antivitamine k"),
    ("ains", "anti inflammatoire non steroidien"),
    ("ivg", "interruption volontaire de grossesse"),
)
"""What says the same: abbreviations of French practice and their words. Our own choice of 2026-11-22."""

_PLAIN = {code: folded(chr(code)) for code in (*range(0xC0, 0x250), *range(0x300, 0x370), *range(0x1E00, 0x1F00))}
_LATIN = "".join(map(chr, range(0xDF, 0x100)))
_BEYOND = re.compile("[\u0100-\u024f\u0300-\u036f\u1e00-\u1eff]")
MOST_MARKED = 30
"""Letters with an accent that are replaced one after the other, three times as fast as all at once; a text of people
has a dozen."""
_WORD = re.compile(r"[^\W_]+")
_LINES = re.compile(r"[\n\t]+")
SHORT = 3
_LONGEST = max(len(phrase.split()) for group in SAME for phrase in group)
_BETWEEN = r"[\W_]{1,3}"


@dataclass(frozen=True, slots=True)
class Extract:
    """A piece of a text: (words, whether they were looked for), in their order."""

    parts: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Question:
    """What is looked for: for each thing, the ways of saying it."""

    things: tuple[tuple[str, ...], ...] = ()

    @cached_property
    def patterns(self) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile("|".join(map(_pattern, ways))) for ways in self.things)

    @cached_property
    def any_of_them(self) -> re.Pattern[str]:
        ways = {way for thing in self.things for way in thing}
        return re.compile("|".join(map(_pattern, sorted(ways, key=len, reverse=True))))


def asked(words: str) -> Question:
    """What somebody typed, with what says the same."""
    typed = [_singular(word) for word in _WORD.findall(folded_text(words))][:MOST_WORDS]
    things, at = list[tuple[str, ...]](), 0
    while at < len(typed):
        size = next((size for size in range(_LONGEST, 0, -1) if tuple(typed[at : at + size]) in _GROUPS), 1)
        phrase = tuple(typed[at : at + size])
        things.append(_GROUPS.get(phrase, (" ".join(phrase),)))
        at += size
    return Question(tuple(dict.fromkeys(things)))


def answers(question: Question, texts: Iterable[str]) -> bool:
    """Whether every thing that is looked for is in one text or another of a document."""
    left = list(question.patterns)
    for text in texts:
        if not left:
            break
        plain = folded_text(text)
        left = [pattern for pattern in left if not pattern.search(plain)]
    return not left


def extracts(question: Question, texts: Iterable[str], *, most: int) -> tuple[Extract, ...]:
    """The first lines of the texts where something was found, what was found told apart; none that another one has."""
    found: dict[str, Extract] = {}
    if question.things:
        for line in _lines(texts):
            if len(found) == most:
                break
            if question.any_of_them.search(folded_text(line)) and not any(line in other for other in found):
                found[line] = _extract(question, line)
    return tuple(found.values())


def folded_text(text: str) -> str:
    """Without accents or capitals, letter by letter."""
    plain = text.lower()
    if plain.isascii():
        return plain
    marked = {*filter(plain.__contains__, _LATIN), *_BEYOND.findall(plain)}
    if len(marked) > MOST_MARKED:
        return plain.translate(_PLAIN)
    for letter in marked:
        plain = plain.replace(letter, _PLAIN[ord(letter)])
    return plain


def _lines(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        for line in _LINES.split(text):
            words = " ".join(line.split())
            for start in range(0, len(words), MOST_LINE):
                yield words[start : start + MOST_LINE]


def _extract(question: Question, line: str) -> Extract:
    letters = [folded_text(letter) for letter in line]
    places = [place for place, letter in enumerate(letters) for _ in letter]
    spans = [(places[one.start()], places[one.end() - 1] + 1) for one in _found(question, "".join(letters))]
    start, end = _window(line, spans)
    parts, at = list[tuple[str, bool]](), start
    for first, last in spans:
        if first >= end:
            break
        parts += [(line[at:first], False), (line[first:last], True)]
        at = max(at, last)
    parts.append((line[at:end], False))
    before, after = "… " if start else "", " …" if end < len(line) else ""
    shown = [(before, False), *parts, (after, False)]
    return Extract(tuple((words, marked) for words, marked in shown if words))


def _found(question: Question, plain: str) -> Sequence[re.Match[str]]:
    return [one for one in question.any_of_them.finditer(plain) if one.end() > one.start()]


def _window(line: str, spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Around what was found first, at the ends of words."""
    first, last = spans[0] if spans else (0, 0)
    start, end = max(0, first - AROUND), min(len(line), last + 2 * AROUND)
    if start:
        start = max(line.rfind(" ", 0, start) + 1, start - AROUND)
    if end < len(line):
        place = line.find(" ", end)
        end = place if 0 <= place < end + AROUND else end
    return start, max(end, next((stop for begin, stop in spans if begin < end < stop), end))


def _pattern(way: str) -> str:
    words = [rf"\b{word}s?\b" if len(word) <= SHORT else _longer(word) for word in way.split()]
    return _BETWEEN.join(words)


def _longer(word: str) -> str:
    """The rest of the word too, so that « radio » shows « radiographie » whole; « hopital » is in « hôpitaux »."""
    stem = rf"{word[:-2]}(?:al|aux)" if word.endswith("al") else word
    return rf"{stem}[^\W_]{{0,30}}"


def _singular(word: str) -> str:
    """« hôpitaux » as « hôpital », « analyses » as « analyse »; a short word is left as it is."""
    if len(word) <= SHORT + 1:
        return word
    if word.endswith("aux") and not word.endswith("eaux"):
        return f"{word[:-3]}al"
    return word.rstrip("sx") or word


def _groups() -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    for group in SAME:
        ways = tuple(" ".join(map(_singular, way.split())) for way in group)
        for way in ways:
            yield tuple(way.split()), ways


_GROUPS: dict[tuple[str, ...], tuple[str, ...]] = dict(_groups())
