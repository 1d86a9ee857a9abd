"""What is read from a pasted list of a class: lines, and the tables of other programs (L1)."""

import pytest
from django.core.exceptions import ValidationError

from classroom.pasted_names import MOST_NAMES, read_names

pytestmark = [pytest.mark.rule("L1"), pytest.mark.engine_free]

ONEROSTER = (
    "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName\n"
    'a1,active,,true,o1,student,ana.l,,Ana,López,"María"\n'
    "a2,tobedeleted,,true,o1,student,gone,,Gone,Away,\n"
    "a3,active,,true,o1,teacher,tea,,Tea,Cher,\n"
)
ONEROSTER_12 = (
    "sourcedId,status,enabledUser,username,givenName,familyName,preferredGivenName,preferredFamilyName,email\n"
    "a1,active,true,ana,Anastasia,López,Ana,,ana@school.example\n"
)
TABLES = {
    "Google Classroom": "Last Name,First Name,Email Address,Quiz\n,,,2026-11-30\nLópez,Ana,ana@school.example,3\n",
    "Google Workspace": "First Name [Required],Last Name [Required],Email Address [Required]\nAna,López,a@b.example\n",
    "PowerSchool": 'Student_Number\tLastFirst\tGrade_Level\n17\t"López, Ana"\t9\n',
    "PowerSchool, two columns": "Student_Number,Last_Name,First_Name,DOB\n17,López,Ana,2012-04-03\n",
    "Clever": "School_id,Student_id,Last_name,First_name,Middle_name,Grade\n1,2,López,Ana,María,9\n",
    "OneRoster 1.1": ONEROSTER,
    "OneRoster 1.2": ONEROSTER_12,
    "SIMS": "Adno,Legal Surname,Legal Forename,Reg Group\n004,López,Ana,9B\n",
    "SIMS, known as": "Surname,Forename,Preferred Surname,Preferred Forename\nLópez Pérez,Anastasia,López,Ana\n",
    "Infinite Campus": "student.studentNumber,student.lastName,student.firstName\n17,López,Ana\n",
    "Skyward": "Stu Last Name;Stu First Name;Gr\nLópez;Ana;9\n",
    "German": "Nr.;Name;Vorname;Klasse\n1;López;Ana;9b\n",
    "French": "NOM;Prénom;Né(e) le\nLópez;Ana;03/04/2012\n",
    "Spanish": "Apellidos,Nombre\nLópez,Ana\n",
    "Italian": "Cognome;Nome\nLópez;Ana\n",
    "Polish": "Nazwisko;Imię\nLópez;Ana\n",
    "Turkish": "Adı;Soyadı\nAna;López\n",
    "Japanese": "番号,氏名\n1,Ana López\n",
    "one column": "Student Name\nAna López\n",
}


@pytest.mark.parametrize("program", TABLES)
def test_a_table_of_another_program_gives_the_names_and_nothing_else(program):
    assert read_names(TABLES[program]).names == ["Ana López"]


def test_who_is_no_student_or_has_left_is_left_out_and_counted():
    assert read_names(ONEROSTER).left_out == 2


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Ana López", "Ana López"),
        ("  López ,  Ana ", "Ana López"),
        ('"López, Ana"', "Ana López"),
        ("Ana\tLópez", "Ana López"),
        ("17;Ana;López;ana@school.example", "Ana López"),
        ("O’Neill, Seán", "Seán O’Neill"),
        ("王伟", "王伟"),
        ("محمد علي", "محمد علي"),
        ("Ольга Петренко", "Ольга Петренко"),
        ("Smith, Jr., John", "Smith Jr. John"),
        ("Cher", "Cher"),
        ("\ufeffAna López", "Ana López"),
        ("1. Ana López", "Ana López"),
        ("12) López, Ana", "Ana López"),
        ("3 - Ana López", "Ana López"),
        ("7 Ana López", "Ana López"),
        ("• Ana López", "Ana López"),
        ("- Ana López", "Ana López"),
        ("* Ana López", "Ana López"),
        ("\uf0b7\tAna López", "Ana López"),
        ("☐ Ana López", "Ana López"),
        ("Student 1", "Student 1"),
        ("(2) Ana López", "Ana López"),
        ("#5 Ana López", "Ana López"),
        ("a) Ana López", "Ana López"),
        ("①Ana López", "Ana López"),
        ("２．Ana López", "Ana López"),
        ("[ ] Ana López", "Ana López"),
        ("- [x] Ana López", "Ana López"),
        ("> Ana López", "Ana López"),
        (">> 1. Ana López", "Ana López"),
        ("Ana López 12.03.2014", "Ana López"),
        ("Ana López (2014-03-12)", "Ana López"),
        ("→ Ana López", "Ana López"),
        ("„Ana López“", "Ana López"),
        ('"López, Ana","9B"', "Ana López"),
        ('"López","Ana"', "Ana López"),
        ('"López";"Ana"', "López Ana"),
        ('"Ana"\t"López"', "Ana López"),
        ("López,Ana,12.03.2014", "Ana López"),
        ("López,Ana,9B", "Ana López"),
        ("1,López,Ana", "Ana López"),
        ("Ana López, 9B", "Ana López"),
        ("Ana López, ana@school.example", "Ana López"),
        ("Ana López <ana@school.example>", "Ana López"),
        ('"López, Ana" <ana@school.example>,', "Ana López"),
        ('Ana "Annie" López', 'Ana "Annie" López'),
        ("A. López", "A. López"),
    ],
)
def test_a_line_is_a_name(line, name):
    assert read_names(f"{line}\r\n\r\n").names == [name]


