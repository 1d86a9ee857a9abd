"""F02, F21: what beat calls for, when the machine's clock is late, or set back."""

import time_machine
from django.conf import settings
from django.utils import timezone

from config.beat import Scheduler
from config.celery import app

PERIODS = {name: line["schedule"].run_every for name, line in settings.CELERY_BEAT_SCHEDULE.items()}


class Beat(Scheduler):
    """Calls for nothing, and tells for what it would have."""

    def apply_entry(self, entry, producer=None):
        self.told.append(entry.name)

    def called_for(self):
        self.told = []
        while not self.tick():
            pass
        return sorted(name for name in self.told if name in PERIODS)  # and not Celery's own


def test_after_three_days_it_calls_once_for_each(tmp_path):
    """F02"""
    with time_machine.travel(timezone.now(), tick=False) as clock:
        beat = Beat(app=app, schedule_filename=str(tmp_path / "beat"))
        beat.called_for()
        clock.shift(3 * 86_400)

        assert beat.called_for() == sorted(PERIODS)


def test_a_clock_set_back_an_hour_holds_up_nothing(tmp_path):
    """F21: Celery's own scheduler would call for nothing for an hour."""
    with time_machine.travel(timezone.now(), tick=False) as clock:
        beat = Beat(app=app, schedule_filename=str(tmp_path / "beat"))
        beat.called_for()
        clock.shift(3)
        assert beat.called_for() == ["mail codes and links"]
        clock.shift(-3600)

        assert beat.called_for() == sorted(PERIODS)
        clock.shift(30)
        assert beat.called_for() == sorted(
            name for name, often in PERIODS.items() if often.total_seconds() <= 30
        )


def test_a_beat_started_with_a_memory_of_the_future_begins_at_once(tmp_path):
    """F21: its machine was set right between the two."""
    with time_machine.travel(timezone.now(), tick=False) as clock:
        before = Beat(app=app, schedule_filename=str(tmp_path / "beat"))
        before.called_for()
        before.close()
        clock.shift(-3600)
        after = Beat(app=app, schedule_filename=str(tmp_path / "beat"))

        assert after.called_for() == sorted(PERIODS)


def test_the_timetable_knows_no_summer_time():
    """F21"""
    assert app.conf.enable_utc
    assert app.conf.timezone == "UTC"
