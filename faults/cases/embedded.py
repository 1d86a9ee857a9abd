"""F18 to F20: the embedded default with many writers, killed while it writes, and on a full disk."""

from faults.disposable import fill, mount, unmount
from faults.embedded import Embedded
from faults.registry import fault
from tests.deployed.school import until

A_CLASS = 35
DISK = 48  # megabytes


class SmallDisk(Embedded):
    """Keeps all its files on a small disk of its own, if this user may mount one."""

    def __init__(self):
        super().__init__()
        self.var.mkdir()
        self.is_mounted = mount(self.var, DISK)

    def close(self):
        if self.is_mounted:
            self.kill()
            unmount(self.var)
        super().close()


@fault("F18", "SQLite, 35 joins and sign-ups at once", rounds=3, premises=Embedded)
def many_writers(scene):
    room, known, new = scene.room(), scene.students(A_CLASS), scene.strangers(A_CLASS // 5)
    with scene.meanwhile(lambda student: student.join(room), known) as joins:
        signs_up = [student.sign_up(room) for student in new]
    answers = [*joins, *signs_up]
    scene.record_figure("slowest", max(answer.seconds for answer in answers), "s")
    scene.demand({answer.status for answer in answers} == {302}, "somebody was not let in at once")
    scene.demand("OperationalError" not in scene.premises.log.read_text(), "database is locked")


@fault("F19", "kill -9 of everything while SQLite writes", rounds=3, premises=Embedded)
def killed_while_writing(scene):
    room, students, premises = scene.room(), scene.students(A_CLASS), scene.premises
    half = len(scene.rooms) * 8 % A_CLASS  # another moment each round

    def come(student):
        return scene.until_answered(lambda: student.join(room))

    with scene.meanwhile(come, students, 8):
        until(lambda: sum(len(student.answers) for student in students) >= half)
        premises.kill()
        scene.record_figure("runs again after", scene.seconds_until(lambda: premises.repair() or True), "s")
    scene.demand(premises.is_whole(), "the file is damaged")


@fault("F20", "SQLite's disk is full", premises=SmallDisk)
def disk_full(scene):
    room, students, premises = scene.room(), scene.students(8), scene.premises
    if not premises.is_mounted:
        scene.skip("no disk of its own: this user may not mount one")
        return
    inside, outside = students[:4], students[4:]
    for student in inside:
        student.join(room)
    ballast = fill(premises.var)
    pages = [one.look(path) for one in inside for path in ("/", room.path, "/notifications/")]
    scene.demand({page.status for page in pages} == {200}, "a page could not be read")
    refused = [student.join(room) for student in outside] + [room.lock(), scene.strangers(1)[0].sign_up(room)]
    scene.record_figure("told to try again", sum(answer.status == 503 for answer in refused), "")
    scene.demand(
        {answer.status for answer in refused} == {503}, f"{[one.status for one in refused]} on a full disk"
    )
    ballast.unlink()
    joins = [student.join(room) for student in outside]
    scene.demand({answer.leads_to for answer in joins} == {room.path}, "it does not recover by itself")
    scene.demand(premises.is_whole(), "the file is damaged")
