"""Deadlines as a calendar file (.ics) that any calendar opens."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.http import HttpResponse
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from lodestock_desk.core.export import file_name
from lodestock_desk.processing.clocks import ClockView, File

AHEAD = (90, 30, 7)


def as_ics(name: str, files: Iterable[File]) -> HttpResponse:
    """The running deadlines of files as all-day events, with an alarm 90, 30 and 7 days ahead."""
    calendar = Calendar()
    calendar.add("prodid", "-//Lodestock//contact point//NL")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for file in files:
        for clock in file.running:
            if clock.deadline is not None:
                calendar.add_component(_event(file, clock))
    response = HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name(name, "ics")}"'
    return response


def _event(file: File, clock: ClockView) -> Event:
    event = Event()
    event.add("uid", f"{file.project.pk}-{clock.id.replace(':', '-')}@lodestock")
    event.add("dtstamp", datetime.now(UTC))
    event.add("summary", f"{file.project.name}: {clock.title}")
    event.add("dtstart", clock.deadline)
    event.add("dtend", clock.deadline + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    article = _("Article %(article)s; started on %(day)s.") % {
        "article": clock.rule.article, "day": f"{clock.events.start:%d-%m-%Y}"}  # fmt: skip
    event.add("description", article)
    for days in AHEAD:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", _("%(days)s days left") % {"days": days})
        alarm.add("trigger", timedelta(days=-days))
        event.add_component(alarm)
    return event
