"""Somebody's earlier names are theirs too: their export contains them, and erasing the person erases them."""

import pytest

from accounts.models import Rename
from joins.acts import by_code, renames
from privacy.export import stored_data
from privacy.models import Person
from tests.hooks import page_text

pytestmark = pytest.mark.threat("T93")


@pytest.fixture
def renamed(biology, biology_code, ms_okafor, amara):
    """Amara was renamed by Ms Okafor, and then by herself."""
    by_code.sign_up(biology_code().code, amara)
    renames.correct_name(biology, amara, by=ms_okafor, first_name="Amina", last_name="Diallo")
    amara.refresh_from_db()
    amara.edit_profile("Awa", "Diallo", "UTC")
    return Person.objects.get(pk=amara.pk)


def test_the_copy_has_them(renamed):
    names = [(row["old"], row["new"], row["was_mine"]) for row in stored_data(renamed)["earlier_names"]]

    assert names == [("Amara Toure", "Amina Diallo", False), ("Amina Diallo", "Awa Diallo", True)]


@pytest.mark.rule("A8")
def test_they_go_with_the_person(renamed, biology, ms_okafor, sign_in):
    renamed.erase()

    assert not Rename.objects.exists()
    page = page_text(sign_in(ms_okafor).get(f"{biology.path}history/"))
    assert "Ngozi Okafor corrected the name of Deleted person" in page
    assert "Deleted person changed their name" in page
    assert not [name for name in ("Amara", "Amina", "Awa") if name in page]


def test_a_manager_who_goes_leaves_the_students_names(renamed, biology, ms_okafor, mr_lind):
    biology.transfer(by=ms_okafor, to=mr_lind)

    Person.objects.get(pk=ms_okafor.pk).erase()

    assert Rename.objects.first().by.full_name == "Deleted person"
