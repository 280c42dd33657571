"""Depression, anxiety, migraine, memory, Parkinson."""

from datetime import timedelta

from espace.site.demo.crowd import conditions
from espace.site.demo.crowd.acts import MASKED, image, order, prescribe, see, write
from espace.site.demo.crowd.common import followed_for
from espace.site.demo.crowd.life import Life
from espace.site.demo.stories import pictures
from espace.site.demo.stories.conditions import MIGRAINE
from espace.wire.cda_writing import Problem


def depression(life: Life) -> None:
    """An episode treated for a year; what the psychiatrist writes is masked by the person."""
    months = life.between(14, 30)
    score = life.between(14, 21)
    day = life.day(months)
    see(
        life, day, life.team.attending, "Consultation : fatigue et tristesse",
        "Tristesse et perte d’intérêt depuis deux mois, réveils à 4 heures, appétit diminué. Pas d’idée de mort. "
        f"Score PHQ-9 : {score} sur 27. TSH normale le mois dernier.",
        "Épisode dépressif moyen. Sertraline, soutien psychologique, revoir dans deux semaines.",
    )  # fmt: skip
    if 18 <= life.age(day) < 64:
        for rank in range(3):
            begun = day + timedelta(days=28 * rank)
            order(
                life, begun, "PRESC-AAT", "Avis d’arrêt de travail" if rank == 0 else "Prolongation d’arrêt de travail",
                f"Arrêt de travail de 28 jours à compter du {begun:%d/%m/%Y}. Sorties libres.",
            )  # fmt: skip
    for rank, after in enumerate((0, 1, 4, 8)):
        _follow_mood(life, months - after, score - 4 * rank, delivered=rank in (0, 2))
    for after in (2, 5):
        see(
            life, life.day(months - after), life.team.psychiatrist, "Consultation de psychiatrie",
            "Humeur qui remonte, ruminations surtout le soir. Conflit au travail abordé. Pas d’idée suicidaire.",
            "Poursuivre le traitement six mois après la guérison. Thérapie : une séance tous les quinze jours.",
            visibility=MASKED,
        )  # fmt: skip
    end = life.day(months - 12) if months > 14 else None
    life.chart.history.append(Problem(conditions.DEPRESSION, day, end))
    life.chart.treatments.append(life.give("sertraline", day, end, reason="Dépression"))


def _follow_mood(life: Life, months: int, score: int, *, delivered: bool) -> None:
    day = life.day(months, -3)
    if score < 14:
        see(
            life, day, life.team.attending, "Suivi : moral",
            f"Score PHQ-9 : {max(score, 3)} sur 27. Dort mieux, revoit ses amis. Traitement bien supporté.",
            "Même dose. Ne pas arrêter sans en parler.",
        )  # fmt: skip
    taken = life.give("sertraline", day, day + timedelta(days=90), reason="Dépression", boxes=3)
    prescribe(life, day, taken, delivered=delivered)


def anxiety(life: Life) -> None:
    months = life.between(8, 24)
    since = life.day(months)
    see(
        life, since, life.team.attending, "Consultation : anxiété",
        "Inquiétudes continues, tension dans la nuque, sommeil léger. Électrocardiogramme et TSH normaux. GAD-7 : "
        "15 sur 21.",
        "Anxiété généralisée. Relaxation, activité physique, escitalopram. Pas de benzodiazépine.",
    )  # fmt: skip
    for rank, after in enumerate((0, 3, 6)):
        day = life.day(months - after, -1)
        prescribe(life, day, life.give("escitalopram", day, reason="Anxiété", boxes=3), delivered=rank == 1)
    write(
        life, life.day(months - 2), life.team.psychiatrist, "83901-9", "Bilan psychologique",
        "Anxiété de fond, perfectionnisme. Bonne compréhension. Thérapie comportementale : 12 séances proposées.",
        visibility=MASKED,
    )  # fmt: skip
    life.chart.problems.append(Problem(conditions.ANXIETY, since))
    life.chart.treatments.append(life.give("escitalopram", since, reason="Anxiété"))


