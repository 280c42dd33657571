"""Why a record may, or may not, be opened in an emergency without consent. Sources: CSP L1111-17 I; C17-C20, C24."""

from espace.kernel.reasons.words import Reason, Sentence, allows

GLASS_BROKEN = allows(
    "glass_broken",
    holder=Sentence(
        "Ce professionnel a déclaré une urgence : un risque immédiat, et vous ne pouviez pas donner votre accord. "
        "Si ce n’est pas le cas, signalez-le.",
        "This professional declared an emergency: an immediate risk, and you could not give your consent. "
        "If that is not so, report it.",
    ),
    professional=Sentence(
        "Le patient ne peut pas exprimer sa volonté et un risque immédiat le menace (CSP, art. L1111-17, I).",
        "The patient cannot express their will and is at immediate risk (CSP, art. L1111-17, I).",
    ),
)
GLASS_IN_FORCE = allows(
    "glass_in_force",
    holder=Sentence(
        "Ce professionnel a déclaré une urgence, et cet accès n’était pas encore terminé.",
        "This professional declared an emergency, and that access had not ended yet.",
    ),
    professional=Sentence(
        "Vous avez ouvert cet espace en urgence, sans l’accord du patient (CSP, art. L1111-17, I). "
        "Le patient et son médecin traitant en sont avertis.",
        "You opened this space in an emergency, without the patient’s consent (CSP, art. L1111-17, I). "
        "The patient and their attending doctor are told.",
    ),
)
GLASS_ENDED = Reason(
    "glass_ended",
    403,
    "forbidden",
    Sentence(
        "L’accès en urgence de ce professionnel était terminé.",
        "This professional’s emergency access had ended.",
    ),
    Sentence("Votre accès en urgence est terminé.", "Your emergency access has ended."),
    Sentence(
        "Demandez son accord au patient. S’il ne peut toujours pas le donner, déclarez de nouveau l’urgence.",
        "Ask the patient for consent. If they still cannot give it, declare the emergency again.",
    ),
)
EMERGENCY_OBJECTED = Reason(
    "emergency_objected",
    403,
    "forbidden",
    Sentence(
        "Vous avez refusé que votre espace soit ouvert en urgence sans votre accord.",
        "You refused that your space be opened in an emergency without your consent.",
    ),
    Sentence(
        "Ce patient a refusé d’avance que son espace soit ouvert en urgence.",
        "This patient refused in advance that their space be opened in an emergency.",
    ),
    Sentence(
        "Soignez sans ce dossier : ce refus est celui du patient, et personne ne peut passer outre.",
        "Give care without this record: this refusal is the patient’s, and nobody can override it.",
    ),
)
NOT_A_CARER = Reason(
    "not_a_carer",
    403,
    "forbidden",
    Sentence(
        "La profession de cette personne n’ouvre pas d’espace en urgence.",
        "This person’s profession does not open spaces in an emergency.",
    ),
    Sentence(
        "L’accès en urgence est réservé aux professions de santé.",
        "Emergency access is for the health professions.",
    ),
    Sentence(
        "Faites ouvrir l’espace par un médecin, une infirmière ou un autre professionnel de santé.",
        "Have the space opened by a doctor, a nurse or another health professional.",
    ),
)
EMERGENCY_UNSAID = Reason(
    "emergency_unsaid",
    422,
    "business-rule",
    Sentence("Il n’a pas été écrit pourquoi il y avait urgence.", "It was not written why there was an emergency."),
    Sentence("Un accès en urgence demande un motif écrit.", "Emergency access needs a written reason."),
    Sentence("Écrivez en une phrase ce qui se passe.", "Write in one sentence what is happening."),
)
DISPATCH_OPENED = allows(
    "dispatch_opened",
    holder=Sentence(
        "Le médecin du SAMU traitait un appel pour vous.",
        "The doctor of the emergency call centre was handling a call about you.",
    ),
    professional=Sentence(
        "Vous régulez un appel reçu pour ce patient, qui ne s’y est pas opposé (CSP, art. L1111-17, I).",
        "You are handling an emergency call about this patient, who did not object (CSP, art. L1111-17, I).",
    ),
)
DISPATCH_IN_FORCE = allows(
    "dispatch_in_force",
    holder=Sentence(
        "Le médecin du SAMU traitait un appel pour vous, et cet accès n’était pas encore terminé.",
        "The doctor of the emergency call centre was handling a call about you, and that access had not ended yet.",
    ),
    professional=Sentence(
        "Vous régulez un appel reçu pour ce patient (CSP, art. L1111-17, I). "
        "Le patient et son médecin traitant en sont avertis.",
        "You are handling an emergency call about this patient (CSP, art. L1111-17, I). "
        "The patient and their attending doctor are told.",
    ),
)
DISPATCH_OBJECTED = Reason(
    "dispatch_objected",
    403,
    "forbidden",
    Sentence(
        "Vous avez refusé que le médecin du SAMU ouvre votre espace.",
        "You refused that the doctor of the emergency call centre open your space.",
    ),
    Sentence(
        "Ce patient a refusé d’avance que le centre 15 ouvre son espace.",
        "This patient refused in advance that the emergency call centre open their space.",
    ),
    Sentence(
        "Régulez sans ce dossier : ce refus est celui du patient, et personne ne peut passer outre.",
        "Handle the call without this record: this refusal is the patient’s, and nobody can override it.",
    ),
)
NOT_A_REGULATOR = Reason(
    "not_a_regulator",
    403,
    "forbidden",
    Sentence(
        "Cette personne n’est pas un médecin qui traite les appels du SAMU.",
        "This person is not a doctor who handles emergency calls.",
    ),
    Sentence(
        "Seul un médecin connecté comme régulateur du centre 15 ouvre un espace à ce titre.",
        "Only a doctor signed in as regulator of the emergency call centre opens a space on that ground.",
    ),
    Sentence(
        "Connectez-vous avec l’accès de régulation médicale de votre carte.",
        "Sign in with the medical regulation access of your card.",
    ),
)
