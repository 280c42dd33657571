"""What each verb of the register is called in a sentence: done or tried, by others or by the holder."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_noop

from espace.kernel.words import Verb


@dataclass(frozen=True, slots=True)
class Phrase:
    """The end of a sentence that begins with a name, or with « Vous »; French, marked for translation."""

    icon: str
    done: str
    tried: str
    done_by_you: str
    tried_by_you: str


PHRASES: Mapping[Verb, Phrase] = {
    Verb.DEPOSIT: Phrase(
        "deposit",
        gettext_noop("a déposé un document"),
        gettext_noop("a essayé de déposer un document"),
        gettext_noop("avez déposé un document"),
        gettext_noop("avez essayé de déposer un document"),
    ),
    Verb.LIST: Phrase(
        "list",
        gettext_noop("a consulté la liste de vos documents"),
        gettext_noop("a essayé de consulter la liste de vos documents"),
        gettext_noop("avez consulté la liste de vos documents"),
        gettext_noop("avez essayé de consulter la liste de vos documents"),
    ),
    Verb.READ: Phrase(
        "eye",
        gettext_noop("a lu un document"),
        gettext_noop("a essayé de lire un document"),
        gettext_noop("avez lu un document"),
        gettext_noop("avez essayé de lire un document"),
    ),
    Verb.DOWNLOAD: Phrase(
        "download",
        gettext_noop("a téléchargé un document"),
        gettext_noop("a essayé de télécharger un document"),
        gettext_noop("avez téléchargé un document"),
        gettext_noop("avez essayé de télécharger un document"),
    ),
    Verb.OWN_DEPOSITS: Phrase(
        "list",
        gettext_noop("a vérifié l’état de ses propres dépôts"),
        gettext_noop("a essayé de vérifier l’état de ses dépôts"),
        gettext_noop("avez vérifié l’état de vos dépôts"),
        gettext_noop("avez essayé de vérifier l’état de vos dépôts"),
    ),
    Verb.AMEND: Phrase(
        "pencil",
        gettext_noop("a changé l’état ou la visibilité d’un document"),
        gettext_noop("a essayé de changer l’état ou la visibilité d’un document"),
        gettext_noop("avez changé l’état ou la visibilité d’un document"),
        gettext_noop("avez essayé de changer l’état ou la visibilité d’un document"),
    ),
    Verb.HISTORY: Phrase(
        "clock",
        gettext_noop("a regardé qui utilise votre espace"),
        gettext_noop("a essayé de regarder qui utilise votre espace"),
        gettext_noop("avez regardé qui utilise votre espace"),
        gettext_noop("avez essayé de regarder qui utilise votre espace"),
    ),
    Verb.STATUS: Phrase(
        "info",
        gettext_noop("a demandé si votre espace est ouvert"),
        gettext_noop("a essayé de savoir si votre espace est ouvert"),
        gettext_noop("avez demandé si votre espace est ouvert"),
        gettext_noop("avez essayé de savoir si votre espace est ouvert"),
    ),
    Verb.CONSENT: Phrase(
        "signature",
        gettext_noop("a enregistré votre accord pour lire votre espace"),
        gettext_noop("a essayé d’enregistrer votre accord"),
        gettext_noop("avez enregistré votre accord"),
        gettext_noop("avez essayé d’enregistrer votre accord"),
    ),
    Verb.WITHDRAW: Phrase(
        "back",
        gettext_noop("a mis fin à son accès à votre espace"),
        gettext_noop("a essayé de mettre fin à son accès"),
        gettext_noop("avez mis fin à un accès"),
        gettext_noop("avez essayé de mettre fin à un accès"),
    ),
    Verb.MASK: Phrase(
        "hidden",
        gettext_noop("a masqué un document aux professionnels"),
        gettext_noop("a essayé de masquer un document"),
        gettext_noop("avez masqué un document aux professionnels"),
        gettext_noop("avez essayé de masquer un document"),
    ),
    Verb.UNMASK: Phrase(
        "eye",
        gettext_noop("a rendu un document visible aux professionnels"),
        gettext_noop("a essayé de rendre un document visible"),
        gettext_noop("avez rendu un document visible aux professionnels"),
        gettext_noop("avez essayé de rendre un document visible"),
    ),
    Verb.CLOSE: Phrase(
        "hidden",
        gettext_noop("a fermé votre espace"),
        gettext_noop("a essayé de fermer votre espace"),
        gettext_noop("avez demandé la fermeture de votre espace"),
        gettext_noop("avez essayé de fermer votre espace"),
    ),
    Verb.REOPEN: Phrase(
        "eye",
        gettext_noop("a rouvert votre espace"),
        gettext_noop("a essayé de rouvrir votre espace"),
        gettext_noop("avez rouvert votre espace"),
        gettext_noop("avez essayé de rouvrir votre espace"),
    ),
    Verb.REPORT: Phrase(
        "info",
        gettext_noop("a signalé un accès à votre espace"),
        gettext_noop("a essayé de signaler un accès à votre espace"),
        gettext_noop("avez signalé un accès"),
        gettext_noop("avez essayé de signaler un accès"),
    ),
    Verb.BLOCK: Phrase(
        "lock",
        gettext_noop("a bloqué un professionnel"),
        gettext_noop("a essayé de bloquer un professionnel"),
        gettext_noop("avez bloqué un professionnel"),
        gettext_noop("avez essayé de bloquer un professionnel"),
    ),
    Verb.UNBLOCK: Phrase(
        "access",
        gettext_noop("a débloqué un professionnel"),
        gettext_noop("a essayé de débloquer un professionnel"),
        gettext_noop("avez débloqué un professionnel"),
        gettext_noop("avez essayé de débloquer un professionnel"),
    ),
    Verb.NAME_DOCTOR: Phrase(
        "stethoscope",
        gettext_noop("a changé votre médecin traitant"),
        gettext_noop("a essayé de changer votre médecin traitant"),
        gettext_noop("n’avez plus de médecin traitant désigné ici"),
        gettext_noop("avez essayé de changer de médecin traitant"),
    ),
    Verb.SETTINGS: Phrase(
        "bell",
        gettext_noop("a changé vos notifications"),
        gettext_noop("a essayé de changer vos notifications"),
        gettext_noop("avez changé vos notifications"),
        gettext_noop("avez essayé de changer vos notifications"),
    ),
    Verb.NOTICES: Phrase(
        "bell",
        gettext_noop("a rangé vos avis"),
        gettext_noop("a essayé de ranger vos avis"),
        gettext_noop("avez rangé vos avis"),
        gettext_noop("avez essayé de ranger vos avis"),
    ),
    Verb.BREAK_GLASS: Phrase(
        "access",
        gettext_noop("a ouvert votre espace en urgence, sans votre accord"),
        gettext_noop("a essayé d’ouvrir votre espace en urgence"),
        gettext_noop("avez ouvert un espace en urgence"),
        gettext_noop("avez essayé d’ouvrir un espace en urgence"),
    ),
    Verb.SWITCHES: Phrase(
        "shield",
        gettext_noop("a changé ce qui est permis en urgence"),
        gettext_noop("a essayé de changer ce qui est permis en urgence"),
        gettext_noop("avez changé ce qui est permis en urgence"),
        gettext_noop("avez essayé de changer ce qui est permis en urgence"),
    ),
    Verb.VISIBILITY: Phrase(
        "hidden",
        gettext_noop("a changé ce que les professionnels voient"),
        gettext_noop("a essayé de changer ce que les professionnels voient"),
        gettext_noop("avez changé ce que les professionnels voient"),
        gettext_noop("avez essayé de changer ce que les professionnels voient"),
    ),
    Verb.SEE_AS: Phrase(
        "eye",
        gettext_noop("a regardé quels documents quelqu’un d’autre verrait"),
        gettext_noop("a essayé de regarder quels documents quelqu’un d’autre verrait"),
        gettext_noop("avez regardé quels documents quelqu’un d’autre verrait"),
        gettext_noop("avez essayé de regarder quels documents quelqu’un d’autre verrait"),
    ),
    Verb.ANNOUNCE: Phrase(
        "eye",
        gettext_noop("vous montre un document qui attendait de vous être annoncé"),
        gettext_noop("a essayé de vous montrer un document qui attendait de vous être annoncé"),
        gettext_noop("avez montré un document qui attendait d’être annoncé"),
        gettext_noop("avez essayé de montrer un document qui attendait d’être annoncé"),
    ),
    Verb.ADD: Phrase(
        "deposit",
        gettext_noop("a ajouté un document"),
        gettext_noop("a essayé d’ajouter un document"),
        gettext_noop("avez ajouté un document"),
        gettext_noop("avez essayé d’ajouter un document"),
    ),
    Verb.EXTRACT: Phrase(
        "list",
        gettext_noop("a relevé les informations de santé de vos documents"),
        gettext_noop("a essayé de relever les informations de santé de vos documents"),
        gettext_noop("avez relevé les informations de santé de vos documents"),
        gettext_noop("avez essayé de relever les informations de santé de vos documents"),
    ),
    Verb.STATE: Phrase(
        "pencil",
        gettext_noop("a complété le profil de santé"),
        gettext_noop("a essayé de compléter le profil de santé"),
        gettext_noop("avez complété votre profil de santé"),
        gettext_noop("avez essayé de compléter votre profil de santé"),
    ),
    Verb.DESCRIBE: Phrase(
        "pencil",
        gettext_noop("a renommé ou reclassé un document"),
        gettext_noop("a essayé de renommer ou de reclasser un document"),
        gettext_noop("avez renommé ou reclassé un document"),
        gettext_noop("avez essayé de renommer ou de reclasser un document"),
    ),
    Verb.ARRANGE: Phrase(
        "folder",
        gettext_noop("a rangé des documents"),
        gettext_noop("a essayé de ranger des documents"),
        gettext_noop("avez rangé des documents"),
        gettext_noop("avez essayé de ranger des documents"),
    ),
    Verb.REMOVE: Phrase(
        "hidden",
        gettext_noop("a supprimé un document"),
        gettext_noop("a essayé de supprimer un document"),
        gettext_noop("avez supprimé un document que vous aviez ajouté"),
        gettext_noop("avez essayé de supprimer un document"),
    ),
    Verb.RESTORE: Phrase(
        "back",
        gettext_noop("a remis un document supprimé"),
        gettext_noop("a essayé de remettre un document supprimé"),
        gettext_noop("avez remis un document que vous aviez supprimé"),
        gettext_noop("avez essayé de remettre un document supprimé"),
    ),
    Verb.ADVISE: Phrase(
        "heart",
        gettext_noop("a demandé un code pour un conseiller numérique"),
        gettext_noop("a essayé de demander un code pour un conseiller numérique"),
        gettext_noop("avez demandé un code pour un conseiller numérique"),
        gettext_noop("avez essayé de demander un code pour un conseiller numérique"),
    ),
    Verb.UNVEIL: Phrase(
        "eye",
        gettext_noop("a montré à vos représentants légaux un document qui leur était caché"),
        gettext_noop("a essayé de montrer un document à vos représentants légaux"),
        gettext_noop("avez montré à vos représentants légaux un document qui leur était caché"),
        gettext_noop("avez essayé de montrer un document à vos représentants légaux"),
    ),
    Verb.COPY: Phrase(
        "download",
        gettext_noop("a préparé une copie de tout l’espace"),
        gettext_noop("a essayé de préparer une copie de tout l’espace"),
        gettext_noop("avez préparé une copie de tout l’espace"),
        gettext_noop("avez essayé de préparer une copie de tout l’espace"),
    ),
    Verb.TAKE_COPY: Phrase(
        "download",
        gettext_noop("a téléchargé la copie de tout l’espace"),
        gettext_noop("a essayé de télécharger la copie de tout l’espace"),
        gettext_noop("avez téléchargé la copie de tout l’espace"),
        gettext_noop("avez essayé de télécharger la copie de tout l’espace"),
    ),
    Verb.NAME_ADMINISTRATOR: Phrase(
        "shield",
        gettext_noop("a désigné un administrateur de votre espace"),
        gettext_noop("a essayé de désigner un administrateur de votre espace"),
        gettext_noop("avez désigné un administrateur"),
        gettext_noop("avez essayé de désigner un administrateur"),
    ),
    Verb.REMOVE_ADMINISTRATOR: Phrase(
        "shield",
        gettext_noop("a retiré un administrateur de votre espace"),
        gettext_noop("a essayé de retirer un administrateur de votre espace"),
        gettext_noop("avez retiré un administrateur"),
        gettext_noop("avez essayé de retirer un administrateur"),
    ),
    Verb.TEAM: Phrase(
        "eye",
        gettext_noop("a regardé qui fait partie de votre équipe de soins"),
        gettext_noop("a essayé de regarder qui fait partie de votre équipe de soins"),
        gettext_noop("avez regardé qui fait partie d’une équipe de soins"),
        gettext_noop("avez essayé de regarder qui fait partie d’une équipe de soins"),
    ),
    Verb.ADD_MEMBER: Phrase(
        "access",
        gettext_noop("a ajouté un professionnel à votre équipe de soins"),
        gettext_noop("a essayé d’ajouter un professionnel à votre équipe de soins"),
        gettext_noop("avez ajouté un professionnel à une équipe de soins"),
        gettext_noop("avez essayé d’ajouter un professionnel à une équipe de soins"),
    ),
    Verb.END_TEAM: Phrase(
        "lock",
        gettext_noop("a mis fin à une équipe de soins"),
        gettext_noop("a essayé de mettre fin à une équipe de soins"),
        gettext_noop("avez mis fin à une équipe de soins"),
        gettext_noop("avez essayé de mettre fin à une équipe de soins"),
    ),
    Verb.GIVE_ACCESS: Phrase(
        "access",
        gettext_noop("a donné accès à un professionnel"),
        gettext_noop("a essayé de donner accès à un professionnel"),
        gettext_noop("avez donné accès à un professionnel"),
        gettext_noop("avez essayé de donner accès à un professionnel"),
    ),
    Verb.END_ACCESS: Phrase(
        "lock",
        gettext_noop("a retiré l’accès d’un professionnel"),
        gettext_noop("a essayé de retirer l’accès d’un professionnel"),
        gettext_noop("avez retiré l’accès d’un professionnel"),
        gettext_noop("avez essayé de retirer l’accès d’un professionnel"),
    ),
    Verb.INVITE: Phrase(
        "signature",
        gettext_noop("a invité quelqu’un à vous aider"),
        gettext_noop("a essayé d’inviter quelqu’un à vous aider"),
        gettext_noop("avez invité quelqu’un à aider ici"),
        gettext_noop("avez essayé d’inviter quelqu’un à aider ici"),
    ),
    Verb.ANSWER: Phrase(
        "signature",
        gettext_noop("a répondu à une invitation à vous aider"),
        gettext_noop("a essayé de répondre à une invitation à vous aider"),
        gettext_noop("avez répondu à une invitation à aider"),
        gettext_noop("avez essayé de répondre à une invitation à aider"),
    ),
    Verb.END_HELP: Phrase(
        "lock",
        gettext_noop("a mis fin à une aide"),
        gettext_noop("a essayé de mettre fin à une aide"),
        gettext_noop("avez mis fin à une aide"),
        gettext_noop("avez essayé de mettre fin à une aide"),
    ),
    Verb.CONTEST: Phrase(
        "info",
        gettext_noop("a contesté l’accès de quelqu’un"),
        gettext_noop("a essayé de contester l’accès de quelqu’un"),
        gettext_noop("avez contesté l’accès de quelqu’un"),
        gettext_noop("avez essayé de contester l’accès de quelqu’un"),
    ),
    Verb.FEEDING_WISH: Phrase(
        "signature",
        gettext_noop("a transmis ce que vous lui avez dit des dépôts dans votre espace"),
        gettext_noop("a essayé de transmettre ce que vous lui avez dit des dépôts"),
        gettext_noop("avez dit qui peut déposer dans votre espace"),
        gettext_noop("avez essayé de dire qui peut déposer dans votre espace"),
    ),
    Verb.MAIL: Phrase(
        "letter",
        gettext_noop("a demandé l’envoi d’un document par messagerie sécurisée"),
        gettext_noop("a essayé de faire envoyer un document par messagerie sécurisée"),
        gettext_noop("avez demandé l’envoi d’un document par messagerie sécurisée"),
        gettext_noop("avez essayé de faire envoyer un document par messagerie sécurisée"),
    ),
    Verb.STATE_HELP: Phrase(
        "signature",
        gettext_noop("a déclaré qui représente le titulaire"),
        gettext_noop("a essayé de déclarer qui représente le titulaire"),
        gettext_noop("avez déclaré qui représente le titulaire"),
        gettext_noop("avez essayé de déclarer qui représente le titulaire"),
    ),
}

NAMING: Mapping[Verb, str] = {
    Verb.SEE_AS: gettext_noop("avez regardé quels documents verrait %(professional)s"),
    Verb.MASK: gettext_noop("avez masqué un document à %(professional)s"),
    Verb.UNMASK: gettext_noop("avez montré de nouveau un document à %(professional)s"),
    Verb.BLOCK: gettext_noop("avez bloqué %(professional)s"),
    Verb.UNBLOCK: gettext_noop("avez débloqué %(professional)s"),
    Verb.NAME_DOCTOR: gettext_noop("avez désigné %(professional)s comme médecin traitant"),
    Verb.NAME_ADMINISTRATOR: gettext_noop("avez désigné %(professional)s comme administrateur"),
    Verb.REMOVE_ADMINISTRATOR: gettext_noop("avez retiré %(professional)s comme administrateur"),
    Verb.ADD_MEMBER: gettext_noop("avez ajouté %(professional)s à une équipe de soins"),
    Verb.GIVE_ACCESS: gettext_noop("avez donné accès à %(professional)s"),
    Verb.REPORT: gettext_noop("avez signalé un accès : %(professional)s"),
    Verb.END_ACCESS: gettext_noop("avez retiré l’accès à %(professional)s"),
}
"""What the holder decided about somebody whom the line names."""

NAMED_BY_OTHERS: Mapping[Verb, str] = {
    Verb.ADD_MEMBER: gettext_noop("a ajouté %(professional)s à son équipe de soins"),
    Verb.BLOCK: gettext_noop("a bloqué %(professional)s pour vous"),
}
"""What somebody else did about a professional whom the line names."""
