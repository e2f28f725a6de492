"""Web push to a real service on this machine; and nothing to where nothing may go."""

import base64
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st
from tests.adapters.push_service import Browser, PushService, make_certificate, push_service

from rung.adapters.public_web import is_public
from rung.adapters.vault import AesVault, new_key, read_keys
from rung.adapters.web_push import WebPush, payload_of
from rung.app.ports import Letter, Outcome
from rung.errors import InvalidInput

KEYS = [read_keys(new_key(), "the test")[0] for _ in range(2)]
LETTER = Letter(
    identity="a" * 32,
    title="Time for your next step",
    body="You asked Rung to tell you now.",
    link="https://rung.example.org/",
    footer="",
    language="ar",
    direction="rtl",
    lasts=timedelta(hours=2),
)


@pytest.fixture
def service() -> Iterator[PushService]:
    with push_service() as found:
        yield found


@pytest.fixture
def push() -> WebPush:
    return WebPush(AesVault(KEYS[:1]), "mailto:rung@example.org", is_anywhere=True)


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_a_browser_reads_what_was_sent(push: WebPush, service: PushService) -> None:
    browser = Browser()
    to = browser.subscription(f"{service.url}/abc?d=e", push.public_key)
    push.check(to)
    assert push.send(LETTER, to).outcome is Outcome.SENT
    (got,) = service.received
    assert got.path == "/abc?d=e"
    assert (got.headers["topic"], got.headers["ttl"]) == ("a" * 32, "7200")
    assert (got.headers["content-encoding"], got.headers["urgency"]) == ("aes128gcm", "high")
    said = browser.read(got.body)
    assert said["web_push"] == 8030
    assert said["notification"] == {
        "title": LETTER.title,
        "body": LETTER.body,
        "navigate": LETTER.link,
        "tag": LETTER.identity,
        "lang": "ar",
        "dir": "rtl",
        "silent": False,
    }


def test_it_is_signed_with_the_key_that_the_browser_subscribed_with(
    push: WebPush, service: PushService
) -> None:
    push.send(LETTER, Browser().subscription(f"{service.url}/a", push.public_key))
    scheme, _, rest = service.received[0].headers["authorization"].partition(" ")
    parts = dict(part.split("=", 1) for part in rest.split(","))
    assert (scheme, parts["k"]) == ("vapid", push.public_key)
    head, claims, signature = parts["t"].split(".")
    raw = decoded(signature)
    der = utils.encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(push.public_key))
    key.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))
    said: dict[str, Any] = json.loads(decoded(claims))
    assert (said["aud"], said["sub"]) == (service.url, "mailto:rung@example.org")


def test_the_servers_key_stays_the_same_and_survives_a_change_of_the_vaults_key(service: PushService) -> None:
    old = WebPush(AesVault(KEYS[:1]), "mailto:a@example.org", is_anywhere=True)
    assert WebPush(AesVault(KEYS[:1]), "").public_key == old.public_key
    new = WebPush(AesVault([KEYS[1], KEYS[0]]), "mailto:a@example.org", is_anywhere=True)
    assert new.public_key != old.public_key
    to = Browser().subscription(f"{service.url}/a", old.public_key)
    assert new.send(LETTER, to).outcome is Outcome.SENT
    assert f"k={old.public_key}" in service.received[0].headers["authorization"]


@pytest.mark.parametrize(
    "status, outcome",
    [
        (200, Outcome.SENT),
        (201, Outcome.SENT),
        (404, Outcome.GONE),
        (410, Outcome.GONE),
        (400, Outcome.REFUSED),
        (403, Outcome.REFUSED),
        (413, Outcome.REFUSED),
        (429, Outcome.LATER),
        (500, Outcome.LATER),
        (503, Outcome.LATER),
    ],
)
def test_what_the_service_answers_decides(
    push: WebPush, service: PushService, status: int, outcome: Outcome
) -> None:
    service.status = status
    assert push.send(LETTER, Browser().subscription(service.url, push.public_key)).outcome is outcome


@pytest.mark.parametrize(
    "text, seconds", [("90", 90), ("x", 0), ("-5", 0), ("9" * 50, 0), ("999999", 6 * 3600)]
)
def test_a_service_may_ask_to_wait(push: WebPush, service: PushService, text: str, seconds: int) -> None:
    service.status, service.headers = 429, {"retry-after": text}
    sent = push.send(LETTER, Browser().subscription(service.url, push.public_key))
    assert sent.wait == timedelta(seconds=seconds)


def test_no_redirect_is_followed(push: WebPush, service: PushService) -> None:
    service.status, service.headers = 307, {"location": f"{service.url}/elsewhere"}
    assert push.send(LETTER, Browser().subscription(service.url, push.public_key)).outcome is Outcome.REFUSED
    assert len(service.received) == 1


def test_where_no_service_is_it_is_tried_later(push: WebPush) -> None:
    to = Browser().subscription("http://127.0.0.1:1/x", push.public_key)
    assert push.send(LETTER, to).outcome is Outcome.LATER


