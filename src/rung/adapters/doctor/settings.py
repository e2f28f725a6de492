"""The settings: that they can be read, and that those which belong together agree."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from urllib.parse import urlsplit

from rung.adapters.doctor.patient import Patient, fine, note, trouble
from rung.adapters.mail import mail_from
from rung.adapters.sending import address_from
from rung.app.ports import Finding
from rung.errors import InvalidInput
from rung.words import _

__all__ = ["addresses", "mail", "mail_server"]

_YES = ("yes", "1", "true")


def addresses(patient: Patient) -> Iterator[Finding]:
    """RUNG_HOSTS, RUNG_HTTPS and RUNG_ADDRESS say the same."""
    known = patient.environment
    hosts = {host.strip().lower() for host in known.get("RUNG_HOSTS", "").split(",") if host.strip()}
    is_https = known.get("RUNG_HTTPS", "").strip().lower() in _YES
    try:
        address = urlsplit(address_from(known))
    except InvalidInput as error:
        yield trouble("address", f"{error}.", "RUNG_ADDRESS", _("Write it as the message says."))
        return
    name = (address.hostname or "").lower()
    found = False
    if hosts and not is_https:
        found = True
        told = _("Rung can be reached by a name, and does not know of https.")
        do = _("Put a server with https in front of it, and set RUNG_HTTPS=yes.")
        yield note("address", told, "RUNG_HOSTS, RUNG_HTTPS", do)
    if is_https and address.scheme != "https":
        found = True
        told = _("Links in reminders do not lead to https.")
        yield note("address", told, "RUNG_ADDRESS, RUNG_HTTPS", _("Begin RUNG_ADDRESS with https://."))
    if known.get("RUNG_ADDRESS") and name not in {*hosts, "localhost", "127.0.0.1"}:
        found = True
        told = _("Links in reminders lead to a name that Rung does not answer to.")
        do = _("Add %(name)s to RUNG_HOSTS.", name=name)
        yield trouble("address", told, "RUNG_ADDRESS, RUNG_HOSTS", do)
    if not found:
        yield fine("address", _("Names and addresses agree."), address.geturl())


def mail(patient: Patient) -> Iterator[Finding]:
    """RUNG_SMTP and RUNG_MAIL_FROM can be read."""
    try:
        found = mail_from(patient.environment)
    except InvalidInput as error:
        yield trouble("mail", f"{error}.", "RUNG_SMTP, RUNG_MAIL_FROM", _("Write it as the message says."))
        return
    if found is None:
        yield fine("mail", _("No mail server is set: reminders come by web push and calendar."), "RUNG_SMTP")
    else:
        yield fine("mail", _("The mail server is set."), f"{found.host}:{found.port}")


def mail_server(patient: Patient) -> Iterator[Finding]:
    """The mail server takes the name and password; nothing is sent."""
    try:
        found = mail_from(patient.environment)
    except InvalidInput:
        return
    if found is None:
        return
    where = f"{found.host}:{found.port}"
    try:
        found.try_out()
    except smtplib.SMTPAuthenticationError:
        told = _("The mail server does not take the name and password.")
        yield trouble("mail server", told, where, _("Look at RUNG_SMTP; some servers want an app password."))
    except (OSError, smtplib.SMTPException) as error:
        told = _("The mail server cannot be reached (%(why)s).", why=type(error).__name__)
        yield trouble("mail server", told, where, _("Look at RUNG_SMTP, and whether its port is open."))
    else:
        yield fine("mail server", _("The mail server answers and lets Rung in."), where)
