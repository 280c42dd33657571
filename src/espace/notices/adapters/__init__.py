"""Sending mail through the SMTP server of the settings."""

import hashlib

from django.conf import settings
from django.core.mail import EmailMessage

from espace.notices.facts import Mail


def send(mail: Mail) -> None:
    """Hand one mail to the SMTP server; raises OSError or SMTPException when it does not take it.

    The Message-ID is derived from the message, so that a second sending can be recognised (SMT-11).
    """
    digest = hashlib.sha256(f"{mail.to}\0{mail.subject}\0{mail.text}".encode()).hexdigest()[:32]
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
    EmailMessage(
        mail.subject, mail.text, settings.DEFAULT_FROM_EMAIL, [mail.to], headers={"Message-ID": f"<{digest}@{domain}>"}
    ).send()
