"""What is said of somebody else, to who helps them, in place of each sentence that speaks to the holder.

`{of}` is « de Léo », `{name}` « Léo ». A sentence in which « vous » is whoever reads, holder or helper, is not here: a
test has the list of those (tests/portal/test_whose.py).
"""

from collections.abc import Mapping

from django.utils.translation import gettext_noop

from espace.portal.whose_watching import WATCHING

_DOCUMENTS: Mapping[str, str] = {
    "Ma santé": gettext_noop("Santé"),
    "Ma synthèse": gettext_noop("Synthèse {of}"),
    "Ajouté par vous": gettext_noop("Ajouté par {name}"),
    "Vos dossiers": gettext_noop("Les dossiers {of}"),
    "Tous vos documents": gettext_noop("Tous les documents {of}"),
    "Le dépôt est automatique. S’il manque un document, demandez à qui l’a écrit de le déposer dans votre espace.": (
        gettext_noop(
            "Le dépôt est automatique. S’il manque un document, demandez à qui l’a écrit de le déposer dans "
            "l’espace {of}."
        )
    ),
    "Pour y mettre un document, cochez-le dans la liste de tous vos documents, puis choisissez « Ranger ».": (
        gettext_noop("Pour y mettre un document, cochez-le dans la liste des documents, puis choisissez « Ranger ».")
    ),
    "Vous, et les professionnels qui peuvent lire votre espace. Vous pourrez le masquer, le modifier ou le supprimer "
    "quand vous voudrez.": gettext_noop(
        "Vous, {name}, et les professionnels qui peuvent lire son espace. Vous pourrez le modifier ou le supprimer "
        "quand vous voudrez."
    ),
    "Vos dossiers ne sont qu’à vous : les professionnels ne les voient pas.": gettext_noop(
        "Les professionnels ne voient pas les dossiers."
    ),
    "Pour réunir les documents qui vont ensemble. Vos dossiers ne sont qu’à vous : les professionnels ne les voient "
    "pas.": gettext_noop("Pour réunir les documents qui vont ensemble. Les professionnels ne voient pas les dossiers."),
    "Quand vous supprimez un document que vous aviez ajouté, il attend ici : vous pouvez le remettre dans votre "
    "espace.": gettext_noop(
        "Quand vous supprimez un document que vous aviez ajouté, il attend ici : vous pouvez le remettre dans "
        "l’espace {of}."
    ),
    "Vous ne le verrez plus dans votre espace, et les professionnels non plus.": gettext_noop(
        "Personne ne le verra plus dans l’espace {of}, les professionnels non plus."
    ),
    "Les documents qu’il contient restent dans votre espace, sans dossier.": gettext_noop(
        "Les documents qu’il contient restent dans l’espace {of}, sans dossier."
    ),
    "Rien de nouveau : vous avez ouvert tous vos documents.": gettext_noop(
        "Rien de nouveau : vous avez ouvert tous les documents {of}."
    ),
}

