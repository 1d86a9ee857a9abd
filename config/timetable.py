"""What beat starts, and how often. A part of settings.py."""

from datetime import timedelta


def every(task, **period):
    """A line of the timetable. A tick nobody took before the next one is dropped: no storm later (F02)."""
    schedule = timedelta(**period)
    return {"task": task, "schedule": schedule, "options": {"expires": schedule.total_seconds()}}


CELERY_BEAT_SCHEDULE = {
    "write down which Codes locked themselves": every("joins.tasks.lock_due_codes", seconds=30),
    "warn before a Code locks": every("joins.tasks.warn_before_lock", minutes=10),
    "look up Codes whose answer was withheld": every("joins.tasks.look_up_guesses", seconds=30),
    # Somebody sits before the page and waits for the code.
    "mail codes and links": every("accounts.tasks.deliver_letters", seconds=3),
    "mail what is due": every("accounts.tasks.deliver_digests", seconds=30),
    "tell that beat and worker are there": every("config.celery.tick", seconds=30),
    "forget what is over": every("privacy.tasks.forget", hours=1),
    "forget who is gone": every("privacy.tasks.forget_people", hours=1),
    "throw away what limits counted": every("config.celery.throw_away_counts", minutes=10),
    "forget old sessions": every("config.celery.clear_sessions", days=1),
}
