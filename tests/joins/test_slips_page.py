"""The page of slips: make, print and cancel them, and who has used which (L4)."""

import re

import pytest

from classroom.acts import class_list
from joins import codes
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from joins.addresses import as_typed, join_page
from joins.models import Slip, join_code_queryset
from tests.clock import time_passes
from tests.factories import MembershipFactory, StudentFactory, TeacherFactory, student_called
from tests.hooks import alerts, hooks, page_text

pytestmark = pytest.mark.rule("L4")

NAMES = ["Ana López", "Ben Müller", "Cem Kaya", "Dua Noor"]


@pytest.fixture
def listed(biology, ms_okafor):
    """The list of Biology 9B. Ana is in, Ben waits."""
    class_list.keep(biology, NAMES, by=ms_okafor)
    biology.refresh_from_db()
    MembershipFactory(classroom=biology, user=student_called("Ana López"))
    ask_by_join_url(biology.join_url, by=student_called("Ben Müller"))
    return biology


@pytest.fixture
def press(okafors_browser, url):
    """press(make="missing") -> the page after it."""
    return lambda **fields: okafors_browser.post(url("slips/"), fields, follow=True)


@pytest.fixture
def page(okafors_browser, url):
    return lambda: okafors_browser.get(url("slips/"))


def pk_of(classroom, name):
    return classroom.listed_names.get(name=name).pk


def has_slip():
    return list(Slip.objects.unused().order_by("listed_name").values_list("listed_name__name", flat=True))


def code_for(name):
    return Slip.objects.unused().get(listed_name__name=name).join_code.code


def test_one_press_makes_them_for_all_who_are_missing(listed, press):
    answer = press(make="missing")

    assert has_slip() == ["Cem Kaya", "Dua Noor"]
    assert hooks(answer, "data-slip") == ["unused"] * 2
    for name in has_slip():
        assert codes.in_threes(code_for(name)) in page_text(answer)
    assert listed.events.filter(kind="make_slips").count() == 1


def test_one_slip_is_offered_for_one_person(listed, press, page):
    press(make="missing")
    press(cancel=Slip.objects.unused().first().pk)

    assert "Make 1 slip for somebody who is missing" in page_text(page())


def test_pressed_again_it_leaves_those_that_are_made(listed, press):
    press(make="missing")
    before = [code_for(name) for name in has_slip()]
    time_passes(minutes=5)

    press(make="missing")

    assert [code_for(name) for name in has_slip()] == before


def test_for_ticked_names_a_new_one_takes_the_place_of_the_former(listed, press):
    press(make="ticked", line=[pk_of(listed, "Ben Müller"), pk_of(listed, "Cem Kaya")])
    former = code_for("Cem Kaya")
    time_passes(minutes=5)

    press(make="ticked", line=pk_of(listed, "Cem Kaya"))

    assert has_slip() == ["Ben Müller", "Cem Kaya"]
    assert code_for("Cem Kaya") != former


@pytest.mark.parametrize(
    ("fields", "status", "sentence"),
    [
        ({"make": "ticked"}, 422, "Tick at least one name first."),
        ({"make": "everything"}, 422, ""),
        ({}, 422, "Choose what to do with the slips."),
        ({"make": "ticked", "line": "x"}, 422, "aren't on the class list any more"),
        ({"make": "ticked", "line": str(2**63)}, 422, "aren't on the class list any more"),
        ({"make": "ticked", "line": "999999"}, 409, "aren't on the class list any more"),
        ({"cancel": "some"}, 422, ""),
        ({"cancel": "²"}, 422, ""),
    ],
)
@pytest.mark.threat("T03", "T67")
def test_an_odd_press_gets_a_sentence_and_does_nothing(listed, press, fields, status, sentence):
    answer = press(**fields)

    assert answer.status_code == status
    assert sentence in alerts(answer)[0]
    assert not Slip.objects.exists()


@pytest.mark.threat("T101")
def test_too_many_say_how_many_are_left_and_keep_the_ticks(listed, press, monkeypatch):
    monkeypatch.setattr(join_code_queryset, "MOST_SLIPS_A_DAY", 1)

    answer = press(make="ticked", line=[pk_of(listed, name) for name in NAMES[2:]])

    assert "You can make 1 more today. Tick fewer names." in alerts(answer)[0]
    assert answer.content.decode().count("checked") == 2


def test_cancel_one_and_cancel_all(listed, press, page):
    press(make="missing")
    slip = Slip.objects.get(listed_name__name="Cem Kaya")

    for _ in range(2):
        assert "The slip is cancelled." in page_text(press(cancel=slip.pk))
    assert has_slip() == ["Dua Noor"]
    assert "Cancel the unused slip…" in page_text(page())
    for _ in range(2):
        assert "All unused slips are cancelled." in page_text(press(cancel="all"))

    assert not Slip.objects.exists()
    assert hooks(page(), "data-slip") == []
    assert listed.events.filter(kind="cancel_slips").count() == 2


