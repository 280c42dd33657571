"""Who lives what: for every age and sex, the stories that follow one another from person to person."""

from collections.abc import Callable, Mapping

from espace.site.demo.crowd import (
    births,
    bones,
    cancers,
    children,
    common,
    elders,
    everyday,
    heart,
    lungs,
    minds,
    sugar,
)
from espace.site.demo.crowd.life import Life

Thread = Callable[[Life], None]

_INFANT: tuple[tuple[Thread, ...], ...] = (
    (children.ears,),
    (lungs.bronchiolitis, children.ears),
    (children.eczema, children.throat),
    (children.ears, common.stomach),
    (children.throat,),
)
_CHILD: tuple[tuple[Thread, ...], ...] = (
    (lungs.child_asthma, children.throat),
    (bones.wrist, children.throat),
    (children.speech, children.ears),
    (children.peanut, common.cold),
    (children.throat, common.glasses),
    (bones.ankle_sprain, children.ears),
    (children.eczema, lungs.child_asthma),
    (children.throat, common.stomach, common.cold),
)
_TEEN: tuple[tuple[Thread, ...], ...] = (
    (bones.scoliosis, common.cold),
    (children.acne, common.glasses),
    (bones.ankle_sprain, children.throat),
    (everyday.appendicitis,),
    (lungs.child_asthma, children.acne),
    (bones.wrist, common.cold),
)
_YOUNG_WOMAN: tuple[tuple[Thread, ...], ...] = (
    (births.pregnancy,),
    (births.contraception, common.cold, common.cystitis),
    (sugar.thyroid, births.contraception, common.cold),
    (births.pregnancy, common.teeth),
    (minds.depression, common.teeth, common.cold),
    (minds.migraine, common.cold, sugar.anaemia),
    (lungs.asthma, common.cold),
    (sugar.anaemia, births.contraception, common.stomach),
    (common.sexual_health, births.contraception, everyday.video_call),
    (births.pregnancy, common.cystitis),
    (minds.anxiety, everyday.tired, everyday.video_call),
    (bones.back_pain, common.cystitis, common.glasses),
    (sugar.insulin, common.cold),
    (bones.swollen_joints, common.teeth),
    (everyday.kidney_stone, births.contraception),
)
_YOUNG_MAN: tuple[tuple[Thread, ...], ...] = (
    (bones.back_pain, common.cold, common.teeth),
    (bones.ankle_sprain, common.teeth, common.checkup),
    (minds.depression, common.cold),
    (lungs.asthma, common.cold),
    (everyday.kidney_stone, common.glasses),
    (everyday.appendicitis, common.checkup, common.cold),
    (common.abroad, everyday.video_call, common.checkup),
    (sugar.insulin, common.cold),
    (common.sexual_health, common.cold, common.teeth),
    (bones.wrist, common.glasses, common.checkup),
    (everyday.hernia, common.checkup),
    (minds.anxiety, everyday.tired),
    (lungs.pneumonia, common.cold),
)
_WOMAN: tuple[tuple[Thread, ...], ...] = (
    (heart.hypertension, common.glasses),
    (cancers.breast_cancer, common.teeth),
    (sugar.diabetes, heart.hypertension),
    (sugar.thyroid, everyday.reflux, common.cold),
    (everyday.gallbladder, common.checkup),
    (minds.depression, heart.cholesterol),
    (bones.swollen_joints, common.teeth),
    (bones.osteoporosis, everyday.reflux, common.glasses),
    (common.checkup, common.cold, common.teeth, common.cystitis),
    (bones.back_pain, heart.cholesterol),
    (lungs.asthma, everyday.reflux),
    (heart.hypertension, everyday.video_call, bones.walking),
    (sugar.diabetes, common.cystitis),
)
_MAN: tuple[tuple[Thread, ...], ...] = (
    (heart.hypertension, heart.cholesterol),
    (heart.infarction, common.teeth),
    (sugar.diabetes, common.cold),
    (lungs.sleep_apnoea, heart.hypertension),
    (sugar.gout, common.checkup, common.cold),
    (bones.back_pain, common.checkup, everyday.video_call),
    (cancers.polyp, common.checkup, common.glasses),
    (lungs.tobacco_bronchi, common.cold),
    (sugar.diabetes, heart.hypertension),
    (cancers.colon_cancer,),
    (minds.depression, everyday.reflux),
    (everyday.kidney_stone, everyday.hernia, common.checkup),
    (common.checkup, common.abroad, common.teeth),
    (heart.hypertension, bones.back_pain),
)
_OLDER_WOMAN: tuple[tuple[Thread, ...], ...] = (
    (heart.hypertension, bones.osteoporosis),
    (sugar.diabetes, heart.hypertension, elders.cataract),
    (bones.knee, common.glasses, common.checkup),
    (heart.fibrillation, heart.hypertension),
    (cancers.breast_cancer, bones.walking),
    (lungs.tobacco_bronchi, elders.cataract),
    (sugar.thyroid, elders.cataract, bones.walking),
    (heart.cholesterol, everyday.reflux, common.glasses),
    (heart.stroke, common.teeth),
    (elders.weak_kidneys, heart.hypertension),
    (lungs.pneumonia, bones.walking, common.checkup),
)
_OLDER_MAN: tuple[tuple[Thread, ...], ...] = (
    (heart.hypertension, elders.prostate_growth),
    (cancers.prostate_cancer, common.glasses),
    (lungs.tobacco_bronchi, elders.cataract),
    (heart.infarction, elders.prostate_growth),
    (heart.fibrillation, heart.hypertension, elders.prostate_growth),
    (bones.knee, heart.hypertension),
    (cancers.colon_cancer, common.glasses),
    (sugar.diabetes, heart.hypertension, elders.cataract),
    (heart.stroke, elders.prostate_growth),
    (minds.shaking, common.teeth),
    (elders.weak_kidneys, heart.hypertension),
    (cancers.polyp, heart.hypertension, common.checkup),
)
_VERY_OLD: tuple[tuple[Thread, ...], ...] = (
    (minds.memory, elders.nursing_home),
    (heart.tired_heart, elders.alone_at_home),
    (elders.broken_hip, elders.nursing_home),
    (heart.hypertension, elders.cataract, elders.alone_at_home),
    (minds.shaking, elders.nursing_home),
    (heart.fibrillation, elders.broken_hip, elders.alone_at_home),
    (elders.weak_kidneys, heart.hypertension, elders.nursing_home),
    (heart.tired_heart, elders.nursing_home),
)

