from collections import defaultdict

import django.db.models.functions.text
from django.db import migrations, models


def leave_each_address_to_one_account(apps, schema_editor):
    """Several accounts with one address came of a form pressed twice. No account is deleted.

    The address stays with the account that has verified it, else with one that is in a class, else with the one that
    was used last. An account that loses it and is in a class can still be logged in to with the address and its own
    password, for its EmailAddress stays; an operator finds it in the admin by its name.
    """
    User = apps.get_model("accounts", "User")
    EmailAddress = apps.get_model("account", "EmailAddress")
    Membership = apps.get_model("classroom", "Membership")
    by_address = defaultdict(list)
    for person in User.objects.exclude(email=""):
        by_address[person.email.lower()].append(person)
    for address, people in by_address.items():
        if len(people) == 1:
            continue
        ids = [person.pk for person in people]
        claims = EmailAddress.objects.filter(user__in=ids, email__iexact=address)
        verified = set(claims.filter(verified=True).values_list("user", flat=True))
        in_a_class = set(Membership.objects.filter(user__in=ids).values_list("user", flat=True))

        def worth(person):
            used = person.last_login or person.date_joined
            return person.pk in verified, person.pk in in_a_class, person.is_active, used, -person.pk

        keeper = max(people, key=worth)
        others = [person.pk for person in people if person != keeper]
        claims.filter(user__in=set(others) - in_a_class).delete()
        User.objects.filter(pk__in=others).update(email="")


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0007_faults"),
        ("account", "0006_emailaddress_lower"),
        ("classroom", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="form_key",
            field=models.UUIDField(editable=False, null=True, unique=True),
        ),
        migrations.RunPython(leave_each_address_to_one_account, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("email"),
                condition=models.Q(("email", ""), _negated=True),
                name="one_account_an_address",
            ),
        ),
    ]
