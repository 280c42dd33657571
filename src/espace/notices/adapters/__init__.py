"""Sending mail through the SMTP server of the settings."""

import hashlib
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPSenderRefused

from django.conf import settings
from django.core.mail import EmailMessage

from espace.notices.facts import Mail
from espace.outbox.facts import Hopeless

PERMANENT = 500
"""SMTP answers from here on mean: not now, and not later (RFC 5321, 4.2.1)."""


def send(mail: Mail) -> None:
    """Hand one mail to the SMTP server; raises OSError or SMTPException when it does not take it.

    Hopeless when it refuses this mail for good (5xx to its sender, recipient or text): the event waits as a dead
    letter for somebody to look. A refusal of the connection is the server's trouble, not the mail's: tried again.
    The Message-ID is derived from the message, so that a second sending can be recognised (SMT-11).
    """
    digest = hashlib.sha256(f"{mail.to}\0{mail.subject}\0{mail.text}".encode()).hexdigest()[:32]
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
    message = EmailMessage(
        mail.subject, mail.text, settings.DEFAULT_FROM_EMAIL, [mail.to], headers={"Message-ID": f"<{digest}@{domain}>"}
    )
    try:
        message.send()
    except SMTPException as error:
        code = _refusal(error)
        if code < PERMANENT:
            raise
        raise Hopeless(f"smtp_{code}") from None


def _refusal(error: SMTPException) -> int:
    """The SMTP code of the answer to one mail with one recipient; 0 when it is about anything else."""
    if isinstance(error, SMTPRecipientsRefused):
        return max(code for code, _said in error.recipients.values())
    return error.smtp_code if isinstance(error, (SMTPSenderRefused, SMTPDataError)) else 0
