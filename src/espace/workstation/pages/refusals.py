"""Why a sign-in did not happen, in the words of a page. None of them depends on any patient, or shows what was sent."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from espace import edge
from espace.kernel.values import replace
from espace.looks.frame import frame
from espace.looks.plain import TEMPLATE, Said
from espace.trace.adapters import security_log
from espace.workstation import signing_in as codes
from espace.workstation.signing_in import SignInRefused

_AGAIN = gettext_noop("Recommencez la connexion. Si cela se répète, prévenez l’assistance.")
_NOT_SURE = gettext_noop("Connectez-vous avec votre e-CPS ou votre carte CPS, puis recommencez.")
_DIRECTORY = gettext_noop(
    "Vérifiez votre situation dans l’annuaire santé. Une mise à jour prend un jour ou deux pour arriver ici."
)

_WORDS: dict[str, tuple[int, str, str, str]] = {
    codes.PROVIDER_UNAVAILABLE: (
        424,
        gettext_noop("Pro Santé Connect ne répond pas"),
        gettext_noop("Votre identité ne peut pas être vérifiée en ce moment. Les sessions ouvertes continuent."),
        gettext_noop("Réessayez dans quelques minutes."),
    ),
    codes.PROVIDER_DECLINED: (
        403,
        gettext_noop("La connexion n’a pas abouti"),
        gettext_noop("Pro Santé Connect n’a pas confirmé votre identité, ou vous avez renoncé."),
        _AGAIN,
    ),
    codes.ANSWER_NOT_OURS: (
        400,
        gettext_noop("Cette connexion ne peut pas continuer"),
        gettext_noop("Elle a déjà servi, a trop attendu, ou n’a pas été commencée dans ce navigateur."),
        _AGAIN,
    ),
    codes.ANSWER_INVALID: (
        403,
        gettext_noop("La réponse de Pro Santé Connect n’est pas fiable"),
        gettext_noop("Par sécurité, elle n’a pas été prise en compte."),
        _AGAIN,
    ),
    codes.LEVEL_TOO_LOW: (
        403,
        gettext_noop("Votre identité n’est pas assez sûre"),
        gettext_noop("Le niveau de garantie de votre connexion ne suffit pas pour des données de santé."),
        _NOT_SURE,
    ),
    codes.ONE_FACTOR: (
        403,
        gettext_noop("Il faut deux preuves de votre identité"),
        gettext_noop("Un mot de passe seul, ou un code seul, ne suffit pas pour des données de santé."),
        _NOT_SURE,
    ),
    codes.PROFESSIONAL_UNKNOWN: (
        403,
        gettext_noop("Vous n’êtes pas dans l’annuaire"),
        gettext_noop("Votre identité est vérifiée, mais aucun professionnel ne porte votre numéro ici."),
        _DIRECTORY,
    ),
    codes.PROFESSIONAL_INACTIVE: (
        403,
        gettext_noop("Vous n’exercez pas en ce moment"),
        gettext_noop("D’après l’annuaire, vous n’avez aucune activité en cours."),
        _DIRECTORY,
    ),
    codes.SIGN_IN_CLOSED: (
        403,
        gettext_noop("La connexion des professionnels n’est pas ouverte"),
        gettext_noop("Cette installation n’est reliée à aucun fournisseur d’identité."),
        gettext_noop("L’exploitant doit la régler (ESPACE_PSC_ISSUER)."),
    ),
}


def sign_in_refused(request: HttpRequest, refused: SignInRefused) -> HttpResponse:
    """The page of a sign-in that did not happen, and its line in the security log.

    Nothing of the address stays in it, code and state least of all.
    """
    security_log.note("pro.signin", f"{refused.code}.{refused.detail}".rstrip("."), edge.request_id())
    status, title, what, todo = _WORDS[refused.code]
    home = reverse("pro_home")
    words = Said(gettext(title), gettext(what), gettext(todo), home, gettext("Revenir à l’accueil"))
    context = {"said": words, "frame": replace(frame(request, ""), return_to=home)}
    return HttpResponse(render_to_string(TEMPLATE, context, request), status=status)
