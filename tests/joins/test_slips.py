"""Making and cancelling slips: Codes on paper, each for one name on the class list (L4)."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from classroom.acts import class_list
from classroom.models import ListedName
from joins import codes
from joins.acts import slips
from joins.acts.by_code import use_code
from joins.exceptions import ListIsOver, SlipUsed, TooManySlips, UnknownCode
from joins.models import JoinCode, Slip, join_code_queryset
from privacy.models import Person
from tests.clock import time_passes
from tests.factories import student_called
from tests.joins.conftest import LISTED, slip_of

pytestmark = pytest.mark.rule("L4")


@pytest.mark.rule("K4")
@pytest.mark.threat("T23")
def test_the_database_holds_one_namespace(make_slip, biology_code, ms_okafor, listed_class):
    """No class gets the Code of a slip, not even of one that is dead."""
    code = make_slip()
    slips.cancel_slips(listed_class, by=ms_okafor)

    with pytest.raises(IntegrityError), transaction.atomic():
        JoinCode.objects.filter(pk=biology_code().pk).update(code=code)
    with pytest.raises(IntegrityError), transaction.atomic():
        JoinCode.objects.filter(code=code).update(retired_at=None, retired_by=None)


@pytest.mark.rule("K2", "K4")
def test_a_whole_class_is_made_in_a_set(biology, ms_okafor):
    """As many statements for thirty as for one, and each Code is drawn once."""
    counts, issued = [], JoinCode.objects.count()
    for how_many in (1, 30):
        class_list.keep(biology, [f"Pupil Number {n}" for n in range(how_many)], by=ms_okafor)
        ids = list(biology.listed_names.values_list("pk", flat=True))
        time_passes(minutes=2)
        with CaptureQueriesContext(
            connection,
        ) as statements:
            slips.make_slips(biology, ids, by=ms_okafor)
        counts.append(len(statements))

    assert counts[0] == counts[1] <= 12
    assert JoinCode.objects.count() == issued + 31
    assert Slip.objects.count() == 30


@pytest.mark.rule("K2")
def test_slips_count_for_the_length_of_codes(biology, ms_okafor, monkeypatch):
    """Of a set, each Code is as long as if they had been issued one by one."""
    asked = []
    draw = codes.draw
    monkeypatch.setattr(codes, "draw", lambda issued: asked.append(issued) or draw(issued))
    class_list.keep(biology, LISTED, by=ms_okafor)
    newest = JoinCode.objects.latest("pk").pk

    slips.make_slips(biology, list(biology.listed_names.values_list("pk", flat=True)), by=ms_okafor)
    JoinCode.objects.get_current(biology).reset(by=ms_okafor)

    assert asked == [newest, newest + 1, newest + 2, newest + 3]


@pytest.mark.threat("T101")
def test_nobody_makes_slips_without_end(
    make_slip, listed_class, ms_okafor, mr_lind, biology_code, monkeypatch
):
    monkeypatch.setattr(join_code_queryset, "MOST_SLIPS_A_DAY", 2)
    make_slip(LISTED[0])
    ids = list(listed_class.listed_names.values_list("pk", flat=True))

    with pytest.raises(TooManySlips, match="2 slips a day. You can make 1 more today"):
        slips.make_slips(listed_class, ids[1:], by=ms_okafor)
    make_slip(LISTED[1])
    with pytest.raises(TooManySlips, match="tomorrow"):
        make_slip(LISTED[2])

    assert Slip.objects.count() == 2
    biology_code().reset(by=ms_okafor)  # has a limit of its own
    make_slip(LISTED[2], by=mr_lind)


def test_made_again_the_former_one_is_dead(make_slip, listed_class, amara):
    former = make_slip()
    time_passes(minutes=2)

    code = make_slip()

    with pytest.raises(UnknownCode):
        use_code(former, by=amara)
    assert use_code(code, by=amara).is_member


@pytest.mark.rule("J10")
def test_a_second_press_makes_none_again(make_slip, listed_class):
    assert make_slip() == make_slip()

    assert listed_class.events.filter(kind="make_slips").count() == 1


def test_a_used_one_cannot_be_cancelled_and_it_says_who_used_it(make_slip, listed_class, amara, ms_okafor):
    code = make_slip()
    use_code(code, by=amara)

    with pytest.raises(SlipUsed, match="Amara Toure has used the slip for Ana López already"):
        slips.cancel_slips(listed_class, by=ms_okafor, slip_id=slip_of(code).pk)
    assert slips.cancel_slips(listed_class, by=ms_okafor) == 0

    assert slip_of(code).used_by == amara
    assert listed_class.memberships.filter(user=amara).exists()


@pytest.mark.rule("J10")
def test_a_second_press_cancels_and_records_nothing(make_slip, listed_class, ms_okafor):
    pk = slip_of(make_slip()).pk

    assert [slips.cancel_slips(listed_class, by=ms_okafor, slip_id=pk) for _ in range(2)] == [1, 0]

    assert listed_class.events.filter(kind="cancel_slips").count() == 1


@pytest.mark.threat("T01")
def test_of_another_class_nothing_is_made_or_cancelled(make_slip, listed_class, physics, mr_brandt):
    code = make_slip()
    line = ListedName.objects.get(name=LISTED[1])

    with pytest.raises(ListIsOver):
        slips.make_slips(physics, [line.pk], by=mr_brandt)
    assert slips.cancel_slips(physics, by=mr_brandt, slip_id=slip_of(code).pk) == 0

    assert Slip.objects.count() == 1


@pytest.mark.rule("C1")
def test_the_code_of_the_class_stays_what_it_is(make_slip, listed_class, biology_code):
    before = biology_code()

    make_slip()

    assert biology_code() == before
    assert listed_class.join_codes.current().get() == before


@pytest.mark.parametrize(
    "end", ["cancel one", "cancel all", "forget", "without the line", "delete the class"]
)
def test_it_is_dead_once_it_is_ended(make_slip, listed_class, amara, ms_okafor, end):
    code = make_slip()

    if end == "cancel one":
        slips.cancel_slips(listed_class, by=ms_okafor, slip_id=slip_of(code).pk)
    elif end == "cancel all":
        slips.cancel_slips(listed_class, by=ms_okafor)
    elif end == "forget":
        class_list.forget(listed_class, by=ms_okafor)
    elif end == "without the line":
        class_list.keep(listed_class, LISTED[1:], by=ms_okafor)
    else:
        listed_class.delete_class(by=ms_okafor)

    with pytest.raises(UnknownCode):
        use_code(code, by=amara)
    assert JoinCode.objects.filter(code=code).exists()


def test_a_list_that_is_kept_again_keeps_the_slips_of_its_names(make_slip, listed_class, amara, ms_okafor):
    code = make_slip()

    class_list.keep(listed_class, [*LISTED, "Dua Noor"], by=ms_okafor)

    assert use_code(code, by=amara).is_member


@pytest.mark.threat("T93")
def test_who_is_erased_is_on_no_slip_and_a_used_one_keeps_a_number(make_slip, listed_class, amara, ms_okafor):
    """Their name goes with the list. A slip for somebody else's name that they used stays dead."""
    ana = student_called("Ana López")
    use_code(make_slip("Ana López"), by=ana)
    use_code(make_slip("Ben Müller"), by=amara)

    Person.objects.get(pk=ana.pk).erase()
    Person.objects.get(pk=amara.pk).erase()

    assert [str(slip) for slip in Slip.objects.all()] == ["Slip for Ben Müller"]
    assert Slip.objects.get().used_by.first_name == "Deleted person"
