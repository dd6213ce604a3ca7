"""Sets the desk up for tests: a database of its own, filled with the example, rolled back after each test."""

from __future__ import annotations

import importlib.util
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

if importlib.util.find_spec("wagtail") is None:  # the desk is not installed here: `make desk` and its tests need it
    collect_ignore_glob = ["test_*.py"]
else:
    FOLDER = tempfile.TemporaryDirectory(prefix="desk-tests-")
    os.environ["LODESTOCK_DESK_DATA"] = FOLDER.name
    os.environ["LODESTOCK_DESK_MODE"] = "local"
    os.environ["DJANGO_SETTINGS_MODULE"] = "lodestock_desk.settings"
    import django

    django.setup()


@pytest.fixture(scope="session")
def world() -> Iterator[None]:
    """A migrated database with the example in it; passwords are hashed cheaply."""
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import override_settings, setup_test_environment, teardown_test_environment

    setup_test_environment()
    cheap = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    cheap.enable()
    # PostgreSQL is shared by the workers of one run: each gets a database of its own.
    worker = os.environ.get("PYTEST_XDIST_WORKER", "one")
    connection.settings_dict["TEST"]["NAME"] = f"test_desk_{worker}" if connection.vendor == "postgresql" else None
    old = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    call_command("prepare", verbosity=0)
    call_command("example", verbosity=0)
    yield
    connection.creation.destroy_test_db(old, verbosity=0)
    cheap.disable()
    teardown_test_environment()


@pytest.fixture
def db(world: None) -> Iterator[None]:
    """The example, and whatever the test does to it taken back."""
    from django.core.cache import cache
    from django.db import transaction
    from django.utils import translation

    cache.clear()
    translation.activate("nl")
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    translation.deactivate()


@pytest.fixture
def uploads() -> Path:
    """Where attachments are kept in this run."""
    from django.conf import settings

    return Path(settings.UPLOAD_DIR)
