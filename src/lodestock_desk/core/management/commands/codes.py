"""`codes` prints who can log in to the example and the code of the moment; example accounts only."""

import time
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from lodestock_desk.accounts.models import Membership
from lodestock_desk.core.example.people import PASSWORD


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Print address, role and code."""
        if settings.PRODUCTION:
            raise CommandError("there are no example accounts in production")
        found = Membership.objects.filter(organisation__is_example=True).select_related("user", "organisation")
        self.stdout.write("\nExample data (voorbeeld): nothing here is real.")
        self.stdout.write(f"Log in with one of these addresses, password {PASSWORD} and the code:\n")
        left = 30 - int(time.time()) % 30
        for m in found.order_by("organisation__kind", "organisation__name", "role"):
            totp = Authenticator.objects.filter(user=m.user, type=Authenticator.Type.TOTP).first()
            code = "–"
            if totp is not None:
                secret = get_adapter().decrypt(totp.data["secret"])
                code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
            self.stdout.write(f"  {m.user.email:38} {code:8} {m.role:22} {m.organisation.name}")
        self.stdout.write(f"\nThe codes change in {left} s; new ones: python -m lodestock_desk codes")
