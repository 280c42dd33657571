"""HL7 v2: CDA documents in ORU and MDM, what patients said in movements (PAM-FR), and their acknowledgements."""

from espace.kernel.reasons import Sentence
from espace.site.conform import announcing
from espace.site.conform.expecting import acknowledged, segment
from espace.site.conform.facts import Door, Expected, Family, Need, Request, Rule, Scenario, Step, Who
from espace.site.conform.making.messages import MEDIA_TYPE, control_id, message, movement
from espace.site.conform.staging import Stage

_GUIDE = "CI-SIS, Transmission d’un document CDA en HL7 v2, 2.1"
_FIX = Sentence(
    "Lisez `ERR` : le message est conforme et devait être accepté (`AA`).",
    "Read `ERR`: the message is right and was to be accepted (`AA`).",
)
_REFUSE = Sentence("Répondez `AE` ou `AR`, et un `ERR` par problème.", "Answer `AE` or `AR`, and one `ERR` a problem.")


def _sent(
    event: str, name: str = "first", *, outcomes: tuple[str, ...] = ("AA",), more: tuple[Expected, ...] = (),
    fix: Sentence = _FIX, door: Door = Door.HL7, born: str = "", parent: str = "",
) -> Step:  # fmt: skip
    """One message and its acknowledgement; `parent` is the letter that it replaces."""

    def made(stage: Stage) -> Request:
        said = message(stage, event, name, born=born, parent=stage.letter(parent).oid if parent else "")
        return Request(door, "POST", body=said, kind=MEDIA_TYPE, by=Who.FEEDER)

    expects = (acknowledged(lambda stage: control_id(stage, name + event), *outcomes), *more)
    return Step(Sentence(f"Envoyer {_NAMES[event]}", f"Send {_NAMES[event]}"), made, expects, fix)


_NAMES = {"R01": "ORU^R01", "T02": "MDM^T02", "T04": "MDM^T04", "T10": "MDM^T10", "A99": "ADT^A99"}
_ZAM = segment("ZAM", "un segment ZAM", "a segment ZAM")
_ERR = segment("ERR", "un segment ERR", "a segment ERR")


def _said(feeding: str, name: str) -> Step:
    """What the patient told the structure of its feeding their space."""
    return Step(
        Sentence(f"Envoyer ADT^A31, ZFA-9 {feeding}", f"Send ADT^A31, ZFA-9 {feeding}"),
        lambda stage: Request(Door.HL7, "POST", body=movement(stage, feeding, name), kind=MEDIA_TYPE, by=Who.FEEDER),
        (acknowledged(lambda stage: control_id(stage, name), "AA"),),
        _FIX,
    )


def _scenario(id_: str, title: Sentence, rule: Sentence, *steps: Step) -> Scenario:
    return Scenario(id_, Family.HL7, title, Rule(rule, _GUIDE), (Need.BEARER,), steps, (announcing.HL7,))


SCENARIOS = (
    _scenario(
        "hl7-oru",
        Sentence("ORU^R01 dépose un CDA", "ORU^R01 files a CDA"),
        Sentence("`AA`, et ZAM dit ce qui est fait.", "`AA`, and ZAM tells what is done."),
        _sent("R01", more=(_ZAM,)),
    ),
    _scenario(
        "hl7-again",
        Sentence("Le même message deux fois ne double rien", "The same message twice doubles nothing"),
        Sentence("Un renvoi est acquitté comme le premier.", "A repetition is acknowledged as the first."),
        _sent("R01"),
        _sent("R01"),
    ),
    _scenario(
        "hl7-mdm",
        Sentence("MDM^T02 dépose, T10 remplace, T04 supprime", "MDM^T02 files, T10 replaces, T04 deletes"),
        Sentence("L’événement dit ce qui est demandé.", "The event tells what is asked."),
        _sent("T02", more=(_ZAM,)),
        _sent("T10", "second", parent="first"),
        _sent("T04", "second"),
    ),
    _scenario(
        "hl7-traits",
        Sentence("Des traits qui diffèrent du dossier sont refusés", "Traits that differ from the record are refused"),
        Sentence("PID, document et dossier désignent la même personne.", "PID, document and record name one person."),
        _sent("R01", outcomes=("AE", "AR"), more=(_ERR,), fix=_REFUSE, born="19010203"),
    ),
    _scenario(
        "hl7-event",
        Sentence("Un événement inconnu est refusé", "An unknown event is refused"),
        Sentence("`MSH-9` est l’un des quatre messages du guide.", "`MSH-9` is one of the four messages of the guide."),
        _sent("A99", outcomes=("AR", "AE"), more=(_ERR,), fix=_REFUSE),
    ),
    Scenario(
        "hl7-objection",
        Family.HL7,
        Sentence("L’opposition du patient à l’alimentation est suivie", "The patient’s objection to feeding is obeyed"),
        Rule(
            Sentence("`IO` arrête les dépôts de la structure, `INO` les permet.",
                     "`IO` ends the deposits of the structure, `INO` allows them."),
            "IHE France, PAM-FR 2.11, ZFA-9",
        ),
        (Need.BEARER, Need.MOVEMENTS),
        (
            _said("IO", "objects"),
            _sent("R01", outcomes=("AE", "AR"), more=(_ERR,), fix=_REFUSE),
            _said("INO", "objects no more"),
            _sent("R01", "second"),
        ),
        (announcing.HL7,),
    ),
    Scenario(
        "hl7-mllp",
        Family.HL7,
        Sentence("ORU^R01 par MLLP et TLS", "ORU^R01 by MLLP and TLS"),
        Rule(
            Sentence("Le cadre est 0B … 1C 0D, dans les deux sens.", "The frame is 0B … 1C 0D, both ways."),
            "HL7, MLLP release 1",
        ),
        (Need.MLLP, Need.CARD),
        (_sent("R01", door=Door.MLLP),),
    ),
)  # fmt: skip
