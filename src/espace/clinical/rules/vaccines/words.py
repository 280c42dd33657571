"""The calendar in words that people read, in French and in English."""

from espace.clinical.rules.vaccines.values import Category, Condition, Disease, Standing, Why
from espace.kernel.reasons import Sentence

DISEASES: dict[Disease, Sentence] = {
    Disease.DIPHTHERIA: Sentence("Diphtérie", "Diphtheria"),
    Disease.TETANUS: Sentence("Tétanos", "Tetanus"),
    Disease.POLIO: Sentence("Poliomyélite", "Polio"),
    Disease.PERTUSSIS: Sentence("Coqueluche", "Whooping cough"),
    Disease.HIB: Sentence("Haemophilus influenzae b", "Haemophilus influenzae b"),
    Disease.HEPATITIS_B: Sentence("Hépatite B", "Hepatitis B"),
    Disease.PNEUMOCOCCUS: Sentence("Pneumocoque", "Pneumococcus"),
    Disease.MENINGOCOCCUS_ACWY: Sentence("Méningocoques A, C, W, Y", "Meningococcus A, C, W, Y"),
    Disease.MENINGOCOCCUS_B: Sentence("Méningocoque B", "Meningococcus B"),
    Disease.MENINGOCOCCUS_C: Sentence("Méningocoque C", "Meningococcus C"),
    Disease.MEASLES: Sentence("Rougeole", "Measles"),
    Disease.MUMPS: Sentence("Oreillons", "Mumps"),
    Disease.RUBELLA: Sentence("Rubéole", "Rubella"),
    Disease.ROTAVIRUS: Sentence("Rotavirus", "Rotavirus"),
    Disease.HPV: Sentence("Papillomavirus (HPV)", "Human papillomavirus (HPV)"),
    Disease.FLU: Sentence("Grippe", "Influenza"),
    Disease.COVID: Sentence("Covid-19", "COVID-19"),
    Disease.RSV: Sentence("Virus respiratoire syncytial (VRS)", "Respiratory syncytial virus (RSV)"),
    Disease.SHINGLES: Sentence("Zona", "Shingles"),
    Disease.TUBERCULOSIS: Sentence("Tuberculose", "Tuberculosis"),
    Disease.YELLOW_FEVER: Sentence("Fièvre jaune", "Yellow fever"),
    Disease.DENGUE: Sentence("Dengue", "Dengue"),
    Disease.HEPATITIS_A: Sentence("Hépatite A", "Hepatitis A"),
    Disease.VARICELLA: Sentence("Varicelle", "Chickenpox"),
    Disease.TYPHOID: Sentence("Typhoïde", "Typhoid"),
    Disease.RABIES: Sentence("Rage", "Rabies"),
    Disease.TICK_ENCEPHALITIS: Sentence("Encéphalite à tiques", "Tick-borne encephalitis"),
    Disease.JAPANESE_ENCEPHALITIS: Sentence("Encéphalite japonaise", "Japanese encephalitis"),
    Disease.CHOLERA: Sentence("Choléra", "Cholera"),
    Disease.CHIKUNGUNYA: Sentence("Chikungunya", "Chikungunya"),
    Disease.SMALLPOX: Sentence("Variole et mpox", "Smallpox and mpox"),
}

STANDINGS: dict[Standing, Sentence] = {
    Standing.LATE: Sentence("En retard", "Late"),
    Standing.NOW: Sentence("À faire", "Due"),
    Standing.CHECK: Sentence("À vérifier", "To check"),
    Standing.LATER: Sentence("Plus tard", "Later"),
    Standing.DONE: Sentence("À jour", "Up to date"),
    Standing.NOT_CONCERNED: Sentence("Non concerné", "Not concerned"),
}

CATEGORIES: dict[Category, Sentence] = {
    Category.MANDATORY: Sentence("Obligatoire", "Mandatory"),
    Category.RECOMMENDED: Sentence("Recommandé", "Recommended"),
}

