"""E-mail by SMTP: RUNG_SMTP says through which server, RUNG_MAIL_FROM from whom.

The message's id comes from the letter: a letter that is sent twice carries the same one, by which mail
servers and programs know it again.
"""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from rung.app.ports import Letter, Outcome, Sent
from rung.errors import InvalidInput

__all__ = ["SmtpMail", "mail_from", "message_of"]

_log = logging.getLogger("rung.reminders")
_SECONDS = 10
_PORTS = {"smtp": 587, "smtps": 465}
_MARKS = frozenset(' <>()[],;:@"\\')
"""What a quoted or an unusual address would need: none of it is sent anywhere."""
_HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class SmtpMail:
    """Sends through one server."""

    sender: Address
    host: str
    port: int
    user: str = ""
    password: str = ""
    is_tls: bool = False
    """True where the connection is encrypted from its first byte; else it is as soon as the server can."""

    def send(self, letter: Letter, to: str) -> Sent:
        """Send the letter; what the server refuses for now may be tried again."""
        try:
            message = message_of(letter, self.sender, to)
        except (ValueError, IndexError) as error:
            _log.warning("An e-mail could not be made: %s", error)
            return Sent(Outcome.REFUSED)
        try:
            server = self._connected()
            try:
                server.send_message(message, self.sender.addr_spec, [message["To"].addresses[0].addr_spec])
            finally:
                # What is said after a message was taken changes nothing of that.
                with suppress(OSError, smtplib.SMTPException):
                    server.quit()
        except smtplib.SMTPRecipientsRefused as error:
            return _refused(max(code for code, _ in error.recipients.values()))
        except smtplib.SMTPAuthenticationError as error:
            _log.error("The mail server does not take the name and password: %s", error.smtp_code)
            return Sent(Outcome.LATER)
        except smtplib.SMTPResponseException as error:
            return _refused(error.smtp_code)
        except smtplib.SMTPNotSupportedError as error:
            _log.error("The mail server cannot do what is needed: %s", error)
            return Sent(Outcome.REFUSED)
        except (OSError, smtplib.SMTPException) as error:
            _log.warning("The mail server cannot be reached: %s", type(error).__name__)
            return Sent(Outcome.LATER)
        return Sent(Outcome.SENT)

    def try_out(self) -> None:
        """Connect and sign in as for sending, and send nothing; raises what stands in the way."""
        server = self._connected()
        with suppress(OSError, smtplib.SMTPException):
            server.quit()

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.is_tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=_SECONDS, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=_SECONDS)
        try:
            server.ehlo_or_helo_if_needed()
            is_encrypted = self.is_tls or self.host in _HERE
            if not is_encrypted and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
                is_encrypted = True
            if self.user and not is_encrypted:
                raise smtplib.SMTPNotSupportedError("it would take the password unencrypted")
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server


def message_of(letter: Letter, sender: Address, to: str) -> EmailMessage:
    """The e-mail of a letter; nothing in it can become a header of its own."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = _address(to)
    # What looks like an encoded word would be decoded, line ends and all.
    message["Subject"] = " ".join(letter.title.split()).replace("=?", "= ?")
    message["Message-ID"] = f"<{letter.identity}@{_ascii(sender.domain)}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = letter.language
    message.set_content(f"{letter.body}\n\n{letter.link}\n\n-- \n{letter.footer}\n")
    return message


def mail_from(environment: Mapping[str, str]) -> SmtpMail | None:
    """The server of RUNG_SMTP (smtp://user:password@host:port, or smtps://); None where none is set."""
    where, sender = environment.get("RUNG_SMTP", "").strip(), environment.get("RUNG_MAIL_FROM", "").strip()
    if not where:
        return None
    try:
        parts = urlsplit(where)
        port = parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError):
        parts, port = urlsplit(""), 0
    if not parts.hostname:
        # Nothing of it is told: it may hold a password.
        raise InvalidInput(
            "RUNG_SMTP is no address of a mail server: write smtp://name:password@host:port, or smtps://"
        )
    return SmtpMail(
        sender=_sender(sender),
        host=parts.hostname,
        port=port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        is_tls=parts.scheme == "smtps",
    )


def _sender(text: str) -> Address:
    try:
        return _address(text, "Rung")
    except (ValueError, IndexError):
        raise InvalidInput(
            "RUNG_MAIL_FROM must be the address that e-mail comes from, such as rung@example.org"
        ) from None


def _address(text: str, shown: str = "") -> Address:
    """The one address that a text is; `ValueError` where it is anything else."""
    name, _, host = text.rpartition("@")
    if not name or not host or not text.isprintable() or any(mark in _MARKS for mark in name + host):
        raise ValueError("no address")
    return Address(shown, name, host)


def _ascii(host: str) -> str:
    return host.encode("idna").decode()


def _refused(code: int) -> Sent:
    _log.warning("The mail server refused a message with %s", code)
    return Sent(Outcome.LATER if 400 <= code < 500 else Outcome.REFUSED)
