"""A calendar as an iCalendar file (RFC 5545), in the time zone of the person, an alarm on every event."""

from __future__ import annotations

from datetime import timedelta

from icalendar import Alarm, Calendar, Event, vRecur

from rung.app.reminding.channels import CalendarEntry, CalendarSheet

__all__ = ["calendar_file"]

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LASTS = timedelta(minutes=15)
_ASK_AGAIN = timedelta(hours=6)
"""How often a calendar should look for what is new."""


def calendar_file(sheet: CalendarSheet) -> bytes:
    """The file; time zones come with their rules."""
    calendar = Calendar()
    calendar.add("prodid", "-//Rung//Reminders//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", sheet.name)
    calendar.add("refresh-interval", _ASK_AGAIN, parameters={"value": "DURATION"})
    for entry in sheet.entries:
        calendar.add_component(_event(entry, sheet.link))
    calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return written


def _event(entry: CalendarEntry, link: str) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.made_at)
    event.add("summary", entry.title)
    event.add("dtstart", entry.starts)
    event.add("duration", _LASTS)
    event.add("url", link)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    if entry.text:
        event.add("description", entry.text)
    if entry.days:
        event.add("rrule", vRecur(freq="WEEKLY", byday=[_DAYS[day] for day in entry.days]))
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", entry.title)
    alarm.add("trigger", timedelta())
    event.add_component(alarm)
    return event
