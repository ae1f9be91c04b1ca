from django.db import migrations

from commerce.ledger.journal import ACCOUNTS


def create_accounts(apps, schema_editor):
    account = apps.get_model("ledger", "Account")
    account.objects.bulk_create(account(code=code, name=name, kind=kind) for code, name, kind in ACCOUNTS)


def delete_accounts(apps, schema_editor):
    apps.get_model("ledger", "Account").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial"), ("kernel", "0002_append_only")]
    operations = [
        migrations.RunPython(create_accounts, delete_accounts),
        migrations.RunSQL(
            """
            CREATE TRIGGER posting_append_only BEFORE UPDATE OR DELETE ON ledger_posting
                FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();
            CREATE TRIGGER journalentry_append_only BEFORE UPDATE OR DELETE ON ledger_journalentry
                FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();

            -- Safe although deferred: all postings of an entry are written by the transaction that writes the entry.
            CREATE FUNCTION ledger_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE total bigint; lines int;
            BEGIN
                SELECT coalesce(sum(amount_minor), 0), count(*) INTO total, lines
                    FROM ledger_posting WHERE entry_id = NEW.id;
                IF total <> 0 OR lines < 2 THEN
                    RAISE EXCEPTION 'journal entry % does not balance: % in % postings', NEW.uid, total, lines
                        USING ERRCODE = 'integrity_constraint_violation';
                END IF;
                RETURN NULL;
            END $$;
            CREATE CONSTRAINT TRIGGER journalentry_balances AFTER INSERT ON ledger_journalentry
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_balances();
            CREATE FUNCTION ledger_posting_keeps_balance() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF (SELECT sum(amount_minor) FROM ledger_posting WHERE entry_id = NEW.entry_id) <> 0 THEN
                    RAISE EXCEPTION 'a posting would unbalance journal entry %', NEW.entry_id
                        USING ERRCODE = 'integrity_constraint_violation';
                END IF;
                RETURN NULL;
            END $$;
            CREATE CONSTRAINT TRIGGER posting_keeps_balance AFTER INSERT ON ledger_posting
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_posting_keeps_balance();
            """,
            """
            DROP TRIGGER posting_keeps_balance ON ledger_posting;
            DROP FUNCTION ledger_posting_keeps_balance();
            DROP TRIGGER journalentry_balances ON ledger_journalentry;
            DROP FUNCTION ledger_entry_balances();
            DROP TRIGGER journalentry_append_only ON ledger_journalentry;
            DROP TRIGGER posting_append_only ON ledger_posting;
            """,
        ),
    ]
