"""Formats of documents (XDS formatCode), and the one that a document's templates give.

TRE_A06 FormatCodeComplementaire 1.1.0 (OID 1.2.250.1.213.1.1.4.2.282, 2024-03-29); formats of IHE profiles
(TRE_A11); association A11 template → format of ans.fr.terminologies 1.12.0; JDV_J60 FormatCode DMP (OID
1.2.250.1.213.1.1.5.8) for the codes of 2024 that A06 1.1.0 lacks, the format of the rapid test (TROD,
template .59) among them: A11 has no row for it, the pair is inferred.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from espace.wire.nomenclature.formats_national import ENDED, NATIONAL
from espace.wire.nomenclature.systems import FORMAT, IHE_FORMAT, SOP_CLASS, System

NO_PROFILE = "urn:asipSante:modelesHorsProfils:2011"
KEY_OBJECT_SELECTION = "1.2.840.10008.5.1.4.1.1.88.59"
UNSTRUCTURED = "1.3.6.1.4.1.19376.1.2.20"
"""Template of a document whose body is a file (IHE XDS-SD)."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format; `system` is an OID, `valid_until` the last day in force."""

    code: str
    system: str
    label_fr: str
    valid_until: date | None = None


_IHE = (
    ("urn:ihe:iti:xds-sd:pdf:2008", "Document à corps non structuré en Pdf/A-1"),
    ("urn:ihe:iti:xds-sd:text:2008", "Document à corps non structuré en texte brut"),
    ("urn:ihe:iti-fr:xds-sd:jpeg:2010", "Document à corps non structuré en Jpeg"),
    ("urn:ihe:iti-fr:xds-sd:rtf:2010", "Document à corps non structuré en Rtf"),
    ("urn:ihe:iti-fr:xds-sd:tiff:2010", "Document à corps non structuré en Tiff"),
    ("urn:ihe:iti:dsg:detached:2014", "Signature électronique détachée"),
    ("http://www.w3.org/2000/09/xmldsig#", "Signature électronique XML"),
    ("urn:ihe:pharm:pre:2010", "Prescription de produits de santé"),
    ("urn:ihe:pharm:dis:2010", "Dispensation de produits de santé"),
    ("urn:ihe:eyecare:geneyeevalcn:2014", "Bilan d'ophtalmologie"),
    ("urn:ihe:rad:CDA:ImagingReportStructuredHeadings:2013", "Compte rendu d'imagerie médicale"),
    ("urn:ihe:lab:xd-lab:2008", "Compte rendu structuré d'examens de biologie médicale"),
    ("urn:ihe:palm:apsr:2016", "Compte rendu d'anatomie et de cytologie pathologiques"),
    ("urn:ihe:pcc:ips:2020", "Synthèse médicale internationale"),
)
_SOP_CLASSES = ((KEY_OBJECT_SELECTION, "Références d'objets d'un examen d'imagerie (KOS)"),)


def _table(*parts: tuple[System, tuple[tuple[str, str], ...]]) -> dict[str, Format]:
    return {code: Format(code, system.oid, label, ENDED.get(code)) for system, rows in parts for code, label in rows}


FORMATS: Mapping[str, Format] = _table((FORMAT, NATIONAL), (IHE_FORMAT, _IHE), (SOP_CLASS, _SOP_CLASSES))

