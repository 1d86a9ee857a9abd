"""Several members, ticked in the list, are removed or moved to the queue at once. A page asks first and names them."""

import re

import pytest

from classroom.acts import several
from classroom.models import Membership
from joins.acts.move_to_queue import move_members_to_queue
from tests.factories import ClassroomFactory, MembershipFactory, StudentFactory, TeacherFactory
from tests.hooks import alerts, hooks, page_text
from tests.notifications import notification_texts

ACTS = ["remove", "move-to-queue"]


@pytest.fixture
def ada(biology):
    user = StudentFactory(username="ada", first_name="Ada", last_name="Moor")
    MembershipFactory(classroom=biology, user=user)
    return user


@pytest.fixture
def bo(biology):
    user = StudentFactory(username="bo", first_name="Bo", last_name="Reed")
    MembershipFactory(classroom=biology, user=user)
    return user


@pytest.fixture
def press(sign_in, url):
    """press(by, "remove", ada, bo, keep_out="on") -> the page after the press."""

    def send(by, act, *users, **fields):
        ids = [user.pk for user in users]
        return sign_in(by).post(url(f"members/{act}/"), {"member": ids} | fields, follow=True)

    return send


def members(classroom):
    return set(classroom.memberships.values_list("user__username", flat=True))


def test_boxes_stand_instead_of_the_menus_where_somebody_chooses(ada, bo, mr_lind, sign_in, url):
    browser = sign_in(mr_lind)
    plain, choosing = browser.get(url("members/")), browser.get(url("members/?choose=1&q=o"))

    assert 'name="member" value' not in plain.content.decode()
    assert plain.content.decode().count("<summary>") - choosing.content.decode().count("<summary>") == 2
    # Neither the owner nor, for a co-teacher, the co-teachers can be ticked.
    assert choosing.content.decode().count('name="member" value') == 2
    assert {url("members/remove/"), url("members/move-to-queue/")} <= set(hooks(choosing, "formaction"))
    assert '<input type="hidden" name="q" value="o">' in choosing.content.decode()


def test_who_is_ticked_stays_ticked_in_another_order_and_after_cancel(ada, bo, ms_okafor, sign_in, url):
    """That includes a person that the search doesn't find."""
    browser = sign_in(ms_okafor)
    ticked = f"choose=1&member={ada.pk}&member={bo.pk}"

    page = browser.get(f"{url('members/')}?q=moor&{ticked}")
    assert page.content.decode().count(" checked") == 1
    assert "1 more person is ticked, but not on this page." in page_text(page)
    sort = f"{url('members/')}?q=moor&{ticked}&sort=first"
    assert sort in hooks(page, "href")
    assert browser.get(sort).content.decode().count(f'name="member" value="{bo.pk}"') == 2  # acts, search
    for act in ACTS:
        question = browser.get(f"{url(f'members/{act}/')}?q=moor&{ticked}")
        assert f"{url('members/')}?q=moor&{ticked}#member-{ada.pk}" in hooks(question, "href")
        assert f"{url(f'members/{act}/')}?q=moor&choose=1" in hooks(question, "action")


@pytest.mark.parametrize("act", ACTS)
def test_afterwards_the_list_stands_where_it_stood(act, ada, bo, ms_okafor, mr_lind, sign_in, url):
    """The list: Ngozi Okafor, Jonas Lind, Ada, Bo."""
    browser = sign_in(ms_okafor)

    def press(user):
        address = f"{url(f'members/{act}/')}?sort=first&choose=1"
        page = browser.get(f"{address}&member={user.pk}")
        fields = {
            "member": user.pk,
            "beside": re.search(r'name="beside" value="(\d+)"', page.content.decode())[1],
        }
        first, second = (browser.post(address, fields).headers["Location"] for _ in range(2))
        assert first == second
        return first

    assert press(ada) == f"{url('members/')}?sort=first#member-{bo.pk}"
    assert press(bo) == f"{url('members/')}?sort=first#member-{mr_lind.pk}"


