"""The page about addresses that are told what happens: what each is told, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rung.app.ports import Notice as Message
from rung.app.ports import Webhook
from rung.app.webhooks import KINDS, TEST, Seen
from rung.web.views.notices import Notice
from rung.web.views.tokens import Choice
from rung.words import _, date_and_time, later, ngettext

__all__ = ["WebhookView", "WebhooksView", "webhooks_notice", "webhooks_view"]

_KINDS: Mapping[str, str] = {
    "attempt.recorded": later("You tried a step"),
    "judgement.recorded": later("You said how sure you are"),
    "evidence.changed": later("You looked back on something, or took it back"),
    "ladder.changed": later("You changed a ladder"),
    TEST: later("A test"),
}

# Any link can make the page say these: they are harmless where they are not so.
_SAID = {
    "removed": later("Removed. It is told nothing any more."),
    "tested": later("Sent. What came of it stands in the list."),
}


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message in the list."""

    words: str
    when: str
    became: str


@dataclass(frozen=True, slots=True)
class WebhookView:
    """One address."""

    id: str
    name: str
    url: str
    kinds: str
    messages: tuple[MessageView, ...]


@dataclass(frozen=True, slots=True)
class WebhooksView:
    """Everything on the page."""

    webhooks: tuple[WebhookView, ...]
    kinds: tuple[Choice, ...]
    is_fresh: bool
    can_tell: bool


def webhooks_view(seen: Seen) -> WebhooksView:
    """The page."""
    return WebhooksView(
        webhooks=tuple(_webhook(webhook, messages) for webhook, messages in seen.webhooks),
        kinds=tuple(Choice(kind, _(_KINDS[kind])) for kind in KINDS),
        is_fresh=seen.is_fresh,
        can_tell=seen.can_tell,
    )


def webhooks_notice(key: str) -> Notice | None:
    """The notice of this name; None for a name that is not known."""
    return Notice(_(_SAID[key])) if key in _SAID else None


def _webhook(webhook: Webhook, messages: tuple[Message, ...]) -> WebhookView:
    kinds = " · ".join(_(_KINDS[kind]) for kind in KINDS if kind in webhook.kinds)
    return WebhookView(webhook.id, webhook.name, webhook.url, kinds, tuple(map(_message, messages)))


def _message(message: Message) -> MessageView:
    tries = ngettext("%(count)s try", "%(count)s tries", message.tries)
    match message.state:
        case "sent":
            became = _("Taken, %(answer)s", answer=message.answer)
        case "failed":
            became = _("Given up after %(tries)s, %(answer)s", tries=tries, answer=message.answer)
        case _ if message.answer:
            became = _("Waits after %(tries)s, %(answer)s", tries=tries, answer=message.answer)
        case _:
            became = _("Waits to be sent")
    return MessageView(_(_KINDS.get(message.kind, message.kind)), date_and_time(message.happened_at), became)
