"""Sending mail through the SMTP server of the settings."""

import hashlib
from email.utils import parseaddr
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPSenderRefused

from django.conf import settings
from django.core.mail import EmailMessage

from espace.notices.facts import Mail
from espace.outbox.facts import Hopeless

PERMANENT = 500
"""SMTP answers from here on mean: not now, and not later (RFC 5321, 4.2.1)."""


def send(mail: Mail) -> None:
    """Hand one mail to the SMTP server; raises OSError or SMTPException when it does not take it.

    Hopeless when it refuses this mail for good (5xx to its sender, recipient or text), or when the mail cannot be
    written: the event waits as a dead letter for somebody to look. A refusal of the connection, or of our password,
    is the server's trouble, not the mail's: tried again.
    The Message-ID is derived from the message, so that a second sending can be recognised (SMT-11).
    """
    message = _message(mail)
    try:
        message.send()
    except SMTPException as error:
        code = _refusal(error)
        if code < PERMANENT:
            raise
        raise Hopeless(f"smtp_{code}") from None


def _message(mail: Mail) -> EmailMessage:
    """The message, proved writable: an address on two lines forges no header (SMT-03)."""
    named = f"{mail.to}\0{mail.id}" if mail.id else f"{mail.to}\0{mail.subject}\0{mail.text}"
    digest = hashlib.sha256(named.encode()).hexdigest()[:32]
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    # RFC 3834: no answering machine writes back.
    headers = {"Message-ID": f"<{digest}@{domain}>", "Auto-Submitted": "auto-generated"}
    try:
        message = EmailMessage(mail.subject, mail.text, settings.DEFAULT_FROM_EMAIL, [mail.to], headers=headers)
        message.message()
    except ValueError:
        raise Hopeless("mail_malformed") from None
    return message


def _refusal(error: SMTPException) -> int:
    """The SMTP code of the answer to one mail with one recipient; 0 when it is about anything else."""
    if isinstance(error, SMTPRecipientsRefused):
        return max(code for code, _said in error.recipients.values())
    return error.smtp_code if isinstance(error, (SMTPSenderRefused, SMTPDataError)) else 0
