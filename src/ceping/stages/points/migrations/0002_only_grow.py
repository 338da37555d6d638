"""The log, the ledger and the facts of shops can be added to and read, nothing else, by whoever is connected."""

from typing import ClassVar

from django.db import migrations

TABLES = ("points_event", "points_ledgerentry", "points_facts")
FORWARD = """
CREATE FUNCTION points_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'points only grow: % of % refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
""" + "".join(
    f"""
CREATE TRIGGER {table}_rows_stay BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION points_only_grow();
CREATE TRIGGER {table}_stays BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION points_only_grow();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_rows_stay;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_stays;
"""
    for table in TABLES
)
BACKWARD = (
    "".join(f"DROP TRIGGER {table}_rows_stay ON {table}; DROP TRIGGER {table}_stays ON {table};" for table in TABLES)
    + "DROP FUNCTION points_only_grow();"
)


class Migration(migrations.Migration):
    """The triggers."""

    dependencies: ClassVar = [("points", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(FORWARD, BACKWARD)]
