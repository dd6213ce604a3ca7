"""Example organisations and people. Nobody here exists: people are named after their role."""

from __future__ import annotations

import base64
import hashlib
from datetime import date

from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP

from lodestock_desk.accounts.models import Membership, Office, Organisation, User
from lodestock_desk.accounts.roles import Kind, Role
from lodestock_desk.core.example.once import once

PASSWORD = "voorbeeld-Lodestock-2025"
SINCE = date(2025, 1, 1)

ORGANISATIONS: tuple[tuple[str, str, str, str], ...] = (
    ("ez", Kind.MINISTRY, "Ministerie van Economische Zaken (voorbeeld)", "EZ"),
    ("bz", Kind.MINISTRY, "Ministerie van Buitenlandse Zaken (voorbeeld)", "BZ"),
    ("iw", Kind.MINISTRY, "Ministerie van Infrastructuur en Waterstaat (voorbeeld)", "I&W"),
    ("kgg", Kind.MINISTRY, "Ministerie van Klimaat en Groene Groei (voorbeeld)", "KGG"),
    ("szw", Kind.MINISTRY, "Ministerie van Sociale Zaken en Werkgelegenheid (voorbeeld)", "SZW"),
    ("def", Kind.MINISTRY, "Ministerie van Defensie (voorbeeld)", "DEF"),
    ("nmo", Kind.OBSERVATORY, "Materialenobservatorium (voorbeeld)", "NMO"),
    ("assoc-a", Kind.ASSOCIATION, "Brancheorganisatie Maakindustrie (voorbeeld)", "BMI"),
    ("assoc-b", Kind.ASSOCIATION, "Brancheorganisatie Metaal (voorbeeld)", "BMT"),
    ("rvo", Kind.CONTACT_POINT, "Centraal contactpunt (voorbeeld)", "RVO"),
)
# key, name, KvK number (the range is not given out), SBI codes, products, association
COMPANIES: tuple[tuple[str, str, str, tuple[str, ...], tuple[str, ...], str], ...] = (
    ("c1", "Voorbeeld Servotechniek", "00000001", ("27.11", "28.99"), ("servomotoren",), "assoc-a"),
    ("c2", "Voorbeeld Windturbines", "00000002", ("28.11",), ("windturbines", "generatoren"), "assoc-a"),
    ("c3", "Voorbeeld Medische Beeldvorming", "00000003", ("26.60",), ("MRI-systemen",), "assoc-a"),
    ("c4", "Voorbeeld Luidsprekers", "00000004", ("26.40",), ("luidsprekers",), "assoc-b"),
    ("c5", "Voorbeeld Pompen", "00000005", ("28.13",), ("magneetpompen",), "assoc-b"),
    ("c6", "Voorbeeld Sensoren", "00000006", ("26.51",), ("Hall-sensoren", "encoders"), "assoc-b"),
    ("c7", "Voorbeeld Infraroodoptiek", "00000007", ("26.70",), ("infraroodlenzen",), "assoc-a"),
    ("c8", "Voorbeeld Bakkerij", "00000008", ("10.71",), ("brood",), ""),
    ("c9", "Voorbeeld Robotica", "00000009", ("28.99",), ("robotarmen", "servomotoren"), "assoc-a"),
    ("c10", "Voorbeeld Fietsaandrijvingen", "00000010", ("30.92", "27.11"), ("fietsmotoren",), "assoc-b"),
)
# key, organisation, Dutch and English title, first day, last day ("" is open), the office before it
OFFICES: tuple[tuple[str, str, str, str, str, str, str], ...] = (
    ("minister ez", "ez", "minister van Economische Zaken", "Minister of Economic Affairs", "2024-07-02", "", ""),
    ("hoofd ez", "ez", "afdelingshoofd grondstoffen", "head of the raw materials unit", "2024-07-02", "", ""),
    ("directeur ez", "ez", "directeur industrie", "director for industry", "2024-07-02", "", ""),
    ("dg ez", "ez", "directeur-generaal bedrijfsleven", "director-general for enterprise", "2024-07-02", "", ""),
    ("minister bho", "bz", "minister voor Buitenlandse Handel en Ontwikkelingshulp",
     "Minister for Foreign Trade and Development Aid", "2024-07-02", "2025-06-18", ""),
    ("staatssecretaris bh", "bz", "staatssecretaris Buitenlandse Handel", "State Secretary for Foreign Trade",
     "2025-06-19", "", "minister bho"),
)  # fmt: skip
OFFICE_OF = {"ondertekenaar.ez": "minister ez", "lijn.ez": "hoofd ez", "directeur.ez": "directeur ez", "dg.ez": "dg ez",
             "ondertekenaar.bz": "staatssecretaris bh"}  # fmt: skip
