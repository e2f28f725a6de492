"""What sends messages, as the operator has set it up in the environment."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from rung.adapters.mail import mail_from
from rung.adapters.web_push import WebPush
from rung.app.ports import Senders, Vault
from rung.errors import InvalidInput

__all__ = ["address_from", "senders_from"]

_YES = ("yes", "1", "true")


def senders_from(environment: Mapping[str, str], vault: Vault) -> Senders:
    """Mail where RUNG_SMTP is set, web push always; links in messages lead to RUNG_ADDRESS."""
    mail, address = mail_from(environment), address_from(environment)
    contact = f"mailto:{mail.sender.addr_spec}" if mail else address
    is_anywhere = environment.get("RUNG_PUSH_ANYWHERE", "").strip().lower() in _YES
    return Senders(mail, WebPush(vault, contact, is_anywhere), address)


def address_from(environment: Mapping[str, str]) -> str:
    """Where people reach Rung: RUNG_ADDRESS, else the first of RUNG_HOSTS, else this machine.

    >>> address_from({"RUNG_HOSTS": "rung.example.org, other.example.org", "RUNG_HTTPS": "yes"})
    'https://rung.example.org'
    """
    given = environment.get("RUNG_ADDRESS", "").strip().rstrip("/")
    if not given:
        host = environment.get("RUNG_HOSTS", "").partition(",")[0].strip()
        is_https = environment.get("RUNG_HTTPS", "").strip().lower() in _YES
        given = f"{'https' if is_https else 'http'}://{host}" if host else "http://localhost:8000"
    try:
        parts = urlsplit(given)
    except ValueError:
        parts = urlsplit("")
    is_plain = not parts.query and not parts.fragment and not parts.username and given.isprintable()
    if parts.scheme not in ("http", "https") or not parts.hostname or " " in given or not is_plain:
        raise InvalidInput(
            f"RUNG_ADDRESS is {given[:100]!r}: write where people reach Rung, such as https://rung.example.org"
        )
    return given