_CYCLES: Mapping[str, tuple[tuple[Thread, ...], ...]] = {
    "infant": _INFANT,
    "child": _CHILD,
    "teen": _TEEN,
    "young F": _YOUNG_WOMAN,
    "young M": _YOUNG_MAN,
    "adult F": _WOMAN,
    "adult M": _MAN,
    "older F": _OLDER_WOMAN,
    "older M": _OLDER_MAN,
    "old": _VERY_OLD,
}
_SCREENINGS: tuple[Thread, ...] = (
    common.booster,
    common.cervix_screening,
    common.breast_screening,
    common.colon_screening,
)
_ALWAYS: Mapping[str, tuple[Thread, ...]] = {
    "infant": (children.newborn, children.infant_vaccines, children.infant_examinations),
    "child": (children.school_age, children.sport),
    "teen": (children.school_age, children.sport),
    "young": _SCREENINGS,
    "adult": _SCREENINGS,
    "older": (*_SCREENINGS, common.flu, common.older_vaccines),
    "old": (common.booster, common.flu, common.older_vaccines),
}
_FRAGILE = frozenset({"J44.9", "J45.0", "E11.9", "E10.9", "I21.1", "M05.9"})
"""Those who are invited to the flu vaccine before 65."""


def group_of(months: int, sex: str) -> str:
    """The cycle of stories of somebody of that age (in months) and sex."""
    limits = ((42, "infant"), (12 * 12, "child"), (18 * 12, "teen"), (45 * 12, f"young {sex}"),
              (65 * 12, f"adult {sex}"), (80 * 12, f"older {sex}"))  # fmt: skip
    return next((name for limit, name in limits if months < limit), "old")


def lived(life: Life, group: str, turn: int) -> None:
    """Everything that happened to this person, the `turn`-th of their group."""
    cycle = _CYCLES[group]
    common.background(life)
    for thread in (*cycle[turn % len(cycle)], *_ALWAYS[group.split()[0]]):
        thread(life)
    if group == "teen" and life.woman and life.age() >= 15:
        births.in_confidence(life)
    if group.startswith(("young", "adult")) and any(one.code.code in _FRAGILE for one in life.chart.problems):
        common.flu(life)
    common.summary(life)
