"""What the pages of « Ma santé » say of a section."""

from django.utils.translation import ngettext

from espace.clinical.facts.profile import Choices, Section
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
