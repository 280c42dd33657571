"""The feeder: takes what is dropped, sends what waits, and never sends a document under two identifiers.

What is sent is noted with its identifier before the first sending. A sending whose answer was never noted (a cut
line, a crash, a loss of power) is made again, the same; the platform then answers the ids of the first.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from espace_feed import edge
from espace_feed.credentials import Credentials, NoToken
from espace_feed.facts import Deposit, Description, Held, Identity, Prepared, State, Unfit, Why
from espace_feed.folder import Folders, Look, passed_over, plain
from espace_feed.net import Call, Https, Request, Unreachable, checked
from espace_feed.preparing import is_pdf, prepared
from espace_feed.sidecar import SUFFIX, said_of
from espace_feed.store import Store
from espace_feed.verdicts import FHIR, Outcome, Verdict, request_of, verdict_of, waits

SETTLE_SECONDS = 2.0
"""Between two looks at a file: one whose size and time did not change is whole."""
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Status:
    """Where things are: counts, what waits and why, and what a person must look at (name and text beside)."""

    sent: int
    waiting: int
    unaccompanied: tuple[str, ...]
    late: tuple[Deposit, ...]
    quarantined: tuple[tuple[str, str], ...]
    refused: tuple[tuple[str, str], ...]
    server: tuple[Why, ...]
    next_try: float


class Feeder:
    """Feeds the platform whose FHIR door is at `url` from `folder`.

    `usual` describes PDFs where their sidecar says nothing. Without `keep_sent` a file that was filed is deleted.
    `call`, `clock` and `say` are given by tests and programs.
    """

    def __init__(
        self,
        url: str,
        credentials: Credentials,
        folder: str | Path,
        *,
        usual: Description | None = None,
        keep_sent: bool = True,
        call: Call | None = None,
        clock: Callable[[], float] = edge.now,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        checked(url)
        self._url = url.rstrip("/")
        self._credentials = credentials
        self._folders = Folders(Path(folder), keep_sent=keep_sent)
        self._store = Store(Path(folder))
        self._usual = usual or Description()
        self._call = call or Https()
        self._clock = clock
        self._say = say
        self._seen: dict[str, tuple[int, ...]] = {}
        self._token = ("", 0.0)

    # --- a program gives a document -------------------------------------------------------------------------

    def submit(
        self,
        document: str | Path | bytes,
        identity: Identity | Mapping[str, Any] | None = None,
        *,
        name: str = "",
        **said: Any,
    ) -> Deposit:
        """Note a document for good, and try to send it and all that waits.

        `document` is a PDF or a CDA: a file, which stays where it is and whose sidecar counts where nothing is said
        here, or bytes. `identity` and `said` have the names of a sidecar. Where it could not be sent yet the state is
        `waiting`, and `watch` or the next call sends it; given again, it stays one document.
        """
        data, beside, called = _given(document, identity, said)
        chosen = Path(plain(name or called)).name
        free = self._folders.free_in_inbox(f"document-{chosen}.cda" if passed_over(chosen) else chosen)
        look = self._folders.put(free, data, beside)
        taken = self._take(look)
        self.send_due()
        return (self._store.called(taken.name) or taken) if taken.state is State.WAITING else taken

    # --- the folder -----------------------------------------------------------------------------------------

    def once(self, sleep: Callable[[float], object] = edge.sleep) -> Status:
        """Take what is whole in the inbox and send what is due, once."""
        self.recover()
        self.take_new()
        sleep(SETTLE_SECONDS)
        self.take_new()
        self.send_due()
        return self.status()

    def watch(self, every: float, stopped: Callable[[], bool], sleep: Callable[[float], object] = edge.sleep) -> None:
        """The same for ever, until `stopped`. A full disk or a locked file is told and tried again."""
        put_right = False
        while not stopped():
            try:
                if not put_right:
                    self.recover()
                    put_right = True
                self.take_new()
                self.send_due(stopped)
            except (OSError, sqlite3.Error) as error:
                put_right = False
                self._say(f"{type(error).__name__}: {error}")
            sleep(every)

    def recover(self) -> None:
        """Put right what a crash left between a note and a move."""
        for name in self._folders.documents(State.WAITING):
            known = self._store.called(name)
            if known is None:
                self._folders.put_back(State.WAITING, name)
            elif known.state is not State.WAITING:
                self._folders.settle(name, known.state, known.why)

    def take_new(self) -> None:
        """Take every document of the inbox that is as it was at the last look."""
        self._folders.forget_texts()
        looks = list(self._folders.dropped())
        ready = [look for look in looks if self._seen.get(look.document.name) == look.signature]
        self._seen = {look.document.name: look.signature for look in looks}
        for look in ready:
            try:
                if look.sidecar is not None or not is_pdf(look.document):
                    self._take(look)
            except OSError as error:
                self._say(f"{plain(look.document.name)}: {type(error).__name__}; it stays in the inbox.")

    def _take(self, look: Look) -> Deposit:
        data = look.document.read_bytes()
        beside = look.sidecar.read_bytes() if look.sidecar else None
        made_at = edge.local(look.document.stat().st_mtime)
        name = plain(look.document.name)
        try:
            item = prepared(data, beside, self._usual, made_at)
        except Held as held:
            return self._stopped(look, State.QUARANTINED, name, held.why)
        except Unfit as unfit:
            return self._stopped(look, State.REFUSED, name, unfit.why)
        known = self._store.take(item, name, self._clock())
        self._folders.move(look, State.WAITING, known)
        deposit = self._store.deposit(item.key)
        if deposit.state is not State.WAITING:
            self._folders.settle(known, deposit.state, deposit.why)
        return deposit

    def _stopped(self, look: Look, state: State, name: str, why: tuple[Why, ...]) -> Deposit:
        free = self._folders.free_name(state, name)
        self._folders.tell(free, state, why)
        self._folders.move(look, state, free)
        self._say(f"{free}: {state}")
        return Deposit(free, state, why=why)

    # --- sending --------------------------------------------------------------------------------------------

    def send_due(self, stopped: Callable[[], bool] = lambda: False) -> None:
        """Send whatever is due, oldest first, until the platform is found to be down, or `stopped`."""
        failures, next_try, _ = self._store.server()
        if failures and next_try > self._clock():
            return
        for key in self._store.due(self._clock()):
            item = self._store.item(key)
            if stopped() or (item is not None and not self._send(item)):
                return

    def _send(self, item: Prepared) -> bool:
        """Whether the platform answered, so that the next may follow."""
        try:
            verdict = self._asked(item)
        except Unreachable as error:
            sentence = "Le serveur ne répond pas."
            why = Why("injoignable", sentence, str(error), "Rien à faire : on réessaie.")
            verdict = Verdict(Outcome.DOWN, "", (why,))
        except NoToken as error:
            why = Why("jeton", "Le serveur ne nous reconnaît pas.", str(error), "Vérifiez client_id, clé ou commande.")
            verdict = Verdict(Outcome.SIGN_IN, "", (why,))
        self._note(item.key, verdict)
        return verdict.outcome not in (Outcome.DOWN, Outcome.SIGN_IN)

    def _note(self, key: str, verdict: Verdict) -> None:
        at, name = self._clock(), self._store.deposit(key).name
        if verdict.outcome in (Outcome.DOWN, Outcome.SIGN_IN):
            self._store.failed(key)
            failures = self._store.server()[0] + 1
            self._store.note_server(failures, at + waits(failures, verdict.after), verdict.why)
            self._say(f"{name}: waits ({', '.join(one.code for one in verdict.why)})")
            return
        self._store.note_server(0, 0.0, ())
        if verdict.outcome is Outcome.LATER:
            self._store.failed(key)
            self._store.later(key, verdict.why, at + waits(self._store.failures(key), verdict.after))
        elif verdict.outcome is Outcome.FILED:
            self._store.sent(key, verdict.document)
        else:
            self._store.refused(key, verdict.why)
        known = self._store.deposit(key)
        if known.state is not State.WAITING:
            self._folders.settle(known.name, known.state, known.why)
        self._say(f"{name}: {known.state}")

    def _asked(self, item: Prepared) -> Verdict:
        """One sending; a token that is no longer taken is asked anew, once."""
        verdict = self._posted(item)
        if verdict.outcome is Outcome.SIGN_IN:
            self._token = ("", 0.0)
            verdict = self._posted(item)
        return verdict

    def _posted(self, item: Prepared) -> Verdict:
        token, until = self._token
        if until <= self._clock():
            token, until = self._token = self._credentials.token(self._call, self._url, self._clock())
        headers = {"Authorization": f"Bearer {token}", "Content-Type": FHIR, "Accept": FHIR, "Accept-Language": "fr"}
        return verdict_of(self._call(Request("POST", f"{self._url}/DocumentReference", headers, request_of(item))))

    # --- what is shown --------------------------------------------------------------------------------------

    def status(self) -> Status:
        """What the page shows; it holds file names, counts and reasons, nothing else of a document."""
        failures, next_try, why = self._store.server()
        told = {
            state: tuple((name, self._folders.said(state, name)) for name in self._folders.documents(state))
            for state in (State.QUARANTINED, State.REFUSED)
        }
        return Status(
            sent=self._store.count(State.SENT),
            waiting=self._store.count(State.WAITING),
            unaccompanied=tuple(self._unaccompanied()),
            late=tuple(one for one in self._store.known(State.WAITING, _SHOWN) if one.why),
            quarantined=told[State.QUARANTINED],
            refused=told[State.REFUSED],
            server=why if failures else (),
            next_try=next_try if failures else 0.0,
        )

    def _unaccompanied(self) -> Iterator[str]:
        """The PDFs of the inbox that have no sidecar yet."""
        for look in self._folders.dropped():
            with suppress(OSError):
                if look.sidecar is None and is_pdf(look.document):
                    yield plain(look.document.name)


def _given(
    document: str | Path | bytes, identity: Identity | Mapping[str, Any] | None, said: Mapping[str, Any]
) -> tuple[bytes, bytes | None, str]:
    """The bytes, those of the sidecar, and the name."""
    stated = dict(said)
    if identity is not None:
        stated["identity"] = said_of(identity) if isinstance(identity, Identity) else dict(identity)
    beside = json.dumps(stated, default=str, ensure_ascii=False).encode() if stated else None
    if isinstance(document, bytes):
        return document, beside, "document.pdf" if document.startswith(b"%PDF-") else "document.xml"
    path = Path(document)
    if beside is None:
        with suppress(FileNotFoundError):
            beside = path.with_name(path.name + SUFFIX).read_bytes()
    return path.read_bytes(), beside, path.name
