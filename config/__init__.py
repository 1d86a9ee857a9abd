# Celery's app must exist before any task module is imported.
from config.celery import app as celery_app

__all__ = ["celery_app"]