@pytest.mark.parametrize(
    "name, is_trusted, outcome",
    [
        ("localhost", True, Outcome.SENT),
        ("localhost", False, Outcome.LATER),
        ("elsewhere.example", True, Outcome.LATER),
    ],
)
def test_over_https_the_certificate_must_be_of_the_name(
    push: WebPush,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    is_trusted: bool,
    outcome: Outcome,
) -> None:
    certificate = make_certificate(tmp_path / "certificate.pem", name)
    context = ssl.create_default_context(cafile=str(certificate) if is_trusted else None)
    monkeypatch.setattr(ssl, "create_default_context", lambda: context)
    with push_service(certificate) as service:
        to = Browser().subscription(f"{service.url}/x", push.public_key)
        assert push.send(LETTER, to).outcome is outcome
        assert len(service.received) == (outcome is Outcome.SENT)


def test_a_service_that_answers_a_byte_at_a_time_holds_up_nobody(
    push: WebPush, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rung.adapters.public_web._AT_MOST", 1.0)
    ended = threading.Event()

    def drip(listener: socket.socket) -> None:
        connection, _address = listener.accept()
        with connection, suppress(OSError):
            connection.sendall(b"HTTP/1.1 201 Created\r\nX: ")
            while not ended.wait(0.1):
                connection.sendall(b"x")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip, args=(listener,), daemon=True)
        thread.start()
        to = Browser().subscription(f"http://127.0.0.1:{listener.getsockname()[1]}/x", push.public_key)
        try:
            # It may count as sent, for the first line said so; what matters is that it ends.
            assert push.send(LETTER, to).outcome in (Outcome.SENT, Outcome.LATER)
        finally:
            ended.set()
            thread.join(10)


FORBIDDEN = [
    "http://push.example.org/a",
    "https://127.0.0.1/a",
    "https://127.1/a",
    "https://2130706433/a",
    "https://0x7f.1/a",
    "https://localhost/a",
    "https://[::1]/a",
    "https://[::ffff:127.0.0.1]/a",
    "https://[fe80::1]/a",
    "https://[fd00::1]/a",
    "https://[64:ff9b::7f00:1]/a",
    "https://[2002:7f00:1::]/a",
    "https://10.0.0.1/a",
    "https://172.16.0.1/a",
    "https://192.168.1.1/a",
    "https://169.254.169.254/latest/meta-data",
    "https://100.64.0.1/a",
    "https://0.0.0.0/a",
    "https://224.0.0.1/a",
    "https://255.255.255.255/a",
    "https://1.1.1.1:8443/a",
    "https://1.1.1.1:22/a",
    "https://user:pass@1.1.1.1/a",
    "https://1.1.1.1@127.0.0.1/a",
    "https://1.1.1.1/a#b",
    "https:///a",
    "https://.example/a",
    "https://push..example/a",
    f"https://{'a' * 64}.example/a",
    "https://1.1.1.1:port/a",
    "https://[x/a",
    "file:///etc/passwd",
    "gopher://1.1.1.1/a",
    "https://1.1.1.1/a\r\nHost: x",
    "https://1.1.1.1/ü",
    "https://1.1.1.1/a b",
    "",
]


@pytest.mark.parametrize("endpoint", FORBIDDEN)
def test_nothing_goes_to_where_nothing_may_go(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def connected(*words: object, **more: object) -> None:
        raise AssertionError(f"connected to {words}")

    monkeypatch.setattr(socket, "create_connection", connected)
    push = WebPush(AesVault(KEYS[:1]), "mailto:a@example.org")
    to = Browser().subscription(endpoint, push.public_key)
    with pytest.raises(InvalidInput):
        push.check(to)
    assert push.send(LETTER, to).outcome is Outcome.GONE


def test_a_name_that_means_a_private_address_is_refused_whenever_it_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    meant = ["93.184.216.34"]
    connected: list[object] = []

    def resolved(host: str, port: int, **more: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in meant]

    def connect(address: object, timeout: object) -> None:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    monkeypatch.setattr(socket, "create_connection", connect)
    push = WebPush(AesVault(KEYS[:1]), "mailto:a@example.org")
    to = Browser().subscription("https://push.example.org/a", push.public_key)
    push.check(to)
    # The connection goes to the address that was looked at, and by no name.
    assert push.send(LETTER, to).outcome is Outcome.LATER
    assert connected == [("93.184.216.34", 443)]
    meant[:] = ["93.184.216.34", "10.0.0.1"]
    assert push.send(LETTER, to).outcome is Outcome.GONE
    assert len(connected) == 1


@given(st.ip_addresses())
def test_no_address_of_a_private_network_is_public(address: Any) -> None:
    if address.is_private or address.is_loopback or address.is_link_local or address.is_multicast:
        assert not is_public(str(address))


@pytest.mark.parametrize(
    "change",
    [
        {"p256dh": ""},
        {"p256dh": "x"},
        {"p256dh": "BA" + "A" * 85},
        {"auth": ""},
        {"auth": "AAAA"},
        {"auth": "ü"},
        {"server_key": "another"},
    ],
)
def test_keys_that_nobody_could_encrypt_to_are_refused(push: WebPush, change: dict[str, str]) -> None:
    to = replace(Browser().subscription("http://127.0.0.1:1/x", push.public_key), **change)  # type: ignore[arg-type]  # fields by name
    with pytest.raises(InvalidInput):
        push.check(to)


def test_a_long_name_is_cut_so_that_it_fits(push: WebPush) -> None:
    assert len(payload_of(replace(LETTER, body="ü" * 4000))) < 2000
