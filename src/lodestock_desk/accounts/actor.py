"""The actor: who acts, for which organisation, in which role. Every access and action function takes one."""

from __future__ import annotations

from dataclasses import dataclass

from lodestock_desk.accounts.models import Membership, Organisation, User
from lodestock_desk.accounts.roles import CAPABILITIES


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. Nobody logged in: user and membership are None. `system` names a part of the programme that acts."""

    user: User | None = None
    membership: Membership | None = None
    system: str = ""

    @property
    def organisation(self) -> Organisation | None:
        """The organisation for which the actor acts."""
        return self.membership.organisation if self.membership else None

    @property
    def role(self) -> str:
        """The role in which the actor acts; empty for nobody."""
        return self.membership.role if self.membership else ""

    @property
    def kind(self) -> str:
        """The kind of the actor's organisation; empty for nobody."""
        return self.membership.organisation.kind if self.membership else ""

    @property
    def key(self) -> str:
        """How the audit record names the actor."""
        if self.user is not None:
            return str(self.user.pk)
        return f"system:{self.system}" if self.system else "anonymous"

    @property
    def organisation_key(self) -> str:
        """How the audit record names the actor's organisation."""
        return str(self.membership.organisation_id) if self.membership else ""

    def may(self, capability: str) -> bool:
        """Whether the actor's role has this capability; an unknown capability is a fault of the programme."""
        return self.role in CAPABILITIES[capability]


NOBODY = Actor()
