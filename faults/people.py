"""Creates people with sessions in the database and prints them as JSON: python -m faults.people STUDENTS TEACHERS"""

import json
import sys

import django

if __name__ == "__main__":
    django.setup()
    from allauth.account.models import EmailAddress  # models can be imported only after django.setup()

    from bench.people import browsers, people

    groups = {"student": int(sys.argv[1]), "teacher": int(sys.argv[2])}
    made = {kind: people(how_many, kind) for kind, how_many in groups.items()}
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in made["teacher"]
    )
    described = [
        {"kind": user.kind, "username": user.username, "name": user.full_name, "email": user.email} | browser
        for users in made.values()
        for user, browser in zip(users, browsers(users), strict=True)
    ]
    print(json.dumps(described))
