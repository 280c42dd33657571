"""National requests: a space and who may read it, one's own authorisation, one's patients, the way into a record.

TD0.2 has HL7's own messages; the others have the form that a server describes: they are asked of no other.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from espace.kernel.reasons import Sentence
from espace.site.bench.assertions import signed
from espace.site.conform.answers import Answer, beginning
from espace.site.conform.equipment import NOBODY
from espace.site.conform.expecting import objects, satisfies, status
from espace.site.conform.facts import Door, Expected, Family, Need, Request, Rule, Scenario, Step, Who
from espace.site.conform.making import national
from espace.site.conform.making.envelopes import send
from espace.site.conform.staging import Stage

_V3 = "HL7 v3, PRPA_IN201307UV02/PRPA_IN201308UV02 ; DMP, TD0.2"
_DMP = "DMP, {} ; CI-SIS, VIHF ; WSDL"
_READER = (Need.CARD, Need.READER_CARD)
_FOUND = Sentence("Répondez `OK`, et ce qui est dit de l’espace.", "Answer `OK`, and what is said of the space.")
_GRANTED = Sentence("Répondez `OK` et l’autorisation obtenue.", "Answer `OK` and the authorisation obtained.")
Make = Callable[[Stage], str]


# --- TD0.2 --------------------------------------------------------------------------------------------------


def _coded(answer: Answer, name: str) -> list[str]:
    return [one.get("code", "") for one in objects(answer, name)]


def _observed(answer: Answer) -> dict[str, str]:
    """What is said of the space: the value of each observation by its code."""
    found = {}
    for one in objects(answer, "administrativeObservation"):
        code, value = one.find("{*}code"), one.find("{*}value")
        if code is not None and value is not None:
            found[code.get("code", "")] = value.get("code", "")
    return found


def _query(word: str) -> Expected:
    said = f"queryResponseCode {word}"
    return satisfies(said, said, lambda _, answer: _coded(answer, "queryResponseCode") == [word])


def _space(code: str, value: str) -> Expected:
    said = f"{code} = {value}"
    return satisfies(said, said, lambda _, answer: _observed(answer).get(code) == value)


def _exists(*expects: Expected, by: Who = Who.FEEDER) -> Step:
    return Step(
        Sentence("Demander si le patient a un espace (TD0.2)", "Ask whether the patient has a space (TD0.2)"),
        lambda stage: send(stage, Door.PATIENTS, national.EXISTS, national.exists(stage), by=by),
        (status(200), _query("OK"), *expects),
        _FOUND,
    )


def _nobody(stage: Stage) -> Request:
    """The same of a number that nobody bears, which the assertion names too."""
    body, assertion = national.exists(stage, NOBODY), signed(stage.signing(ins=NOBODY))
    return send(stage, Door.PATIENTS, national.EXISTS, body, assertion=assertion)


# --- TD0.3, TD0.4, TD0.9 ------------------------------------------------------------------------------------


def _texts(answer: Answer, name: str) -> list[str]:
    return [(one.text or "").strip() for one in objects(answer, name)]


def _told(name: str, value: str) -> Expected:
    said = f"{name} {value}"
    return satisfies(said, said, lambda _, answer: _texts(answer, name) == [value])


def _asked(does: Sentence, action: str, make: Make, expects: tuple[Expected, ...], fix: Sentence,
           by: Who = Who.READER) -> Step:  # fmt: skip
    return Step(does, lambda stage: send(stage, Door.HABILITATIONS, action, make(stage), by=by), expects, fix)


def _authorises(act: str, left: str) -> Step:
    """The reader's own authorisation, and what it is afterwards."""
    return _asked(
        Sentence(f"{act} de sa propre autorisation (TD0.3)", f"{act} of one’s own authorisation (TD0.3)"),
        national.AUTHORISE,
        lambda stage: national.authorise(stage, act),
        (status(200), _told("status", "OK"), _told("autorisation", left)),
        _GRANTED,
    )


def _lists_patient(stage: Stage, answer: Answer) -> bool:
    ids = [one.get("extension") for one in objects(answer, "patientId")]
    return ids.count(stage.kit.patient.ins) == 1


def _opens(stage: Stage, answer: Answer) -> bool:
    """An address for a browser, in which nobody's number stands."""
    said = _texts(answer, "adresse")
    return len(said) == 1 and _is_address(said[0]) and stage.kit.patient.ins not in said[0]


def _is_address(text: str) -> bool:
    try:
        found = urlsplit(text)
    except ValueError:
        return False
    return found.scheme in ("http", "https") and bool(found.hostname)


def _not_done(_: Stage, answer: Answer) -> str:
    """"" for a SOAP fault, or an answer that says that it is an error."""
    body, _parts = answer.soap()
    is_fault = body is not None and str(body.tag).endswith("}Fault") and 400 <= answer.status < 500
    return "" if is_fault or _texts(answer, "status") == ["ERREUR"] else beginning(answer)


_REFUSED = Expected(Sentence("un refus : ERREUR, ou une faute", "a refusal: ERREUR, or a fault"), _not_done)


def _scenario(id_: str, title: Sentence, rule: Rule, needs: tuple[Need, ...], asks: str, *steps: Step) -> Scenario:
    return Scenario(id_, Family.NATIONAL, title, rule, needs, steps, (asks,))


