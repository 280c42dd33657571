"""Why a professional may, or may not, open a record; and what its holder decides (C01-C40)."""

from espace.kernel.reasons.words import Reason, Sentence, allows

ATTENDING_DOCTOR = allows(
    "attending_doctor",
    holder=Sentence("C’est votre médecin traitant.", "This is your attending doctor."),
    professional=Sentence(
        "Vous êtes le médecin traitant désigné par la personne elle-même (CSP, art. R1111-54).",
        "You are this patient’s attending doctor, named by the patient (CSP, art. R1111-54).",
    ),
)
CONSENT_IN_FORCE = allows(
    "consent_in_force",
    holder=Sentence(
        "Vous avez donné votre accord à ce professionnel.",
        "You gave this professional your consent.",
    ),
    professional=Sentence(
        "Le patient a donné son accord, et cet accord est en cours (CSP, art. L1111-17).",
        "The patient gave consent, and it is in force (CSP, art. L1111-17).",
    ),
)
SECRET_CONSENT = allows(
    "secret_consent",
    holder=Sentence(
        "Vous avez donné votre accord à ce professionnel, pour des soins gardés secrets pour vos représentants légaux.",
        "You gave this professional your consent, for care kept secret from your legal representatives.",
    ),
    professional=Sentence(
        "Le patient mineur a donné son accord, pour des soins gardés secrets pour ses représentants légaux "
        "(CSP, art. L1111-5).",
        "The patient, a minor, gave consent, for care kept secret from their legal representatives "
        "(CSP, art. L1111-5).",
    ),
)
SPACE_STATUS = allows(
    "space_status",
    holder=Sentence(
        "Un professionnel identifié peut savoir si votre espace est ouvert, sans rien y lire.",
        "An identified professional may know whether your space is open, without reading anything in it.",
    ),
    professional=Sentence(
        "Un professionnel identifié peut savoir si un espace est ouvert et s’il peut le lire, sans rien en lire.",
        "An identified professional may know whether a space is open and whether they may read it, reading nothing.",
    ),
)
CONSENT_RECORDED = allows(
    "consent_recorded",
    holder=Sentence(
        "Ce professionnel déclare que vous lui avez donné votre accord. Si ce n’est pas le cas, bloquez-le.",
        "This professional states that you gave them your consent. If you did not, block them.",
    ),
    professional=Sentence(
        "L’accord du patient est recueilli par le professionnel, et le patient en est averti (CSP, art. L1111-17).",
        "The patient’s consent is recorded by the professional, and the patient is told (CSP, art. L1111-17).",
    ),
)
CONSENT_WITHDRAWN = allows(
    "consent_withdrawn",
    holder=Sentence("Ce professionnel a mis fin à son propre accès.", "This professional ended their own access."),
    professional=Sentence("Vous pouvez toujours mettre fin à votre accès.", "You may always end your own access."),
)
PROFESSIONAL_FEEDS = allows(
    "professional_feeds",
    holder=Sentence(
        "Un professionnel qui s’est identifié peut déposer les documents des soins qu’il vous donne.",
        "An identified professional may deposit the documents of the care that they give you.",
    ),
    professional=Sentence(
        "Professionnel identifié, patient à l’identité qualifiée, espace ouvert : le dépôt est permis "
        "(CSP, art. L1111-15).",
        "Identified professional, qualified patient identity, open space: the deposit is allowed (CSP, art. L1111-15).",
    ),
)
AUTHOR_AMENDS = allows(
    "author_amends",
    holder=Sentence(
        "Qui a déposé un document peut l’archiver, le supprimer, en changer la visibilité ou ce qu’il en dit.",
        "Whoever deposited a document may archive it, delete it, change its visibility or what they say of it.",
    ),
    professional=Sentence(
        "L’auteur ou l’organisme qui a déposé un document peut en changer l’état, et ce qui en est dit.",
        "The author or the organisation that deposited a document may change its state, and what is said of it.",
    ),
)
HOLD_ENDED = allows(
    "hold_ended",
    holder=Sentence(
        "Un mois est passé : vous pouvez voir ce document, même si personne ne vous en a encore parlé. C’est la loi.",
        "A month has passed: you may see this document, even if nobody has spoken of it with you yet. It is the law.",
    ),
    professional=Sentence(
        "Le mois laissé pour annoncer ce document au patient est passé (CSP, art. R1111-53).",
        "The month given to tell the patient of this document has passed (CSP, art. R1111-53).",
    ),
)
HOLDER_DECIDES = allows(
    "holder_decides",
    holder=Sentence("C’est vous qui décidez.", "It is your decision."),
    professional=Sentence(
        "Le patient décide de ce qu’il partage (CSP, art. L1111-13-1).",
        "The patient decides what is shared (CSP, art. L1111-13-1).",
    ),
)

