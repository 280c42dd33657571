"""What the provider remembers while it runs: questions, codes, tokens, sessions. Bounded, and forgotten in time."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, TypeVar

from espace.edge import new_token
from espace.site.provider.accounts import Account

T = TypeVar("T")


class Shelf(Generic[T]):
    """Things under keys that cannot be guessed; the oldest gives way to the newest."""

    def __init__(self, *, lasting: timedelta, most: int = 500) -> None:
        self._lasting = lasting
        self._most = most
        self._kept: OrderedDict[str, tuple[datetime, T]] = OrderedDict()
        self._lock = Lock()

    def put(self, thing: T, *, at: datetime) -> str:
        """Keep it; its key."""
        key = new_token()
        with self._lock:
            self._kept[key] = (at + self._lasting, thing)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return key

    def get(self, key: str, *, at: datetime) -> T | None:
        with self._lock:
            until, thing = self._kept.get(key, (at, None))
        return thing if at < until else None

    def until(self, key: str) -> datetime | None:
        with self._lock:
            return self._kept[key][0] if key in self._kept else None

    def take(self, key: str, *, at: datetime) -> T | None:
        """Get it, and forget it: of two who ask at once, one gets it."""
        with self._lock:
            until, thing = self._kept.pop(key, (at, None))
        return thing if at < until else None


@dataclass(frozen=True, slots=True)
class Question:
    """A request of authentication, checked. `challenge` is that of PKCE, S256."""

    redirect_uri: str
    state: str
    nonce: str
    challenge: str
    scope: str


@dataclass(slots=True)
class Attempt:
    """Somebody signing in, in the browser that holds `browser`; `account` once the password was right."""

    question: Question
    browser: str
    account: Account | None = None
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody signed in at the provider; `form` goes with its forms, `tokens` are those given out in it."""

    sid: str
    account: Account
    amr: tuple[str, ...]
    since: datetime
    form: str = field(default_factory=new_token)


@dataclass(frozen=True, slots=True)
class Given:
    """What a code stands for; `token` is the access token that it will become."""

    question: Question
    session: Session


@dataclass(slots=True)
class Memory:
    """Everything; each shelf with its own patience."""

    attempts: Shelf[Attempt] = field(default_factory=lambda: Shelf(lasting=timedelta(minutes=10)))
    codes: Shelf[Given] = field(default_factory=lambda: Shelf(lasting=timedelta(seconds=60)))
    spent: dict[str, str] = field(default_factory=dict)
    """Codes that served → the access token they gave: a code that comes twice takes its token away."""
    tokens: Shelf[Session] = field(default_factory=lambda: Shelf(lasting=timedelta(minutes=5)))
    sessions: Shelf[Session] = field(default_factory=lambda: Shelf(lasting=timedelta(hours=4)))
    steps: dict[str, int] = field(default_factory=dict)
    """Identifier → the last period of an authenticator whose code served: a code serves once."""
