"""Why somebody reads as a member of a care team or as an administrator, and why not (C09, C14-C16; CSP L1110-12)."""

from espace.kernel.reasons.words import Reason, Sentence, allows

TEAM_CONSENT = allows(
    "team_consent",
    holder=Sentence(
        "Cette personne est membre de l’équipe de soins pour laquelle vous avez donné votre accord.",
        "This person is a member of the care team to which you gave your consent.",
    ),
    professional=Sentence(
        "Vous êtes membre de l’équipe de soins pour laquelle le patient a donné son accord (CSP, art. L1110-12).",
        "You are a member of the care team to which the patient gave consent (CSP, art. L1110-12).",
    ),
)
TEAM_READ = allows(
    "team_read",
    holder=Sentence(
        "Les membres d’une équipe de soins savent qui en fait partie.",
        "The members of a care team know who is in it.",
    ),
    professional=Sentence(
        "Vous êtes membre de cette équipe de soins : vous savez qui en fait partie.",
        "You are a member of this care team: you know who is in it.",
    ),
)
MEMBER_ADDED = allows(
    "member_added",
    holder=Sentence(
        "Votre accord pour l’équipe de soins est en cours : ses membres y ajoutent ceux qui vous soignent avec eux. "
        "Vous pouvez retirer chacun d’eux.",
        "Your consent for the care team is in force: its members add those who care for you with them. "
        "You may remove any of them.",
    ),
    professional=Sentence(
        "L’accord du patient pour l’équipe de soins est en cours : un membre y ajoute un confrère, et le patient en "
        "est averti (CSP, art. L1111-17).",
        "The patient’s consent for the care team is in force: a member adds a colleague, and the patient is told "
        "(CSP, art. L1111-17).",
    ),
)
ADMINISTRATOR = allows(
    "administrator",
    holder=Sentence(
        "Vous avez désigné cette personne comme administrateur de votre espace.",
        "You named this person an administrator of your space.",
    ),
    professional=Sentence(
        "Le patient vous a désigné comme administrateur de son espace (CSP, art. R1111-54).",
        "The patient named you an administrator of their space (CSP, art. R1111-54).",
    ),
)

TEAM_MISSING = Reason(
    "team_missing",
    403,
    "forbidden",
    Sentence(
        "Ce professionnel n’est membre d’aucune équipe de soins pour laquelle vous avez donné votre accord.",
        "This professional is in no care team to which you gave your consent.",
    ),
    Sentence(
        "Aucun accord de ce patient n’est enregistré pour une équipe de soins dont vous êtes membre.",
        "No consent of this patient is recorded for a care team of which you are a member.",
    ),
    Sentence(
        "Demandez au patient son accord pour votre équipe de soins, puis enregistrez-le.",
        "Ask the patient for consent for your care team, then record it.",
    ),
)
NOT_A_HEALTH_PROFESSION = Reason(
    "not_a_health_profession",
    422,
    "business-rule",
    Sentence(
        "Seul un professionnel de santé en activité peut recevoir ce rôle.",
        "Only a health professional in practice can be given this role.",
    ),
    Sentence(
        "Seul un professionnel de santé fait partie d’une équipe de soins ici.",
        "Only a health professional is a member of a care team here.",
    ),
    Sentence(
        "Demandez au patient un accord pour cette personne seule.",
        "Ask the patient for consent for this person alone.",
    ),
    holder_fix=Sentence(
        "Vous pouvez donner accès à cette personne seule, depuis la page « Qui peut lire ».",
        "You may give access to this person alone, from the page “Who may read”.",
    ),
)
_NOT_POSSIBLE = Sentence(
    "Ce professionnel ne peut pas être ajouté à votre équipe.",
    "This professional cannot be added to your team.",
)
_THE_PATIENT_MAY = Sentence(
    "Parlez-en avec le patient : lui seul peut le faire.",
    "Talk with the patient: only they can do it.",
)
MEMBER_REFUSED = Reason(
    "member_refused",
    403,
    "forbidden",
    Sentence(
        "Ce professionnel fait déjà partie d’une autre de vos équipes de soins.",
        "This professional is already in another of your care teams.",
    ),
    _NOT_POSSIBLE,
    _THE_PATIENT_MAY,
    holder_fix=Sentence(
        "Retirez d’abord son accès à la page « Qui peut lire », puis recommencez.",
        "End their access first on the page “Who may read”, then try again.",
    ),
)
MEMBER_BLOCKED = Reason(
    "member_blocked",
    403,
    "forbidden",
    Sentence(
        "Vous avez bloqué ce professionnel : il faut d’abord le débloquer.",
        "You blocked this professional: unblock them first.",
    ),
    _NOT_POSSIBLE,
    _THE_PATIENT_MAY,
    holder_fix=Sentence(
        "Débloquez-le à la page « Qui peut lire », puis recommencez.",
        "Unblock them on the page “Who may read”, then try again.",
    ),
    told="member_refused",
)
NAMED_BY_THE_PATIENT = Reason(
    "named_by_the_patient",
    403,
    "forbidden",
    Sentence(
        "Vous avez désigné ce professionnel : vous seul pouvez le bloquer.",
        "You named this professional: only you may block them.",
    ),
    Sentence(
        "Le patient a désigné ce professionnel : lui seul peut le bloquer.",
        "The patient named this professional: only the patient may block them.",
    ),
    _THE_PATIENT_MAY,
)
TEAM_UNKNOWN = Reason(
    "team_unknown",
    404,
    "not-found",
    Sentence(
        "Cette équipe de soins n’existe pas, ou votre accord pour elle a pris fin.",
        "This care team does not exist, or your consent to it has ended.",
    ),
    Sentence("Cette équipe de soins n’existe pas.", "This care team does not exist."),
    Sentence("Revenez à la page « Qui peut lire ».", "Go back to the page “Who may read”."),
)
NOT_AN_ADMINISTRATOR = Reason(
    "not_an_administrator",
    403,
    "forbidden",
    Sentence(
        "Ce professionnel n’est ni votre médecin traitant, ni un administrateur de votre espace.",
        "This professional is neither your attending doctor nor an administrator of your space.",
    ),
    Sentence(
        "Seuls le médecin traitant et les administrateurs désignés par le patient font cela (CSP, art. R1111-54).",
        "Only the attending doctor and the administrators named by the patient do this (CSP, art. R1111-54).",
    ),
    Sentence(
        "Le patient peut vous désigner dans son espace, à la page « Qui peut lire ».",
        "The patient may name you in their space, on the page “Who may read”.",
    ),
)
