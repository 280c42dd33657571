"""Valid fragments of HL7 v2, and what is right in a page where nothing is written by a program."""

from espace.kernel.reasons import Sentence
from espace.site.refusals.facts import Form, Sample

_PID = (
    "PID|||285054499900161^^^ASIP-SANTE-INS-NIR&1.2.250.1.213.1.4.10&ISO^INS||GUERIN^ALICE^ALICE MARIE^^^^L"
    "||19850514|F"
)

MESSAGE = Sample(
    Form.HL7,
    Sentence("Un message qui dépose un CDA", "A message that files a CDA"),
    "MSH|^~\\&|LABO|Deux-Rives|ESPACE|MES|20260304100500+0100||ORU^R01^ORU_R01|MSG00001|P|2.5|||||FRA|UNICODE UTF-8"
    "|||2.1^CISIS_CDA_HL7_V2\n"
    f"{_PID}\n"
    "PV1|1|O\n"
    "OBX|1|ED|11488-4^Compte rendu de consultation^LN||^TEXT^XML^Base64^PENsaW5pY2FsRG9jdW1lbnQ+||||||F\n"
    "OBX|2|CWE|DESTDMP^Destinataire DMP^MetaDMPMSS||Y^^HL70136||||||F",
)
ROUTES = Sample(
    Form.HL7,
    Sentence("Dans l’espace seulement, masqué aux professionnels", "To the record only, hidden from professionals"),
    """OBX|2|CWE|MASQUE_PS^Masqué aux professionnels^MetaDMPMSS||Y^^HL70136||||||F
OBX|3|CWE|DESTDMP^Destinataire DMP^MetaDMPMSS||Y^^HL70136||||||F
OBX|4|CWE|DESTMSSANTEPS^Destinataire PS^MetaDMPMSS||N^^HL70136||||||F
OBX|5|CWE|DESTMSSANTEPAT^Destinataire patient^MetaDMPMSS||N^^HL70136||||||F""",
)
WISH = Sample(
    Form.HL7,
    Sentence("Le patient ne s’oppose plus (ZFA-9)", "The patient objects no more (ZFA-9)"),
    "MSH|^~\\&|GAM|Deux-Rives|ESPACE|MES|20260306111154+0100||ADT^A31^ADT_A05|MSG00004|P|2.5^FRA^2.11|||||FRA|"
    "UNICODE UTF-8|||2.11^IHE_FRANCE-2.11-PAM\n"
    f"{_PID}\n"
    "ZFA|ACTIF|20260306111154|||||||INO|20260306111154|NA|20260306111154",
)
FRAME = Sample(
    Form.TEXT,
    Sentence("Les octets d’un message sur MLLP", "The bytes of a message over MLLP"),
    "0B  4D 53 48 7C 5E 7E 5C 26 7C …  0D  1C 0D\nVT  M  S  H  |  ^  ~  \\  &  |  …  CR  FS CR",
)
MANIFEST = Sample(
    Form.TEXT,
    Sentence("Les éléments d’un manifeste (KOS)", "The elements of a manifest (KOS)"),
    """(0008,0016) SOPClassUID         1.2.840.10008.5.1.4.1.1.88.59
(0008,0018) SOPInstanceUID      1.2.250.1.999.1.1.9
(0008,0060) Modality            KO
(0010,0020) PatientID           285054499900161
(0010,0021) IssuerOfPatientID   ASIP-SANTE-INS-NIR
(0020,000D) StudyInstanceUID    1.2.250.1.999.1.2.1
(0040,A375) CurrentRequestedProcedureEvidenceSequence""",
)
ARCHIVE = Sample(
    Form.TEXT,
    Sentence("Les fichiers d’une archive, et l’URI d’une fiche", "The files of an archive, and the URI of an entry"),
    """INDEX.HTM
README.TXT
IHE_XDM/SUBSET01/METADATA.XML
IHE_XDM/SUBSET01/DOC0001.XML

<Slot name="URI"><ValueList><Value>DOC0001.XML</Value></ValueList></Slot>""",
)
MAIL = Sample(
    Form.TEXT,
    Sentence("Un courrier qui dépose", "A mail that deposits"),
    """Subject: XDM/1.0/DDM+Compte rendu de consultation
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="limite"

--limite
Content-Type: application/zip
Content-Disposition: attachment; filename="IHE_XDM.ZIP"
Content-Transfer-Encoding: base64

UEsDBBQAAAAIAA…
--limite--""",
)
HL7_PATIENT = Sample(
    Form.HL7,
    Sentence("Le patient en HL7 v2", "The patient in HL7 v2"),
    _PID,
)


def _page(fr: str) -> tuple[Sample, ...]:
    return (Sample(Form.TEXT, Sentence("Ce qui est accepté", "What is accepted"), fr),)


SCANNED = _page(
    "IS010000000000000000000000S1285054499900161S21.2.250.1.213.1.4.10"
    "S3ALICE MARIE␝S4GUERIN␝S5FS614-05-1985S744109"
)
CONSENTED = _page("Accord de : Camille Duval\nPour : Anne Morel, médecin\nJusqu’au : 4 septembre 2026")
DECLARED = _page("Motif : patiente inconsciente, traumatisme crânien, allergies inconnues.")
HELPED = _page("Invitation pour : lea@exemple.fr\nElle pourra : lire\nJusqu’au : 4 mars 2027")
FILED = _page("Fichier : resultats.pdf (PDF, 2 pages, 310 Ko)\nTitre : Analyses de sang\nDate : 4 mars 2026")
ARRANGED = _page("Nom : Dentiste")
PROFILED = _page("Mesure : Poids (kg)\nValeur : 64,5\nDate : 04/03/2026")
COPIED = _page("Demander une copie, attendre qu’elle soit prête, la télécharger dans les sept jours.")
DECIDED = _page("Chercher : Morel\nChoisir : Anne Morel, médecin, Cabinet des Tilleuls")
ALLOWED = _page(
    "Mercredi 4 mars 2026, 10 h 05 – Anne Morel a lu « Analyses de sang ».\nPourquoi ? Vous avez donné votre accord."
)
