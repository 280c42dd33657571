"""Cancers found, treated, watched: breast, colon, prostate; a polyp that never became one."""

from datetime import date, timedelta

from espace.site.demo.crowd import conditions
from espace.site.demo.crowd.acts import HELD, image, order, prescribe, see, stay, write
from espace.site.demo.crowd.life import Life, french
from espace.site.demo.stories import pictures
from espace.site.demo.stories.analyses import BLOOD_COUNT, KIDNEY, LIVER
from espace.wire.cda_writing import LEFT, Problem, Procedure, Stay


def _meeting(life: Life, day: date, what: str, decided: str) -> None:
    write(
        life, day, life.team.oncologist, "34794-8", "Réunion de concertation pluridisciplinaire",
        f"Dossier présenté par le médecin référent. {what}",
        f"Proposition : {decided}",
    )  # fmt: skip


def _announced(life: Life, day: date, *words: str) -> None:
    see(life, day, life.team.oncologist, "Consultation d’annonce", *words)


def _chemotherapy(life: Life, first: date, sessions: int, protocol: str) -> None:
    for rank in range(sessions):
        day = first + timedelta(days=21 * rank)
        values = {"wbc": life.between(32, 62) / 10, "neutrophils": life.between(16, 34) / 10,
                  "plt": life.between(150, 240), "hb": life.between(104, 122) / 10}  # fmt: skip
        keys = (*BLOOD_COUNT, "neutrophils", *KIDNEY, *LIVER)
        team = life.team
        life.blood(day - timedelta(days=2), keys, values, title="Bilan avant la cure", asked_by=team.oncologist)
        write(
            life, day, team.oncologist, "80565-5", f"Chimiothérapie : cure {rank + 1} sur {sessions}",
            f"{protocol}. Poids {life.weight()} kg. Neutrophiles suffisants, cure faite à pleine dose.",
            life.pick(("Bien supportée.", "Nausées deux jours, calmées par l’ondansétron.", "Fatigue une semaine.")),
        )  # fmt: skip
    nausea = life.give("ondansetron", first, first + timedelta(days=21 * sessions), reason="Nausées")
    prescribe(life, first, nausea, by=life.team.oncologist, delivered=True)


def breast_cancer(life: Life) -> None:
    """Found by screening, operated on, radiotherapy, five years of hormone treatment, a picture every year."""
    months = life.between(22, 31)
    size = life.between(9, 19)
    seen = pictures.mammogram(
        "Masse suspecte du sein gauche (ACR 5). Prélèvement nécessaire.",
        f"Sein gauche : masse spiculée de {size} mm du quadrant supéro-externe.",
        "Sein droit : pas d’anomalie.",
    )
    image(life, life.day(months), seen, asked_by=life.team.screener)
    receptor = "Récepteurs aux œstrogènes 90 %, à la progestérone 70 %, HER2 négatif, Ki67 12 %."
    write(
        life, life.day(months, -9), life.team.pathologist, "60568-3", "Analyse du prélèvement du sein gauche",
        "Carcinome infiltrant de type non spécifique, grade II.", receptor,
    )  # fmt: skip
    _announced(
        life, life.day(months, -16),
        f"Annonce à {life.called}, venue avec une proche, d’un cancer du sein de {size} mm.",
        "Le parcours est expliqué, un numéro direct et l’infirmière de coordination sont donnés.",
    )  # fmt: skip
    _meeting(life, life.day(months, -20), f"Carcinome de {size} mm, cN0. {receptor}",
             "tumorectomie et ganglion sentinelle, puis radiothérapie et hormonothérapie.")  # fmt: skip
    _breast_treatment(life, months, size)
    name = "letrozole" if life.age() >= 52 else "tamoxifen"
    began = life.day(months - 4)
    for after in (4, 11, 18):
        day = life.day(months - after)
        prescribe(life, day, life.lasting(name, day, "Hormonothérapie"), by=life.team.oncologist, delivered=after == 4)
    _breast_watch(life, months)
    life.chart.problems.append(Problem(conditions.BREAST_CANCER, life.day(months, -9)))
    life.chart.treatments.append(life.lasting(name, began, "Hormonothérapie"))
    life.chart.attention.append("Cancer du sein gauche traité : mammographie chaque année.")


