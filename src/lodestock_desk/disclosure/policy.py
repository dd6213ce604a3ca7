"""The rule of the house for what may leave a team: numbers with their reasons, in one place."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


@dataclass(frozen=True, slots=True)
class Policy:
    """What a cell needs to be published.

    min_firms:        at least so many companies in a cell [count].
    dominance_firms, dominance_share: the largest n companies may hold at most this share of a cell's amount [–].
    protection_share: how far from the truth an attacker's bounds must stay, as share of the cell's amount [–].
    protection_count: the same for counts [companies]: a suppressed count may not be pinned down more narrowly.
    most_suppressed:  above this share of suppressed inner cells a table says too little, and a fallback is used [–].
    """

    min_firms: int = 5
    dominance_firms: int = 2
    dominance_share: float = 0.75
    protection_share: float = 0.15
    protection_count: int = 4
    most_suppressed: float = 0.5

    def count_in_words(self, companies: int) -> str:
        """A number of companies as it may be said outside the team."""
        if companies >= self.min_firms:
            return ngettext("%(count)d company", "%(count)d companies", companies) % {"count": companies}
        return _("fewer than %(least)d companies (number withheld)") % {"least": self.min_firms}


POLICY = Policy()
