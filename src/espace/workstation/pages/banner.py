"""Whose record this is: the identity, qualified, as it stands at the head of every page about a patient."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from django.utils.translation import gettext, ngettext

from espace.identity import queries as identity
from espace.identity.facts import Person, Traits
from espace.identity.rules import majority
from espace.kernel.words import Grant
from espace.looks.words import full_date, local_day

ENDING = len("089 46")
"""The order number in the register of births, and the key: enough to see that it is the right INS."""


@dataclass(frozen=True, slots=True)
class Banner:
    """Every text is ready to be read; `ins` is grouped as people read it aloud. Without a name, no trait is told."""

    ins: str
    name: str = ""
    birth_name: str = ""
    given_names: str = ""
    born: str = ""
    born_label: str = ""
    person: str = ""
    """Sex and age."""


def ins_alone(grant: Grant) -> Banner:
    """What a professional without access is told: how the INS that they brought ends, and no trait.

    Not the rest: whoever knows only the address of this page must not learn sex, month of birth and birthplace.
    """
    end = grouped(identity.own_person(grant).ins[-1].number)[-ENDING:]
    return Banner(ins=gettext("finissant par %(end)s") % {"end": end})


def banner(grant: Grant) -> Banner:
    """The identity of the record's holder; the access log has its line already."""
    return banner_of(identity.own_person(grant), grant.at)


def is_minor(grant: Grant) -> bool:
    """Whether the record's holder is not of age yet."""
    return local_day(grant.at) < majority(identity.own_person(grant).traits.birth_date)


def banner_of(person: Person, at: datetime) -> Banner:
    traits = person.traits
    return Banner(
        name=person.name,
        birth_name=traits.birth_name,
        given_names=" ".join(traits.given_names),
        born=full_date(traits.birth_date),
        born_label=gettext("Née le") if traits.sex == "F" else gettext("Né le"),
        person=_person(traits, local_day(at)),
        ins=grouped(person.ins[-1].number),
    )


def _person(traits: Traits, today: date) -> str:
    """« Femme, 73 ans », “Woman, 73 years old”: the age in months before two years, in days before two months, as
    paediatricians count."""
    sex, born = gettext("Femme") if traits.sex == "F" else gettext("Homme"), traits.birth_date
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    if months >= 24:
        return gettext("%(sex)s, %(count)s ans") % {"sex": sex, "count": months // 12}
    if months >= 2:
        return gettext("%(sex)s, %(count)s mois") % {"sex": sex, "count": months}
    days = (today - born).days
    return ngettext("%(sex)s, %(count)s jour", "%(sex)s, %(count)s jours", days) % {"sex": sex, "count": days}


def grouped(number: str) -> str:
    """« 1 84 12 76 451 089 46 »."""
    cuts = (0, 1, 3, 5, 7, 10, 13, 15)
    return " ".join(number[start:end] for start, end in pairwise(cuts))
