"""In the space of somebody else no sentence speaks to its holder: Léo's mother reads « l’espace de Léo », never
« votre espace »."""

import re

import pytest

from cast import consents, names_doctor, professional
from espace.kernel.reasons import REASONS
from espace.kernel.reasons.helped import logged_to_helper
from espace.portal.whose import gettext, of_another, speaking_of
from espace.portal.whose_words import OF_ANOTHER
from portal.helpers import file, signed_in
from portal.messages import english, sentences, written
from portal.test_spaces import TEXT, Family, family, words

__all__ = ["family"]

OF_HOLDER = re.compile(r"\b(votre|vos|vôtre|mon|ma|mes)\b", re.IGNORECASE)
TO_READER = re.compile(r"\b(vous|votre|vos|vôtre)\b", re.IGNORECASE)
PLACES = re.compile(r"\{(?:of|name)\}|%\(\w+\)s")


def test_what_is_said_in_its_place_never_speaks_to_the_holder() -> None:
    for said, other in OF_ANOTHER.items():
        assert not re.search(r"\b(votre (?!signalement)|vos|mon|ma|mes)\b", other), other
        named = set(PLACES.findall(said))
        assert {one for one in PLACES.findall(other) if one.startswith("%")} == named, other


def test_both_languages_say_it_and_name_the_same() -> None:
    catalogue = english(written("portal"))
    for other in OF_ANOTHER.values():
        translated = str(catalogue[other])
        assert translated, other
        assert not re.search(r"\byour (?!report)", translated, re.IGNORECASE), translated
        assert "{" in translated or "{" not in other, translated


def test_the_name_comes_into_the_sentence_and_nothing_with_it() -> None:
    with speaking_of("Léo Duval"):
        assert gettext("Qui peut lire votre espace") == "Qui peut lire l’espace de Léo"
        assert gettext("C’est fait : %(name)s peut lire votre espace.") % {"name": "Anne Morel"} == (
            "C’est fait : Anne Morel peut lire l’espace de Léo."
        )
        assert gettext("Enregistrer") == "Enregistrer"
    with speaking_of("Anne%(name)s{of} Morel"):
        assert gettext("Qui peut lire votre espace") == "Qui peut lire l’espace d’Anne(name)sof"
    assert gettext("Qui peut lire votre espace") == "Qui peut lire votre espace"
    assert of_another("Enregistrer", "Léo") is None


def test_every_reason_speaks_of_the_holder_to_who_helps() -> None:
    """« vous » in a line of the log is whoever is reading: in another's space, who helps."""
    for reason in REASONS.values():
        sentence = logged_to_helper(reason)
        assert not re.search(r"\b(votre|vos|vôtre)\b", sentence.fr), reason.code
        assert not re.search(r"\byours?\b", sentence.en), reason.code
        if reason.holder != reason.professional and TO_READER.search(reason.holder.fr):
            assert sentence != reason.holder, reason.code


def test_every_sentence_of_a_shared_page_says_whose_it_is() -> None:
    """Each « votre » of the portal is replaced in another's space, or is listed here as the reader's own."""
    spoken = {said for said, files in sentences("portal").items() if isinstance(said, str) and _shared(files)}
    left = {one for one in spoken if OF_HOLDER.search(one)} - set(OF_ANOTHER) - set(OF_ANOTHER.values())
    left = {one.replace("\u202f", " ") for one in left} - OWN
    assert not sorted(left), "say these in espace.portal.whose_words, or that they are the reader's"


ACCOUNT = re.compile(
    r"portal/(forms|factors|passkeys|passwords|places|pages/relatives/forms|pages/security_\w+)\.py|site/demo|"
    r"portal/demo/|site/sandbox/|"
    r"/(security|signin|way_back|activation|links|welcome|code|transparency|verify_proof|answer|answering|birth_date|"
    r"scanning|sentences|helping_words|closing|opening|copies|back|adviser|ask_adviser|other_ways)\b"
)
"""Files of pages about an account or for vendors, which are in nobody's space, and of the words of the log, which have
a table of their own for helpers."""


def _shared(files: set[str]) -> bool:
    return any(not ACCOUNT.search(one) for one in files)


