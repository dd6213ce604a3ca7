"""The audit record is append-only in the database itself: changing or removing a row is refused."""

from django.db import migrations

_SQLITE = (
    "CREATE TRIGGER core_auditentry_no_update BEFORE UPDATE ON core_auditentry "
    "BEGIN SELECT RAISE(ABORT, 'the audit record is append-only'); END",
    "CREATE TRIGGER core_auditentry_no_delete BEFORE DELETE ON core_auditentry "
    "BEGIN SELECT RAISE(ABORT, 'the audit record is append-only'); END",
)
_POSTGRESQL = (
    "CREATE FUNCTION core_auditentry_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the audit record is append-only'; END $$",
    "CREATE TRIGGER core_auditentry_no_change BEFORE UPDATE OR DELETE ON core_auditentry "
    "FOR EACH ROW EXECUTE FUNCTION core_auditentry_refuse()",
)


def protect(apps, editor):
    """Put the triggers on."""
    for statement in _SQLITE if editor.connection.vendor == "sqlite" else _POSTGRESQL:
        editor.execute(statement)


def release(apps, editor):
    """Take the triggers off."""
    if editor.connection.vendor == "sqlite":
        editor.execute("DROP TRIGGER core_auditentry_no_update")
        editor.execute("DROP TRIGGER core_auditentry_no_delete")
    else:
        editor.execute("DROP TRIGGER core_auditentry_no_change ON core_auditentry")
        editor.execute("DROP FUNCTION core_auditentry_refuse()")


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]  # noqa: RUF012
    operations = [migrations.RunPython(protect, release)]  # noqa: RUF012
