"""The tasks that beat starts, and how often. settings.py imports it."""

from datetime import timedelta

from celery.schedules import schedule


class Every(schedule):
    """Celery's interval, except that a task whose last run is in the future is due now.

    That happens if the clock was set back. A beat that is running then waits until its clock has caught up, whatever
    the schedule says; with this class it goes on as soon as it is restarted (F21).
    """

    def remaining_estimate(self, last_run_at):
        remaining = super().remaining_estimate(last_run_at)
        return timedelta() if remaining > self.run_every else remaining


def every(task, **period):
    """Return an entry of the timetable.

    A task that no worker takes before the next one is due expires, so a worker that comes back finds no backlog (F02).
    """
    often = timedelta(**period)
    return {"task": task, "schedule": Every(often), "options": {"expires": often.total_seconds()}}


CELERY_BEAT_SCHEDULE = {
    "record the lock of Codes whose time is up": every("joins.tasks.lock_due_codes", seconds=30),
    "end the co-teacher rights whose time is up": every("classroom.tasks.end_co_teachers", seconds=30),
    "tell of co-teacher rights that end soon": every("classroom.tasks.warn_co_teachers", minutes=10),
    "remind of requests that wait": every("joins.tasks.remind_of_requests", minutes=10),
    "warn before a Code locks": every("joins.tasks.warn_before_lock", minutes=10),
    "tell of owners who are away": every("joins.tasks.tell_of_absent_owners", hours=1),
    "tell of invitations that have ended": every("classroom.tasks.tell_of_ended_invitations", hours=1),
    "tell of the week": every("joins.tasks.tell_of_week", hours=1),
    # Every three seconds, because somebody at a page waits for the code.
    "mail codes and links": every("accounts.tasks.deliver_letters", seconds=3),
    "mail what is due": every("accounts.tasks.deliver_digests", seconds=30),
    "show that beat and a worker are alive": every("config.celery.tick", seconds=30),
    "delete data whose retention period is over": every("privacy.tasks.forget", hours=1),
    "erase accounts that no class has": every("privacy.tasks.forget_people", hours=1),
    "delete old counts of the rate limits": every("config.celery.throw_away_counts", minutes=10),
}
