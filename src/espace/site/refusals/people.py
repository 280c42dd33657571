"""The families of reasons that professionals and holders read, most of them in pages, and those that allow."""

from espace.kernel.reasons import (
    REASONS,
    Reason,
    Sentence,
    advising,
    care,
    copies,
    emergency,
    helping,
    stating,
    teams,
)
from espace.kernel.reasons import documents as filed
from espace.kernel.reasons import identity as ins
from espace.site.refusals import samples, samples_text
from espace.site.refusals.facts import Family, Where
from espace.site.refusals.machines import all_of

_READS = frozenset({Where.FHIR, Where.REGISTRY, Where.NATIONAL, Where.PAGE})
_PAGES = frozenset({Where.PAGE})
_FIELD = Sentence(
    "La phrase est écrite à côté du champ ou du bouton qui l’a provoquée ; ce qui a été tapé y est encore.",
    "The sentence stands beside the field or button that caused it; what was typed is still there.",
)
_DECIDED = Sentence(
    "Rien dans le message : la décision porte sur qui demande, le patient et la date. L’historique du patient "
    "garde une ligne.",
    "Nothing in the message: the decision is about who asks, the patient and the date. The patient’s access log keeps "
    "a line.",
)


def _refusals(module: object, *, but: tuple[Reason, ...] = ()) -> tuple[Reason, ...]:
    return tuple(one for one in all_of(module) if not one.allows and one not in but)


