"""People who may edit dossiers get into Wagtail's editor, for dossiers only; `permissions.Tester` has the last word."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupPagePermission, Page

from lodestock_desk.accounts.models import Membership, User
from lodestock_desk.dossiers.permissions import user_may

GROUP = "Dossiers"


def editors_group() -> Group:
    """Wagtail's group of people who edit dossiers; made when it is first needed."""
    group, made = Group.objects.get_or_create(name=GROUP)
    if made:
        for app, codename in (("wagtailadmin", "access_admin"), ("simple_translation", "submit_translation")):
            group.permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    return group


def allow_on(page: Page) -> None:
    """Let the group add, change and publish under this page."""
    for codename in ("add_page", "change_page", "publish_page"):
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
        GroupPagePermission.objects.get_or_create(group=editors_group(), page=page, permission=permission)


def role_changed(sender: type, instance: Membership, **more: Any) -> None:
    """Put the person into the group, or take them out, as their roles say now."""
    settle(instance.user)


def settle(user: User) -> None:
    """Put the person into the group, or take them out."""
    group = editors_group()
    if user_may(user, "dossier.edit"):
        user.groups.add(group)
    else:
        user.groups.remove(group)
