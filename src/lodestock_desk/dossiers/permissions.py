"""Who may edit, publish and read back pages with restricted blocks in the editor."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.models import PagePermissionTester

from lodestock_desk.accounts.access import current_memberships
from lodestock_desk.accounts.roles import CAPABILITIES
from lodestock_desk.core import vocab
from lodestock_desk.dossiers import mixing


def user_may(user: Any, capability: str) -> bool:
    """Whether the person has a role now that has this capability."""
    if user is None or not getattr(user, "is_authenticated", False):
        return False
    return any(m.role in CAPABILITIES[capability] for m in current_memberships(user))


class Tester(PagePermissionTester):
    """Wagtail's own test, and the desk's: both must say yes. Not even a superuser passes without the role."""

    def _may(self, capability: str) -> bool:
        return user_may(self.user, capability)

    def can_edit(self) -> bool:
        """Open the editor, its history and its previews."""
        return self._may("dossier.edit") and super().can_edit()

    def can_view_revisions(self) -> bool:
        """Read back what the page said."""
        return self._may("dossier.edit") and super().can_view_revisions()

    def can_publish(self) -> bool:
        """Publish."""
        return self._may("dossier.publish") and super().can_publish()

    def can_unpublish(self) -> bool:
        """Withdraw."""
        return self._may("dossier.publish") and super().can_unpublish()

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """Remove."""
        return self._may("dossier.publish") and super().can_delete(ignore_bulk)

    def can_copy(self) -> bool:
        """Copy; a copy holds the restricted blocks too."""
        return self._may("dossier.edit") and super().can_copy()

    def can_move(self) -> bool:
        """Move."""
        return self._may("dossier.edit") and super().can_move()

    def can_lock(self) -> bool:
        """Lock."""
        return self._may("dossier.edit") and super().can_lock()

    def can_unlock(self) -> bool:
        """Unlock."""
        return self._may("dossier.edit") and super().can_unlock()


class LivePageForm(WagtailAdminPageForm):
    """The editor's form: the material is from the vocabulary, and no result is both public and restricted."""

    material = forms.ChoiceField(label=_("material"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["material"].choices = vocab.choices()

    def clean(self) -> Any:
        """Refuse a result that is public in one block and restricted in another: on this page always, on others too
        when the page is to go live."""
        cleaned = super().clean()
        body = cleaned.get("body")
        if body is not None:
            page = mixing.Page(self.instance.title, body.get_prep_value())
            others = self.instance.others() if "action-publish" in self.data else ()
            if found := mixing.mixed(page, others):
                self.add_error(None, said_of_mixed(found))
        return cleaned


class Refused(ValidationError):
    """A page does not go live, because of what is public and restricted at once."""

    def __init__(self, found: list[mixing.Mixed]) -> None:
        super().__init__(said_of_mixed(found))
        self.found = found


def said_of_mixed(found: list[mixing.Mixed]) -> str:
    """Why such a page does not go live, and what to do."""
    pages = list(dict.fromkeys(title for one in found for title in one.pages))
    return gettext(
        "%(names)s: public in one block and restricted in another (%(pages)s). The files and the lineage of a result "
        "tell of all of it. Make all its blocks public or all restricted – of several pages: change the drafts of all "
        "of them first – or make a result of its own of what may be public."
    ) % {"names": "; ".join(one.result for one in found), "pages": ", ".join(f"“{title}”" for title in pages)}
