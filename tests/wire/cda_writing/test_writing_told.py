"""What summaries and letters say beside problems and treatments has its codes, as the agency's examples write it."""

from datetime import date

from espace.kernel.values import replace
from espace.wire import cda
from espace.wire.cda_writing import (
    FATHER,
    FORMER_SMOKER,
    HIP_PROSTHESIS,
    LEFT,
    Frame,
    Implant,
    Problem,
    Relative,
    Smoking,
    Stay,
    Summary,
    discharge,
    snomed,
    synthesis,
)
from espace.wire.xds import Coded
from wire.cda_writing.test_writing_documents import CATARACT, DIABETES, PYELONEPHRITIS, WRITERS, at, read, root_of


def test_a_summary_without_allergies_denies_them_by_a_code(frame: Frame) -> None:
    """JDV_AbsentOrUnknownAllergy_CISIS, in the observation of the VSM."""
    none, some = (root_of(WRITERS[name](frame)) for name in ("empty synthesis", "synthesis"))
    here = "//h:section[h:code/@code='48765-2']"
    assert at(none, f"{here}//h:observation/h:value/@code") == ["no-known-allergies"]
    assert at(none, f"{here}//h:observation/h:templateId/@root")[-1] == "1.2.250.1.213.1.1.3.41"
    (mark,) = at(none, f"{here}//h:value/h:originalText/h:reference/@value")
    assert at(none, f"//h:content[@ID='{mark[1:]}']/text()") == ["Aucune allergie connue."]
    assert at(some, "//h:value[@code='no-known-allergies']") == []


def test_what_came_and_went_on_one_day_is_said_to_be_over(frame: Frame) -> None:
    fall = Problem(Coded("W19", "2.16.840.1.113883.6.3", "Chute"), date(2024, 5, 6), date(2024, 5, 6))
    root = root_of(synthesis(frame, Summary(history=(fall, PYELONEPHRITIS))))
    status = "//h:entryRelationship[@typeCode='REFR']/h:observation[h:templateId/@root='1.2.250.1.213.1.1.3.30']"
    assert at(root, f"{status}/h:code/@code") == ["33999-4"]
    assert at(root, f"{status}/h:value/@code") == ["inactive"]
    assert at(root, "//h:observation[h:value/@code='W19']/h:effectiveTime/*/@value") == ["20240506", "20240506"]


def test_habits_relatives_vigilance_and_sides_have_their_codes(frame: Frame) -> None:
    """As the VSM, IPS-FR and OPH-BRE examples of the agency write them."""
    smoked = Smoking("A fumé 25 paquets-années.", FORMER_SMOKER, 25)
    father = Relative("Père : diabète à 58 ans.", FATHER, (DIABETES.code,), 58)
    hip = replace(CATARACT, site=snomed("29836001", "hanche"), side=LEFT)
    summary = Summary(
        procedures=(hip, CATARACT), habits=(smoked, "Marche."), family=(father, "Rien."), attention=("Pas d’aspirine.",)
    )
    root = root_of(synthesis(frame, summary))
    habits = "//h:section[h:code/@code='29762-2']"
    assert at(root, f"{habits}/h:entry/h:observation/h:code/@code") == ["72166-2", "74011-8"]
    assert at(root, f"{habits}//h:value/@code | {habits}//h:value/@value") == ["LA15920-4", "25"]
    assert at(root, f"{habits}//h:value/@unit") == ["{pack}/a"]
    family = "//h:section[h:code/@code='10157-6']/h:entry/h:organizer"
    assert at(root, f"{family}/h:subject/h:relatedSubject/h:code/@code") == ["FTH"]
    assert at(root, f"{family}/h:component/h:observation/h:value/@code") == ["E11.9"]
    assert at(root, f"{family}//h:entryRelationship[@inversionInd='true']/h:observation/h:value/@value") == ["58"]
    beware = "//h:section[h:code/@code='30954-2']/h:entry/h:observation"
    assert at(root, f"{beware}/h:code/@code") == ["44944-7"]
    (mark,) = at(root, f"{beware}/h:value/h:originalText/h:reference/@value")
    assert at(root, f"//h:content[@ID='{mark[1:]}']/text()") == ["Pas d’aspirine."]
    assert at(root, "//h:procedure/h:targetSiteCode/@code") == ["29836001"]
    assert at(root, "//h:procedure/h:targetSiteCode/h:qualifier/h:value/@code") == ["7771000"]
    text = cda.text_of(read(synthesis(frame, summary)))
    assert "Opération de la cataracte\thanche gauche\t02/10/2024" in text
    assert "Opération de la cataracte\t-\t02/10/2024" in text


def test_an_implant_is_in_the_section_of_devices_of_a_letter(frame: Frame) -> None:
    stay = Stay("Hanche.", ("Posée.",), (), implants=(Implant("Prothèse", HIP_PROSTHESIS, date(2024, 10, 2)),))
    root = root_of(discharge(frame, stay))
    here = "//h:section[h:code/@code='46264-8']"
    assert at(root, f"{here}/h:entry/h:supply/h:templateId/@root") == [
        "1.2.250.1.213.1.1.3.20",
        "2.16.840.1.113883.10.20.1.34",
    ]
    assert at(root, f"{here}//h:playingDevice/h:code/@code") == ["P0908"]
    assert at(root, f"{here}//h:playingDevice/h:code/@codeSystem") == ["1.2.250.1.213.2.68"]
    assert at(root, f"{here}//h:effectiveTime/@xsi:type") == ["IVL_TS"]
    assert at(root, f"{here}//h:effectiveTime/h:low/@value") == ["20241002"]
    assert at(root_of(WRITERS["discharge"](frame)), here) == []