PEOPLE: tuple[tuple[str, str, str, str], ...] = (
    ("beleid.ez", "Beleidsmedewerker EZ", "ez", Role.POLICY_OFFICER),
    ("lijn.ez", "Afdelingshoofd EZ", "ez", Role.LINE),
    ("ondertekenaar.ez", "Ondertekenaar EZ", "ez", Role.SIGNATORY),
    ("beheer.ez", "Beheerder EZ", "ez", Role.ADMINISTRATOR),
    ("directeur.ez", "Directeur EZ", "ez", Role.LINE),
    ("dg.ez", "Directeur-generaal EZ", "ez", Role.LINE),
    ("beleid.bz", "Beleidsmedewerker BZ", "bz", Role.POLICY_OFFICER),
    ("ondertekenaar.bz", "Ondertekenaar BZ", "bz", Role.SIGNATORY),
    ("beleid.iw", "Beleidsmedewerker I&W", "iw", Role.POLICY_OFFICER),
    ("beleid.kgg", "Beleidsmedewerker KGG", "kgg", Role.POLICY_OFFICER),
    ("beleid.szw", "Beleidsmedewerker SZW", "szw", Role.POLICY_OFFICER),
    ("beleid.def", "Beleidsmedewerker DEF", "def", Role.POLICY_OFFICER),
    ("analist.nmo", "Analist observatorium", "nmo", Role.ANALYST),
    ("beheer.nmo", "Beheerder observatorium", "nmo", Role.ADMINISTRATOR),
    ("loket.a", "Loket Maakindustrie", "assoc-a", Role.ASSOCIATION_DESK),
    ("loket.b", "Loket Metaal", "assoc-b", Role.ASSOCIATION_DESK),
    ("contactpunt", "Medewerker contactpunt", "rvo", Role.CONTACT_POINT_OFFICER),
    ("servo", "Inkoper Servotechniek", "c1", Role.COMPANY_USER),
    ("wind", "Inkoper Windturbines", "c2", Role.COMPANY_USER),
)


def secret_of(email: str) -> str:
    """The second-factor secret of an example account: the same on every computer, so that it can be documented."""
    return base64.b32encode(hashlib.sha256(b"lodestock example " + email.encode()).digest()[:20]).decode("ascii")


def make_organisations() -> dict[str, Organisation]:
    """The example organisations by key."""
    made: dict[str, Organisation] = {}
    for key, kind, name, short in ORGANISATIONS:
        made[key] = once(Organisation, f"organisation {key}", kind=kind, name=name, abbreviation=short, is_example=True)
    for key, name, kvk, sbi, products, association in COMPANIES:
        made[key] = once(
            Organisation,
            f"organisation {key}",
            kind=Kind.COMPANY,
            name=name,
            kvk=kvk,
            sbi=list(sbi),
            products=list(products),
            is_example=True,
        )
        if association:
            made[key].memberships_of.add(made[association])
    make_offices(made)
    return made


def make_offices(organisations: dict[str, Organisation]) -> dict[str, Office]:
    """The example offices by key: those that sign, and those of the line."""
    made: dict[str, Office] = {}
    for key, where, title_nl, title_en, first, last, before in OFFICES:
        made[key] = once(
            Office, f"office {title_nl}", organisation=organisations[where], title_nl=title_nl, title_en=title_en,
            valid_from=date.fromisoformat(first), valid_until=date.fromisoformat(last) if last else None,
            predecessor=made.get(before),
        )  # fmt: skip
    return made


def make_people(organisations: dict[str, Organisation]) -> dict[str, Membership]:
    """The example people by name, each with password, second factor and recovery codes."""
    made, offices = {}, make_offices(organisations)
    for name, label, where, role in PEOPLE:
        email = f"{name}@voorbeeld.example"
        user = once(User, f"user {name}", email=email, name=f"{label} (voorbeeld)", language="nl")
        user.set_password(PASSWORD)
        if role == Role.ADMINISTRATOR:
            user.is_staff = user.is_superuser = True  # for the editor of public pages
        user.save()
        EmailAddress.objects.get_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
        TOTP.activate(user, secret_of(email))
        RecoveryCodes.activate(user)
        made[name] = once(
            Membership, f"membership {name}", user=user, organisation=organisations[where], role=role,
            office=offices.get(OFFICE_OF.get(name, "")), valid_from=SINCE,
        )  # fmt: skip
    return made
