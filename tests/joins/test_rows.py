"""{% rows %} draws long lists: each shape of row once, and then only the texts."""

from typing import NamedTuple

import pytest
from django.template import Context, Template

from joins.acts.ask import ask_by_join_url
from tests.factories import MembershipFactory, StudentFactory


class Shape(NamedTuple):
    is_teacher: bool = False


class Text(NamedTuple):
    name: str
    pk: int = 7


class Row(NamedTuple):
    shape: Shape
    text: Text


def draw(inner, *rows, **context):
    template = Template("{% load rows %}{% rows person in people %}" + inner + "{% endrows %}")
    return template.render(Context({"people": rows} | context))


def test_each_shape_is_rendered_once_however_many_rows_have_it():
    rendered = []
    inner = "{{ count }}{% if person.is_teacher %}T{% endif %}{{ person.name }} "

    drawn = draw(
        inner,
        *[Row(Shape(n == 1), Text(f"n{n}")) for n in range(50)],
        count=lambda: rendered.append(1) or "",
    )

    assert drawn.startswith("n0 Tn1 n2 ")
    assert drawn.endswith(" n49 ")
    assert len(rendered) == 2


@pytest.mark.threat("T45")
@pytest.mark.parametrize("name", ["%(pk)s", "%s 100 %", "{{ person.pk }}", "007"])
def test_a_text_is_printed_as_it_is(name):
    assert draw("5 % of {{ person.name }}|", Row(Shape(), Text(name))) == f"5 % of {name}|"


@pytest.mark.threat("T45")
def test_a_text_is_escaped():
    drawn = draw('<b title="{{ person.name }}">{{ person.name }}</b>', Row(Shape(), Text("\"'<i>&")))

    assert drawn == f'<b title="{"&quot;&#x27;&lt;i&gt;&amp;"}">{"&quot;&#x27;&lt;i&gt;&amp;"}</b>'


@pytest.mark.parametrize(
    "condition", ["{}", "not {}", "not person.is_teacher and {}", '{} == "n"', '{} != "n"', '"n" in {}']
)
def test_a_text_can_not_decide_how_a_row_looks(condition):
    """It would be decided once, for all rows. Django's operators make an error False without a word."""
    inner = f"{{% if {condition.format('person.name')} %}}x{{% endif %}}"

    with pytest.raises(TypeError, match="shape"):
        draw(inner, Row(Shape(), Text("n")))


def test_an_address_takes_a_text():
    inner = "{% url 'classroom:remove_member' 'abc' person.name %}"

    assert draw(inner, Row(Shape(), Text("leo")), Row(Shape(), Text("ada"))) == (
        "/classes/abc/members/leo/remove/" + "/classes/abc/members/ada/remove/"
    )


@pytest.mark.parametrize(
    ("page", "row"),
    [
        ("requests/", "joins/_request.html"),
        ("members/", "classroom/_member_row.html"),
        ("", "classroom/_member_row.html"),
    ],
)
def test_a_page_renders_a_row_once_for_all_who_are_alike(sign_in, url, biology, ms_okafor, page, row):
    """The members are of three shapes: the owner, the co-teacher and the students."""
    for number in range(5):
        MembershipFactory(classroom=biology, user=StudentFactory(first_name=f"In{number}"))
        ask_by_join_url(biology.join_url, by=StudentFactory(first_name=f"Out{number}"))

    answer = sign_in(ms_okafor).get(url(page))

    rendered = [template.name for template in answer.templates].count(row)
    assert rendered == (1 if row == "joins/_request.html" else 3)
