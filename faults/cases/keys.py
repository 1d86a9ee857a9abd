"""F28: the key that signs sessions is changed, one web server after the other."""

from secrets import token_urlsafe

from faults.elsewhere import again
from faults.registry import fault

WEB = ("web 1", "web 2")


@fault("F28", "The key is changed, one web server after the other", rounds=1)
def key_changed(scene):
    """As docs/operations.md says: known first, used then, the old one forgotten at last."""
    room, premises = scene.room(), scene.premises
    old, new = premises.school.environ["SECRET_KEY"], token_urlsafe(50)
    steps = [(old, new), (new, old), (new, "")]
    people = scene.students(8)
    for student in people:
        student.join(room)
    for key, fallback in steps:
        for name in WEB:
            again(premises, name, SECRET_KEY=key, SECRET_KEY_FALLBACKS=fallback)
            still_in(scene, people)
            newcomer, forgotten = scene.students(1)[0], key == new and not fallback
            if not forgotten:  # whoever has not come since the change logs in again
                scene.demand(newcomer.join(room).leads_to == room.path, "a Code did not survive the change")
    stranger = scene.strangers(1)[0]
    scene.demand(stranger.sign_up(room).leads_to == room.path, "a Code did not survive the change")
    scene.see("requests through the change", sum(len(student.answers) for student in people), "")
    again(premises, *WEB)


def still_in(scene, people):
    """At both web servers, whichever keys they know."""
    for student in people:
        answers = [student.look("/") for _ in range(4)]
        is_in = all(answer.status == 200 and "Profile of" in answer.page for answer in answers)
        scene.demand(is_in, f"{student.username} was logged out")
