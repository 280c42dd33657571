"""Playing scenarios: step after step until an answer is not what it must be."""

import time
from collections.abc import Callable, Collection, Iterable
from datetime import UTC

from espace import edge
from espace.kernel.reasons import Sentence
from espace.site.conform.announcing import announced
from espace.site.conform.client import Client, NoAnswer
from espace.site.conform.equipment import Equipment, Party
from espace.site.conform.facts import (
    NEEDS,
    CannotRun,
    Difference,
    Need,
    Report,
    Result,
    Scenario,
    Step,
    Verdict,
)
from espace.site.conform.staging import Stage

_ANSWER = Sentence("une réponse entière, dans les temps", "a whole answer, in time")
_NO_ANSWER_FIX = Sentence(
    "Le serveur doit répondre à toute demande, même s’il la refuse.",
    "The server must answer every request, even one that it refuses.",
)


def run(kit: Equipment, scenarios: Iterable[Scenario], tell: Callable[[Result], None]) -> Report:
    """Play all of them; `tell` is given each verdict as it comes. Raises CannotRun where nothing could be judged."""
    client, begun = Client(kit), edge.now().astimezone(UTC)
    has, known, results = _given(kit), announced(client), []
    for one in scenarios:
        results.append(play(one, kit, client, has, known))
        tell(results[-1])
    if all(one.verdict is Verdict.NOT_APPLICABLE for one in results):
        raise CannotRun("No scenario applies: nothing was given to ask with, or nothing is announced.")
    return Report(kit.target, begun.strftime("%Y-%m-%dT%H:%M:%SZ"), tuple(results))


def _given(kit: Equipment) -> frozenset[Need]:
    secure = kit.target.startswith("https:")
    said = {
        Need.BEARER: bool(kit.feeder.token),
        Need.READER: bool(kit.reader.token),
        Need.CARD: secure and _has_card(kit.feeder),
        Need.READER_CARD: secure and _has_card(kit.reader),
        Need.MLLP: bool(kit.mllp),
        Need.MOVEMENTS: kit.movements,
    }
    return frozenset(need for need, given in said.items() if given)


def _has_card(party: Party) -> bool:
    return bool(party.connection and party.signature and party.number and party.structure)


def play(
    scenario: Scenario, kit: Equipment, client: Client, has: Collection[Need], known: Collection[str]
) -> Result:
    """The verdict on one scenario."""
    if why := _why_not(scenario, has, known):
        return _result(scenario, Verdict.NOT_APPLICABLE, why=why)
    stage, done, begun = Stage(kit), list[Sentence](), time.monotonic()
    differences: tuple[Difference, ...] = ()
    for step in scenario.steps:
        if step.asks and step.asks not in known:
            continue
        differences = _taken(step, stage, client)
        if differences:
            break
        done.append(step.does)
    verdict = Verdict.FAILED if differences else Verdict.PASSED
    return _result(scenario, verdict, differences, tuple(done), time.monotonic() - begun)


def _why_not(scenario: Scenario, has: Collection[Need], known: Collection[str]) -> Sentence | None:
    missing = next((need for need in scenario.needs if need not in has), None)
    if missing:
        return NEEDS[missing]
    unsaid = next((one for one in scenario.asks if one not in known), None)
    return Sentence(f"le serveur n’annonce pas {unsaid}", f"the server does not announce {unsaid}") if unsaid else None


def _result(
    scenario: Scenario,
    verdict: Verdict,
    differences: tuple[Difference, ...] = (),
    done: tuple[Sentence, ...] = (),
    seconds: float = 0.0,
    why: Sentence | None = None,
) -> Result:
    return Result(
        scenario.id, scenario.family, scenario.title, scenario.rule, verdict, differences, why, done, seconds
    )


def _taken(step: Step, stage: Stage, client: Client) -> tuple[Difference, ...]:
    try:
        answer = client.ask(step.send(stage))
    except NoAnswer as error:
        return (Difference(step.does, _ANSWER, str(error), _NO_ANSWER_FIX),)
    found = [(one, one.found(stage, answer)) for one in step.expects]
    wrong = tuple(Difference(step.does, one.said, what, step.fix) for one, what in found if what)
    if not wrong and step.keep:
        step.keep(stage, answer)
    return wrong
