"""What was typed in the fields of a section → as it is kept, or what is wrong with it, said beside the field."""

import calendar
import re
from collections.abc import Callable, Mapping
from datetime import date

from espace.clinical.facts.profile import Asked, Checked, Section, Shape, Sheet, Target
from espace.clinical.rules.profile.lists import ORGANS
from espace.clinical.rules.profile.measures import MEASURES, Measure, number_of
from espace.clinical.rules.profile.sheets import SHEETS
from espace.kernel.reasons import Sentence

NO_CHOICE = Sentence("Choisissez une réponse de la liste.", "Choose an answer of the list.")
NO_DAY = Sentence(
    "Cette date ne se lit pas : écrivez par exemple 2019, 03/2019 ou 14/03/2019.",
    "This date cannot be read: write for example 2019, 03/2019 or 14/03/2019.",
)
TOO_EARLY = Sentence("La date doit être après 1900.", "The date must be after 1900.")
TO_COME = Sentence("Cette date n’est pas encore passée.", "This date has not come yet.")
BEFORE = Sentence("La fin est avant le début.", "The end is before the beginning.")
NO_NUMBER = Sentence("Écrivez un nombre, par exemple 72,5.", "Write a number, for example 72.5.")
TOO_PRECISE = Sentence("Ce nombre a trop de chiffres.", "This number has too many figures.")
ONE_NUMBER = Sentence("Seule la tension a un deuxième chiffre.", "Only a blood pressure has a second figure.")
UPSIDE_DOWN = Sentence(
    "Le deuxième chiffre de la tension est le plus petit.", "The second figure of a blood pressure is the smaller one."
)

_CENTURY = 1900
_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?", re.ASCII)
_TYPED = re.compile(r"(?:(?:([0-9]{1,2})[/. -])?([0-9]{1,2})[/. -])?([0-9]{4})", re.ASCII)
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")

Read = str | Sentence
"""What is kept, or what is wrong."""


def checked(sheet: Sheet, typed: Mapping[str, str], today: date) -> Checked:
    """Fields that the section does not have are left out."""
    values: dict[str, str] = {}
    wrong: dict[str, Sentence] = {}
    for asked in sheet.fields:
        text = tidy(typed.get(asked.name, ""))
        if not text and asked.required:
            wrong[asked.name] = missing(asked.label)
        elif text:
            read = _READ[asked.shape](asked, text, today)
            if isinstance(read, Sentence):
                wrong[asked.name] = read
            else:
                values[asked.name] = read
    if not wrong:
        wrong = {**_in_order(values), **_WHOLE.get(sheet.section, _nothing)(values)}
    return Checked(values, wrong)


def checked_target(code: str, low: str, high: str) -> Target | Mapping[str, Sentence]:
    """Between what a measure is wished, or what is wrong by field: `measure`, `low`, `high`."""
    measure = MEASURES.get(code)
    if measure is None:
        return {"measure": NO_CHOICE}
    read = {name: _within(measure, tidy(text)) if tidy(text) else "" for name, text in (("low", low), ("high", high))}
    wrong = {name: one for name, one in read.items() if isinstance(one, Sentence)}
    kept = {name: one for name, one in read.items() if isinstance(one, str)}
    if not wrong and kept["low"] and kept["high"] and float(kept["low"]) > float(kept["high"]):
        return {"high": Sentence("Le plus est inférieur au moins.", "The most is below the least.")}
    return wrong or Target(kept["low"], kept["high"])


def missing(label: Sentence) -> Sentence:
    return Sentence(f"Remplissez « {label.fr} ».", f"Fill in “{label.en}”.")


def label_of(section: Section, name: str) -> Sentence:
    return next(one.label for one in SHEETS[section].fields if one.name == name)


