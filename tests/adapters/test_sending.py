"""What sends messages, as the environment says."""

import pytest

from rung.adapters.sending import address_from, senders_from
from rung.adapters.vault import AesVault, new_key, read_keys
from rung.adapters.web_push import WebPush
from rung.errors import InvalidInput

VAULT = AesVault(read_keys(new_key(), "the test"))


@pytest.mark.parametrize(
    "environment, address",
    [
        ({}, "http://localhost:8000"),
        ({"RUNG_ADDRESS": "https://rung.example.org/"}, "https://rung.example.org"),
        ({"RUNG_ADDRESS": "https://example.org/rung/"}, "https://example.org/rung"),
        ({"RUNG_HOSTS": "a.example.org,b.example.org", "RUNG_HTTPS": "yes"}, "https://a.example.org"),
        ({"RUNG_HOSTS": "[fe80::1]"}, "http://[fe80::1]"),
    ],
)
def test_links_lead_to_where_people_reach_rung(environment: dict[str, str], address: str) -> None:
    assert address_from(environment) == address


@pytest.mark.parametrize(
    "address",
    ["rung.example.org", "ftp://x", "https://", "https://x?a", "https://a b", "https://[", "https://u@x"],
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(InvalidInput, match="RUNG_ADDRESS"):
        address_from({"RUNG_ADDRESS": address})


def test_without_settings_there_is_push_to_public_addresses_and_no_mail() -> None:
    senders = senders_from({}, VAULT)
    assert senders.mail is None
    assert isinstance(senders.push, WebPush)
    assert not senders.push.is_anywhere


def test_push_services_are_told_whom_to_turn_to() -> None:
    senders = senders_from({"RUNG_SMTP": "smtp://localhost", "RUNG_MAIL_FROM": "rung@example.org"}, VAULT)
    assert isinstance(senders.push, WebPush)
    assert senders.push.contact == "mailto:rung@example.org"