def test_one_that_was_used_meanwhile_is_not_cancelled(listed, press, amara):
    press(make="missing")
    slip = Slip.objects.get(listed_name__name="Cem Kaya")
    use_code(slip.join_code.code, by=amara)

    answer = press(cancel=slip.pk)

    assert answer.status_code == 409
    assert "Amara Toure has used the slip for Cem Kaya already" in alerts(answer)[0]


@pytest.mark.threat("T42")
def test_used_by_somebody_with_another_name_is_said_loudly(listed, press, page, okafors_browser, url):
    press(make="missing")
    use_code(code_for("Cem Kaya"), by=student_called("Cem Kaya"))
    use_code(code_for("Dua Noor"), by=StudentFactory(username="maxb", first_name="Max", last_name="B."))

    for answer in (page(), okafors_browser.get(url("list/"))):
        assert sorted(hooks(answer, "data-slip-used")) == ["another-name", "same-name"]
        assert "Slip used by Max B. (maxb) on" in page_text(answer)
        assert page_text(answer).count("That isn't the name on the slip. Check who this is.") == 1
    # Only unused ones are printed.
    assert hooks(page(), "data-slip") == ["used", "used"]
    assert "On paper" not in page_text(page())


def test_eight_to_a_sheet(biology, ms_okafor, press):
    class_list.keep(biology, [f"Pupil{letter} Lee" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"], by=ms_okafor)

    answer = press(make="missing").content.decode()

    sheets = answer.split('<ul class="slips">')[1:]
    assert [sheet.count('class="slip"') for sheet in sheets] == [8, 8, 8, 2]


def test_the_paper_has_the_name_the_code_the_address_and_until_when(listed, press):
    answer = press(make="ticked", line=pk_of(listed, "Cem Kaya"))

    [paper] = re.findall(r'<li class="slip" .*?</li>', answer.content.decode(), re.DOTALL)
    for words in (
        "Cem Kaya",
        "Biology 9B",
        codes.in_threes(code_for("Cem Kaya")),
        as_typed(join_page()),
        "data:image/svg",
    ):
        assert words in paper


@pytest.mark.rule("K10")
def test_a_code_on_it_is_in_no_address_and_no_cache_keeps_the_page(listed, press, page):
    press(make="missing")

    answer = page()

    assert "no-store" in answer["Cache-Control"]
    assert not re.search(rf'(href|src|action)="[^"]*{code_for("Cem Kaya")}', answer.content.decode())


@pytest.mark.rule("C4")
def test_in_an_archived_class_nothing_is_made_or_printed_but_it_can_be_cancelled(
    listed, press, page, ms_okafor
):
    press(make="missing")
    listed.archive(by=ms_okafor)

    assert press(make="missing").status_code == 409
    assert "Print" not in page_text(page())
    assert "All unused slips are cancelled." in page_text(press(cancel="all"))


def test_without_a_list_the_page_leads_to_it(page, biology):
    assert f'href="{biology.path}list/"' in page().content.decode()
    assert hooks(page(), "data-slip") == []


def test_more_than_one_page_of_names(biology, ms_okafor, press, okafors_browser, url):
    class_list.keep(biology, [f"{chr(65 + n // 26)}{chr(97 + n % 26)} Lee" for n in range(100)], by=ms_okafor)

    first = press(make="missing")
    second = okafors_browser.get(url("slips/?page=2"))

    assert Slip.objects.count() == 100
    assert [hooks(answer, "data-slip").count("unused") for answer in (first, second)] == [80, 20]


@pytest.mark.rule("J10")
def test_without_scripts_a_second_press_cancels_no_other_slip(listed, press, okafors_browser, url):
    press(make="missing")
    first, second = Slip.objects.order_by("pk")
    okafors_browser.post(url("slips/"), {"cancel": first.pk})
    drawn = hooks(okafors_browser.get(url("slips/")), "value")

    answer = okafors_browser.post(
        url("slips/"), {"cancel": second.pk, "drawn": max(map(int, filter(str.isdigit, drawn)))}
    )

    assert answer.status_code == 409
    assert has_slip() == ["Dua Noor"]


def test_log_in_slips_have_username_and_address_and_no_password(biology, okafors_browser, url, settings):
    for number in range(9):
        MembershipFactory(classroom=biology, user=StudentFactory(username=f"pupil{number}"))
    MembershipFactory(classroom=biology, user=TeacherFactory(first_name="Terry", last_name="Teach"))

    page = okafors_browser.get(url("slips/log-in/"))

    sheets = page.content.decode().split('<ul class="slips">')[1:]
    assert [sheet.count('class="slip"') for sheet in sheets] == [8, 1]
    assert "pupil0" in page_text(page)
    assert f"{as_typed(settings.SITE_URL)}/accounts/login" in page_text(page)
    assert "Terry" not in page_text(page)
    assert "okafor" not in sheets[0]


def test_log_in_slips_for_those_who_are_ticked(biology, okafors_browser, url):
    robin, kim = (
        MembershipFactory(classroom=biology, user=StudentFactory(username=name)) for name in ("robin", "kim")
    )

    page = okafors_browser.get(url("slips/log-in/"), {"member": robin.user_id})

    assert "robin" in page_text(page)
    assert "kim" not in page_text(page)
    assert okafors_browser.get(url("slips/log-in/"), {"member": "²"}).status_code == 200