def tidy(text: str) -> str:
    """Without what nobody sees, and blanks at the ends; line ends are one character."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def day_of(text: str) -> str | None:
    """« 14/3/2019 », « 03/2019 », « 2019 » → ISO 8601 as precise as that; None for what is no date."""
    if iso := _ISO.fullmatch(text):
        year, month, day = iso[1], iso[2], iso[3]
    elif typed := _TYPED.fullmatch(text):
        year, month, day = typed[3], typed[2], typed[1]
    else:
        return None
    if month and not 1 <= int(month) <= 12:
        return None
    if day and not 1 <= int(day) <= calendar.monthrange(max(int(year), 1), int(month))[1]:
        return None
    return "-".join([year, *(f"{int(part):02}" for part in (month, day) if part)])


def _day(asked: Asked, text: str, today: date) -> Read:
    found = day_of(text)
    if found is None:
        return NO_DAY
    if int(found[:4]) < _CENTURY:
        return TOO_EARLY
    late = found > today.isoformat()[: len(found)] and not asked.ahead
    return TO_COME if late else found


def _words(asked: Asked, text: str, today: date) -> Read:
    return _short(asked, " ".join(text.split()))


def _text(asked: Asked, text: str, today: date) -> Read:
    return _short(asked, text)


def _short(asked: Asked, text: str) -> Read:
    if len(text) <= asked.most:
        return text
    return Sentence(
        f"C’est trop long : {asked.most} caractères au plus.", f"Too long: {asked.most} characters at most."
    )


def _choice(asked: Asked, text: str, today: date) -> Read:
    return text if text in {one.code for one in asked.choices} else NO_CHOICE


def _number(asked: Asked, text: str, today: date) -> Read:
    found = number_of(text, 6) if len(text) <= asked.most else None
    return NO_NUMBER if found is None else found


_READ: Mapping[Shape, Callable[[Asked, str, date], Read]] = {
    Shape.WORDS: _words,
    Shape.MEDICINE: _words,
    Shape.TEXT: _text,
    Shape.DAY: _day,
    Shape.CHOICE: _choice,
    Shape.NUMBER: _number,
}


def _in_order(values: Mapping[str, str]) -> dict[str, Sentence]:
    since, until = values.get("since", ""), values.get("until", "")
    least = min(len(since), len(until))
    return {"until": BEFORE} if least and until[:least] < since[:least] else {}


def _measured(values: Mapping[str, str]) -> dict[str, Sentence]:
    """A measure is a number that can be true, two for a blood pressure."""
    measure = MEASURES[values["measure"]]
    wrong = _out_of_bounds(measure, values, "value")
    if measure.second and "second" not in values:
        return {**wrong, "second": missing(label_of(Section.MEASURES, "second"))}
    if "second" not in values:
        return wrong
    if not measure.second:
        return {**wrong, "second": ONE_NUMBER}
    wrong |= _out_of_bounds(measure, values, "second")
    falling = not wrong and float(values["second"]) >= float(values["value"])
    return {"second": UPSIDE_DOWN} if falling else wrong


def _out_of_bounds(measure: Measure, values: Mapping[str, str], name: str) -> dict[str, Sentence]:
    found = _within(measure, values[name])
    return {name: found} if isinstance(found, Sentence) else {}


def _within(measure: Measure, text: str) -> Read:
    found = number_of(text, 6)
    if found is None:
        return NO_NUMBER
    if number_of(text, measure.decimals) is None:
        return TOO_PRECISE
    if measure.low <= float(found) <= measure.high:
        return found
    low, high = f"{measure.low:g}", f"{measure.high:g}"
    return Sentence(
        f"Ce nombre doit être entre {low.replace('.', ',')} et {high} {measure.shown}.",
        f"This number must be between {low} and {high} {measure.shown}.",
    )


def _nothing(values: Mapping[str, str]) -> dict[str, Sentence]:
    return {}


def _whole(name: str, most: int) -> Callable[[Mapping[str, str]], dict[str, Sentence]]:
    def rule(values: Mapping[str, str]) -> dict[str, Sentence]:
        text = values.get(name, "0")
        good = number_of(text, 0) is not None and int(text) <= most
        return (
            {} if good else {name: Sentence(f"Un nombre entier, {most} au plus.", f"A whole number, {most} at most.")}
        )

    return rule


def _written(values: Mapping[str, str]) -> dict[str, Sentence]:
    """Organ donation is only that somebody informed themselves (E17, CSP L1232-1): no text is taken for a wish."""
    if values["kind"] == ORGANS:
        return {"text": NOT_HERE} if "text" in values else {}
    return {} if "text" in values else {"text": missing(label_of(Section.WISHES, "text"))}


NOT_HERE = Sentence(
    "Le refus du don d’organes se dit au registre national des refus, pas ici.",
    "Refusing organ donation is stated in the national register of refusals, not here.",
)
_WHOLE: Mapping[Section, Callable[[Mapping[str, str]], dict[str, Sentence]]] = {
    Section.MEASURES: _measured,
    Section.FAMILY: _whole("age", 120),
    Section.VACCINATIONS: _whole("dose", 20),
    Section.WISHES: _written,
}
