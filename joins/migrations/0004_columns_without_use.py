from django.db import migrations


class Migration(migrations.Migration):
    """The models forget two columns without use. The tables keep them, because the previous release still writes them
    while servers are being replaced (F27). The database fills them in. The next release drops them."""

    dependencies = [("joins", "0003_requests_that_wait")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField("joinrequest", "quiet"),
                migrations.RemoveField("guess", "code"),
            ]
        )
    ]
