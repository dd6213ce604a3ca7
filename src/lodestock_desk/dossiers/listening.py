"""Listens to pages that go live or are withdrawn, and to people whose role changes."""

from django.db.models.signals import post_save
from wagtail.signals import page_published, page_unpublished

from lodestock_desk.accounts.models import Membership
from lodestock_desk.dossiers import editors, publishing
from lodestock_desk.dossiers.models import DossierPage, ScenarioPage


def start() -> None:
    """Connect the listeners, once."""
    for page in (DossierPage, ScenarioPage):
        page_published.connect(publishing.published, sender=page, dispatch_uid=f"published {page.__name__}")
        page_unpublished.connect(publishing.unpublished, sender=page, dispatch_uid=f"unpublished {page.__name__}")
    post_save.connect(editors.role_changed, sender=Membership, dispatch_uid="dossier editors")
