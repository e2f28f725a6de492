"""Reminders: made, put off, switched off; quiet hours and pause; how they reach people; the calendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import TypeVar
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from fastapi import APIRouter, Request
from starlette.responses import Response

from rung.app.accounts.preferences import PAUSED, set_preferences
from rung.app.model import Account
from rung.app.ports import Outcome, ReminderId
from rung.app.reminding import channels, reminders
from rung.app.reminding.occasions import Rule
from rung.app.reminding.reminder_overview import overview
from rung.errors import InvalidInput
from rung.web.forms import Faults, Text, Texts, Typed, fault
from rung.web.site import Here, Me, Site, go
from rung.web.views.calendar import calendar_file
from rung.web.views.reminders import reminders_view, said, subject
from rung.words import _, speech

router = APIRouter()

_Found = TypeVar("_Found")

PAGE = "/reminders"
BECAME = {
    Outcome.SENT: "sent",
    Outcome.LATER: "not-yet",
    Outcome.REFUSED: "refused",
    Outcome.GONE: "gone",
}


@router.get(PAGE)
def reminders_page(
    request: Request, site: Here, me: Me, ladder: str = "", step: str = "", at: str = "", said: str = ""
) -> Response:
    """All reminders, a form for a new one, and the ways on which they come."""
    return _show(request, site, me, chosen=(ladder, step, at), notice=said)


@router.post(PAGE)
def make(
    request: Request,
    site: Here,
    me: Me,
    times: Texts,
    days: Texts,
    about: Text = "",
    how: Text = "weekly",
    day: Text = "",
    window: Text = "120",
    names: Text = "",
    id: Text = "",
) -> Response:
    """Make a reminder."""
    typed = Typed(about=about, how=how, day=day, window=window, names=names, days=" ".join(days))
    typed |= {f"time-{number}": text for number, text in enumerate(times, 1)}
    field = "about"
    try:
        chosen = subject(about)
        if chosen is None:
            raise InvalidInput(_("Say what to remind you of: choose one of those shown"))
        field = "when"
        reminders.make_reminder(
            site.services,
            me.id,
            *chosen,
            _rule(how, days, day, times),
            names=names == "yes",
            window=_window(window),
            zone=speech().zone,
            reminder_id=id or None,
        )
    except InvalidInput as error:
        return _show(request, site, me, typed, fault(error, field))
    return _said("made")


@router.post(f"{PAGE}/plan")
def make_of_plan(request: Request, site: Here, me: Me, id: Text = "", before: Text = "0") -> Response:
    """Be reminded of a plan; sent twice it is one reminder."""
    try:
        minutes = int(before) if before.isascii() and before.isdecimal() and len(before) < 6 else -1
        reminders.remind_of_plan(
            site.services,
            me.id,
            id,
            before=timedelta(minutes=minutes),
            zone=speech().zone,
            reminder_id=str(uuid5(UUID(int=minutes + 1), id)),
        )
    except InvalidInput as error:
        return _show(request, site, me, faults=fault(error, "about"))
    return _said("made")


@router.post(f"{PAGE}/{{reminder_id}}/later")
def later(request: Request, site: Here, me: Me, reminder_id: UUID, until: Text = "") -> Response:
    """Put it off."""
    reminders.put_off(site.services, me.id, ReminderId(str(reminder_id)), until)
    return _said("later", request)


@router.post(f"{PAGE}/{{reminder_id}}/done")
def done(request: Request, site: Here, me: Me, reminder_id: UUID) -> Response:
    """Nothing of it waits any longer."""
    reminders.reminder_done(site.services, me.id, ReminderId(str(reminder_id)))
    return _said("done", request)


@router.post(f"{PAGE}/{{reminder_id}}/switch")
def switch(site: Here, me: Me, reminder_id: UUID, on: Text = "") -> Response:
    """Switch it on or off."""
    reminders.switch_reminder(site.services, me.id, ReminderId(str(reminder_id)), on == "yes")
    return _said("on" if on == "yes" else "off")


@router.post(f"{PAGE}/{{reminder_id}}/delete")
def delete(site: Here, me: Me, reminder_id: UUID) -> Response:
    """Delete it."""
    reminders.remove_reminder(site.services, me.id, ReminderId(str(reminder_id)))
    return _said("deleted")


@router.post(f"{PAGE}/quiet")
def quiet(
    request: Request, site: Here, me: Me, quiet_from: Text = "", quiet_to: Text = "", zone: Text = ""
) -> Response:
    """When Rung is quiet, and by whose clock."""
    typed = Typed(quiet_from=quiet_from, quiet_to=quiet_to, zone=zone)
    return _decided(
        request, site, me, typed, "quiet", "quiet", quiet_from=quiet_from, quiet_to=quiet_to, zone=zone
    )


@router.post(f"{PAGE}/pause")
def pause(request: Request, site: Here, me: Me, until: Text = "", open: Text = "") -> Response:
    """Pause everything, until a day or until further notice."""
    wanted = PAUSED if open == "yes" else until
    if not wanted:
        told = Faults(pause=_("Choose a day, or pause until you say otherwise") + ".")
        return _show(request, site, me, faults=told)
    return _decided(request, site, me, Typed(until=until), "pause", "paused", paused_until=wanted)


@router.post(f"{PAGE}/resume")
def resume(request: Request, site: Here, me: Me) -> Response:
    """End the pause."""
    return _decided(request, site, me, Typed(), "pause", "resumed", paused_until="")


@router.post(f"{PAGE}/email")
def email(request: Request, site: Here, me: Me, email: Text = "") -> Response:
    """Where e-mail goes; nowhere where it is empty."""
    return _decided(request, site, me, Typed(email=email), "email", "email", email=email)


@router.post(f"{PAGE}/try")
def try_way(request: Request, site: Here, me: Me, way: Text = "") -> Response:
    """Send one message now."""
    try:
        return _said(BECAME[channels.try_way(site.services, me.id, way)])
    except InvalidInput as error:
        return _show(request, site, me, faults=fault(error, "try"))


@router.post(f"{PAGE}/push")
def subscribe(
    request: Request,
    site: Here,
    me: Me,
    endpoint: Text = "",
    p256dh: Text = "",
    auth: Text = "",
    key: Text = "",
    replaces: Text = "",
) -> Response:
    """A browser that wants to be reminded; the answer is its id."""
    made = channels.subscribe(
        site.services,
        me.id,
        endpoint=endpoint,
        p256dh=p256dh,
        auth=auth,
        server_key=key,
        replaces=replaces,
        agent=request.headers.get("user-agent", ""),
    )
    return Response(made.id, media_type="text/plain")


@router.post(f"{PAGE}/push/remove")
def unsubscribe(site: Here, me: Me, id: Text = "") -> Response:
    """Take a browser out."""
    channels.unsubscribe(site.services, me.id, id)
    return _said("taken-out")


@router.post(f"{PAGE}/calendar")
def make_calendar(site: Here, me: Me, names: Text = "") -> Response:
    """Make the secret address of the calendar, or another one in its place."""
    channels.make_feed(site.services, me.id, names == "yes")
    return _said("calendar")


@router.post(f"{PAGE}/calendar/remove")
def remove_calendar(site: Here, me: Me) -> Response:
    """Switch the calendar off."""
    channels.remove_feed(site.services, me.id)
    return _said("calendar-off")


@router.get("/calendar/{token}.ics")
def calendar(site: Here, token: str) -> Response:
    """The calendar, for whoever knows its address: no cookie is asked for, and none is set."""
    file = calendar_file(channels.calendar_of(site.services, token))
    return Response(
        file,
        media_type="text/calendar; charset=utf-8",
        headers={"cache-control": "no-store", "x-robots-tag": "noindex"},
    )


def _said(key: str, request: Request | None = None) -> Response:
    """Back to the page, which says what was done; or to Today, where that was done there."""
    if request is not None and _is_from_today(request):
        return go("/")
    return go(f"{PAGE}?said={key}")


def _is_from_today(request: Request) -> bool:
    try:
        came_from = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return False
    return came_from.netloc == request.headers.get("host") and came_from.path in ("", "/")


def _decided(
    request: Request, site: Site, me: Account, typed: Typed, field: str, key: str, **changed: str
) -> Response:
    try:
        set_preferences(site.services, me.id, **changed)
    except InvalidInput as error:
        return _show(request, site, me, typed, fault(error, field))
    return _said(key)


def _rule(how: str, days: list[str], day: str, times: list[str]) -> Rule:
    clocks = _read(times, time.fromisoformat, _("A time of day is written as 18:30"))
    if how == "once":
        found = _read([day], date.fromisoformat, _("A day is written as 2026-12-24"))
        if not found:
            raise InvalidInput(_("Choose at least one day of the week, or a date"))
        return Rule(clocks, day=found[0])
    return Rule(clocks, days=_read(days, int, _("This is no day of the week: choose one of those shown")))


def _read(texts: list[str], read: Callable[[str], _Found], words: str) -> tuple[_Found, ...]:
    """What the fields say; those left empty are left out."""
    try:
        return tuple(read(text.strip()) for text in texts[:20] if text.strip())
    except ValueError:
        raise InvalidInput(words) from None


def _window(minutes: str) -> timedelta:
    known = {str(int(one.total_seconds() // 60)): one for one in reminders.WINDOWS}
    if minutes not in known:
        raise InvalidInput(_("Say how late it may still come: choose one of those shown"))
    return known[minutes]


def _show(
    request: Request,
    site: Site,
    me: Account,
    form: Typed | None = None,
    faults: Faults | None = None,
    *,
    chosen: tuple[str, str, str] = ("", "", ""),
    notice: str = "",
) -> Response:
    return site.page(
        request,
        "reminders.html",
        422 if faults else 200,
        view=reminders_view(overview(site.services, me.id), *chosen),
        form=form or Typed(),
        faults=faults or Faults(),
        notice=said(notice),
    )
