from django.apps import AppConfig


class JoinsConfig(AppConfig):
    name = "joins"
    verbose_name = "Codes and requests"

    def ready(self):
        from joins import receivers  # noqa: PLC0415 — models are only loaded now

        receivers.connect()
