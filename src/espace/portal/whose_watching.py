"""What is said of somebody else (`espace.portal.whose_words`), where it is about who read and what was done."""

from collections.abc import Mapping

from django.utils.translation import gettext_noop

_LINES: Mapping[str, str] = {
    "a signalé un accès à votre espace": gettext_noop("a signalé un accès à cet espace"),
    "a essayé de signaler un accès à votre espace": gettext_noop("a essayé de signaler un accès à cet espace"),
    "a rangé vos avis": gettext_noop("a rangé les avis"),
    "a essayé de ranger vos avis": gettext_noop("a essayé de ranger les avis"),
    "avez rangé vos avis": gettext_noop("avez rangé les avis"),
    "avez essayé de ranger vos avis": gettext_noop("avez essayé de ranger les avis"),
    "avez vérifié l’état de vos dépôts": gettext_noop("avez vérifié l’état des dépôts"),
    "avez essayé de vérifier l’état de vos dépôts": gettext_noop("avez essayé de vérifier l’état des dépôts"),
    "a montré à vos représentants légaux un document qui leur était caché": gettext_noop(
        "a montré aux représentants légaux un document qui leur était caché"
    ),
    "a essayé de montrer un document à vos représentants légaux": gettext_noop(
        "a essayé de montrer un document aux représentants légaux"
    ),
    "avez montré à vos représentants légaux un document qui leur était caché": gettext_noop(
        "avez montré aux représentants légaux un document qui leur était caché"
    ),
    "avez essayé de montrer un document à vos représentants légaux": gettext_noop(
        "avez essayé de montrer un document aux représentants légaux"
    ),
    "a désigné un administrateur de votre espace": gettext_noop("a désigné un administrateur de cet espace"),
    "a essayé de désigner un administrateur de votre espace": gettext_noop(
        "a essayé de désigner un administrateur de cet espace"
    ),
    "a retiré un administrateur de votre espace": gettext_noop("a retiré un administrateur de cet espace"),
    "a essayé de retirer un administrateur de votre espace": gettext_noop(
        "a essayé de retirer un administrateur de cet espace"
    ),
    "a regardé qui fait partie de votre équipe de soins": gettext_noop(
        "a regardé qui fait partie de l’équipe de soins"
    ),
    "a essayé de regarder qui fait partie de votre équipe de soins": gettext_noop(
        "a essayé de regarder qui fait partie de l’équipe de soins"
    ),
    "a ajouté un professionnel à votre équipe de soins": gettext_noop("a ajouté un professionnel à l’équipe de soins"),
    "a essayé d’ajouter un professionnel à votre équipe de soins": gettext_noop(
        "a essayé d’ajouter un professionnel à l’équipe de soins"
    ),
    "a invité quelqu’un à vous aider": gettext_noop("a invité quelqu’un à aider ici"),
    "a essayé d’inviter quelqu’un à vous aider": gettext_noop("a essayé d’inviter quelqu’un à aider ici"),
    "a répondu à une invitation à vous aider": gettext_noop("a répondu à une invitation à aider ici"),
    "a essayé de répondre à une invitation à vous aider": gettext_noop(
        "a essayé de répondre à une invitation à aider ici"
    ),
    "a bloqué %(professional)s pour vous": gettext_noop("a bloqué %(professional)s ici"),
    "%(added)s : accès bloqué pour vous par %(who)s": gettext_noop("%(added)s : accès bloqué ici par %(who)s"),
    "a enregistré votre accord pour lire votre espace, jusqu’au %(until)s": gettext_noop(
        "a enregistré un accord pour lire cet espace, jusqu’au %(until)s"
    ),
    "a enregistré votre accord pour que son équipe de soins lise votre espace, jusqu’au %(until)s": gettext_noop(
        "a enregistré un accord pour que son équipe de soins lise cet espace, jusqu’au %(until)s"
    ),
}

_HISTORY: Mapping[str, str] = {
    "Vos signalements": gettext_noop("Les signalements"),
    "Les accès que vous avez signalés, et ce qu’ils deviennent.": gettext_noop(
        "Les accès signalés dans l’espace {of}, et ce qu’ils deviennent."
    ),
    "Si vous ne comprenez pas pourquoi un professionnel a ouvert votre espace, dites-le nous depuis la ligne de "
    "l’historique.": gettext_noop(
        "Si vous ne comprenez pas pourquoi un professionnel a ouvert l’espace {of}, dites-le nous depuis la ligne de "
        "l’historique."
    ),
    "Vous avez bloqué cette personne en même temps.": gettext_noop("Cette personne a été bloquée en même temps."),
    "Des personnes chargées de la sécurité examinent votre signalement. Elles voient le nom de ce professionnel et ce "
    "que vous écrivez, jamais vos documents ni votre nom.": gettext_noop(
        "Des personnes chargées de la sécurité examinent votre signalement. Elles voient le nom de ce professionnel et "
        "ce que vous écrivez, jamais les documents ni le nom {of}."
    ),
    "Dès que quelqu’un déposera, lira ou essaiera d’ouvrir un document de votre espace, une ligne le dira ici, avec "
    "son nom et la raison.": gettext_noop(
        "Dès que quelqu’un déposera, lira ou essaiera d’ouvrir un document de l’espace {of}, une ligne le dira ici, "
        "avec son nom et la raison."
    ),
    "Aucun document de votre liste ne vient de ce professionnel ni de sa structure : il est entré avec l’accord qu’il "
    "a lui-même enregistré.": gettext_noop(
        "Aucun document de cet espace ne vient de ce professionnel ni de sa structure, dans ce que vous voyez : il est "
        "entré avec l’accord qu’il a lui-même enregistré."
    ),
    "Accès donné par vous, dans votre espace": gettext_noop("Accès donné dans l’espace {of}"),
    "La copie que vous avez demandée est prête": gettext_noop("Une copie de l’espace {of} est prête"),
    "Ce n’est pas votre choix ? Corrigez-le.": gettext_noop("Ce n’est pas ce qui était voulu ? Corrigez-le."),
    "Il voit aussi les documents masqués. Ce n’est pas votre choix ? Corrigez-le.": gettext_noop(
        "Il voit aussi les documents masqués. Ce n’est pas ce qui était voulu ? Corrigez-le."
    ),
}

