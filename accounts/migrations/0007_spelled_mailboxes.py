from django.db import migrations

from accounts import mailboxes


def spell_mailboxes(apps, schema_editor):
    """Give each stored address the spelling by which it is looked up now, unless another row has that spelling."""
    people = apps.get_model("accounts", "User").objects.exclude(email="")
    addresses = apps.get_model("account", "EmailAddress").objects.all()
    # Of two spellings of one mailbox, the one that somebody has proved comes first.
    stored = [*addresses.order_by("-verified", "pk").values_list("email", flat=True)]
    stored += people.order_by("pk").values_list("email", flat=True)
    for email in dict.fromkeys(stored):
        spelled = mailboxes.normalize(email)
        if spelled in (None, email):
            continue
        if not any(rows.filter(email__iexact=spelled).exclude(email=email).exists() for rows in (people, addresses)):
            people.filter(email=email).update(email=spelled)
            addresses.filter(email=email).update(email=spelled)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_anonymous_sessions"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [migrations.RunPython(spell_mailboxes, migrations.RunPython.noop, elidable=True)]