_ASK_FOR_CONSENT = Sentence(
    "Demandez son accord au patient, puis enregistrez-le avant d’ouvrir son espace.",
    "Ask the patient for consent, then record it before opening their space.",
)

CONSENT_MISSING = Reason(
    "consent_missing",
    403,
    "forbidden",
    Sentence(
        "Ce professionnel ne peut rien lire sans votre accord.",
        "This professional can read nothing without your consent.",
    ),
    Sentence(
        "Aucun accord de ce patient n’est enregistré pour vous.",
        "No consent of this patient is recorded for you.",
    ),
    _ASK_FOR_CONSENT,
)
CONSENT_LAPSED = Reason(
    "consent_lapsed",
    403,
    "forbidden",
    Sentence(
        "L’accord que vous aviez donné à ce professionnel a pris fin.",
        "The consent that you had given to this professional has ended.",
    ),
    Sentence("L’accord de ce patient a pris fin.", "This patient’s consent has ended."),
    _ASK_FOR_CONSENT,
)
SECRET_FOR_MINORS = Reason(
    "secret_for_minors",
    403,
    "business-rule",
    Sentence(
        "Des soins gardés secrets pour des représentants légaux ont été demandés : ils sont réservés aux mineurs.",
        "Care kept secret from legal representatives was asked for: it exists for minors only.",
    ),
    Sentence(
        "Les soins gardés secrets pour les représentants légaux sont réservés aux mineurs : ce patient est majeur.",
        "Care kept secret from legal representatives exists for minors only: this patient is of age.",
    ),
    Sentence("Ouvrez son dossier comme d’habitude.", "Open their record as usual."),
)
PROFESSIONAL_BLOCKED = Reason(
    "professional_blocked",
    403,
    "forbidden",
    Sentence("Vous avez bloqué ce professionnel.", "You blocked this professional."),
    Sentence(
        "Le patient ne vous donne pas accès à son espace. Vous pouvez toujours y déposer des documents.",
        "The patient does not give you access to their space. You may still deposit documents.",
    ),
    Sentence(
        "Parlez-en avec le patient : lui seul peut vous rendre l’accès.",
        "Talk with the patient: only they can give access back.",
    ),
    holder_fix=Sentence(
        "Pour lui rendre l’accès, débloquez-le d’abord à la page « Qui peut lire ».",
        "To give access back, unblock them first on the page “Who may read”.",
    ),
)
ACCOUNT_FROZEN = Reason(
    "account_frozen",
    429,
    "throttled",
    Sentence(
        "Ce professionnel a ouvert trop d’espaces en peu de temps : il n’a pas pu ouvrir le vôtre.",
        "This professional opened too many spaces in a short time: yours was not opened.",
    ),
    Sentence(
        "Votre compte est gelé pour de nouveaux patients : il a ouvert plus d’espaces que prévu en une heure "
        "ou en une journée. Les patients déjà ouverts le restent.",
        "Your account is frozen for new patients: it opened more spaces than expected in an hour or a day. "
        "Patients already opened stay open.",
    ),
    Sentence(
        "Attendez, ou demandez à l’exploitant de relever la limite. Si ce n’est pas vous, signalez-le tout de suite.",
        "Wait, or ask the operator to raise the limit. If it was not you, report it at once.",
    ),
)
_STILL_OPEN = Sentence(
    "Les dossiers que vous pouvez déjà lire le restent, et une urgence se déclare comme d’habitude.",
    "Records that you may read already stay open, and an emergency is declared as ever.",
)
ORGANISATION_FROZEN = Reason(
    "organisation_frozen",
    429,
    "throttled",
    Sentence(
        "Trop d’espaces ont été ouverts depuis cette structure en peu de temps : le vôtre n’a pas été ouvert.",
        "Too many spaces were opened from this organisation in a short time: yours was not opened.",
    ),
    Sentence(
        "Votre structure est gelée pour de nouveaux patients : elle a ouvert plus d’espaces que prévu en une heure ou "
        "en une journée. Aucun accord n’y est enregistré pour l’instant ; l’exploitant est prévenu.",
        "Your organisation is frozen for new patients: it opened more spaces than expected in an hour or a day. No "
        "consent is recorded there for now; the operator was alerted.",
    ),
    _STILL_OPEN,
)
COUNTRY_FROZEN = Reason(
    "country_frozen",
    429,
    "throttled",
    Sentence(
        "Trop d’espaces ont été ouverts dans tout le pays en peu de temps : le vôtre n’a pas été ouvert.",
        "Too many spaces were opened in the whole country in a short time: yours was not opened.",
    ),
    Sentence(
        "Aucun accord n’est enregistré pour l’instant : dans tout le pays, plus d’espaces que prévu ont été ouverts. "
        "L’exploitant est prévenu.",
        "No consent is recorded for now: in the whole country, more spaces than expected were opened. The operator "
        "was alerted.",
    ),
    _STILL_OPEN,
)
NOT_ENTITLED = Reason(
    "not_entitled",
    403,
    "forbidden",
    Sentence(
        "La profession de cette personne ne lui permet pas de déposer ce type de document.",
        "This person’s profession does not let them deposit this type of document.",
    ),
    Sentence(
        "La matrice d’habilitation ne permet pas à votre profession de déposer ce type de document.",
        "The entitlement matrix does not let your profession deposit this type of document.",
    ),
    Sentence(
        "Faites déposer le document par un professionnel habilité.",
        "Have the document deposited by an entitled professional.",
    ),
)
NOT_THE_AUTHOR = Reason(
    "not_the_author",
    404,
    "not-found",
    Sentence(
        "Quelqu’un qui n’en est pas l’auteur a essayé de modifier un document.",
        "Somebody who is not its author tried to change a document.",
    ),
    Sentence(
        "Ce document n’existe pas ou ne vous est pas accessible.",
        "This document does not exist or is not accessible to you.",
    ),
    Sentence(
        "Seul l’auteur ou l’organisme déposant modifie un document.",
        "Only the author or the depositor changes a document.",
    ),
    told="not_found",
)
CHANGE_REFUSED = Reason(
    "change_refused",
    422,
    "business-rule",
    Sentence("Une modification interdite a été refusée.", "A change that is not allowed was refused."),
    Sentence(
        "Cette modification n’est pas permise : seuls l’état (archivé, supprimé) et la visibilité se changent, "
        "et seul le patient montre de nouveau ce qu’il a masqué.",
        "This change is not allowed: only state (archived, deleted) and visibility change, and only the patient "
        "shows again what they hid.",
    ),
    Sentence(
        "Pour corriger un contenu, déposez une nouvelle version.",
        "To correct a content, deposit a new version.",
    ),
)
CONSENT_TERM_REFUSED = Reason(
    "consent_term_refused",
    422,
    "business-rule",
    Sentence(
        "La durée indiquée pour cet accord n’est pas permise.",
        "The stated duration of this consent is not allowed.",
    ),
    Sentence(
        "Un accord se termine dans l’avenir, et au plus tard dans un an.",
        "A consent ends in the future, and within a year at the latest.",
    ),
    Sentence("Choisissez une autre date de fin.", "Choose another end date."),
)
PROFESSIONAL_UNKNOWN = Reason(
    "professional_unknown",
    404,
    "not-found",
    Sentence("Ce professionnel n’est pas dans l’annuaire.", "This professional is not in the directory."),
    Sentence("Ce professionnel n’est pas dans l’annuaire.", "This professional is not in the directory."),
    Sentence("Cherchez-le de nouveau par son nom.", "Search again by name."),
)
NOT_A_DOCTOR = Reason(
    "not_a_doctor",
    422,
    "business-rule",
    Sentence("Seul un médecin peut être médecin traitant.", "Only a doctor can be an attending doctor."),
    Sentence("Seul un médecin peut être médecin traitant.", "Only a doctor can be an attending doctor."),
    Sentence("Choisissez un médecin de l’annuaire.", "Choose a doctor from the directory."),
)
