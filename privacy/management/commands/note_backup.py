import time

from django.core.cache import cache
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Notes that a backup of the database has just been made, for /metrics; bin/backup runs it."

    def handle(self, **options):
        cache.set("backup", time.time(), timeout=None)  # read by config.health
