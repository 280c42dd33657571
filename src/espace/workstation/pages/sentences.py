"""What each verb of a patient's access log is called for the professionals who read it: done, and tried."""

from collections.abc import Mapping

from django.utils.translation import gettext_noop

from espace.kernel.words import Verb

PHRASES: Mapping[Verb, tuple[str, str]] = {
    Verb.DEPOSIT: (gettext_noop("a déposé un document"), gettext_noop("a essayé de déposer un document")),
    Verb.LIST: (gettext_noop("a consulté la liste"), gettext_noop("a essayé de consulter la liste")),
    Verb.READ: (gettext_noop("a lu un document"), gettext_noop("a essayé de lire un document")),
    Verb.DOWNLOAD: (gettext_noop("a téléchargé un document"), gettext_noop("a essayé de télécharger un document")),
    Verb.OWN_DEPOSITS: (gettext_noop("a suivi ses dépôts"), gettext_noop("a essayé de suivre ses dépôts")),
    Verb.AMEND: (gettext_noop("a changé l’état d’un document"), gettext_noop("a essayé de changer un document")),
    Verb.ANNOUNCE: (gettext_noop("montre un document qui attendait"), gettext_noop("a essayé de montrer un document")),
    Verb.STATUS: (gettext_noop("a demandé si l’espace est ouvert"), gettext_noop("a essayé de savoir s’il est ouvert")),
    Verb.CONSENT: (gettext_noop("a enregistré un accord"), gettext_noop("a essayé d’enregistrer un accord")),
    Verb.WITHDRAW: (gettext_noop("a mis fin à son accès"), gettext_noop("a essayé de mettre fin à son accès")),
    Verb.BREAK_GLASS: (gettext_noop("a ouvert en urgence"), gettext_noop("a essayé d’ouvrir en urgence")),
    Verb.HISTORY: (gettext_noop("a lu l’historique"), gettext_noop("a essayé de lire l’historique")),
    Verb.TEAM: (gettext_noop("a regardé l’équipe de soins"), gettext_noop("a essayé de regarder l’équipe de soins")),
    Verb.ADD_MEMBER: (gettext_noop("a ajouté quelqu’un à une équipe"), gettext_noop("a essayé d’ajouter quelqu’un")),
    Verb.END_TEAM: (gettext_noop("a mis fin à une équipe de soins"), gettext_noop("a essayé d’y mettre fin")),
    Verb.BLOCK: (gettext_noop("a bloqué un professionnel"), gettext_noop("a essayé de bloquer un professionnel")),
    Verb.UNBLOCK: (gettext_noop("a débloqué un professionnel"), gettext_noop("a essayé de débloquer")),
    Verb.GIVE_ACCESS: (gettext_noop("a donné accès"), gettext_noop("a essayé de donner accès")),
    Verb.END_ACCESS: (gettext_noop("a retiré un accès"), gettext_noop("a essayé de retirer un accès")),
    Verb.NAME_DOCTOR: (gettext_noop("a changé de médecin traitant"), gettext_noop("a essayé d’en changer")),
    Verb.NAME_ADMINISTRATOR: (gettext_noop("a désigné un administrateur"), gettext_noop("a essayé d’en désigner un")),
    Verb.REMOVE_ADMINISTRATOR: (gettext_noop("a retiré un administrateur"), gettext_noop("a essayé d’en retirer un")),
    Verb.ADD: (gettext_noop("a ajouté un document"), gettext_noop("a essayé d’ajouter un document")),
    Verb.DESCRIBE: (gettext_noop("a renommé ou reclassé un document"), gettext_noop("a essayé de le renommer")),
    Verb.STATE: (gettext_noop("a complété son profil de santé"), gettext_noop("a essayé de compléter son profil")),
    Verb.REMOVE: (gettext_noop("a supprimé un document"), gettext_noop("a essayé de supprimer un document")),
    Verb.RESTORE: (gettext_noop("a remis un document supprimé"), gettext_noop("a essayé de remettre un document")),
}
"""Those of `record.rules.line_shown_to_professional`, which a test compares."""

ICONS: Mapping[Verb, str] = {
    Verb.DEPOSIT: "deposit",
    Verb.ADD: "deposit",
    Verb.LIST: "list",
    Verb.READ: "eye",
    Verb.DOWNLOAD: "download",
    Verb.HISTORY: "clock",
    Verb.CONSENT: "signature",
    Verb.ADD_MEMBER: "access",
    Verb.GIVE_ACCESS: "access",
    Verb.BREAK_GLASS: "access",
    Verb.BLOCK: "lock",
    Verb.NAME_DOCTOR: "stethoscope",
    Verb.NAME_ADMINISTRATOR: "shield",
}
"""The others have that of a remark."""
