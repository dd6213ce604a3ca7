"""`remind`, once a day: mails of days that are near or have passed, and notes who took up an office."""

import logging
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.parliament.office_actions import take_up
from lodestock_desk.parliament.reminders import remind

LOG = logging.getLogger(__name__)


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Note, remind, and say how many; an error when something could not be done, so that someone looks."""
        faults, begun = [], 0
        try:
            begun = take_up(Actor(system="offices"))
        except Exception:  # whatever goes wrong here, the reminders go out
            LOG.exception("offices could not be taken up")
            faults.append("offices could not be taken up")
        told = remind()
        self.stdout.write(f"offices taken up: {begun}; reminders: {told.sent} sent, {told.failed} not sent")
        if told.failed:
            faults.append("mails could not be sent")
        if faults:
            raise CommandError(f"{' and '.join(faults)}: see the log; it is tried again at the next run")
