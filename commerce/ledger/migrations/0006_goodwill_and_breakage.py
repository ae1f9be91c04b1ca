from django.db import migrations

NEW = [
    ("goodwill", "Given out of goodwill", "expense"),
    ("breakage", "Gift cards that expired", "income"),
]


def create_accounts(apps, schema_editor):
    account = apps.get_model("ledger", "Account")
    wanted = [account(code=code, name=name, kind=kind) for code, name, kind in NEW]
    account.objects.bulk_create(wanted, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_goods_in_the_books")]

    operations = [migrations.RunPython(create_accounts, migrations.RunPython.noop)]