CONDITIONS: dict[Condition, Sentence] = {
    Condition.PREGNANT: Sentence("grossesse", "pregnancy"),
    Condition.CHRONIC_ILLNESS: Sentence("maladie chronique", "chronic illness"),
    Condition.HEART_OR_LUNG: Sentence("maladie du cœur ou des poumons", "heart or lung disease"),
    Condition.WEAK_IMMUNITY: Sentence("défenses immunitaires affaiblies", "weakened immunity"),
    Condition.TUBERCULOSIS_RISK: Sentence("risque élevé de tuberculose", "high risk of tuberculosis"),
    Condition.LIVES_IN_GUYANE: Sentence("vie en Guyane", "life in French Guiana"),
    Condition.LIVES_IN_MAYOTTE: Sentence("vie à Mayotte", "life in Mayotte"),
    Condition.LIVES_IN_ANTILLES: Sentence("vie aux Antilles", "life in the French West Indies"),
    Condition.HAD_DENGUE: Sentence("dengue dans le passé", "dengue in the past"),
}

WHY: dict[Why, Sentence] = {
    Why.COMPLETE: Sentence("Toutes les doses prévues sont notées ici.", "All the planned doses are written here."),
    Why.NEXT_DOSE: Sentence(
        "Dose %(rank)s sur %(needed)s : à partir du %(start)s.", "Dose %(rank)s of %(needed)s: from %(start)s."
    ),
    Why.DOSE_DUE: Sentence("Dose %(rank)s sur %(needed)s : à faire.", "Dose %(rank)s of %(needed)s: to be done."),
    Why.DOSE_LATE: Sentence(
        "Dose %(rank)s sur %(needed)s : prévue avant le %(since)s, elle n’est pas notée ici.",
        "Dose %(rank)s of %(needed)s: planned before %(since)s, it is not written here.",
    ),
    Why.NEXT_BOOSTER: Sentence(
        "Prochain rappel à %(age)s : à partir du %(start)s.", "Next booster at %(age)s: from %(start)s."
    ),
    Why.BOOSTER_DUE: Sentence("Rappel de %(age)s : à faire.", "Booster at %(age)s: to be done."),
    Why.BOOSTER_LATE: Sentence(
        "Rappel de %(age)s : prévu avant le %(since)s, il n’est pas noté ici.",
        "Booster at %(age)s: planned before %(since)s, it is not written here.",
    ),
    Why.SEASON_DONE: Sentence("Faite pour cette saison.", "Done for this season."),
    Why.SEASON_DUE: Sentence(
        "Une dose par saison : celle-ci a commencé le %(start)s.", "One dose a season: this one began on %(start)s."
    ),
    Why.SEASON_LATER: Sentence(
        "Une dose par saison : la prochaine commence le %(start)s.",
        "One dose a season: the next one begins on %(start)s.",
    ),
    Why.PREGNANCY_DUE: Sentence(
        "Recommandée pendant chaque grossesse, au mois qu’indique le médecin ou la sage-femme.",
        "Recommended in each pregnancy, in the month that the doctor or midwife says.",
    ),
    Why.PREGNANCY_DONE: Sentence("Faite pendant cette grossesse.", "Done in this pregnancy."),
    Why.NOTHING_WRITTEN: Sentence(
        "Rien n’est noté ici. Cela ne veut pas dire que rien n’a été fait : il faut regarder le carnet papier.",
        "Nothing is written here. It does not mean that nothing was done: look at the paper record.",
    ),
    Why.FROM_AGE: Sentence("À partir de %(age)s, le %(start)s.", "From the age of %(age)s, on %(start)s."),
    Why.PAST_AGE: Sentence("Le calendrier ne le prévoit plus après %(age)s.", "The calendar ends at %(age)s."),
    Why.BORN_BEFORE: Sentence(
        "Le calendrier ne le prévoit que pour les personnes nées depuis %(year)s.",
        "The calendar has it only for people born since %(year)s.",
    ),
    Why.ONLY_IF: Sentence(
        "Seulement dans certaines situations : %(situations)s.", "Only in some situations: %(situations)s."
    ),
    Why.NOT_NOW: Sentence(
        "Ce vaccin ne se fait pas dans cette situation : %(situations)s.",
        "This vaccine is not given in this situation: %(situations)s.",
    ),
    Why.OUTSIDE: Sentence(
        "Le calendrier ne le prévoit pas pour tous : voyages, métiers, situations particulières.",
        "The calendar does not have it for everybody: journeys, professions, particular situations.",
    ),
}
"""Filled by whoever shows a line: dates in full, ages in words."""