SCENARIOS = (
    _scenario(
        "td02-exists",
        Sentence("Un logiciel qui alimente apprend que l’espace existe", "Software that feeds learns of the space"),
        Rule(Sentence("`STATUT_DMP` dit l’état de l’espace.", "`STATUT_DMP` tells the state of the space."), _V3),
        (Need.CARD,),
        national.EXISTS,
        _exists(_space("STATUT_DMP", "ACTIF")),
    ),
    _scenario(
        "td02-reader",
        Sentence("Un professionnel apprend sa propre autorisation", "A professional learns their own authorisation"),
        Rule(Sentence("`AUTORISATION_PS` est la sienne.", "`AUTORISATION_PS` is that of who asks."), _V3),
        _READER,
        national.EXISTS,
        _exists(_space("STATUT_DMP", "ACTIF"), _space("AUTORISATION_PS", "VALIDE"), by=Who.READER),
    ),
    _scenario(
        "td02-nobody",
        Sentence("Un numéro que personne ne porte n’a pas d’espace", "A number that nobody bears has no space"),
        Rule(Sentence("`NF`, et rien de plus.", "`NF`, and nothing more."), _V3),
        (Need.CARD,),
        national.EXISTS,
        Step(
            Sentence("Demander pour ce numéro (TD0.2)", "Ask about that number (TD0.2)"),
            _nobody,
            (
                status(200), _query("NF"),
                satisfies("aucun `patient`", "no `patient`", lambda _, answer: not objects(answer, "patient")),
            ),
            Sentence("Répondez `NF`, sans sujet.", "Answer `NF`, without a subject."),
        ),
    ),
    _scenario(
        "td03-attending",
        Sentence("Personne ne se fait médecin traitant soi-même", "Nobody makes themselves the attending doctor"),
        Rule(
            Sentence("Le patient, ou l’assurance maladie, le dit.", "The patient, or the health insurance, says so."),
            _DMP.format("TD0.3"),
        ),
        _READER,
        national.AUTHORISE,
        _asked(
            Sentence("Demander à être médecin traitant (TD0.3)", "Ask to be the attending doctor (TD0.3)"),
            national.AUTHORISE,
            lambda stage: national.authorise(stage, national.ADD, "MEDECIN_TRAITANT"),
            (_REFUSED,),
            Sentence("Refusez ce rôle.", "Refuse this role."),
        ),
    ),
    _scenario(
        "td03-structure",
        Sentence("Une structure seule ne s’autorise pas", "A structure alone does not authorise itself"),
        Rule(Sentence("Un professionnel lit, nommément.", "A professional reads, by name."), _DMP.format("TD0.3")),
        (Need.CARD,),
        national.AUTHORISE,
        _asked(
            Sentence("Demander en mode indirect (TD0.3)", "Ask in the indirect mode (TD0.3)"),
            national.AUTHORISE,
            lambda stage: national.authorise(stage, national.ADD),
            (_REFUSED,),
            Sentence("Refusez le mode `INDIRECTE`.", "Refuse the mode `INDIRECTE`."),
            Who.FEEDER,
        ),
    ),
    _scenario(
        "td04-patients",
        Sentence("Le patient est parmi ceux du professionnel", "The patient is among those of the professional"),
        Rule(Sentence("Chacun s’y trouve une fois.", "Each is there once."), _DMP.format("TD0.4")),
        _READER,
        national.LIST,
        _asked(
            Sentence("Demander ses patients (TD0.4)", "Ask for one’s patients (TD0.4)"),
            national.LIST,
            national.listed,
            (
                status(200), _told("status", "OK"),
                satisfies("le patient, une fois", "the patient, once", _lists_patient),
            ),
            Sentence("Listez ceux dont l’autorisation court.", "List those whose authorisation is in force."),
        ),
    ),
    _scenario(
        "td09-address",
        Sentence("Une adresse ouvre le dossier dans un navigateur", "An address opens the record in a browser"),
        Rule(Sentence("L’adresse ne dit qui que ce soit.", "The address tells of nobody."), _DMP.format("TD0.9")),
        _READER,
        national.ADDRESS,
        _asked(
            Sentence("Demander l’adresse (TD0.9)", "Ask for the address (TD0.9)"),
            national.ADDRESS,
            national.address,
            (
                status(200), _told("status", "OK"),
                satisfies("une adresse sans matricule", "an address without the number", _opens),
            ),
            Sentence("Rendez une adresse à usage unique.", "Give an address that serves once."),
        ),
    ),
    _scenario(
        "td03-authorisation",
        Sentence("Un professionnel retire puis ajoute son autorisation",
                 "A professional removes, then adds their authorisation"),
        Rule(
            Sentence("Il le fait pour lui-même, sur la parole du patient.",
                     "They do so for themselves, on the patient’s word."),
            _DMP.format("TD0.3"),
        ),
        _READER,
        national.AUTHORISE,
        _authorises(national.ADD, "VALIDE"),
        _authorises(national.REMOVE, "NON_EXISTE"),
        _authorises(national.ADD, "VALIDE"),
    ),
)  # fmt: skip