OWN = frozenset(
    {
        "Aucun n’est arrivé depuis votre visite %(visit)s.",
        "Attend votre réponse.",
        "Ce que votre navigateur a envoyé est trop lourd. Rien n’a été enregistré, rien n’est perdu.",
        "Ce n’est pas de votre fait, et l’exploitant en est averti. Gardez les preuves que vous avez téléchargées : "
        "elles montrent ce qui a changé.",
        "C’est envoyé : votre signalement est reçu.",
        "C’est fait : vos changements sont enregistrés.",
        "C’est noté : vos choix pour les urgences sont enregistrés.",
        "C’est noté : vos choix sont enregistrés.",
        "Cacher mes propres consultations",
        "Fermer mon espace",
        "Fermer votre espace",
        "L’envoi a été coupé. Vos fichiers sont encore choisis : appuyez de nouveau sur « Ajouter ».",
        "Mon espace",
        "Montrer à vos représentants légaux",
        "Personne d’autre que vous n’a utilisé votre espace ces derniers temps.",
        "Qui a utilisé votre espace",
        "Rien n’a été enregistré. Ce que vous avez écrit est gardé, mais votre navigateur oublie les fichiers : "
        "choisissez-les de nouveau.",
        "Rouvrir mon espace",
        "Sa préparation peut prendre plusieurs heures. Elle reste ensuite à votre disposition pendant %(days)s, puis "
        "elle est détruite.",
        "Tout ce qui a été fait dans votre espace : qui, quand, et pourquoi c’était permis ou refusé.",
        "Un proche vous aide avec son propre compte : vous ne lui donnez jamais votre mot de passe, et vous voyez tout "
        "ce qu’il fait.",
        "Un résultat, une ordonnance, un courrier que vous avez sur votre appareil ou que vous prenez en photo.",
        "Une fois sur votre appareil, elle n’est plus protégée : c’est à vous d’en prendre soin.",
        "Voir qui a utilisé votre espace",
        "Vos derniers documents",
        "Vos documents",
        "Vos propres consultations sont cachées.",
        "Votre accord pour des soins cachés à vos représentants légaux, valable jusqu’au %(until)s. Ils n’en voient "
        "rien.",
        "Votre adresse, votre mot de passe et vos façons de vous connecter.",
        "Votre copie attend",
        "Votre copie est prête",
        "Votre copie se prépare",
        "Votre demande est notée dans l’historique, que cette personne peut lire.",
        "Votre espace est prêt",
        "Vous n’avez rien à faire. À votre prochain rendez-vous, vous pouvez demander que vos résultats soient déposés "
        "dans votre espace.",
        "%(count)s est arrivé depuis votre visite %(visit)s.",
        "%(who)s a 18 ans : votre accès à son espace a pris fin",
        "%(who)s aura bientôt 18 ans : votre accès à son espace prendra fin ce jour-là",
    }
)
"""What is the reader's own in whosever space it is said, or is said in one's own space only."""
READERS = (
    "Vos documents de santé sont gardés sous clé", "Your health documents are kept", "sur votre appareil",
    "your device", "Vos propres consultations", "mes propres consultations", "your own consultations", "my own visits",
    "Votre copie", "Your copy", "your copy", "document de ma main", "Mes volontés", "mes droits", "votre disposition",
    "your mind", "document of mine", "My wishes", "my rights",
)  # fmt: skip

PAGES = (
    "", "documents/", "documents/ajouter/", "documents/dossiers/", "documents/supprimes/", "partage/",
    "partage/historique/", "partage/signalements/", "partage/visibilite/", "partage/visibilite/tout/masquer/",
    "partage/voir-comme/", "partage/voir-comme/proche/", "partage/urgences/", "partage/notifications/", "avis/",
    "partage/proches/", "partage/habilitations/", "partage/professionnels/", "partage/copie/",
)  # fmt: skip
OF_ANNE = ("bloquer/", "retirer/", "administrateur/", "acces/", "acces/retirer/")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_mother_reads_of_her_son_on_every_page(family: Family, language: str) -> None:
    anne = professional()
    consents(family.leo.of, anne)
    names_doctor(family.leo.of, anne)
    document = file(family.leo.of, TEXT, title="Radio du poignet")
    browser = signed_in(family.marie)
    browser.cookies["django_language"] = language
    paths = [*PAGES, *(f"documents/{document}/{one}" for one in ("", "masquer/", "masquer/un/"))]
    paths += [f"partage/professionnels/{anne.id}/{one}" for one in OF_ANNE] + [f"partage/voir-comme/{anne.id}/"]
    wrong = {"fr": OF_HOLDER, "en": re.compile(r"\b(your|my) (?!own space|space English)\w+", re.IGNORECASE)}[language]
    left = []
    for path in paths:
        page = browser.get(f"{family.root}/{path}")
        assert page.status_code == 200, path
        read = words(page).replace("Mon espace", "").replace("My space", "")
        assert "{of}" not in read and "{name}" not in read, path
        found = [read[max(0, one.start() - 40) : one.end() + 40] for one in wrong.finditer(read)]
        left += [f"{path}: {one}" for one in found if not _of_reader(one)]
    assert "\n".join(left) == ""


def test_a_mother_reads_until_when_a_consent_lasts(family: Family) -> None:
    consents(family.leo.of, professional())
    told = words(signed_in(family.marie).get(f"{family.root}/partage/historique/"))
    assert re.search(r"a enregistré un accord pour lire cet espace, jusqu’au \w+ \d", told)


def _of_reader(text: str) -> bool:
    return any(one in text for one in READERS)
