"""What happens in the first three weeks of Biology 9B, day by day. Each act is done by a person in their own
browser."""

from accounts.tasks import deliver_digests
from joins.tasks import lock_due_codes, warn_before_lock
from tests.browser.hands import press, write
from tests.factories import PASSWORD

AMARA = {"First name": "Amara", "Last name": "Toure", "Username": "amara", "Password": "plain words"}
GRACE = {"First name": "Grace", "Last name": "Tan", "Username": "grace", "Password": "plain words"}
MR_BRANDT = {
    "First name": "Felix",
    "Last name": "Brandt",
    "Email": "brandt@home.example",
    "Password": PASSWORD,
}


def the_worker_runs():
    for task in (warn_before_lock, lock_due_codes, deliver_digests):
        task()


def use_code(page, code):
    page.goto("/join/")
    write(page, {"Code": code})
    press(page, "Join")


def use_join_url(page, path):
    page.goto(path)
    press(page, "Ask to join")


def queue_of(page, biology):
    page.goto(f"{biology}requests/")
    return lambda username: page.locator(f'[data-username="{username}"]')


def notifications(page):
    page.get_by_role("link", name="Notifications").click()
    return page.get_by_role("main")
