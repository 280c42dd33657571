"""Why a national request (TD0.2, TD0.3, TD0.4, TD0.9) was answered or refused, beside what every request may be."""

from espace.kernel.reasons.words import Reason, Sentence, allows

FEEDER_KNOWS = allows(
    "feeder_knows",
    holder=Sentence(
        "Un organisme qui dépose peut savoir si un espace est ouvert, sans rien y lire.",
        "An organisation that deposits may know whether a space is open, without reading anything in it.",
    ),
    professional=Sentence(
        "Un organisme authentifié peut savoir si un espace peut être alimenté, sans rien en lire.",
        "An authenticated organisation may know whether a space may be fed, reading nothing.",
    ),
)

_NOT_READ = Sentence(
    "La demande nationale ne se lit pas ainsi.",
    "The national request cannot be read so.",
)
NATIONAL_MALFORMED = Reason(
    "national_malformed",
    422,
    "structure",
    _NOT_READ,
    _NOT_READ,
    Sentence(
        "Écrivez l’élément indiqué comme le décrit le WSDL de l’adresse, une fois, avec une valeur de sa liste.",
        "Write the element shown as the address’s WSDL describes it, once, with a value of its list.",
    ),
)
ATTENDING_NOT_BY_ONESELF = Reason(
    "attending_not_by_oneself",
    403,
    "forbidden",
    Sentence(
        "Un professionnel a demandé à être le médecin traitant : seul le titulaire de l’espace le choisit.",
        "A professional asked to be the attending doctor: only the person whose space it is chooses one.",
    ),
    Sentence(
        "Personne ne se fait soi-même médecin traitant : le patient le nomme, ou l’Assurance maladie le dit.",
        "Nobody makes themselves the attending doctor: the patient names one, or the health insurance says who it is.",
    ),
    Sentence(
        "Demandez le rôle STANDARD ; le patient nomme son médecin traitant dans son espace.",
        "Ask for the role STANDARD; the patient names the attending doctor in their space.",
    ),
)
HANDOVER_SPENT = Reason(
    "handover_spent",
    404,
    "not-found",
    Sentence(
        "Une adresse donnée à un logiciel pour ouvrir cet espace n’était plus valable.",
        "An address given to a program to open this space was not valid any more.",
    ),
    Sentence(
        "Cette adresse a déjà servi, a trop attendu, ou a été donnée à quelqu’un d’autre.",
        "This address has already served, has waited too long, or was given to somebody else.",
    ),
    Sentence(
        "Revenez à votre logiciel et ouvrez de nouveau l’espace du patient : il demandera une autre adresse.",
        "Go back to the practice software and open the patient’s space again: it will ask for another address.",
    ),
)