@pytest.mark.rule("Q9")
@pytest.mark.parametrize(
    ("act", "question"), [("remove", "Remove 2 people?"), ("move-to-queue", "Move 2 people to the queue?")]
)
def test_a_page_asks_first_and_names_them(act, question, biology, ada, bo, ms_okafor, sign_in, url):
    page = sign_in(ms_okafor).get(url(f"members/{act}/"), {"member": [ada.pk, bo.pk, ms_okafor.pk], "q": "o"})

    text = page_text(page)
    assert question in text
    assert "Ada Moor (ada)" in text
    assert "Bo Reed (bo)" in text
    assert "Ngozi Okafor stays" in text
    assert str(ms_okafor.pk) not in hooks(page, "value")
    assert f"{url(f'members/{act}/')}?q=o" in hooks(page, "action")
    assert members(biology) == {"okafor", "lind", "ada", "bo"}


@pytest.mark.rule("J10")
def test_who_has_gone_since_is_not_ticked_on_the_way_back(biology, ada, bo, ms_okafor, press, sign_in, url):
    """The browser's button Back leads to an address that still names them."""
    press(ms_okafor, "remove", ada)
    path = f"{url('members/')}?choose=1&member={ada.pk}&member={bo.pk}&member=x&q="

    everybody, nobody = [sign_in(ms_okafor).get(f"{path}{q}") for q in ("", "nobody")]

    assert "ticked, but not on this page" not in page_text(everybody)
    assert "1 more person is ticked, but not on this page." in page_text(nobody)


@pytest.mark.rule("Q7", "J10")
@pytest.mark.threat("T08")
def test_who_leaves_before_the_press_is_blocked_with_the_others(biology, ada, bo, ms_okafor, press, acts):
    biology.memberships.get(user=bo).leave()

    pages = [press(ms_okafor, "remove", ada, bo, keep_out="on") for _ in range(2)]

    for page in pages:
        assert "Removed and blocked 2 people: Ada Moor, Bo Reed." in page_text(page)
    assert set(biology.kept_out.values_list("user", flat=True)) == {ada.pk, bo.pk}
    assert acts().count(("keep_out", "okafor", "bo")) == 1


@pytest.mark.parametrize(
    ("act", "question"),
    [("remove", "Remove Ada Moor? ada"), ("move-to-queue", "Move Ada Moor to the queue? ada")],
)
def test_one_person_is_named_once(act, question, ada, ms_okafor, sign_in, url):
    page = sign_in(ms_okafor).get(url(f"members/{act}/"), {"member": [ada.pk]})

    assert question in page_text(page)
    assert page_text(page).count("Ada Moor") == 1


@pytest.mark.rule("Q7", "Q8")
@pytest.mark.threat("T60")
@pytest.mark.parametrize("keep_out", [True, False])
def test_all_who_are_ticked_are_removed(keep_out, biology, ada, bo, ms_okafor, mr_lind, press, acts):
    page = press(ms_okafor, "remove", ada, bo, mr_lind, **({"keep_out": "on"} if keep_out else {}))

    assert members(biology) == {"okafor"}
    names = ["Ada Moor", "Bo Reed", "Jonas Lind"]
    for name in names:
        assert name in page_text(page)
    assert f"Removed{' and blocked' if keep_out else ''} 3 people:" in page_text(page)
    assert set(biology.kept_out.values_list("user", flat=True)) == (
        {ada.pk, bo.pk, mr_lind.pk} if keep_out else set()
    )
    per_person = ["remove_member", "keep_out"] if keep_out else ["remove_member"]
    assert sorted(acts()) == sorted(
        (act, "okafor", who) for act in per_person for who in ("ada", "bo", "lind")
    )
    for user, teacher in ((ada, "your"), (mr_lind, "its")):
        assert notification_texts(user) == [
            f"You're no longer in Biology 9B. Not sure why? Talk to {teacher} teacher."
        ]