def _breast_treatment(life: Life, months: int, size: int) -> None:
    day = life.day(months - 1)
    write(
        life, day - timedelta(days=9), life.team.anaesthetist, "34749-2", "Consultation d’anesthésie",
        "Pas d’antécédent d’anesthésie difficile. ASA 2. Anesthésie générale, sortie le soir même prévue.",
    )  # fmt: skip
    write(
        life, day, life.team.obstetrician, "34874-8", "Compte rendu opératoire : tumorectomie du sein gauche",
        "Tumorectomie du quadrant supéro-externe, deux ganglions sentinelles prélevés. Berges à distance.",
        encounter="IMP",
    )  # fmt: skip
    what = Stay(
        "Tumorectomie du sein gauche et ganglion sentinelle.",
        ("Suites simples, douleur à 2 sur 10, mobilisation de l’épaule expliquée.",),
        (Problem(conditions.BREAST_CANCER, day),),
        (life.give("paracetamol", day, day + timedelta(days=7), reason="Douleur"),),
        pending="Analyse de la pièce opératoire en cours.",
        plan=("Infirmière pour les pansements.", "Consultation de résultat dans deux semaines."),
        allergies=tuple(life.chart.allergies),
    )
    stay(life, day, 0, life.team.obstetrician, "Sortie après une opération du sein", what)
    write(
        life, day + timedelta(days=11), life.team.pathologist, "60568-3", "Analyse de la pièce opératoire",
        f"Carcinome infiltrant de {size} mm, grade II, berges saines (3 mm). Deux ganglions sans métastase (pN0).",
    )  # fmt: skip
    write(
        life, life.day(months - 4), life.team.radiotherapist, "11505-5", "Fin de radiothérapie",
        "Sein gauche : 40 Gy en 15 séances. Rougeur discrète de la peau, pas d’arrêt.",
    )  # fmt: skip
    life.chart.procedures.append(Procedure(conditions.BREAST_SURGERY, day, conditions.BREAST, LEFT))


def _breast_watch(life: Life, months: int) -> None:
    for after in (10, 16, months - 1):
        see(
            life, life.day(months - after), life.team.oncologist, "Surveillance après un cancer du sein",
            "Va bien. Cicatrice souple, pas de masse, aires ganglionnaires libres. Bouffées de chaleur supportables.",
            "Pas de signe de récidive.",
        )  # fmt: skip
        marker = {"ca153": life.between(11, 22)}
        life.blood(
            life.day(months - after, 8),
            ("ca153", *LIVER, "calcium"),
            marker,
            title="Surveillance",
            asked_by=life.team.oncologist,
        )
    calm = pictures.mammogram(
        "Sein gauche opéré, remaniements stables (ACR 2). Sein droit normal (ACR 1).",
        "Cicatrice du quadrant supéro-externe gauche, sans masse ni microcalcification nouvelle.",
        reason="Surveillance d’un cancer du sein gauche opéré.",
    )
    image(life, life.day(months - 13), calm)