def migraine(life: Life) -> None:
    months = life.between(8, 28)
    day = life.day(months)
    see(
        life, day, life.team.attending, "Consultation : migraines",
        f"{life.between(3, 6)} crises par mois, d’un côté, avec nausées, gênées par la lumière. Lignes brillantes "
        "avant. "
        "Examen neurologique normal.",
        "Migraine avec aura. Sumatriptan en crise, calendrier à tenir. Pas d’œstrogènes.",
    )  # fmt: skip
    crisis = life.give(
        "sumatriptan", day, reason="Crise de migraine", advice="Pas plus de 2 par jour, 8 jours par mois."
    )
    prescribe(life, day, crisis, delivered=True)
    asthmatic = any(one.code.code.startswith("J45") for one in life.chart.problems)
    if not asthmatic:
        later = life.day(months - 4)
        see(
            life, later, life.team.neurologist, "Avis du neurologue",
            "Sept jours de migraine par mois au calendrier. Traitement de fond indiqué.",
            "Propranolol LP 80 mg le soir pendant six mois. Pas d’asthme.",
        )  # fmt: skip
        base = life.give(
            "propranolol", later, later + timedelta(days=180), reason="Espacer les migraines", boxes=3, renewals=1
        )
        prescribe(life, later, base, by=life.team.neurologist, delivered=True)
    life.chart.problems.append(Problem(MIGRAINE, day))
    life.chart.treatments.append(crisis)


def memory(life: Life) -> None:
    """Memory that goes: the memory clinic, an MRI, help at home."""
    months = life.between(24, 32)
    first = life.between(20, 24)
    write(
        life, life.day(months), life.team.geriatrician, "34120-6", "Consultation mémoire",
        f"Sa famille s’inquiète depuis un an : rendez-vous oubliés, cuisine brûlée. MMSE : {first} sur 30 "
        "(rappel 0 sur 3). Autonomie des gestes simples conservée.",
        "IRM, bilan sanguin, bilan orthophonique. Conduite : à arrêter.",
    )  # fmt: skip
    seen = pictures.brain(
        "Atrophie des hippocampes (Scheltens 3). Pas d’autre lésion.",
        "Atrophie hippocampique bilatérale. Quelques hypersignaux de la substance blanche (Fazekas 1).",
        reason="Troubles de la mémoire depuis un an.",
    )
    image(life, life.day(months - 1), seen, asked_by=life.team.geriatrician)
    life.blood(
        life.day(months - 1, 4), ("tsh", "b12", "calcium", "albumin", "glucose"),
        title="Bilan de troubles de la mémoire",
        asked_by=life.team.geriatrician,
    )  # fmt: skip
    for rank, after in enumerate((3, 12)):
        write(
            life, life.day(months - after), life.team.geriatrician, "11488-4", "Suivi de la consultation mémoire",
            f"MMSE : {first - 2 - 2 * rank} sur 30. " + ("Diagnostic annoncé à la personne et à sa fille." if rank == 0
            else life.agreed("Désorientée", "Désorienté") + " dans le temps, reconnaît ses proches. Poids stable."),
            "Atelier mémoire, rythme régulier, aide aux aidants.",
        )  # fmt: skip
    life.chart.problems.append(Problem(conditions.ALZHEIMER, life.day(months - 3)))
    life.chart.attention += ["Éviter les médicaments anticholinergiques.", "Ne conduit plus."]


def shaking(life: Life) -> None:
    """Parkinson's disease: levodopa four times a day, exercises, falls to prevent."""
    since = followed_for(life, life.between(3, 7))
    for rank, months in enumerate((31, 19, 7)):
        day = life.day(months)
        see(
            life, day, life.team.neurologist, "Consultation de neurologie",
            f"Marche à petits pas le soir, blocages {('rares', 'rares', 'deux par jour')[rank]}. "
            f"UPDRS moteur : {life.between(18, 22) + rank}. Pas d’hallucination.",
            "Lévodopa quatre fois par jour à heures fixes. Kinésithérapie deux fois par semaine.",
        )  # fmt: skip
        prescribe(
            life, day, life.lasting("levodopa", day, "Parkinson"), by=life.team.neurologist, delivered=rank % 2 == 0
        )
    order(
        life,
        life.day(19, -2),
        "PRESC-KINE",
        "Ordonnance de kinésithérapie",
        "Équilibre et marche, deux fois par semaine, un an.",
    )
    write(
        life, life.day(12), life.team.physiotherapist, "11506-3", "Bilan de kinésithérapie",
        "Lever de chaise 14 secondes, équilibre sur un pied 6 secondes. Repères au sol utiles contre les blocages.",
    )  # fmt: skip
    life.chart.problems.append(Problem(conditions.PARKINSON, since))
    life.chart.treatments.append(life.lasting("levodopa", since, "Parkinson"))
    life.chart.attention.append(
        "Parkinson : pas de métoclopramide ni de neuroleptique. Heures de lévodopa à respecter."
    )
