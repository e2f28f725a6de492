"""The worker behind webhooks: sees what happened since it last looked, and tells each address of it.

What happened is read from the log, which only grows, and from what ladders look like: so a change that no
use case told of is told all the same. A message is a row that a worker claims before it sends it; what could
not be brought is tried again, ever more slowly, for about a day. Signed as Standard Webhooks are:

    v1,base64(HMAC-SHA256(secret, id + "." + seconds + "." + body))
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from rung.app.model import Ladder, PersonId
from rung.app.ports import Happening, Notice, Notifier, Posted, Services, Webhook
from rung.app.reminding.delivering import Stop
from rung.errors import RungError

__all__ = [
    "CLAIM",
    "LOOK_EVERY",
    "WAITS",
    "fingerprints_of",
    "send_now",
    "signature_of",
    "tell_due",
    "tell_until",
]

_log = logging.getLogger("rung.webhooks")

LOOK_EVERY = timedelta(seconds=5)
CLAIM = timedelta(minutes=2)
"""How long a worker may take over one message; longer than the notifier waits."""
WAITS = tuple(timedelta(seconds=seconds) for seconds in (5, 60, 300, 1800, 2 * 3600, 6 * 3600, 12 * 3600))
"""How long to wait after each try that failed; after the last one it is given up."""
_KEPT = timedelta(days=30)
_AT_ONCE = 50
_ENTRIES = 500
"""Entries of a log that one look takes in; the next look goes on."""


def tell_until(services: Services, stop: Stop) -> None:
    """Tell what happens, until told to stop."""
    while not stop.is_set():
        try:
            tell_due(services, stop)
        except RungError as error:
            _log.error("Webhooks wait: %s", error)
        except Exception:
            # Whatever it is, a worker that has ended would tell nothing any more.
            _log.exception("Webhooks wait")
        stop.wait(LOOK_EVERY.total_seconds())


def tell_due(services: Services, stop: Stop | None = None) -> int:
    """See what happened, and send what is due; how many messages were sent or tried."""
    if services.notifier is None:
        return 0
    now = services.clock.now()
    with services.store.reading() as tx:
        unseen = tx.webhooks.longest_unseen(_AT_ONCE)
    for person, webhook_id in unseen:
        _look(services, person, webhook_id)
    with services.store.reading() as tx:
        due = tx.webhooks.due(now, _AT_ONCE)
    count = 0
    for person, notice_id in due:
        if stop is not None and stop.is_set():
            break
        count += send_now(services, person, notice_id)
    return count


def send_now(services: Services, person: PersonId, notice_id: str) -> bool:
    """Send one message that is due, and note what became of it; False where somebody else does."""
    notifier, now = services.notifier, services.clock.now()
    if notifier is None:
        return False
    with services.store.writing(person) as tx:
        notice = tx.webhooks.claim(person, notice_id, now, now + CLAIM)
        webhook = tx.webhooks.get(person, notice.webhook) if notice else None
    if notice is None or webhook is None:
        return False
    posted = _post(notifier, webhook, notice, now)
    with services.store.writing(person) as tx:
        tx.webhooks.settle(_settled(notice, posted, services.clock.now()))
    return True


def signature_of(secret: str, notice_id: str, seconds: int, body: bytes) -> str:
    """The signature of a message.

    >>> signature_of("whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek",
    ...              1614265330, b'{"test": 2432232314}')
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{notice_id}.{seconds}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


def fingerprints_of(ladders: Iterable[Ladder]) -> dict[str, str]:
    """What ladders look like, as digests: another one where anything of a ladder is another."""
    return {ladder.id: hashlib.sha256(repr(ladder).encode()).hexdigest()[:32] for ladder in ladders}


def _look(services: Services, person: PersonId, webhook_id: str) -> None:
    """Make messages of what happened since it was last looked."""
    now = services.clock.now()
    with services.store.writing(person) as tx:
        webhook = tx.webhooks.get(person, webhook_id)
        if webhook is None:
            return
        happened = tx.webhooks.happenings(person, webhook.seen, _ENTRIES)
        notices = list(_of_log(webhook, happened, now))
        ladders = webhook.ladders
        if "ladder.changed" in webhook.kinds:
            ladders = fingerprints_of(tx.ladders.of(person))
            notices += _of_ladders(webhook, ladders, now)
        tx.webhooks.tell(notices)
        tx.webhooks.forget_before(person, webhook_id, now - _KEPT)
        seen = happened[-1].number if happened else webhook.seen
        tx.webhooks.put(replace(webhook, looked_at=now, seen=seen, ladders=ladders))


def _of_log(webhook: Webhook, happened: Sequence[Happening], now: datetime) -> Iterable[Notice]:
    told: set[str] = set()
    # An attempt is taken back with the approach that was stored with it: that is one thing.
    moments = {(one.ladder, one.step, one.at) for one in happened if one.kind != "choice"}
    for one in happened:
        if one.kind == "choice" and (one.ladder, one.step, one.at) in moments:
            continue
        kind = _kind_of(one)
        about = {"ladder": one.ladder, "step": one.step, "event": one.event}
        if kind == "judgement.recorded":
            # All steps that were judged at once are one message.
            about = {"ladder": one.ladder}
        about = {name: id for name, id in about.items() if id}
        # The same entry makes the same message: a look that is taken twice tells once.
        whole = one.at.isoformat() if kind == "judgement.recorded" else f"{one.event} {one.revision}"
        id = str(uuid5(UUID(webhook.id), f"{kind} {one.ladder} {whole}"))
        if kind in webhook.kinds and id not in told:
            told.add(id)
            yield Notice(webhook.person, id, webhook.id, kind, about, one.at, due_at=now)


def _kind_of(one: Happening) -> str:
    if one.revision > 1 or one.withdrawn:
        return "evidence.changed"
    return f"{one.kind}.recorded" if one.kind in ("attempt", "judgement") else ""


def _of_ladders(webhook: Webhook, ladders: Mapping[str, str], now: datetime) -> list[Notice]:
    return [
        Notice(
            webhook.person,
            str(uuid5(UUID(webhook.id), f"ladder.changed {id} {look} {now.isoformat()}")),
            webhook.id,
            "ladder.changed",
            {"ladder": id},
            now,
            due_at=now,
        )
        for id, look in ladders.items()
        if webhook.ladders.get(id) != look
    ]


def _post(notifier: Notifier, webhook: Webhook, notice: Notice, now: datetime) -> Posted:
    content = {
        "type": notice.kind,
        "timestamp": notice.happened_at.astimezone(UTC).isoformat(),
        "data": {"person": notice.person, **notice.about},
    }
    body, seconds = json.dumps(content).encode(), int(now.timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Rung",
        "webhook-id": notice.id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": signature_of(webhook.secret, notice.id, seconds, body),
    }
    return notifier.post(webhook.url, body, headers)


def _settled(notice: Notice, posted: Posted, now: datetime) -> Notice:
    if posted.is_taken:
        return replace(notice, state="sent", due_at=None, done_at=now, answer=posted.answer)
    is_last = notice.tries > len(WAITS) or notice.kind == "test" or not posted.is_worth_another_try
    if is_last:
        return replace(notice, state="failed", due_at=None, done_at=now, answer=posted.answer)
    return replace(notice, due_at=now + WAITS[notice.tries - 1], answer=posted.answer)
