"""What is brought for a patient and is not for the record: what they told an organisation of its feeding their space
(PAM-FR, ZFA-9), and what goes by secure mail alone."""

from espace.kernel.reasons.words import Reason, Sentence, allows

FEEDING_STATED = allows(
    "feeding_stated",
    holder=Sentence(
        "Un établissement transmet ce que vous lui avez dit : s’il peut déposer vos documents ici. Cela n’ouvre votre "
        "espace à personne.",
        "A care provider passes on what you told it: whether it may deposit your documents here. That opens your space "
        "to nobody.",
    ),
    professional=Sentence(
        "Un organisme authentifié transmet ce que le patient lui a dit ; cela n’ouvre l’espace à personne.",
        "An authenticated organisation passes on what the patient told it; that opens the space to nobody.",
    ),
)
MAIL_ROUTED = allows(
    "mail_routed",
    holder=Sentence(
        "Un établissement ou un soignant fait envoyer un document par messagerie sécurisée, sans le déposer ici.",
        "A care provider has a document sent by secure mail, without depositing it here.",
    ),
    professional=Sentence(
        "Déposant authentifié, patient à l’identité qualifiée : l’envoi demandé par messagerie sécurisée est gardé.",
        "Authenticated sender, qualified patient identity: the secure mail that is asked for is kept.",
    ),
)
FEEDING_OBJECTED = Reason(
    "feeding_objected",
    403,
    "business-rule",
    Sentence(
        "Vous avez dit à cet établissement de ne rien déposer dans votre espace.",
        "You told this care provider to deposit nothing in your space.",
    ),
    Sentence(
        "Le patient s’est opposé à ce que votre organisme alimente son espace : votre organisme l’a transmis.",
        "The patient objected to your organisation feeding their space: it is your organisation that said so.",
    ),
    Sentence(
        "Remettez le document au patient. S’il a changé d’avis, envoyez un message ADT dont ZFA-9 dit INO.",
        "Hand the document to the patient. If they changed their mind, send an ADT message whose ZFA-9 says INO.",
    ),
    holder_fix=Sentence(
        "Si vous avez changé d’avis, dites-le à cet établissement.",
        "If you have changed your mind, tell this care provider.",
    ),
)
