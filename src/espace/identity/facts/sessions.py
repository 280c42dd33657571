"""Sessions of professionals."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ProfessionalSession:
    """A sign-in in force; `organisation` is where the professional acts, None until they said.
    `regulates`: their provider says that they handle the calls of an emergency call centre."""

    id: UUID
    professional: UUID
    organisation: UUID | None
    started_at: datetime
    expires_at: datetime
    regulates: bool = False


@dataclass(frozen=True, slots=True)
class ProviderNames:
    """What the OpenID provider `issuer` calls a person (`sub`) and one of their sessions (`sid`, "" when unsaid)."""

    issuer: str
    sub: str = ""
    sid: str = ""
