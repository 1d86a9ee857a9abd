"""F28: SECRET_KEY is changed, one web server after the other."""

from secrets import token_urlsafe

from faults.environment import restart
from faults.registry import fault

WEB = ("web 1", "web 2")


@fault("F28", "The key is changed, one web server after the other", rounds=1)
def key_changed(scene):
    """In the three steps of docs/operations.md: accept the new key, sign with it, then forget the old one."""
    room, premises = scene.room(), scene.premises
    old, new = premises.school.environ["SECRET_KEY"], token_urlsafe(50)
    steps = [(old, new), (new, old), (new, "")]
    people = scene.students(8)
    for student in people:
        student.join(room)
    for key, fallback in steps:
        for name in WEB:
            restart(premises, name, SECRET_KEY=key, SECRET_KEY_FALLBACKS=fallback)
            demand_logged_in(scene, people)
            newcomer, forgotten = scene.students(1)[0], key == new and not fallback
            if not forgotten:  # this session was signed with the old key, so its owner has to log in again
                scene.demand(newcomer.join(room).leads_to == room.path, "a Code did not survive the change")
    stranger = scene.strangers(1)[0]
    scene.demand(stranger.sign_up(room).leads_to == room.path, "a Code did not survive the change")
    scene.record_figure("requests through the change", sum(len(student.answers) for student in people), "")
    restart(premises, *WEB)


def demand_logged_in(scene, people):
    """Each person is logged in at both web servers, whichever keys these know."""
    for student in people:
        answers = [student.look("/") for _ in range(4)]
        is_in = all(answer.status == 200 and "Profile of" in answer.page for answer in answers)
        scene.demand(is_in, f"{student.username} was logged out")
