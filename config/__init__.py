# Celery's app must exist before the first module with tasks is imported.
from config.celery import app as celery_app

__all__ = ["celery_app"]