def colon_cancer(life: Life) -> None:
    """A positive test, a colonoscopy, an operation, chemotherapy, and a marker that stays low."""
    # Scanners with contrast all along: nobody allergic to iodine has this story.
    life.chart.allergies[:] = [one for one in life.chart.allergies if one.agent != conditions.IODINE]
    months = life.between(20, 30)
    write(
        life, life.day(months), life.team.screener, "75492-9", "Dépistage du cancer colorectal : résultat",
        "Du sang a été trouvé dans votre prélèvement. Ce n’est pas un diagnostic : une coloscopie est nécessaire.",
        "Prenez rendez-vous avec votre médecin, qui en est informé.",
    )  # fmt: skip
    day = life.day(months - 1)
    write(
        life, day, life.team.gastroenterologist, "70004-7", "Coloscopie",
        "Préparation bonne (Boston 8). Lésion bourgeonnante du sigmoïde à 32 cm, de 3 cm, biopsiée. Pas d’autre "
        "lésion.",
    )  # fmt: skip
    write(
        life, day + timedelta(days=7), life.team.pathologist, "60568-3", "Biopsie du côlon",
        "Adénocarcinome lieberkühnien moyennement différencié. Pas de perte d’expression des protéines MMR.",
    )  # fmt: skip
    scan = pictures.body_scan("Pas de métastase.", "Épaississement du sigmoïde sur 4 cm. Foie et poumons sans lésion.",
                              reason="Bilan d’extension d’un adénocarcinome du sigmoïde.")  # fmt: skip
    image(life, day + timedelta(days=12), scan, asked_by=life.team.gastroenterologist)
    _announced(
        life, day + timedelta(days=14), "Annonce d’un cancer du côlon, localisé.", "Opération proposée et acceptée."
    )
    _meeting(life, day + timedelta(days=16), "Adénocarcinome du sigmoïde, cT3 N0 M0.", "chirurgie d’emblée.")
    _colon_treatment(life, life.day(months - 2))
    _colon_watch(life, months)
    life.chart.problems.append(Problem(conditions.COLON_CANCER, day))
    life.chart.attention.append("Cancer du côlon opéré : scanner et ACE tous les six mois.")


def _colon_watch(life: Life, months: int) -> None:
    for after in (11, 15, months - 1):
        values = {"cea": life.between(9, 26) / 10}
        life.blood(
            life.day(months - after),
            ("cea", *LIVER, *BLOOD_COUNT),
            values,
            title="Surveillance",
            asked_by=life.team.oncologist,
        )
    clear = pictures.body_scan("Pas de récidive ni de métastase.", "Anastomose régulière. Foie et poumons sans lésion.",
                               reason="Surveillance d’un cancer du côlon opéré.")  # fmt: skip
    image(life, life.day(months - 14), clear, asked_by=life.team.oncologist)
    fresh = pictures.body_scan(
        "Nodule du lobe moyen de 5 mm, nouveau, à contrôler dans trois mois.",
        "Anastomose régulière, foie sans lésion. Nodule pulmonaire de 5 mm, non spécifique.",
        reason="Surveillance d’un cancer du côlon opéré.",
    )
    # Not told yet: the oncologist sees the person next week.
    image(life, life.day(0, 8), fresh, asked_by=life.team.oncologist, visibility=HELD)


def _colon_treatment(life: Life, day: date) -> None:
    write(
        life, day, life.team.surgeon, "34874-8", "Compte rendu opératoire : colectomie gauche",
        "Colectomie gauche par cœlioscopie, anastomose colorectale mécanique. Pertes : 80 mL. Pas de stomie.",
        encounter="IMP",
    )  # fmt: skip
    what = Stay(
        "Colectomie gauche pour un cancer du sigmoïde.",
        ("Reprise des gaz au deuxième jour, repas au troisième. Cicatrices propres.",),
        (Problem(conditions.COLON_CANCER, day),),
        (life.give("paracetamol", day, day + timedelta(days=10), reason="Douleur"),
         life.give("enoxaparin", day, day + timedelta(days=28), reason="Éviter une phlébite")),
        pending="Analyse de la pièce opératoire en cours.",
        plan=("Infirmière chaque jour.", "Alimentation sans fibres deux semaines.", "Oncologue dans trois semaines."),
        allergies=tuple(life.chart.allergies),
    )  # fmt: skip
    stay(life, day, 6, life.team.surgeon, "Sortie après une opération du côlon", what)
    write(
        life, day + timedelta(days=12), life.team.pathologist, "60568-3", "Analyse de la pièce de colectomie",
        "Adénocarcinome pT3, 2 ganglions envahis sur 19 (pN1b), marges saines.",
    )  # fmt: skip
    write(
        life, day + timedelta(days=24), life.team.oncologist, "77604-7", "Programme personnalisé de soins",
        "Capécitabine et oxaliplatine, quatre cures, toutes les trois semaines. Chambre implantable posée.",
        "Appeler le service si la température dépasse 38 °C.",
    )  # fmt: skip
    _chemotherapy(life, day + timedelta(days=35), 4, "Capécitabine et oxaliplatine")


