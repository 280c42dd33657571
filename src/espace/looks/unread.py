"""Documents that were just filed, and whose facts are not in the lists made of facts yet."""

from collections.abc import Sequence

from django.utils.translation import gettext

from espace.looks import cards
from espace.record.facts import Document


def unread_words(documents: Sequence[Document]) -> str:
    """What is being read, of what this reader sees; "" where nothing is."""
    if len(documents) == 1:
        said = gettext("« %(title)s » est en cours de lecture : cette liste peut changer dans un moment.")
        return said % {"title": cards.title(documents[0])}
    said = gettext("%(count)s documents sont en cours de lecture : cette liste peut changer dans un moment.")
    return said % {"count": len(documents)} if documents else ""