FORMAT_OF_TEMPLATE: Mapping[str, str] = {
    "1.2.250.1.213.1.1.1.5.1": "urn:asip:ci-sis:cse-cs8:2017",
    "1.2.250.1.213.1.1.1.5.2": "urn:asip:ci-sis:cse-cs9:2017",
    "1.2.250.1.213.1.1.1.5.3": "urn:asip:ci-sis:cse-cs24:2017",
    "1.2.250.1.213.1.1.1.5.4": "urn:ans:ci-sis:cse-mde:2023",
    "1.2.250.1.213.1.1.1.8": "urn:asip:ci-sis:frcp:2011",
    "1.2.250.1.213.1.1.1.9": "urn:asip:ci-sis:idap:2011",
    "1.2.250.1.213.1.1.1.10": "urn:asip:ci-sis:cva:2017",
    "1.2.250.1.213.1.1.1.12.1": "urn:asip:ci-sis:obp-sap:2023",
    "1.2.250.1.213.1.1.1.12.2": "urn:asip:ci-sis:obp-snm:2023",
    "1.2.250.1.213.1.1.1.12.3": "urn:asip:ci-sis:obp-sne:2023",
    "1.2.250.1.213.1.1.1.12.4": "urn:asip:ci-sis:obp-scm:2023",
    "1.2.250.1.213.1.1.1.12.5": "urn:asip:ci-sis:obp-sem:2023",
    "1.2.250.1.213.1.1.1.13": "urn:asip:ci-sis:vsm:2012",
    "1.2.250.1.213.1.1.1.15": "urn:asip:ci-sis:aunv:2013",
    "1.2.250.1.213.1.1.1.16": "urn:asip:ci-sis:eunv:2013",
    "1.2.250.1.213.1.1.1.17": "urn:asip:ci-sis:sunv:2013",
    "1.2.250.1.213.1.1.1.18": "urn:asip:ci-sis:crrtn:2013",
    "1.2.250.1.213.1.1.1.2.1.1": "urn:asip:ci-sis:avk:2009",
    "1.2.250.1.213.1.1.1.2.1.2": "urn:asip:ci-sis:tap:2009",
    "1.2.250.1.213.1.1.1.2.1.3": "urn:asip:ci-sis:dci:2009",
    "1.2.250.1.213.1.1.1.2.1.4": "urn:asip:ci-sis:psc:2009",
    "1.2.250.1.213.1.1.1.2.1.5": "urn:asip:ci-sis:ppv:2009",
    "1.2.250.1.213.1.1.1.20": "urn:asip:ci-sis:pps-paerpa:2017",
    "1.2.250.1.213.1.1.1.21": "urn:asip:ci-sis:ldl-ees:2017",
    "1.2.250.1.213.1.1.1.22": "urn:asip:ci-sis:dlu:2015",
    "1.2.250.1.213.1.1.1.23": "urn:asip:ci-sis:fludt:2017",
    "1.2.250.1.213.1.1.1.24": "urn:asip:ci-sis:fludr:2017",
    "1.2.250.1.213.1.1.1.25": "urn:asip:ci-sis:pavc:2016",
    "1.2.250.1.213.1.1.1.26": "urn:asip:ci-sis:pps-cancer:2017",
    "1.2.250.1.213.1.1.1.27": "urn:asip:ci-sis:d2lm-fin:2017",
    "1.2.250.1.213.1.1.1.28": "urn:asip:ci-sis:d2lm-fidd:2017",
    "1.2.250.1.213.1.1.1.29": "urn:asip:ci-sis:ldl-ses:2017",
    "1.2.250.1.213.1.1.1.30": "urn:asip:ci-sis:sdm-mr:2017",
    "1.2.250.1.213.1.1.1.32": "urn:asip:ci-sis:crgm:2018",
    "1.2.250.1.213.1.1.1.36": "urn:asip:ci-sis:hr:2019",
    "1.2.250.1.213.1.1.1.37": "urn:asip:ci-sis:vac:2019",
    "1.2.250.1.213.1.1.1.38": "urn:asip:ci-sis:tlm-da:2020",
    "1.2.250.1.213.1.1.1.40": "urn:asip:ci-sis:cr-anest:2020",
    "1.2.250.1.213.1.1.1.41": "urn:asip:ci-sis:cr-cpa:2020",
    "1.2.250.1.213.1.1.1.46": "urn:asip:ci-sis:vac-note:2021",
    "1.2.250.1.213.1.1.1.47": "urn:ans:ci-sis:img-da:2022",
    "1.2.250.1.213.1.1.1.48": "urn:asip:ci-sis:dlu-dlu-dom:2022",
    "1.2.250.1.213.1.1.1.49": "urn:asip:ci-sis:dlu-fludt-dom:2022",
    "1.2.250.1.213.1.1.1.50": "urn:asip:ci-sis:dlu-fludr-dom:2022",
    "1.2.250.1.213.1.1.1.52": "urn:ans:ci-sis:bio-ep-bio:2022",
    "1.2.250.1.213.1.1.1.58": "urn:asip:ci-sis:export-dui:2023",
    "1.2.250.1.213.1.1.1.56": "urn:asip:ci-sis:ppp:2023",
    "1.2.250.1.213.1.1.1.39": "urn:ihe:pharm:pre:2010",
    "1.2.250.1.213.1.1.1.54": "urn:ihe:pharm:dis:2010",
    "1.2.250.1.213.1.1.1.42": "urn:ihe:eyecare:geneyeevalcn:2014",
    "1.2.250.1.213.1.1.1.43": "urn:ihe:eyecare:geneyeevalcn:2014",
    "1.2.250.1.213.1.1.1.44": "urn:ihe:eyecare:geneyeevalcn:2014",
    "1.2.250.1.213.1.1.1.45": "urn:ihe:rad:CDA:ImagingReportStructuredHeadings:2013",
    "1.2.250.1.213.1.1.1.55": "urn:ihe:lab:xd-lab:2008",
    "1.2.250.1.213.1.1.1.57": "urn:ihe:palm:apsr:2016",
    "1.2.250.1.213.1.1.1.51": "urn:ihe:pcc:ips:2020",
    "1.3.6.1.4.1.19376.1.3.3": "urn:ihe:lab:xd-lab:2008",
    "1.2.250.1.213.1.1.1.59": "urn:ans:ci-sis:trod:2024",
}

FORMAT_OF_MEDIA: Mapping[str, str] = {
    "application/pdf": "urn:ihe:iti:xds-sd:pdf:2008",
    "text/plain": "urn:ihe:iti:xds-sd:text:2008",
    "image/jpeg": "urn:ihe:iti-fr:xds-sd:jpeg:2010",
    "image/jpg": "urn:ihe:iti-fr:xds-sd:jpeg:2010",
    "text/rtf": "urn:ihe:iti-fr:xds-sd:rtf:2010",
    "application/rtf": "urn:ihe:iti-fr:xds-sd:rtf:2010",
    "image/tiff": "urn:ihe:iti-fr:xds-sd:tiff:2010",
}


def format_of(templates: Iterable[str], embedded: str | None = None) -> str | None:
    """The format of a CDA document, from the roots of its own templateIds (A11); None where none is known.

    `embedded` is the media type of its nonXMLBody, if it has one: such a document keeps its level 1
    format even where it also names the model that it would follow if it were structured.
    """
    if embedded is not None:
        return FORMAT_OF_MEDIA.get(embedded.partition(";")[0].strip().lower())
    return next((FORMAT_OF_TEMPLATE[root] for root in templates if root in FORMAT_OF_TEMPLATE), None)