@pytest.mark.threat("T30")
def test_all_who_are_ticked_move_to_the_queue(biology, ada, bo, mr_lind, press):
    page = press(mr_lind, "move-to-queue", ada, bo)

    assert "2 people are now waiting in the approval queue: Ada Moor, Bo Reed." in page_text(page)
    assert members(biology) == {"okafor", "lind"}
    assert {waits.user for waits in biology.join_requests.pending()} == {ada, bo}
    assert "back in the queue" in notification_texts(ada)[0]


@pytest.mark.rule("C2")
@pytest.mark.parametrize("act", ACTS)
def test_managers_stay_if_a_co_teacher_ticks_them(act, biology, ada, mr_lind, ms_okafor, press):
    colleague = TeacherFactory(username="berg", first_name="Bea", last_name="Berg")
    MembershipFactory(classroom=biology, user=colleague, role="co-teacher")

    page = press(mr_lind, act, ada, colleague, ms_okafor, mr_lind)

    assert members(biology) == {"okafor", "lind", "berg"}
    assert [alert.split(".")[0] for alert in alerts(page)] == [
        "Ngozi Okafor stays",
        "Bea Berg stays",
        "Jonas Lind stays",
    ]


def test_who_is_ticked_many_times_is_one_person(biology, ada, ms_okafor, press):
    page = press(ms_okafor, "remove", *[ada] * 51)

    assert "Removed 1 person: Ada Moor." in page_text(page)


@pytest.mark.threat("T01", "T11")
@pytest.mark.parametrize("act", ACTS)
def test_people_of_another_class_are_left_out(act, biology, ada, leo, ms_okafor, press):
    elsewhere = MembershipFactory(classroom=ClassroomFactory(), user=leo)

    page = press(ms_okafor, act, ada, leo)

    assert alerts(page) == ["One person you ticked is not in this class."]
    assert leo.full_name not in page_text(page)
    assert Membership.objects.filter(pk=elsewhere.pk).exists()
    assert members(biology) == {"okafor", "lind"}


@pytest.mark.rule("J10", "Q3")
def test_who_has_gone_meanwhile_is_named(biology, ada, bo, leo_is_member, leo, ms_okafor, mr_lind, press):
    biology.member("ada").leave()
    biology.member("bo").remove(by=mr_lind, keep_out=False)

    page = press(ms_okafor, "remove", ada, bo, leo)

    assert "Removed 1 person: Leo Park." in page_text(page)
    first, second = alerts(page)
    assert first == "Ada Moor is no longer in the class."
    assert second.startswith("Jonas Lind removed Bo Reed on ")


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_with_nobody_ticked_the_list_says_so(act, method, ms_okafor, sign_in, url):
    answer = getattr(sign_in(ms_okafor), method)(url(f"members/{act}/"))

    assert alerts(answer) == ["Tick at least one person first."]
    assert answer.status_code == (200 if method == "get" else 422)


@pytest.mark.threat("T68")
@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("how_many", [51, 990])
def test_at_most_a_page_at_once(act, method, how_many, ms_okafor, sign_in, url):
    """Also not more than SQLite takes values in a query."""
    answer = getattr(sign_in(ms_okafor), method)(url(f"members/{act}/"), {"member": range(1, how_many + 1)})

    assert alerts(answer) == ["Choose at most 50 people at once."]
    assert answer.status_code == (200 if method == "get" else 422)


@pytest.mark.rule("Q3")
@pytest.mark.parametrize("mover", ["ms_okafor", "mr_lind"])
def test_who_waits_in_the_queue_is_not_removed_and_it_is_said_who_moved_them(
    mover, request, biology, ada, ms_okafor, press
):
    by = request.getfixturevalue(mover)
    move_members_to_queue(biology, [ada.pk], by=by)

    page = press(ms_okafor, "remove", ada, keep_out="on")

    assert alerts(page)[0].startswith(f"{by.full_name} moved Ada Moor to the queue on ")
    assert biology.join_requests.pending().get().user == ada
    assert not biology.kept_out.exists()


