"""What the pages of « Ma santé » say of a section."""

from django.utils.translation import ngettext

from espace.clinical.facts.profile import Choices, Item, Profile, Section
from espace.kernel.reasons import stating
from espace.kernel.words import Refused
from espace.looks.stated import told_day
from espace.portal.whose import gettext


def section_named(word: str) -> Section:
    """Refused(ITEM_UNKNOWN) for a word that is no section's."""
    try:
        return Section(word)
    except ValueError:
        raise Refused(stating.ITEM_UNKNOWN) from None


def trusted_people(found: Profile) -> list[Item]:
    """Who was written as the trusted person, the last one first: that is the one who counts (art. L1111-6 CSP: one
    person, who may be named anew at any time)."""
    return [one for one in found.of(Section.CONTACTS) if one.values.get("role") == "trusted"]


def typed_day(iso: str) -> str:
    """As it is typed in a form: « 14/03/2019 »."""
    return "/".join(reversed(iso.split("-")))


def counted(section: Section, count: int, choices: Choices) -> str:
    """How much a section says, or that it concerns nobody; « 3 éléments »."""
    if count:
        return ngettext("%(count)s élément", "%(count)s éléments", count) % {"count": count}
    if day := choices.unconcerned.get(section):
        return gettext("Non concerné, dit le %(day)s") % {"day": told_day(day)}
    return gettext("Rien d’ajouté")
