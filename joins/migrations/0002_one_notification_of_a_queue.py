from django.db import migrations

BATCH = 500  # rows that one statement changes


def merge_unread(apps, schema_editor):
    """Turn the unread notifications of single requests into one of each manager and class (N3).

    The newest one stays, with its mail. The previous release waits for no row longer than a few statements take, however
    many people ask.
    """
    Notification = apps.get_model("accounts", "Notification")
    JoinRequest = apps.get_model("joins", "JoinRequest")
    single = Notification.objects.filter(read_at=None, about__startswith="join-request:").order_by("-pk")
    pending = JoinRequest.objects.filter(status="pending").values_list("pk", "classroom", "classroom__name")
    classes = {f"join-request:{pk}": (classroom_id, name) for pk, classroom_id, name in pending.iterator()}
    merged, superfluous = {}, []
    for pk, user_id, about in single.values_list("pk", "user", "about"):
        classroom_id, name = classes.get(about, (None, ""))
        if classroom_id is None or (user_id, classroom_id) in merged:
            superfluous.append(pk)
            continue
        merged[user_id, classroom_id] = Notification(
            pk=pk, about=f"requests:{classroom_id}", text=f"People asked to join {name}.", mentions=None
        )
    Notification.objects.bulk_update(merged.values(), ["about", "text", "mentions"], batch_size=BATCH)
    for start in range(0, len(superfluous), BATCH):
        Notification.objects.filter(pk__in=superfluous[start : start + BATCH]).delete()


class Migration(migrations.Migration):
    """Needs no table changed. While servers are being replaced, the previous release may still write notifications of
    single requests. They stay unread until somebody opens them."""

    dependencies = [("joins", "0001_squashed"), ("accounts", "0002_first_steps")]
    operations = [migrations.RunPython(merge_unread, migrations.RunPython.noop)]
