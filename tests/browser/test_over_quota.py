"""New accounts over the quota share one line in the queue that opens, even while more of them arrive."""

import pytest
from playwright.sync_api import expect

from joins.acts import by_code
from joins.acts.ask import ask_by_join_url
from joins.acts.queue import decide
from joins.models import JoinCode, JoinRequest
from tests.browser.eyes import is_faultless
from tests.browser.hands import press, sees
from tests.factories import ClassroomFactory, StudentFactory

pytestmark = [pytest.mark.browser, pytest.mark.threat("T34")]
LINE = "New accounts from one Code"


@pytest.fixture
def newcomers(biology, mr_brandt):
    """newcomers("Ada", "Bo") -> their requests. Their accounts are new, and more than such accounts usually are."""
    chess = ClassroomFactory(by=mr_brandt, expected_size=1)
    code = JoinCode.objects.get_current(chess).code

    def ask(*names):
        students = [StudentFactory(first_name=name, last_name="Lee") for name in names]
        for student in students:
            by_code.sign_up(code, student)
        return [ask_by_join_url(biology.join_url, by=student) for student in students]

    ask("Ina", "Jo", "Kai")  # those who fit into the quota
    return ask


@pytest.fixture
def queue(open_browser, biology, ms_okafor):
    page = open_browser(ms_okafor, viewport={"width": 1280, "height": 900})

    def opened():
        page.goto(f"{biology.path}requests/")
        return page

    return opened


def waiting():
    return set(
        JoinRequest.objects.pending().filter(classroom__name="Biology 9B").values_list("name", flat=True)
    )


def row(page, name):
    return page.locator(".request", has_text=f"{name} Lee")


def test_the_line_opens_and_its_acts_are_for_those_in_it_alone(newcomers, queue):
    newcomers("Ada", "Bo", "Cy")
    page = queue()
    expect(row(page, "Ada")).to_be_hidden()
    is_faultless(page)

    page.get_by_text(f"{LINE}: 3").click()
    expect(row(page, "Ada")).to_be_visible()
    is_faultless(page)

    over_quota = page.locator("#over-quota")
    over_quota.get_by_label("Tick all of these").check()
    expect(page.locator("#waiting :checked")).to_have_count(0)
    press(over_quota, "Say no to ticked")
    sees(page, "Say no to 3 people?")
    press(page, "Say no")
    sees(page, "Said no to 3 people: Ada Lee, Bo Lee, Cy Lee.")
    assert waiting() == {"Ina Lee", "Jo Lee", "Kai Lee"}


def test_let_in_all_above_leaves_them_out(newcomers, queue):
    newcomers("Ada", "Bo")
    page = queue()

    press(page.locator("#waiting"), "Let in these 3")

    sees(page, "Kai Lee is in.")
    assert waiting() == {"Ada Lee", "Bo Lee"}


@pytest.mark.rule("J10")
def test_who_arrives_takes_nothing_from_under_a_hand_and_shuts_no_open_line(newcomers, queue, biology):
    """A tick stays where it was made. The number in the line changes once nobody uses the list."""
    newcomers("Ada", "Bo")
    page = queue()
    page.get_by_text(f"{LINE}: 2").click()
    row(page, "Bo").get_by_role("checkbox").check()

    newcomers("Cy")
    ask_by_join_url(biology.join_url, by=StudentFactory(first_name="Dora", last_name="Lee"))

    sees(page, "2 new · Show")
    expect(row(page, "Cy")).to_have_count(0)
    page.mouse.move(1, 1)
    expect(row(page, "Cy")).to_be_visible()
    expect(page.locator("#waiting .request", has_text="Dora Lee")).to_be_visible()
    page.locator("#queue :focus").blur()
    expect(page.get_by_text(f"{LINE}: 3")).to_be_visible()
    expect(row(page, "Bo").get_by_role("checkbox")).to_be_checked()


@pytest.mark.rule("J10", "Q1")
def test_the_line_comes_and_goes_by_itself(newcomers, queue, deny):
    page = queue()
    expect(page.locator("#over-quota")).to_have_count(0)
    page.mouse.move(1, 1)

    asked = newcomers("Ada", "Bo")
    expect(page.get_by_text(f"{LINE}: 2")).to_be_visible()

    deny(*asked)
    expect(page.locator("#over-quota")).to_have_count(0)
    expect(page.locator("#waiting .request")).to_have_count(3)


@pytest.fixture
def deny(biology, ms_okafor):
    """deny(a request, another): a colleague denies them."""

    def by_colleague(*asked):
        decide(biology, [one.pk for one in asked], "deny", by=ms_okafor)

    return by_colleague
