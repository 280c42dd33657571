"""« Visibilité »: what the holder masks to professionals in one act, and beforehand (C29, C30)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_noop, ngettext

from espace.edge import now
from espace.kernel.reasons import documents as reasons
from espace.kernel.words import Grant, Refused, Verb
from espace.looks.frame import render, tabs
from espace.looks.notes import note_in, redirect_saying
from espace.looks.words import counted_documents
from espace.portal.pages.confirming import Act, Object, confirmed
from espace.portal.pages.masking_words import rule_name
from espace.portal.pages.topics.finding import named, told
from espace.portal.pages.visit import Visit
from espace.portal.places import SHARING
from espace.portal.whose import gettext
from espace.record import actions
from espace.record import queries as record
from espace.record.facts import Extent
from espace.record.rules.masking import EVERYTHING, NEW
from espace.wire.nomenclature import KINDS

TEMPLATE = "portal/visibility.html"
MASKED = "masques"
WORDS = {"tout": EVERYTHING, "nouveaux": NEW}
"""Rules as an address says them; a kind is said as everywhere."""


@dataclass(frozen=True, slots=True)
class Row:
    """One kind: how many documents, whether it is masked, and where that is changed."""

    name: str
    icon: str
    said: str
    masked: bool
    path: str


def visibility(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    if request.method == "POST":
        return _save(request, visit)
    with visit.open(Verb.HISTORY) as grant:
        stored = record.stored(grant)
        extents, in_force = record.extents(grant, stored), record.masking_rules(grant).rules
        topics = record.topics(grant, stored)
    rows = [(kind.slug, _row(kind.slug, kind.icon, extents, masked=kind.slug in in_force)) for kind in KINDS]
    present = {rule for rule, row in rows if extents[rule].documents or row.masked}
    context = {
        "tabs": tabs(request, SHARING),
        "note": note_in(request, reader=visit.actor.id, at=now()),
        "everything": _row(EVERYTHING, "page", extents, masked=EVERYTHING in in_force),
        "present": [row for rule, row in rows if rule in present],
        "absent": [row for rule, row in rows if rule not in present],
        "beforehand": NEW in in_force,
        "arrived": extents[NEW].freed,
        "masked_word": MASKED,
        "topics": [(one, named(one), told(one.extent)) for one in topics],
    }
    return render(request, TEMPLATE, context, name=visit.name)


def _save(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    wanted = request.POST.get("arrivent") == MASKED
    act = actions.mask_by_rule if wanted else actions.end_rule
    visit.decide(Verb.VISIBILITY, lambda grant: act(grant, NEW))
    said = gettext("C’est noté : vos nouveaux documents arriveront masqués aux professionnels.")
    other = gettext("C’est noté : vos nouveaux documents arriveront visibles des professionnels que vous autorisez.")
    return redirect_saying(reverse("visibility"), said if wanted else other, reader=visit.actor.id, at=now())


def _row(rule: str, drawn: str, extents: Mapping[str, Extent], *, masked: bool) -> Row:
    word = next((word for word, one in WORDS.items() if one == rule), rule)
    path = reverse("unmask_many" if masked else "mask_many", args=[word])
    return Row(rule_name(rule), drawn, told(extents[rule]), masked, path)


def mask_many(request: HttpRequest, visit: Visit, word: str) -> HttpResponseBase:
    rule = _rule(word)
    if rule == NEW:
        raise Refused(reasons.MASKING_UNKNOWN)
    words = MASK_ALL if rule == EVERYTHING else MASK_KIND
    return _page(request, visit, words, rule, lambda grant: actions.mask_by_rule(grant, rule))


def unmask_many(request: HttpRequest, visit: Visit, word: str) -> HttpResponseBase:
    rule = _rule(word)
    if rule == NEW:
        return _page(request, visit, SHOW_ARRIVED, rule, actions.show_arrived)
    words = SHOW_ALL if rule == EVERYTHING else SHOW_KIND
    return _page(request, visit, words, rule, lambda grant: actions.end_rule(grant, rule))


def _rule(word: str) -> str:
    """Refused(MASKING_UNKNOWN) for what is no rule."""
    rule = WORDS.get(word, word)
    if word not in WORDS and not rule_name(rule):
        raise Refused(reasons.MASKING_UNKNOWN)
    return rule


def _page(
    request: HttpRequest, visit: Visit, act: Act, rule: str, press: Callable[[Grant], int]
) -> HttpResponseBase:
    def look(grant: Grant) -> Object:
        found = record.extents(grant)[rule]
        masks = act.title in (MASK_ALL.title, MASK_KIND.title)
        return Object(_will_be(found, masks=masks), rule_name(rule))

    def pressed(grant: Grant) -> str:
        return counted_documents(press(grant)).lower()

    back = reverse("visibility")
    return confirmed(request, visit, act, opened_to=Verb.HISTORY, look=look, press=pressed, back=back)


def _will_be(extent: Extent, *, masks: bool) -> str:
    """« 12 documents seront masqués. 2 le sont déjà. »"""
    count = extent.open if masks else extent.freed
    if not count:
        none = gettext("Aucun document de plus ne sera masqué pour l’instant.")
        return none if masks else gettext("Aucun document ne redeviendra visible.")
    if not masks:
        return ngettext(
            "%(count)s document redeviendra visible.", "%(count)s documents redeviendront visibles.", count
        ) % {"count": count}
    said = ngettext("%(count)s document sera masqué.", "%(count)s documents seront masqués.", count) % {"count": count}
    already = extent.documents - extent.open
    more = ngettext("%(count)s l’est déjà.", "%(count)s le sont déjà.", already) % {"count": already}
    return f"{said} {more}" if already else said


_STILL_SEEN = gettext_noop(
    "Qui a écrit un document le verra encore, si cette personne peut lire votre espace. Votre médecin traitant aussi."
)
_LATER_SHOWN = gettext_noop(
    "Ceux de cette sorte qui arriveront plus tard seront visibles, sauf si un autre choix les masque."
)
_READ_AGAIN = gettext_noop(
    "Les professionnels qui peuvent lire votre espace verront les documents que ce choix masquait."
)
_NOT_TAKEN_BACK = gettext_noop("Ce qui a déjà été lu ou copié ne peut pas être repris.")
_NEEDED = gettext_noop("Un professionnel qui vous soigne pourrait en avoir besoin.")
_ONE_BY_ONE = gettext_noop("Ce que vous avez masqué document par document reste masqué, et ce que son auteur a masqué.")
_COME_BACK = gettext_noop(
    "Vous pourrez tout montrer de nouveau d’un coup, ou un seul document depuis sa page : ses versions suivantes aussi."
)
MASK_KIND = Act(
    Verb.VISIBILITY,
    title=gettext_noop("Masquer aux professionnels « %(name)s » ?"),
    effects=(
        gettext_noop("Les professionnels ne verront plus ces documents, et rien ne leur dira qu’ils existent."),
        gettext_noop("Ceux de cette sorte qui arriveront plus tard seront masqués aussi. Qui dépose n’en saura rien."),
        _STILL_SEEN,
        gettext_noop("Des documents d’autres sortes peuvent parler de la même chose : ils restent visibles."),
        _NOT_TAKEN_BACK,
        _NEEDED,
        _COME_BACK,
    ),
    button=gettext_noop("Masquer aux professionnels"),
    done=gettext_noop("C’est fait. Masqué aux professionnels à l’instant : %(name)s."),
)
MASK_ALL = Act(
    Verb.VISIBILITY,
    title=gettext_noop("Masquer tous vos documents aux professionnels ?"),
    effects=(
        gettext_noop("Les professionnels ne verront plus vos documents, et rien ne leur dira qu’ils existent."),
        gettext_noop("Ceux qui arriveront plus tard seront masqués aussi, y compris ceux que vous ajouterez."),
        _STILL_SEEN,
        gettext_noop("Ils sauront toujours que votre espace est ouvert, et pourront y déposer des documents."),
        _NOT_TAKEN_BACK,
        _NEEDED,
        _COME_BACK,
    ),
    button=gettext_noop("Tout masquer aux professionnels"),
    done=gettext_noop("C’est fait. Masqué aux professionnels à l’instant : %(name)s."),
)
SHOW_KIND = Act(
    Verb.VISIBILITY,
    title=gettext_noop("Ne plus masquer « %(name)s » ?"),
    effects=(
        _READ_AGAIN,
        _ONE_BY_ONE,
        _LATER_SHOWN,
        _NOT_TAKEN_BACK,
    ),
    button=gettext_noop("Ne plus masquer"),
    done=gettext_noop("C’est fait. Redevenu visible des professionnels : %(name)s."),
)
SHOW_ALL = Act(
    Verb.VISIBILITY,
    title=gettext_noop("Ne plus masquer tous vos documents ?"),
    effects=(
        _READ_AGAIN,
        _ONE_BY_ONE,
        gettext_noop("Les sortes que vous avez masquées à part restent masquées."),
        _NOT_TAKEN_BACK,
    ),
    button=gettext_noop("Ne plus tout masquer"),
    done=gettext_noop("C’est fait. Redevenu visible des professionnels : %(name)s."),
)
SHOW_ARRIVED = Act(
    Verb.VISIBILITY,
    title=gettext_noop("Montrer ce qui est arrivé masqué ?"),
    effects=(
        _READ_AGAIN,
        _ONE_BY_ONE,
        gettext_noop("Votre choix pour les nouveaux documents ne change pas."),
        _NOT_TAKEN_BACK,
    ),
    button=gettext_noop("Les montrer"),
    done=gettext_noop("C’est fait. Redevenu visible des professionnels : %(name)s."),
)
