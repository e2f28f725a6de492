"""A real SMTP server on a free port of this machine, which notes what it takes."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Box:
    """What the server took, and what it answers."""

    answer: str = "250 OK"
    at_recipient: str = "250 OK"
    taken: list[Envelope] = field(default_factory=list)
    is_slow: bool = False
    """True where it takes a message, and says so only when that is over."""
    got_one: threading.Event = field(default_factory=threading.Event)
    may_answer: threading.Event = field(default_factory=threading.Event)

    def ids(self) -> list[str]:
        """The identities of what was taken."""
        return [
            str(message_from_bytes(one.content)["message-id"])
            for one in list(self.taken)
            if isinstance(one.content, bytes)
        ]

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.at_recipient

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.taken.append(envelope)
        self.got_one.set()
        if self.is_slow:
            await server.loop.run_in_executor(None, self.may_answer.wait, 60)
        return self.answer


@contextmanager
def mail_server(box: Box) -> Iterator[int]:
    """The server for the length of the block; its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        box.may_answer.set()
        controller.stop()


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for another process to get there."""
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends, "it never came to that"
        time.sleep(0.05)