FAMILIES: tuple[Family, ...] = (
    Family(
        "droits",
        Sentence("Ce qu’une profession dépose, ce qu’un auteur change", "What a profession files, an author changes"),
        frozenset({Where.FHIR, Where.REGISTRY, Where.HL7, Where.PAGE}),
        (care.NOT_ENTITLED, care.CHANGE_REFUSED),
        Sentence(
            "La matrice d’habilitation dit quels types de documents une profession dépose ; l’auteur ou l’organisme "
            "change l’état et la visibilité, rien d’autre.",
            "The entitlement matrix says which types of documents a profession files; the author or the organisation "
            "changes state and visibility, nothing else.",
        ),
        _DECIDED,
        (samples.CHANGE,),
        ("CSP, art. R1111-46",),
    ),
    Family(
        "accord",
        Sentence("L’accord du patient", "The patient’s consent"),
        _READS,
        (
            care.CONSENT_MISSING, care.CONSENT_LAPSED, care.CONSENT_TERM_REFUSED, care.SECRET_FOR_MINORS,
            care.PROFESSIONAL_BLOCKED, teams.TEAM_MISSING,
        ),
        Sentence(
            "Un professionnel lit l’espace d’un patient avec son accord, tant que le patient ne l’a pas bloqué.",
            "A professional reads a patient’s space with consent, as long as the patient has not blocked them.",
        ),
        _DECIDED,
        samples_text.CONSENTED,
        ("CSP, art. L1111-17",),
    ),
    Family(
        "gel",
        Sentence("Les limites contre les abus", "The limits against abuse"),
        _READS,
        (care.ACCOUNT_FROZEN, care.ORGANISATION_FROZEN, care.COUNTRY_FROZEN),
        Sentence(
            "Un compte, une structure et le pays n’ouvrent qu’un certain nombre de nouveaux espaces par heure et par "
            "jour. Aucun dépôt n’est arrêté.",
            "An account, a structure and the country open only so many new spaces an hour and a day. No deposit is "
            "stopped.",
        ),
        _DECIDED,
        samples_text.CONSENTED,
    ),
    Family(
        "urgence",
        Sentence("L’accès en urgence", "Access in an emergency"),
        frozenset({Where.REGISTRY, Where.PAGE}),
        _refusals(emergency),
        Sentence(
            "Sans l’accord du patient, un professionnel de santé ouvre son espace s’il y a un risque immédiat, avec un "
            "motif écrit, et si le patient ne l’a pas refusé d’avance.",
            "Without the patient’s consent, a health professional opens their space in case of immediate risk, with a "
            "written reason, unless the patient refused beforehand.",
        ),
        _DECIDED,
        samples_text.DECLARED,
        ("CSP, art. L1111-17, I",),
    ),
    Family(
        "equipe",
        Sentence("L’équipe de soins et les administrateurs", "The care team and administrators"),
        _PAGES,
        _refusals(teams, but=(teams.TEAM_MISSING,)),
        Sentence(
            "Une équipe de soins n’a que des professionnels de santé, et le patient peut retirer chacun d’eux.",
            "A care team has health professionals only, and the patient may remove any of them.",
        ),
        _FIELD,
        samples_text.DECIDED,
        ("CSP, art. L1110-12",),
    ),
    Family(
        "choix",
        Sentence("Les choix du patient sur les professionnels", "The patient’s choices about professionals"),
        _PAGES,
        (care.PROFESSIONAL_UNKNOWN, care.NOT_A_DOCTOR),
        Sentence(
            "Le patient choisit dans l’annuaire ; le médecin traitant est un médecin.",
            "The patient chooses from the directory; the attending doctor is a doctor.",
        ),
        _FIELD,
        samples_text.DECIDED,
        ("CSP, art. R1111-54",),
    ),
    Family(
        "proches",
        Sentence("Les proches et les représentants légaux", "Carers and legal representatives"),
        _PAGES,
        _refusals(helping),
        Sentence(
            "On aide avec son propre compte, invité par la personne ou désigné par la loi, et dans cette limite.",
            "One helps with one’s own account, invited by the person or named by the law, and within that limit.",
        ),
        _FIELD,
        samples_text.HELPED,
        ("CSP, art. L1111-13-1",),
    ),
    Family(
        "conseiller",
        Sentence("Les conseillers numériques", "Digital advisers"),
        _PAGES,
        _refusals(advising),
        Sentence(
            "Un conseiller aide une personne à la fois, pour une séance qu’elle a permise et peut arrêter.",
            "An adviser helps one person at a time, for a session that the person allowed and can end.",
        ),
        _FIELD,
        samples_text.HELPED,
    ),
    Family(
        "datamatrix",
        Sentence("Le datamatrix INS", "The INS datamatrix"),
        _PAGES,
        (ins.DATAMATRIX_UNREADABLE, ins.DATAMATRIX_VERSION_UNKNOWN),
        Sentence(
            "Le texte lu commence par IS, 01 et vingt-deux zéros ; les champs S1 à S7 suivent dans l’ordre.",
            "The text read begins with IS, 01 and twenty-two zeros; the fields S1 to S7 follow in order.",
        ),
        _FIELD,
        samples_text.SCANNED,
        ("ANS, « datamatrix INS » v2.2",),
    ),
    Family(
        "mes-documents",
        Sentence("Les documents ajoutés par le patient", "Documents that the patient adds"),
        _PAGES,
        (
            filed.FILE_KIND_REFUSED, filed.FILE_LIES, filed.FILE_BROKEN, filed.FILE_ENCRYPTED, filed.FILE_ACTIVE,
            filed.FILE_OUTSIZED, filed.FILES_BUSY, filed.OWN_FULL, filed.OWN_TYPE_UNKNOWN, filed.TITLE_TOO_LONG,
            filed.DAY_REFUSED, filed.TOO_MANY_AT_ONCE, filed.NOT_YOUR_DOCUMENT,
        ),
        Sentence(
            "Un fichier que chacun peut lire (PDF, photo, texte simple), et qui n’agit pas par lui-même.",
            "A file that everybody can read (PDF, photo, plain text), and that does not act by itself.",
        ),
        _FIELD,
        samples_text.FILED,
    ),
    Family(
        "rangement",
        Sentence("Les dossiers, les sujets et ce qui est masqué", "Folders, topics and what is masked"),
        _PAGES,
        (
            filed.FOLDER_NAME_REFUSED, filed.FOLDER_EXISTS, filed.FOLDERS_TOO_MANY, filed.TOPIC_NAME_REFUSED,
            filed.TOPIC_EXISTS, filed.TOPICS_TOO_MANY, filed.MASKING_UNKNOWN, filed.TOO_MANY_NAMED,
        ),
        Sentence(
            "Chaque dossier et chaque sujet a un nom à lui, et leur nombre a une limite.",
            "Each folder and each topic has a name of its own, and their number has a limit.",
        ),
        _FIELD,
        samples_text.ARRANGED,
    ),
    Family(
        "profil",
        Sentence("Ce que le patient déclare de sa santé", "What the patient states of their health"),
        _PAGES,
        _refusals(stating, but=(stating.ITEM_UNKNOWN,)),
        Sentence(
            "Chaque réponse a une forme : une date passée, un nombre possible, une réponse de la liste.",
            "Each answer has a form: a day that is past, a number that is possible, an answer of the list.",
        ),
        _FIELD,
        samples_text.PROFILED,
    ),
    Family(
        "copie",
        Sentence("La copie de tout l’espace", "The copy of the whole space"),
        _PAGES,
        _refusals(copies),
        Sentence(
            "Une copie se demande, se télécharge quelques jours, puis est détruite.",
            "A copy is asked for, downloaded for some days, then destroyed.",
        ),
        _FIELD,
        samples_text.COPIED,
    ),
    Family(
        "permis",
        Sentence("Ce qui est permis", "What is allowed"),
        frozenset({Where.LOG}),
        tuple(one for one in REASONS.values() if one.allows),
        Sentence(
            "Ce n’est pas une erreur : c’est la raison d’un accès permis, gardée avec lui.",
            "This is no error: it is the reason for which an access was allowed, and it is kept with it.",
        ),
        Sentence(
            "La ligne de l’historique de l’espace, et sa page « Pourquoi ? ».",
            "The line of the space’s access log, and its page “Why?”.",
        ),
        samples_text.ALLOWED,
        ("CSP, art. R1111-43",),
    ),
)
