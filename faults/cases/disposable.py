"""F20 on PostgreSQL, and F31: faults after which no other fault could use the site."""

import subprocess
from pathlib import Path

from bench.school import PASSWORD
from faults.disposable import Disposable, fill
from faults.registry import fault

OPEN_CODES = "SELECT count(*) FROM joins_joincode WHERE retired_at IS NULL AND locked_at IS NULL"
MOST = 400  # joins, more than fit into a table before it has to grow


@fault("F20-postgres", "PostgreSQL's disk is full", rounds=1, premises=Disposable)
def disk_full(scene):
    room, premises = scene.room(), scene.premises
    if not premises.is_mounted:
        scene.skip("no disk of its own: this user may not mount one")
        return
    readers = scene.students(4)
    for reader in readers:
        reader.join(room)
    students = scene.students(MOST)
    ballast = fill(premises.disk)
    came = []
    for student in students:
        came.append(student)
        if student.join(room).is_error:
            break
    scene.demand(came[-1].answers[-1].status == 503, "the disk was never full")
    pages = [one.look(path).status for one in readers for path in ("/", room.path, "/notifications/")]
    scene.demand(set(pages) == {200}, f"a page could not be read: {pages}")
    scene.record_figure("joins until then", len(came) - 1, "")
    ballast.unlink()
    answer, seconds = scene.until_answered(lambda: came[-1].join(room))
    scene.demand(answer.leads_to == room.path, "it does not recover by itself")
    scene.record_figure("back after", seconds, "s")


@fault("F31", "Last night's backup is restored", rounds=1, premises=Disposable)
def restored(scene):
    room, premises, backup = scene.room(), scene.premises, scene.premises.folder / "last-night"
    members, (erased,) = scene.students(4), scene.students(1)
    for student in members:
        student.join(room)
    erased.send("/join/", code=room.code)
    scene.wait_for_mails()
    script(premises, "bin/backup", backup)

    old = room.code
    room.reset()
    manage(premises, "erase_person", erased.username, "--yes")
    premises.school.stop_all()
    seconds = scene.seconds_until(lambda: script(premises, "bin/restore", backup))
    scene.record_figure("restored in", seconds, "s")
    premises.repair()

    dead_doors_and_deleted_children(scene, room, members, erased, old)


def dead_doors_and_deleted_children(scene, room, members, erased, old):
    guest, late = scene.students(2)
    scene.demand("Profile of" not in members[0].look("/").page, "a session of before goes on")
    scene.demand(scene.premises.postgres.query(OPEN_CODES) == [(0,)], "a Code is open")
    for student in (*members, guest, late, room.owner):
        student.log_in(PASSWORD)
    scene.demand(guest.join(room, old).leads_to == "/", "the old Code, reset since, let somebody in")
    scene.demand(late.join(room).status == 422, "a Code that the backup does not know opened something")
    scene.demand(erased.log_in(PASSWORD).status == 422, "who was erased logged in")
    page = room.owner.look(room.path).page
    scene.demand(all(f'data-member="{one.username}"' in page for one in members), "a member is missing")
    scene.demand(f'data-member="{erased.username}"' not in page, "who was erased is a member again")


def script(premises, name, file):
    """Run a script of bin/ as the operator does. Return True, for seconds_until()."""
    environ = premises.school.environ
    subprocess.run([Path(name).resolve(), file], env=environ, check=True, stdout=subprocess.DEVNULL)
    return True


def manage(premises, *words):
    python, environ = premises.school.environ["PATH"].split(":")[0], premises.school.environ
    command = [f"{python}/python", "manage.py", *words]
    subprocess.run(command, cwd=premises.school.folder, env=environ, check=True, stdout=subprocess.DEVNULL)
