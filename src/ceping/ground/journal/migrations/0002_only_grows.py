"""The journal's rows can be added and read, nothing else, by whoever is connected."""

from typing import ClassVar

from django.db import migrations

FORWARD = """
CREATE FUNCTION journal_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal only grows: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER journal_rows_stay BEFORE UPDATE OR DELETE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_only_grows();
CREATE TRIGGER journal_table_stays BEFORE TRUNCATE ON journal_entry
    FOR EACH STATEMENT EXECUTE FUNCTION journal_only_grows();
ALTER TABLE journal_entry ENABLE ALWAYS TRIGGER journal_rows_stay;
ALTER TABLE journal_entry ENABLE ALWAYS TRIGGER journal_table_stays;
"""
BACKWARD = """
DROP TRIGGER journal_rows_stay ON journal_entry;
DROP TRIGGER journal_table_stays ON journal_entry;
DROP FUNCTION journal_only_grows();
"""


class Migration(migrations.Migration):
    """The trigger."""

    dependencies: ClassVar = [("journal", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(FORWARD, BACKWARD)]