def polyp(life: Life) -> None:
    months = life.between(6, 30)
    day = life.day(months)
    write(
        life, day, life.team.gastroenterologist, "70004-7", "Coloscopie",
        f"Test de dépistage positif. Polype de {life.between(7, 14)} mm du côlon transverse, enlevé à l’anse.",
        "Contrôle dans trois ans.",
    )  # fmt: skip
    write(
        life, day + timedelta(days=8), life.team.pathologist, "60568-3", "Analyse d’un polype du côlon",
        "Adénome tubuleux en dysplasie de bas grade, exérèse complète.",
    )  # fmt: skip
    life.chart.history.append(Problem(conditions.COLON_POLYP, day, day))
    life.chart.procedures.append(Procedure(conditions.COLONOSCOPY, day))


def prostate_cancer(life: Life) -> None:
    """A PSA that climbs, biopsies, radiotherapy with hormone treatment, and a PSA that falls."""
    months = life.between(20, 32)
    first = life.between(86, 142) / 10
    for before, value in ((4, first - 2.1), (1, first)):
        life.blood(life.day(months + before), ("psa", "creatinine", "gfr"), {"psa": value}, title="Dosage du PSA")
    image(
        life, life.day(months), pictures.prostate("Lésion suspecte (PI-RADS 4) de la zone périphérique droite."),
        asked_by=life.team.urologist,
    )  # fmt: skip
    found = life.day(months - 1)
    write(
        life, found, life.team.pathologist, "60568-3", "Biopsies de la prostate",
        "Quatre fragments envahis sur 14 : adénocarcinome, score de Gleason 7 (3+4), groupe ISUP 2.",
    )  # fmt: skip
    _announced(life, found + timedelta(days=8), f"PSA à {french(first)} µg/L, Gleason 7, tumeur localisée.",
               "Opération, radiothérapie et surveillance expliquées. Il choisit la radiothérapie.")  # fmt: skip
    _meeting(life, found + timedelta(days=15), "Adénocarcinome de prostate de risque intermédiaire.",
             "radiothérapie et hormonothérapie courte de six mois.")  # fmt: skip
    _prostate_treatment(life, months)
    life.chart.problems.append(Problem(conditions.PROSTATE_CANCER, found))


def _prostate_treatment(life: Life, months: int) -> None:
    day = life.day(months - 3)
    prescribe(life, day, life.give("leuprorelin", day, day + timedelta(days=180), reason="Cancer de la prostate"),
              by=life.team.urologist, delivered=True)  # fmt: skip
    write(
        life, life.day(months - 7), life.team.radiotherapist, "11505-5", "Fin de radiothérapie",
        "Prostate : 60 Gy en 20 séances. Envies fréquentes d’uriner pendant trois semaines, revenues à la normale.",
    )  # fmt: skip
    for after, value in ((9, 0.4), (13, 0.3), (19, 0.2)):
        life.blood(
            life.day(months - after),
            ("psa",),
            {"psa": value},
            title="Surveillance du PSA",
            asked_by=life.team.urologist,
        )
    see(
        life, life.day(months - 14), life.team.urologist, "Surveillance après un cancer de la prostate",
        "PSA stable et bas. Bon jet, un lever par nuit. Pas de sang dans les selles.",
    )  # fmt: skip
    order(
        life,
        life.day(months - 14),
        "PRESC-BIO",
        "Ordonnance d’analyses",
        "PSA tous les six mois.",
        by=life.team.urologist,
    )