@pytest.mark.parametrize("line", ["Ana, Ben, Cem", "Ana;Ben; Cem", "Ana, Ben, Cem,\n"])
def test_first_names_in_one_line_are_several_names_if_there_is_no_other_line(line):
    assert read_names(line).names == ["Ana", "Ben", "Cem"]


def test_beside_other_lines_they_are_one_name():
    """In a list of "last name, first name, second name", for example."""
    assert read_names("Lee, Ana, Eva\nLópez, Ben").names == ["Lee Ana Eva", "Ben López"]


@pytest.mark.parametrize("unseen", ["\u00ad", "\u200b", "\u2060", "\ufeff"])
def test_what_nobody_sees_in_a_copied_name_is_dropped(unseen):
    assert read_names(f"{unseen}Ló{unseen}pez, {unseen}Ana{unseen}").names == ["Ana López"]


@pytest.mark.parametrize(
    "line",
    [
        "Ana López, Ben van der Lee, Cem Kaya",
        "Ana López; Ben van der Lee; Cem Kaya",
        "Ana López,Ben van der Lee,Cem Kaya,",
        "López, Ana; van der Lee, Ben; Kaya, Cem",
        '"López, Ana","van der Lee, Ben","Kaya, Cem"',
        "Ana López <ana@school.example>; Ben van der Lee <ben@school.example>; Cem Kaya <cem@school.example>",
        "López, Ana <ana@school.example>; van der Lee, Ben <b@school.example>; Kaya, Cem <cem@school.example>;",
        '"López, Ana" <ana@school.example>, "van der Lee, Ben" <b@school.example>, Cem Kaya <c@school.example>',
    ],
)
def test_a_line_of_several_names_is_several_names(line):
    assert read_names(line).names == ["Ana López", "Ben van der Lee", "Cem Kaya"]


@pytest.mark.parametrize(
    "text",
    [
        "Class 9B\n\nName,Birthday\nAna López,1.2.2014\nBen Müller,3.4.2014\n",
        "Class 9B\nName\nAna López\nBen Müller\n",
        "Class 9B\nNo\tStudent name\tGrade\n1\tAna López\t9\n2\tBen Müller\t9\n",
    ],
)
def test_below_a_title_a_column_that_is_plainly_of_names_makes_a_header_too(text):
    found = read_names(text)

    assert found.names == ["Ana López", "Ben Müller"]
    assert [line.text for line in found.refused] == ["Class 9B"]


@pytest.mark.parametrize(
    "title", ["Class 9B", "Class 9B;;;", "School,Hill;Date;30.11.2026", "Report\n\nClass 9B"]
)
def test_a_table_may_have_a_title_above_the_names_of_its_columns(title):
    found = read_names(f"{title}\nNr.;Name;Vorname;Klasse\n1;López;Ana;9b\n")

    assert found.names == ["Ana López"]
    assert {line.why for line in found.refused} == {"This line is above the names of the columns."}


def test_a_name_that_is_also_that_of_a_column_begins_no_table():
    assert read_names("Ana López\nAdi\nAdi, Lee\nCem Kaya").names == [
        "Ana López",
        "Adi",
        "Lee Adi",
        "Cem Kaya",
    ]


def test_a_name_of_two_lines_is_kept_once_and_said():
    found = read_names("Ana López\nBen Lee\nana  lópez\nANA LÓPEZ")

    assert found.names == ["Ana López", "Ben Lee"]
    assert len(found.repeated) == 1


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("ana@school.example", "address"),
        ("12.03.2011", "at least one letter"),
        ("A\u202eB", "invisible character"),
        ("Ana \ufffdpez", "invisible character"),
        ("x" * 500, "too long"),
        ("http://evil.example/ana", "address"),
        ("1;López;Ana;9b", "which of them have the name"),
        ("1,López,Ana,María", "which of them have the name"),
        ("<ana@school.example>", "address"),
    ],
)
def test_a_line_that_is_no_name_is_left_out_with_its_number_and_why(line, why):
    found = read_names(f"Ben Lee\n{line}\nCem Kaya")

    assert found.names == ["Ben Lee", "Cem Kaya"]
    [refused] = found.refused
    assert refused.number == 2
    assert why in refused.why


def test_a_formula_is_a_text_like_any_other():
    assert read_names("=cmd|A1\nBen Lee").names == ["=cmd|A1", "Ben Lee"]


def test_a_list_of_2000_is_read_and_a_longer_one_is_refused():
    many = [f"Pupil Number{n}" for n in range(MOST_NAMES)]

    assert len(read_names("\n".join(many)).names) == MOST_NAMES
    with pytest.raises(ValidationError, match="more than 2,000"):
        read_names("\n".join([*many, "One More"]))


@pytest.mark.parametrize("text", ["", "\n \n", ",,,\n;;", "Last Name,First Name\n", '"""\n"'])
def test_nothing_is_found_where_there_is_nothing(text):
    assert read_names(text).names == []


def test_a_quote_that_is_never_closed_loses_no_other_line():
    assert read_names('Last Name,First Name\n"López,Ana\nLee,Ben\n').names[-1] == "Ben Lee"
