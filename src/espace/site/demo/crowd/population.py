"""The people of the crowd: households in four neighbourhoods, with test INS that nobody bears."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from espace.site.demo.areas import AREAS, Area
from espace.site.demo.crowd import names
from espace.site.demo.crowd.bodies import months_between
from espace.site.demo.crowd.life import Life
from espace.site.demo.crowd.profiles import group_of, lived
from espace.site.demo.people import PEOPLE, Person
from espace.site.demo.stories.telling import Chance, Deposit, Teller
from espace.site.demo.team import Team
from espace.site.variables import whole_default
from espace.wire.cda_writing import INS_TEST, Address, Patient

POPULATION = whole_default("ESPACE_DEMO_PEOPLE")
"""How many people the crowd has, where nobody asks for another number."""
_FIRST_NUMBER = 1000
_FIRST_ORDER = 991
"""Orders of birth that no town reaches in a month."""


@dataclass(frozen=True, slots=True)
class Inhabitant:
    """Somebody of the crowd: `number` is theirs alone, `group` and `turn` choose their story."""

    number: int
    person: Person
    area: Area
    team: Team
    group: str
    turn: int

    @property
    def opposed(self) -> bool:
        """The few who objected to the opening of a space: nobody deposits anything for them."""
        return self.number % 100 == 57


@dataclass(frozen=True, slots=True)
class _Member:
    """A place in a household: sex (or either), ages in months, whose family name."""

    sex: str
    youngest: int
    oldest: int
    married: bool = False
    child: bool = False


def _years(sex: str, youngest: int, oldest: int, *, married: bool = False) -> _Member:
    return _Member(sex, youngest * 12, oldest * 12 + 11, married)


def _child(youngest: int, oldest: int) -> _Member:
    return _Member("", youngest, oldest, child=True)


_HOUSEHOLDS: tuple[tuple[_Member, ...], ...] = (
    (_years("F", 27, 36, married=True), _years("M", 28, 39), _child(6, 40), _child(50, 100)),
    (_years("F", 38, 49, married=True), _years("M", 40, 52), _child(96, 140), _child(150, 210)),
    (_years("F", 56, 63, married=True), _years("M", 57, 64)),
    (_years("F", 67, 78, married=True), _years("M", 68, 79)),
    (_years("M", 20, 31),),
    (_years("F", 82, 94, married=True),),
    (_years("F", 29, 41), _child(8, 36)),
    (_years("M", 46, 62),),
    (_years("F", 66, 79, married=True), _years("M", 70, 79)),
    (_years("F", 19, 30),),
    (_years("F", 47, 61),),
    (_years("M", 81, 92),),
    (_years("F", 33, 43, married=True), _years("M", 34, 44), _child(44, 90), _child(100, 142), _child(148, 200)),
    (_years("F", 72, 79),),
)
"""A street of fourteen houses, repeated until there are people enough."""


def population(seed: int, today: date, count: int = POPULATION) -> tuple[Inhabitant, ...]:
    """The first `count` people of the crowd: the same seed and day give the same ones, whatever the count."""
    taken = {someone.patient.ins for someone in PEOPLE}
    turns: dict[str, int] = {}
    found: list[Inhabitant] = []
    for house in range(count):
        for inhabitant in _household(seed, today, house, taken):
            group = inhabitant.group
            turn = turns[group] = turns.get(group, -1) + 1
            number = _FIRST_NUMBER + len(found)
            found.append(Inhabitant(number, inhabitant.person, inhabitant.area, inhabitant.team, group, turn))
        if len(found) >= count:
            break
    return tuple(found[:count])


def story(seed: int, today: date, who: Inhabitant) -> tuple[Deposit, ...]:
    """The deposits of one inhabitant in the order of time; nobody else's change them. None for who objected."""
    if who.opposed:
        return ()
    teller = Teller(seed, today, team=who.team, branch=str(who.number))
    lived(Life(teller, who.person), who.group, who.turn)
    return tuple(sorted(teller.told, key=lambda told: (told.at, told.entry.unique_id)))


def _household(seed: int, today: date, house: int, taken: set[str]) -> Iterator[Inhabitant]:
    chance = Chance(f"{seed}/house/{house}")
    members = _HOUSEHOLDS[house % len(_HOUSEHOLDS)]
    area = AREAS[chance.below(len(AREAS))]
    team = area.teams[chance.below(len(area.teams))]
    family = names.FAMILIES[house * 7 % len(names.FAMILIES)]
    postcode, city = area.towns[chance.below(len(area.towns))]
    address = Address(str(chance.between(1, 90)), names.STREETS[chance.below(len(names.STREETS))], postcode, city)
    for member in members:
        patient = _patient(chance, today, member, (family, area, address), taken)
        group = group_of(months_between(patient.birth_date, today), patient.sex)
        yield Inhabitant(0, Person(_slug(patient), patient), area, team, group, 0)


def _patient(chance: Chance, today: date, member: _Member, home: tuple[str, Area, Address], taken: set[str]) -> Patient:
    family, area, address = home
    sex = member.sex or "FM"[chance.below(2)]
    born = today - timedelta(days=round(chance.between(member.youngest, member.oldest) * 30.44) + chance.below(28))
    generation = 0 if born.year >= 1990 else 1 if born.year >= 1955 else 2
    given = names.GIVEN[sex, generation]
    first = given[chance.below(len(given))]
    second = given[chance.below(len(given))]
    birth_name = family
    if member.married:
        birth_name = names.FAMILIES[chance.below(len(names.FAMILIES))]
    place, town = _birth_place(chance, born, area, local=member.child)
    ins = _ins(sex, born, place, taken)
    return Patient(
        ins=ins,
        authority=INS_TEST,
        birth_name=birth_name,
        given_names=(first,) if second == first or chance.below(2) else (first, second),
        birth_date=born,
        sex=sex,
        birth_place=place,
        birth_city=town,
        address=address,
        phone=f"0639980{ins[10:13]}",
        used_name=family if birth_name != family else "",
    )


def _birth_place(chance: Chance, born: date, area: Area, *, local: bool) -> tuple[str, str]:
    drawn = chance.below(20)
    if local or drawn < 12:
        towns = names.AREA_TOWNS[area.slug]
    elif drawn < 17:
        towns = names.OTHER_TOWNS
    else:
        towns = names.CORSICA if drawn == 17 and born.year >= 1976 else names.ABROAD
    return towns[chance.below(len(towns))]


def _ins(sex: str, born: date, place: str, taken: set[str]) -> str:
    """The first free number of that month and town, with its key (97 less the rest; 2A counts 19, 2B 18)."""
    for order in range(_FIRST_ORDER, 1000):
        number = f"{'2' if sex == 'F' else '1'}{born:%y%m}{place}{order}"
        key = 97 - int(number.replace("2A", "19").replace("2B", "18")) % 97
        ins = f"{number}{key:02d}"
        if ins not in taken:
            taken.add(ins)
            return ins
    raise ValueError("more births of one month in one town than there are orders")


def _slug(patient: Patient) -> str:
    """`given.family.order` in ASCII: part of an address at example.org."""
    words = f"{patient.given_names[0]}.{patient.used_name or patient.birth_name}".lower().replace("œ", "oe")
    plain = unicodedata.normalize("NFD", words).encode("ascii", "ignore").decode()
    return f"{plain}.{patient.ins[5:13]}".replace("'", "").lower()