_READERS: Mapping[str, str] = {
    "Qui peut lire votre espace": gettext_noop("Qui peut lire l’espace {of}"),
    "Un professionnel lit votre espace avec votre accord, ou parce que vous l’avez désigné. C’est vous qui décidez.": (
        gettext_noop(
            "Un professionnel lit l’espace {of} avec un accord, ou parce qu’il a été désigné. Ici, vous décidez en "
            "son nom."
        )
    ),
    "Aucun professionnel ne peut lire votre espace aujourd’hui.": gettext_noop(
        "Aucun professionnel ne peut lire l’espace {of} aujourd’hui."
    ),
    "En consultation, quand un professionnel vous demande votre accord et l’enregistre, son nom apparaît ici.": (
        gettext_noop("En consultation, quand un professionnel demande un accord et l’enregistre, son nom apparaît ici.")
    ),
    "Vos équipes de soins": gettext_noop("Les équipes de soins {of}"),
    "Donnez accès à un professionnel, désignez votre médecin traitant, ou bloquez quelqu’un, même s’il n’est jamais "
    "venu.": gettext_noop(
        "Donnez accès à un professionnel, désignez le médecin traitant {of}, ou bloquez quelqu’un, même s’il n’est "
        "jamais venu."
    ),
    "Donnez accès à un professionnel, changez de médecin traitant, ou bloquez quelqu’un, même s’il n’est jamais "
    "venu.": gettext_noop(
        "Donnez accès à un professionnel, changez le médecin traitant {of}, ou bloquez quelqu’un, même s’il n’est "
        "jamais venu."
    ),
    "Accès donné par vous le %(given)s, jusqu’au %(until)s.": gettext_noop(
        "Accès donné ici le %(given)s, jusqu’au %(until)s."
    ),
    "Accès donné par vous le %(given)s, sans date de fin.": gettext_noop(
        "Accès donné ici le %(given)s, sans date de fin."
    ),
    "Administrateur depuis le %(day)s : les mêmes droits que votre médecin traitant.": gettext_noop(
        "Administrateur depuis le %(day)s : les mêmes droits que le médecin traitant."
    ),
    "Lit votre espace sans nouvel accord, documents masqués compris.": gettext_noop(
        "Lit l’espace {of} sans nouvel accord, documents masqués compris."
    ),
    "Accès en urgence, sans votre accord, jusqu’au %(until)s : « %(words)s »": gettext_noop(
        "Accès en urgence, sans accord, jusqu’au %(until)s : « %(words)s »"
    ),
    "Membre de l’équipe de soins formée par %(team)s depuis le %(day)s. Ajout fait par vous.": gettext_noop(
        "Membre de l’équipe de soins formée par %(team)s depuis le %(day)s. Ajout fait ici."
    ),
    "Cette personne pourra lire votre espace, sauf ce que vous masquez et ce que sa profession ne lit pas.": (
        gettext_noop(
            "Cette personne pourra lire l’espace {of}, sauf ce qui est masqué et ce que sa profession ne lit pas."
        )
    ),
    "Chacun de ses accès est noté dans votre historique.": gettext_noop(
        "Chacun de ses accès est noté dans l’historique {of}."
    ),
    "Les professionnels liés à votre espace": gettext_noop("Les professionnels liés à l’espace {of}"),
    "Même avec votre accord, un professionnel ne lit que les types de documents que sa profession lui ouvre.": (
        gettext_noop(
            "Même avec un accord, un professionnel ne lit que les types de documents que sa profession lui ouvre."
        )
    ),
    "Personne d’autre ne lit votre espace : ni assureur, ni employeur, ni l’État. Vous pouvez aussi masquer ce qu’une "
    "profession pourrait lire.": gettext_noop(
        "Personne d’autre ne lit l’espace {of} : ni assureur, ni employeur, ni l’État. Vous pouvez aussi masquer ce "
        "qu’une profession pourrait lire."
    ),
    "C’est fait : %(name)s peut lire votre espace.": gettext_noop("C’est fait : %(name)s peut lire l’espace {of}."),
    "Votre accord pour cette personne prend fin, et sa place dans une équipe de soins aussi.": gettext_noop(
        "L’accord pour cette personne prend fin, et sa place dans une équipe de soins aussi."
    ),
    "Elle pourra encore déposer des documents : ils sont à vous.": gettext_noop(
        "Elle pourra encore déposer des documents : ils sont à {name}."
    ),
    "Elle pourra vous redemander votre accord. Pour l’empêcher, bloquez-la plutôt.": gettext_noop(
        "Elle pourra redemander un accord. Pour l’empêcher, bloquez-la plutôt."
    ),
    "Vous l’avez désignée : elle lit encore votre espace, tant que vous ne la retirez pas.": gettext_noop(
        "Elle a été désignée : elle lit encore l’espace {of}, tant que vous ne la retirez pas."
    ),
    "Cette personne recevra un courriel, qui ne dit ni votre nom ni rien de votre santé. Elle répond avec son propre "
    "compte.": gettext_noop(
        "Cette personne recevra un courriel, qui ne dit ni le nom {of} ni rien de sa santé. Elle répond avec son "
        "propre compte."
    ),
}

