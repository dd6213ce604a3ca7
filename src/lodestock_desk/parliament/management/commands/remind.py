"""`remind`, once a day: mails of days that are near or have passed, and notes who took up an office."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.parliament.office_actions import take_up
from lodestock_desk.parliament.reminders import remind


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Note, remind, and say how many; an error when a mail could not be sent, so that someone looks."""
        begun = take_up(Actor(system="offices"))
        told = remind()
        self.stdout.write(f"offices taken up: {begun}; reminders: {told.sent} sent, {told.failed} not sent")
        if told.failed:
            raise CommandError("mails could not be sent: see the log; they are tried again at the next run")