_EMERGENCIES: Mapping[str, str] = {
    "Si vous ne pouvez pas donner votre accord et qu’un risque immédiat vous menace, qui peut ouvrir votre espace ?": (
        gettext_noop(
            "Si un risque immédiat menace {name} et que personne ne peut donner d’accord, qui peut ouvrir son espace ?"
        )
    ),
    "qu’un professionnel de santé qui me soigne ouvre mon espace": gettext_noop(
        "qu’un professionnel de santé qui soigne {name} ouvre son espace"
    ),
    "que le médecin du SAMU qui reçoit un appel pour moi ouvre mon espace": gettext_noop(
        "que le médecin du SAMU qui reçoit un appel pour {name} ouvre son espace"
    ),
    "qu’ils voient alors aussi les documents que j’ai masqués": gettext_noop(
        "qu’ils voient alors aussi les documents masqués"
    ),
    "Qui ouvre votre espace en urgence écrit pourquoi. Vous en êtes averti tout de suite, votre médecin traitant "
    "aussi, et l’accès se ferme au bout de quatre heures. Un professionnel que vous avez bloqué reste bloqué, sauf "
    "pour le médecin du SAMU.": gettext_noop(
        "Qui ouvre l’espace {of} en urgence écrit pourquoi. Vous en êtes averti tout de suite, son médecin traitant "
        "aussi, et l’accès se ferme au bout de quatre heures. Un professionnel bloqué ici reste bloqué, sauf pour le "
        "médecin du SAMU."
    ),
    "quand un professionnel lit mon espace pour la première fois": gettext_noop(
        "quand un professionnel lit l’espace {of} pour la première fois"
    ),
    "chaque jour où un professionnel lit mon espace": gettext_noop(
        "chaque jour où un professionnel lit l’espace {of}"
    ),
    "quand quelqu’un obtient le droit de lire mon espace": gettext_noop(
        "quand quelqu’un obtient le droit de lire l’espace {of}"
    ),
    "Tous les avis, dans mon espace": gettext_noop("Tous les avis sur l’espace {of}"),
    "Ces courriels ne disent jamais rien de votre santé : ni document, ni résultat, ni nom de professionnel. Ils vous "
    "invitent à vous connecter.": gettext_noop(
        "Ces courriels ne disent jamais rien de la santé {of} : ni document, ni résultat, ni nom de professionnel. Ils "
        "invitent à se connecter."
    ),
}

_SEEING: Mapping[str, str] = {
    "Regardez la liste de vos documents avec les yeux de quelqu’un d’autre. Cette personne n’en sait rien.": (
        gettext_noop(
            "Regardez la liste des documents {of} avec les yeux de quelqu’un d’autre. Cette personne n’en sait rien."
        )
    ),
    "Un professionnel lié à votre espace": gettext_noop("Un professionnel lié à l’espace {of}"),
    "Quelqu’un que vous ne connaissez pas, avec votre accord": gettext_noop("Un inconnu, avec un accord"),
    "Quelqu’un qui vous aide": gettext_noop("Quelqu’un qui aide {name}"),
    "Revenir à vos propres documents": gettext_noop("Revenir aux documents {of}"),
    "Peut lire votre espace.": gettext_noop("Peut lire l’espace {of}."),
    "Ne peut pas lire votre espace.": gettext_noop("Ne peut pas lire l’espace {of}."),
    "Voir ce que cette personne verrait avec votre accord": gettext_noop(
        "Voir ce que cette personne verrait avec un accord"
    ),
    "Ce que vous avez et qu’elle ne verrait pas est dit plus bas, avec la raison.": gettext_noop(
        "Ce que {name} a et qu’elle ne verrait pas est dit plus bas, avec la raison."
    ),
    "Vous l’avez masqué aux professionnels, ou son auteur.": gettext_noop(
        "Masqué aux professionnels, ici ou par son auteur."
    ),
    "Vous l’avez masqué à cette personne.": gettext_noop("Masqué à cette personne."),
    "Cette personne ne peut pas ouvrir votre espace.": gettext_noop("Cette personne ne peut pas ouvrir l’espace {of}."),
    "Quelqu’un que vous ne connaissez pas, à qui vous donneriez votre accord": gettext_noop(
        "Un inconnu, à qui un accord serait donné"
    ),
}

WATCHING: Mapping[str, str] = {**_LINES, **_HISTORY, **_EMERGENCIES, **_SEEING}
