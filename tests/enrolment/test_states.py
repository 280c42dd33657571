"""The life of a space is a table: every step that is not in it is refused."""

from itertools import product

from espace.enrolment.facts import State, Step
from espace.enrolment.rules import FEEDING, READING, REOPENABLE, TRANSITIONS, after


def test_every_state_says_whether_it_may_be_fed_and_read() -> None:
    assert set(FEEDING) == set(READING) == set(State)
    assert {state for state, refusal in FEEDING.items() if refusal is None} == {"opened", "activated", "suspended"}
    assert {state for state, refusal in READING.items() if refusal is None} == {"opened", "activated"}


def test_an_objection_is_final_for_automatic_opening() -> None:
    assert after(State.OPPOSED, Step.OPEN) is None
    assert after(State.INFORMED, Step.OBJECT) is State.OPPOSED


def test_an_opened_space_is_activated_once() -> None:
    assert after(State.OPENED, Step.ACTIVATE) is State.ACTIVATED
    assert [state for state in State if after(state, Step.ACTIVATE)] == [State.OPENED]


def test_whatever_is_not_in_the_table_does_not_happen() -> None:
    others = set(product(State, Step)) - set(TRANSITIONS)
    assert {after(*pair) for pair in others} == {None}


def test_a_space_is_closed_when_its_holder_asks_and_taken_back_at_any_moment() -> None:
    assert [state for state in State if after(state, Step.ASK_CLOSING)] == [State.OPENED, State.ACTIVATED]
    assert after(State.ACTIVATED, Step.ASK_CLOSING) is State.SUSPENDED
    assert [state for state in State if after(state, Step.CLOSE)] == [State.SUSPENDED]
    assert {after(state, Step.REOPEN) for state in (State.SUSPENDED, State.CLOSED)} == {State.ACTIVATED}
    assert {"suspended", "closed"} == REOPENABLE