_DECISIONS: Mapping[str, str] = {
    "%(name)s ne sera plus votre médecin traitant.": gettext_noop("%(name)s ne sera plus le médecin traitant {of}."),
    "L’accord que vous lui aviez donné prend fin.": gettext_noop("L’accord qui lui avait été donné prend fin."),
    "Ce ne sera plus votre médecin traitant.": gettext_noop("Ce ne sera plus le médecin traitant {of}."),
    "Ce ne sera plus un administrateur de votre espace.": gettext_noop(
        "Ce ne sera plus un administrateur de l’espace {of}."
    ),
    "Cette personne ne pourra plus rien lire dans votre espace.": gettext_noop(
        "Cette personne ne pourra plus rien lire dans l’espace {of}."
    ),
    "Elle pourra encore y déposer des documents : ils sont à vous.": gettext_noop(
        "Elle pourra encore y déposer des documents : ils sont à {name}."
    ),
    "Elle n’est pas prévenue. Elle l’apprendra si elle essaie d’ouvrir votre espace.": gettext_noop(
        "Elle n’est pas prévenue. Elle l’apprendra si elle essaie d’ouvrir l’espace {of}."
    ),
    "C’est fait : %(name)s ne peut plus lire votre espace.": gettext_noop(
        "C’est fait : %(name)s ne peut plus lire l’espace {of}."
    ),
    "Cette personne ne lira rien tout de suite : il lui faudra d’abord votre accord.": gettext_noop(
        "Cette personne ne lira rien tout de suite : il lui faudra d’abord un accord."
    ),
    "C’est fait : %(name)s pourra de nouveau lire votre espace, si vous donnez votre accord.": gettext_noop(
        "C’est fait : %(name)s pourra de nouveau lire l’espace {of}, avec un accord."
    ),
    "Ce médecin pourra lire votre espace sans vous redemander votre accord.": gettext_noop(
        "Ce médecin pourra lire l’espace {of} sans redemander d’accord."
    ),
    "Il verra aussi les documents que vous masquez aux professionnels.": gettext_noop(
        "Il verra aussi les documents masqués aux professionnels."
    ),
    "Votre déclaration à l’Assurance maladie ne change pas : elle se fait à part.": gettext_noop(
        "La déclaration à l’Assurance maladie ne change pas : elle se fait à part."
    ),
    "C’est fait : %(name)s est votre médecin traitant dans cet espace.": gettext_noop(
        "C’est fait : %(name)s est le médecin traitant {of} dans cet espace."
    ),
    "Ce médecin ne lira plus votre espace, sauf avec votre accord.": gettext_noop(
        "Ce médecin ne lira plus l’espace {of}, sauf avec un accord."
    ),
    "Il ne verra plus les documents que vous masquez aux professionnels.": gettext_noop(
        "Il ne verra plus les documents masqués aux professionnels."
    ),
    "C’est fait : %(name)s n’est plus votre médecin traitant dans cet espace.": gettext_noop(
        "C’est fait : %(name)s n’est plus le médecin traitant {of} dans cet espace."
    ),
    "Cette personne aura les mêmes droits que votre médecin traitant.": gettext_noop(
        "Cette personne aura les mêmes droits que le médecin traitant {of}."
    ),
    "Elle pourra lire votre espace sans vous redemander votre accord, documents masqués compris.": gettext_noop(
        "Elle pourra lire l’espace {of} sans redemander d’accord, documents masqués compris."
    ),
    "Elle pourra lire qui a ouvert votre espace, et bloquer un professionnel en votre nom.": gettext_noop(
        "Elle pourra lire qui a ouvert l’espace {of}, et y bloquer un professionnel."
    ),
    "C’est fait : %(name)s est administrateur de votre espace.": gettext_noop(
        "C’est fait : %(name)s est administrateur de l’espace {of}."
    ),
    "Cette personne ne lira plus votre espace, sauf avec votre accord.": gettext_noop(
        "Cette personne ne lira plus l’espace {of}, sauf avec un accord."
    ),
    "Elle ne verra plus les documents que vous masquez aux professionnels, ni votre historique.": gettext_noop(
        "Elle ne verra plus les documents masqués aux professionnels, ni l’historique {of}."
    ),
    "C’est fait : %(name)s n’est plus administrateur de votre espace.": gettext_noop(
        "C’est fait : %(name)s n’est plus administrateur de l’espace {of}."
    ),
    "Cette personne pourra lire votre espace aussi longtemps que dure votre accord pour l’équipe.": gettext_noop(
        "Cette personne pourra lire l’espace {of} aussi longtemps que dure l’accord pour l’équipe."
    ),
    "Votre accord pour l’équipe prend fin pour tous ses membres, tout de suite.": gettext_noop(
        "L’accord pour l’équipe prend fin pour tous ses membres, tout de suite."
    ),
    "Ceux à qui vous avez donné un accord à part, ou que vous avez désignés, lisent encore.": gettext_noop(
        "Ceux qui ont un accord à part, ou qui sont désignés, lisent encore."
    ),
    "Tous peuvent encore déposer des documents : ils sont à vous.": gettext_noop(
        "Tous peuvent encore déposer des documents : ils sont à {name}."
    ),
    "C’est fait : l’équipe de soins formée par %(name)s n’a plus accès à votre espace.": gettext_noop(
        "C’est fait : l’équipe de soins formée par %(name)s n’a plus accès à l’espace {of}."
    ),
}