@pytest.mark.parametrize("act", ACTS)
def test_the_question_says_why_nothing_can_be_done(act, biology, ada, ms_okafor, mr_lind, sign_in, url):
    browser = sign_in(mr_lind)

    def ask(*users):
        return alerts(browser.get(url(f"members/{act}/"), {"member": [user.pk for user in users]}))

    [stays] = ask(ms_okafor)
    assert stays.startswith("Ngozi Okafor stays. ")
    assert "co-teacher" in stays
    biology.member("ada").leave()
    assert ask(ada) == ["Nobody you ticked is in this class any more."]


@pytest.mark.parametrize("act", ACTS)
def test_after_fifty_long_names_the_page_names_five_and_the_history_all(
    act, biology, ms_okafor, press, sign_in, url
):
    """Fifty are more than a cookie holds."""
    users = [StudentFactory(first_name="N" * 58 + f"{n:02}", last_name="M" * 60) for n in range(50)]
    for user in users:
        MembershipFactory(classroom=biology, user=user)

    text = page_text(press(ms_okafor, act, *users))

    assert sum(user.full_name in text for user in users) == 5
    assert " and 45 more." in text
    past = page_text(sign_in(ms_okafor).get(url("history/")))
    assert [user.full_name for user in users if user.full_name not in past] == []


def test_the_menu_of_a_row_moves_one_to_the_queue(biology, ada, ms_okafor, sign_in, url):
    browser = sign_in(ms_okafor)
    link = f"{url('members/move-to-queue/')}?q=ada&amp;member={ada.pk}"

    assert link in browser.get(url("members/?q=ada")).content.decode()
    assert "Move Ada Moor to the queue?" in page_text(browser.get(link.replace("&amp;", "&")))
    biology.archive(by=ms_okafor)
    assert "move-to-queue" not in browser.get(url("members/?choose=1")).content.decode()


@pytest.mark.parametrize("how_many", [1, 50])
@pytest.mark.parametrize("act", ["remove", "move-to-queue"])
def test_the_press_takes_as_many_statements_for_one_as_for_fifty(
    act, how_many, biology, ms_okafor, count_queries
):
    users = StudentFactory.create_batch(how_many)
    for user in users:
        MembershipFactory(classroom=biology, user=user)
    ids = [user.pk for user in users]

    with count_queries(11 if act == "remove" else 10):  # removing is two acts: they are blocked as well
        if act == "remove":
            several.remove_members(biology, ids, by=ms_okafor, keep_out=True)
        else:
            move_members_to_queue(biology, ids, by=ms_okafor)
    assert members(biology) == {"okafor", "lind"}


@pytest.mark.parametrize("act", ACTS)
def test_the_message_names_five_of_many(act, biology, ms_okafor, press):
    """All 50 of a page filled a phone's screen, with "(blocked)" behind each name."""
    several = [StudentFactory(first_name=f"Ada{letter}", last_name="Moor") for letter in "ABCDEFG"]
    for user in several:
        MembershipFactory(classroom=biology, user=user)

    page = page_text(press(ms_okafor, act, *several, keep_out="on"))

    start = {
        "remove": "Removed and blocked 7 people",
        "move-to-queue": "7 people are now waiting in the approval queue",
    }
    assert f"{start[act]}: AdaA Moor, AdaB Moor, AdaC Moor, AdaD Moor, AdaE Moor and 2 more." in page


def test_the_message_says_whom_it_blocked_if_not_all(biology, ada, bo, ms_okafor, press):
    biology.member("bo").remove(by=ms_okafor, keep_out=False)

    page = page_text(press(ms_okafor, "remove", ada, bo, keep_out="on"))

    assert "Removed 2 people: Ada Moor (blocked), Bo Reed." in page
