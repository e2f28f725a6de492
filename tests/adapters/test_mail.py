"""E-mail through a real SMTP server on this machine."""

import smtplib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.headerregistry import Address

import pytest
from tests.adapters.mail_server import Box, mail_server

from rung.adapters.mail import SmtpMail, mail_from, message_of
from rung.app.ports import Letter, Outcome
from rung.errors import InvalidInput

LETTER = Letter(
    identity="abc-DEF_123",
    title="Time for your next step",
    body="Sag „nein“ – einmal",
    link="https://rung.example.org/",
    footer="Change it: https://rung.example.org/reminders",
    language="en",
    direction="ltr",
    lasts=timedelta(hours=2),
)
SENDER = Address("Rung", "rung", "example.org")


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def mail(box: Box) -> Iterator[SmtpMail]:
    with mail_server(box) as port:
        yield SmtpMail(SENDER, "127.0.0.1", port)


def test_a_letter_arrives_as_it_is(mail: SmtpMail, box: Box) -> None:
    assert mail.send(LETTER, "ana@example.org").outcome is Outcome.SENT
    (taken,) = box.taken
    assert (taken.mail_from, taken.rcpt_tos) == ("rung@example.org", ["ana@example.org"])
    assert isinstance(taken.content, bytes)
    message = message_from_bytes(taken.content, policy=policy.default)
    assert message["subject"] == LETTER.title
    assert message["message-id"] == "<abc-DEF_123@example.org>"
    assert message["auto-submitted"] == "auto-generated"
    body = message.get_body()
    assert body
    assert body.get_content().splitlines()[0] == LETTER.body


def test_sent_twice_it_has_the_same_identity(mail: SmtpMail, box: Box) -> None:
    for _ in range(2):
        mail.send(LETTER, "ana@example.org")
    ids = {
        message_from_bytes(one.content)["message-id"] for one in box.taken if isinstance(one.content, bytes)
    }
    assert len(ids) == 1


@pytest.mark.parametrize(
    "title, body",
    [
        ("Hello\r\nBcc: eve@example.org", "x"),
        ("Hello\nX: y", "x"),
        ("Hello\u2028Bcc: eve@example.org", "x\r\n.\r\nMAIL FROM:<eve@example.org>"),
        ("x" * 5000, "From here\n.\n"),
        ("=?utf-8?q?x=0D=0ABcc:_eve=40example.org=0D=0AX:_y?=", "x"),
    ],
)
def test_nothing_written_becomes_a_header_or_a_command(
    mail: SmtpMail, box: Box, title: str, body: str
) -> None:
    assert mail.send(replace(LETTER, title=title, body=body), "ana@example.org").outcome is Outcome.SENT
    (taken,) = box.taken
    assert taken.rcpt_tos == ["ana@example.org"]
    assert isinstance(taken.content, bytes)
    message = message_from_bytes(taken.content, policy=policy.default)
    assert message["bcc"] is None
    assert message["x"] is None


@pytest.mark.parametrize(
    "to",
    ["ana@example.org\r\nBcc: eve@example.org", "ana@example.org, eve@example.org", "ana", "", "@", "a@b@c"],
)
def test_what_is_no_address_gets_nothing(mail: SmtpMail, box: Box, to: str) -> None:
    assert mail.send(LETTER, to).outcome is Outcome.REFUSED
    assert box.taken == []


@pytest.mark.parametrize(
    "change, outcome",
    [
        (lambda box: setattr(box, "answer", "451 Later"), Outcome.LATER),
        (lambda box: setattr(box, "answer", "554 Never"), Outcome.REFUSED),
        (lambda box: setattr(box, "at_recipient", "450 Greylisted"), Outcome.LATER),
        (lambda box: setattr(box, "at_recipient", "550 Nobody here"), Outcome.REFUSED),
    ],
)
def test_what_the_server_says_decides_about_another_try(
    mail: SmtpMail, box: Box, change: Callable[[Box], None], outcome: Outcome
) -> None:
    change(box)
    assert mail.send(LETTER, "ana@example.org").outcome is outcome


def test_where_no_server_is_it_is_tried_later(mail: SmtpMail) -> None:
    assert replace(mail, port=1).send(LETTER, "ana@example.org").outcome is Outcome.LATER


def test_a_password_is_not_sent_in_the_clear(
    monkeypatch: pytest.MonkeyPatch, mail: SmtpMail, box: Box
) -> None:
    said: list[str] = []
    monkeypatch.setattr("rung.adapters.mail._HERE", ())
    monkeypatch.setattr(smtplib.SMTP, "login", lambda self, *words: said.append("login"))
    assert (
        replace(mail, user="rung", password="secret").send(LETTER, "a@example.org").outcome is Outcome.REFUSED
    )
    assert said == []
    assert box.taken == []


def test_the_server_is_read_from_the_environment() -> None:
    found = mail_from(
        {"RUNG_SMTP": "smtps://me%40x:p%3Aw@mail.example.org", "RUNG_MAIL_FROM": "r@example.org"}
    )
    assert found == SmtpMail(
        Address("Rung", "r", "example.org"), "mail.example.org", 465, "me@x", "p:w", is_tls=True
    )
    plain = mail_from({"RUNG_SMTP": "smtp://localhost:2525", "RUNG_MAIL_FROM": "r@example.org"})
    assert plain
    assert (plain.host, plain.port, plain.user, plain.is_tls) == ("localhost", 2525, "", False)
    assert mail_from({}) is None


@pytest.mark.parametrize(
    "where", ["localhost", "http://x", "smtp://", "smtp://x:port", "smtp://user:secret@"]
)
def test_an_address_that_cannot_be_read_is_refused_without_telling_it(where: str) -> None:
    with pytest.raises(InvalidInput) as failure:
        mail_from({"RUNG_SMTP": where, "RUNG_MAIL_FROM": "r@example.org"})
    assert "secret" not in str(failure.value)


@pytest.mark.parametrize("sender", ["", "rung", "a@b\nBcc: c@d", "<a@b>", "a b@c"])
def test_a_sender_that_is_none_is_refused(sender: str) -> None:
    with pytest.raises(InvalidInput, match="RUNG_MAIL_FROM"):
        mail_from({"RUNG_SMTP": "smtp://localhost", "RUNG_MAIL_FROM": sender})


def test_letters_in_other_scripts_are_written_so_that_they_can_be_read() -> None:
    message = message_of(replace(LETTER, title="حان وقت خطوتك التالية"), SENDER, "ana@example.org")
    assert message_from_bytes(bytes(message), policy=policy.default)["subject"] == "حان وقت خطوتك التالية"
