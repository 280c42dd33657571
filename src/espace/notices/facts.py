"""The vocabulary of notices."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mail:
    """One message in plain text."""

    to: str
    subject: str
    text: str
