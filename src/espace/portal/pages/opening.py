"""A minor shows to their representatives a document kept secret from them: what will happen, then one press."""

from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_noop

from espace.kernel.reasons import helping
from espace.kernel.words import Grant, Refused, Verb
from espace.looks import cards
from espace.portal.pages.confirming import Act, Object, confirmed
from espace.portal.pages.visit import Visit
from espace.portal.places import document_path
from espace.record import actions
from espace.record import queries as record


def open_secret(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponseBase:
    """For the minor alone: whoever helps them is refused alike whatever the address names."""
    if not visit.own:
        with visit.open(Verb.UNVEIL):
            raise Refused(helping.HELPER_MAY_NOT)

    def look(grant: Grant) -> Object:
        return Object(cards.title(record.document(grant, document_id)))

    def press(grant: Grant) -> str:
        actions.open_to_representatives(grant, document_id)
        return ""

    back = document_path(document_id)
    return confirmed(request, visit, OPEN, opened_to=Verb.LIST, look=look, press=press, back=back)


OPEN = Act(
    Verb.UNVEIL,
    title=gettext_noop("Montrer ce document à vos représentants légaux ?"),
    effects=(
        gettext_noop("Vos représentants légaux (vos parents, ou qui en tient lieu) le verront."),
        gettext_noop("C’est définitif : vous ne pourrez plus le leur cacher."),
        gettext_noop("Ils ne sauront pas qu’il leur était caché, ni qui l’a lu jusqu’ici."),
        gettext_noop("Les autres documents qui leur sont cachés le restent."),
        gettext_noop("Rien ne presse : vous pouvez d’abord en parler à qui vous soigne."),
    ),
    button=gettext_noop("Montrer à mes représentants légaux"),
    done=gettext_noop("C’est fait : vos représentants légaux voient ce document."),
)
