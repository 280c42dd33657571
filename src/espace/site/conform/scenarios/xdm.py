"""XDM: an archive of documents, sent to the address of archives."""

from espace.kernel.reasons import Sentence
from espace.site.conform import announcing
from espace.site.conform.answers import Answer, beginning, shown
from espace.site.conform.expecting import refused, status
from espace.site.conform.facts import Door, Expected, Family, Need, Request, Rule, Scenario, Step, Who
from espace.site.conform.making.archives import MEDIA_TYPE, archive
from espace.site.conform.staging import Stage
from espace.wire.xml import Element, parse_xml

_GUIDE = "IHE ITI TF-2, 3.32 ; CI-SIS, volet échange de documents de santé"
_ACCEPTS = Sentence(
    "Lisez `codeContext` et `location` : l’archive est conforme et devait être acceptée.",
    "Read `codeContext` and `location`: the archive is right and was to be accepted.",
)


def _response(answer: Answer) -> Element | None:
    """The RegistryResponse, which no envelope is around."""
    root = parse_xml(answer.body).root
    return root if root is not None and str(root.tag).endswith("}RegistryResponse") else None


def _responded(word: str) -> Expected:
    def found(_: Stage, answer: Answer) -> str:
        said = _response(answer)
        told = "" if said is None else said.get("status", "").rpartition(":")[2]
        return "" if told == word else f"{shown(told)} {beginning(answer)}".strip()

    return Expected(Sentence(f"un RegistryResponse {word}", f"a RegistryResponse {word}"), found)


def _error(code: str) -> Expected:
    def found(_: Stage, answer: Answer) -> str:
        said = _response(answer)
        told = [] if said is None else [one.get("errorCode") for one in said.iter("{*}RegistryError")]
        return "" if code in told else beginning(answer)

    return Expected(Sentence(f"l’erreur {code}", f"the error {code}"), found)


def _sent(stage: Stage, *, spoiled: bool = False) -> Request:
    body = archive(stage, spoiled=spoiled)
    return Request(Door.XDM, "POST", body=body, kind=MEDIA_TYPE, by=Who.FEEDER)


_DEPOSIT = Step(
    Sentence("Envoyer l’archive", "Send the archive"), _sent, (status(200), _responded("Success")), _ACCEPTS
)


def _scenario(id_: str, title: Sentence, rule: Sentence, *steps: Step) -> Scenario:
    return Scenario(id_, Family.XDM, title, Rule(rule, _GUIDE), (Need.BEARER,), steps, (announcing.XDM,))


SCENARIOS = (
    _scenario(
        "xdm-deposit",
        Sentence("Une archive dépose, et deux fois ne double rien", "An archive files, and twice doubles nothing"),
        Sentence("METADATA.XML décrit chaque fichier de son lot.", "METADATA.XML describes each file of its set."),
        _DEPOSIT,
        _DEPOSIT,
    ),
    _scenario(
        "xdm-hash",
        Sentence("Un fichier qui n’est pas celui décrit est refusé", "A file that is not the described one is refused"),
        Sentence("`hash` est leur SHA-1, en hexadécimal.", "`hash` is the SHA-1 of the bytes, in hexadecimal."),
        Step(
            Sentence("Envoyer l’archive fautive", "Send the faulty archive"),
            lambda stage: _sent(stage, spoiled=True),
            (refused(), _responded("Failure"), _error("XDSRepositoryMetadataError")),
            Sentence("Comparez chaque fichier à son empreinte.", "Compare each file with its hash."),
        ),
    ),
    _scenario(
        "xdm-broken",
        Sentence("Ce qui n’est pas une archive est refusé", "What is no archive is refused"),
        Sentence("Un ZIP, et METADATA.XML dans IHE_XDM.", "A ZIP, and METADATA.XML in IHE_XDM."),
        Step(
            Sentence("Envoyer des octets quelconques", "Send any bytes"),
            lambda _: Request(Door.XDM, "POST", body=b"PK\x03\x04 rien", kind=MEDIA_TYPE, by=Who.FEEDER),
            (refused(), _responded("Failure")),
            Sentence("Répondez un RegistryResponse Failure.", "Answer a RegistryResponse Failure."),
        ),
    ),
)
