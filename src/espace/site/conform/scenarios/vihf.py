"""VIHF: assertions that must not be believed: one row each. Every message but its assertion is right."""

from collections.abc import Callable
from dataclasses import dataclass

from espace.kernel.reasons import Sentence
from espace.site.bench.assertions import signed
from espace.site.conform.expecting import fault, responded
from espace.site.conform.facts import Door, Family, Need, Request, Rule, Scenario, Step
from espace.site.conform.making import ebxml
from espace.site.conform.making.envelopes import altered, expired, send, stranger, wrapped
from espace.site.conform.scenarios.soap_common import ACCEPT_FIX, absent
from espace.site.conform.staging import Stage

_VIHF = "CI-SIS, volet transport synchrone pour client lourd (VIHF)"
_WSS = "WS-Security SAML Token Profile 1.1.1"


@dataclass(frozen=True, slots=True)
class _Row:
    id: str
    title: Sentence
    rule: Rule
    assertion: Callable[[Stage], bytes]
    fix: Sentence


_ROWS = (
    _Row(
        "vihf-missing",
        Sentence("Sans assertion, rien n’est accepté", "Without an assertion nothing is accepted"),
        Rule(Sentence("Chaque message porte un VIHF.", "Each message carries a VIHF."), _VIHF),
        lambda _: b"",
        Sentence("Exigez `wsse:Security` et son assertion.", "Require `wsse:Security` and its assertion."),
    ),
    _Row(
        "vihf-audience",
        Sentence("Une assertion faite pour un autre est refusée", "An assertion made for another is refused"),
        Rule(Sentence("`Audience` désigne ce service.", "`Audience` names this service."), "SAML 2.0 core, 2.5.1.4"),
        lambda stage: signed(stage.signing(audience="https://autre.example.org/xds")),
        Sentence("Comparez `Audience` à vos adresses.", "Compare `Audience` with the addresses of the service."),
    ),
    _Row(
        "vihf-expired",
        Sentence("Une assertion expirée est refusée", "An expired assertion is refused"),
        Rule(
            Sentence("`NotOnOrAfter` n’est pas passé.", "`NotOnOrAfter` has not passed."), "SAML 2.0 core, 2.5.1.2"
        ),
        lambda stage: signed(expired(stage.signing())),
        Sentence("Comparez `Conditions` à l’heure.", "Compare `Conditions` with the time."),
    ),
    _Row(
        "vihf-altered",
        Sentence("Une assertion changée après signature est refusée", "An assertion changed after signing is refused"),
        Rule(Sentence("La signature couvre tout ce qui est lu.", "The signature covers all that is read."), _WSS),
        lambda stage: altered(signed(stage.signing()), stage.kit.feeder.structure),
        Sentence("Vérifiez l’empreinte de la référence.", "Verify the digest of the reference."),
    ),
    _Row(
        "vihf-wrapped",
        Sentence("Une assertion cachée dans une autre est refusée", "An assertion hidden in another is refused"),
        Rule(
            Sentence("Ce qui est lu est ce qui est signé.", "What is read is what is signed."),
            f"{_WSS} ; Somorovsky et al., On Breaking SAML, 2012",
        ),
        lambda stage: wrapped(signed(stage.signing())),
        Sentence("Ne lisez que l’élément que la signature couvre.", "Read nothing but the element that is signed."),
    ),
    _Row(
        "vihf-stranger",
        Sentence("Un certificat inconnu ne signe rien", "An unknown certificate signs nothing"),
        Rule(
            Sentence(
                "Le certificat vient d’une autorité reconnue, et nomme qui se connecte.",
                "The certificate comes from an accepted authority, and names who connects.",
            ),
            f"{_VIHF} ; IGC-Santé",
        ),
        lambda stage: signed(stranger(stage.signing())),
        Sentence("N’acceptez que les autorités listées.", "Accept the listed authorities alone."),
    ),
)


def _provided(stage: Stage, assertion: bytes) -> Request:
    return send(stage, Door.REPOSITORY, ebxml.PROVIDE, ebxml.provide(stage), assertion=assertion)


def _scenario(row: _Row) -> Scenario:
    step = Step(
        Sentence("Déposer avec cette assertion (ITI-41)", "Deposit with this assertion (ITI-41)"),
        lambda stage: _provided(stage, row.assertion(stage)),
        (fault("Sender"),),
        row.fix,
    )
    return Scenario(row.id, Family.VIHF, row.title, row.rule, (Need.CARD,), (step, absent()), (ebxml.PROVIDE,))


def _once(stage: Stage) -> bytes:
    """One assertion for the whole scenario."""
    return stage.id("assertion", lambda: signed(stage.signing()).decode()).encode()


SCENARIOS = (
    *map(_scenario, _ROWS),
    Scenario(
        "vihf-replay",
        Family.VIHF,
        Sentence("Une assertion ne sert qu’une fois", "An assertion serves once"),
        Rule(Sentence("Une assertion déjà vue est refusée.", "An assertion seen before is refused."), _VIHF),
        (Need.CARD,),
        (
            Step(
                Sentence("Déposer (ITI-41)", "Deposit (ITI-41)"),
                lambda stage: _provided(stage, _once(stage)),
                (responded("Success"),),
                ACCEPT_FIX,
            ),
            Step(
                Sentence("Renvoyer la même assertion", "Send the same assertion again"),
                lambda stage: _provided(stage, _once(stage)),
                (fault("Sender"),),
                Sentence("Retenez les `ID` jusqu’à leur expiration.", "Remember each `ID` until it expires."),
            ),
        ),
        (ebxml.PROVIDE,),
    ),
)
