"""Two tabs at once never end a session."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection

from espace.portal.sessions import SessionStore

TABS = 4


def test_saving_one_session_from_several_tabs_at_once() -> None:
    first = SessionStore()
    first.create()
    together = Barrier(TABS)

    def save(number: int) -> None:
        mine = SessionStore(first.session_key)
        mine[f"tab{number}"] = True
        together.wait()
        try:
            mine.save()
        finally:
            connection.close()

    with ThreadPoolExecutor(TABS) as tabs:
        list(tabs.map(save, range(TABS)))
    assert SessionStore(first.session_key).load()


def test_a_session_that_was_ended_is_not_saved_again() -> None:
    ended = SessionStore()
    ended.create()
    SessionStore(ended.session_key).delete()
    ended["more"] = True
    with pytest.raises(UpdateError):
        ended.save()