_MASKING: Mapping[str, str] = {
    "Qui l’a écrit le verra encore, marqué comme masqué, si cette personne peut lire votre espace.": gettext_noop(
        "Qui l’a écrit le verra encore, marqué comme masqué, si cette personne peut lire l’espace {of}."
    ),
    "Votre médecin traitant, si vous en avez désigné un, le verra aussi.": gettext_noop(
        "Le médecin traitant {of}, s’il est désigné ici, le verra aussi."
    ),
    "Un professionnel qui vous soigne pourrait en avoir besoin.": gettext_noop(
        "Un professionnel qui soigne {name} pourrait en avoir besoin."
    ),
    "Les professionnels qui peuvent lire votre espace le verront, dans toutes ses versions.": gettext_noop(
        "Les professionnels qui peuvent lire l’espace {of} le verront, dans toutes ses versions."
    ),
    "À qui vous l’avez masqué en particulier, il le reste.": gettext_noop(
        "À qui il est masqué en particulier, il le reste."
    ),
    "C’est fait : ce document est visible des professionnels qui peuvent lire votre espace.": gettext_noop(
        "C’est fait : ce document est visible des professionnels qui peuvent lire l’espace {of}."
    ),
    "Cette personne a écrit ce document : elle le verra toujours, si elle peut lire votre espace.": gettext_noop(
        "Cette personne a écrit ce document : elle le verra toujours, si elle peut lire l’espace {of}."
    ),
    "En urgence, elle le verrait seulement si vous l’avez accepté à la page « Urgences ».": gettext_noop(
        "En urgence, elle le verrait seulement si c’est accepté à la page « Urgences »."
    ),
    "Cette personne le verra de nouveau, dans toutes ses versions, si elle peut lire votre espace.": gettext_noop(
        "Cette personne le verra de nouveau, dans toutes ses versions, si elle peut lire l’espace {of}."
    ),
    "C’est noté : vos nouveaux documents arriveront masqués aux professionnels.": gettext_noop(
        "C’est noté : les nouveaux documents {of} arriveront masqués aux professionnels."
    ),
    "C’est noté : vos nouveaux documents arriveront visibles des professionnels que vous autorisez.": gettext_noop(
        "C’est noté : les nouveaux documents {of} arriveront visibles des professionnels autorisés."
    ),
    "Ce que vous avez masqué document par document reste masqué, et ce que son auteur a masqué.": gettext_noop(
        "Ce qui a été masqué document par document reste masqué, et ce que son auteur a masqué."
    ),
    "Masquer tous vos documents aux professionnels ?": gettext_noop(
        "Masquer tous les documents {of} aux professionnels ?"
    ),
    "Les professionnels ne verront plus vos documents, et rien ne leur dira qu’ils existent.": gettext_noop(
        "Les professionnels ne verront plus les documents {of}, et rien ne leur dira qu’ils existent."
    ),
    "Ils sauront toujours que votre espace est ouvert, et pourront y déposer des documents.": gettext_noop(
        "Ils sauront toujours que l’espace {of} est ouvert, et pourront y déposer des documents."
    ),
    "Ne plus masquer tous vos documents ?": gettext_noop("Ne plus masquer tous les documents {of} ?"),
    "Les sortes que vous avez masquées à part restent masquées.": gettext_noop(
        "Les sortes masquées à part restent masquées."
    ),
    "Votre choix pour les nouveaux documents ne change pas.": gettext_noop(
        "Le choix pour les nouveaux documents ne change pas."
    ),
    "C’est votre médecin traitant : il voit ce que vous masquez à tous, mais pas ce que vous lui masquez à lui. Il "
    "vous suivra sans connaître ce document.": gettext_noop(
        "C’est le médecin traitant {of} : il voit ce qui est masqué à tous, mais pas ce qui lui est masqué à lui. Il "
        "soignera {name} sans connaître ce document."
    ),
    "C’est un administrateur de votre espace : il voit ce que vous masquez à tous, mais pas ce que vous lui masquez à "
    "lui.": gettext_noop(
        "C’est un administrateur de l’espace {of} : il voit ce qui est masqué à tous, mais pas ce qui lui est masqué à "
        "lui."
    ),
    "Les professionnels qui peuvent lire votre espace verront les documents que ce choix masquait.": gettext_noop(
        "Les professionnels qui peuvent lire l’espace {of} verront les documents que ce choix masquait."
    ),
    "Qui a écrit un document le verra encore, si cette personne peut lire votre espace. Votre médecin traitant "
    "aussi.": gettext_noop(
        "Qui a écrit un document le verra encore, si cette personne peut lire l’espace {of}. Le médecin traitant {of} "
        "aussi."
    ),
    "Les professionnels qui peuvent lire votre espace verront les documents que ce sujet masquait.": gettext_noop(
        "Les professionnels qui peuvent lire l’espace {of} verront les documents que ce sujet masquait."
    ),
    "Les documents restent dans votre espace.": gettext_noop("Les documents restent dans l’espace {of}."),
    "Ses documents restent dans votre espace, sans ce sujet.": gettext_noop(
        "Ses documents restent dans l’espace {of}, sans ce sujet."
    ),
    "Vos sujets de santé": gettext_noop("Les sujets de santé {of}"),
    "Chercher parmi tous vos documents": gettext_noop("Chercher parmi tous les documents {of}"),
    "visible des professionnels que j’autorise": gettext_noop("visible des professionnels autorisés"),
    "Les sortes dont vous n’avez aucun document": gettext_noop("Les sortes dont {name} n’a aucun document"),
    "Ce qui est masqué reste lu par qui l’a écrit et par votre médecin traitant ; en urgence, seulement si vous l’avez "
    "accepté à la page « Urgences ». Personne d’autre ne voit que quelque chose est masqué.": gettext_noop(
        "Ce qui est masqué reste lu par qui l’a écrit et par le médecin traitant {of} ; en urgence, seulement si c’est "
        "accepté à la page « Urgences ». Personne d’autre ne voit que quelque chose est masqué."
    ),
    "avez choisi que vos nouveaux documents arrivent masqués aux professionnels": gettext_noop(
        "avez choisi que les nouveaux documents arrivent masqués aux professionnels"
    ),
    "avez choisi que vos nouveaux documents arrivent visibles des professionnels": gettext_noop(
        "avez choisi que les nouveaux documents arrivent visibles des professionnels"
    ),
    "avez masqué tous vos documents aux professionnels, et ceux à venir : %(count)s": gettext_noop(
        "avez masqué tous les documents aux professionnels, et ceux à venir : %(count)s"
    ),
    "avez cessé de masquer tous vos documents aux professionnels : %(count)s": gettext_noop(
        "avez cessé de masquer tous les documents aux professionnels : %(count)s"
    ),
}

OF_ANOTHER: Mapping[str, str] = {**_DOCUMENTS, **_READERS, **_DECISIONS, **_MASKING, **WATCHING}
