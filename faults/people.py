"""People with sessions, straight in the database, printed for who visits with them: python -m faults.people 300 30"""

import json
import sys

import django

if __name__ == "__main__":
    django.setup()
    from allauth.account.models import EmailAddress  # models need a Django that is set up

    from bench.people import browsers, people

    groups = {"student": int(sys.argv[1]), "teacher": int(sys.argv[2])}
    made = {kind: people(how_many, kind) for kind, how_many in groups.items()}
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in made["teacher"]
    )
    said = [
        {"kind": user.kind, "username": user.username, "name": user.full_name, "email": user.email} | browser
        for users in made.values()
        for user, browser in zip(users, browsers(users), strict=True)
    ]
    print(json.dumps(said))
