"""Reads names from what a manager pastes: lines, or a table that another program has exported (L1).

Only the names are returned. Everything else of a table is dropped here, before anything is stored or logged.
"""

import csv
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from django.core.exceptions import ValidationError

from accounts import folding
from accounts.names import clean_person_name
from classroom.same_name import exact

MOST_NAMES = 2000
MOST_TITLES = 5  # lines that a table may have above the names of its columns, such as the name of the school
LONGEST_NAME = 121  # a first name of 60 letters, a space, and a last name of 60, as an account has them

# How tables name their columns, with nothing but small letters: those of Google, PowerSchool, Clever, OneRoster 1.1 and
# 1.2, SIMS, Infinite Campus and Skyward, and the words of several languages. Of each kind the first that a table has
# counts, if its cell isn't empty: the name that is used comes before that in the papers.
_FIRST_NAMES = """
    preferredgivenname preferredfirstname preferredforename chosenfirstname chosenforename
    givenname givennames firstname firstnames forename forenames legalforename legalfirstname studentfirstname
    stufirstname pupilforename first vorname vornamen rufname prenom prenoms voornaam имя ім'я
"""
_LAST_NAMES = """
    preferredfamilyname preferredlastname preferredsurname chosenlastname chosensurname
    familyname familynames lastname lastnames surname surnames legalsurname legallastname studentlastname stulastname
    pupilsurname last nachname familienname nomdefamille achternaam apellido apellidos apelido sobrenome cognome
    nazwisko фамилия прізвище soyadi soyad 姓 姓氏
"""
# Whole names. If the table has a column of one of the kinds above too, this one is the other part of the name: "Name"
# beside "Vorname", "Nome" beside "Cognome".
_WHOLE_NAMES = """
    name names fullname studentname studentfullname stufullname pupilname pupil pupils student students displayname
    lastfirst namen naam nom noms nome nomi nombre nombres schuler schulerin schulername eleve eleves alumno alumnos
    alumna aluno alunos alunno alunni imie imienazwisko uczen uczniowie adi ad adsoyad adisoyadi ogrenci
    фио піб учень ученик 名 名字 姓名 学生 学生姓名 氏名 名前 이름 성명
"""
# Some people are called "Adi" or "Nome", but nobody is called one of these, so they must be a column.
_NOBODYS_NAME = {"name", "names", "fullname", "studentname", "pupilname", "displayname"}
_STUDENTS = {"", "student", "pupil", "learner"}  # in a column "role" of OneRoster 1.1
_DELIMITERS = ",;\t"
# What lists of a word processor or a mail have before a name: a number, a letter, a bullet, also one of Word's own, a
# box, or the ">" before each line of an answered mail.
_BEFORE_NAME = re.compile(
    r"\A(?:(?:\(?\d{1,4}\s*[.):–—．、）-]|\#?\d{1,4}(?=\s)|[①-⑳]|[A-Za-z]\)|\[[ xX✓✔]?\]|(?:>+|[*+~–—-])(?=\s)"
    r"|[•·‣◦▪▫■□●○☐☑✓✔➢➤►▶→\ue000-\uf8ff])\s*){1,3}"
)
# Mail programs write "Ana López <ana@school.example>".
_IN_ANGLE_BRACKETS = re.compile(r"<[^<>]*>")
# Behind a name: a date of birth is nothing that Homeroom should keep.
_DATE_AT_END = re.compile(r"[\s(]\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\)?\Z")
_QUOTES = "\"'„“”«»"
# What PDFs, web pages and chats put between letters, unseen, and no name has. Refused, it would lose a line.
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")


@dataclass
class PastedNames:
    """What was found in a pasted text."""

    names: list = field(default_factory=list)  # in the order of the lines; a name of several lines once
    refused: list = field(default_factory=list)  # RefusedLine
    repeated: list = field(default_factory=list)  # the names that several lines have
    left_out: int = 0  # lines about people who aren't students, or not any more


class RefusedLine(NamedTuple):
    number: int
    text: str
    why: str  # a sentence


class Columns(NamedTuple):
    """The numbers of the columns that have names, the most important first, and of those that leave a line out."""

    first: list
    last: list
    whole: list
    role: int | None
    status: int | None


def read_names(text, was_read=False):
    """Return the PastedNames of a text. If it was read before, it's one name a line, and each stays as it is.

    Raises ValidationError, with a sentence for the manager, if there are too many names, or if nothing says which
    columns have the names.
    """
    found = PastedNames()
    known, repeated = set(), {}
    numbered = enumerate(text.splitlines(), 1) if was_read else _numbered_names(text, found)
    for number, written in numbered:
        try:
            name = _clean(written)
        except ValidationError as refusal:
            found.refused.append(RefusedLine(number, written[:LONGEST_NAME], refusal.messages[0]))
            continue
        if exact(name) in known:
            repeated[exact(name)] = name
            continue
        known.add(exact(name))
        found.names.append(name)
        if len(found.names) > MOST_NAMES:
            raise ValidationError(
                f"These are more than {MOST_NAMES:,} names. Paste those of one class.", code="many"
            )
    found.repeated = list(repeated.values())
    return found


def _clean(name):
    if len(name) > LONGEST_NAME:
        raise ValidationError("This is too long for a name.", code="long")
    if ";" in name or "\t" in name:
        raise ValidationError(
            "This line has several columns, and nothing says which of them have the name. Add a first line that names "
            "the columns, such as “First name” and “Last name”.",
            code="columns",
        )
    if not _has_letter(name):
        raise ValidationError("A name has at least one letter.", code="no_letter")
    return clean_person_name(name)


def _numbered_names(text, found):
    """Yield (number of the line, name) for each line with a name. Counts in `found` the lines that are left out."""
    lines = enumerate(_INVISIBLE.sub("", text).splitlines(), 1)
    lines = [(number, line) for number, line in lines if line.strip(" ,;\t")]
    if not lines:
        return
    titles, delimiter, columns = _find_header(lines)
    if columns is None:
        for number, line in lines:
            yield from ((number, name) for name in _names_in_line(line, is_only_line=len(lines) == 1))
        return
    for number, line in lines[:titles]:
        why = "This line is above the names of the columns."
        found.refused.append(RefusedLine(number, line[:LONGEST_NAME], why))
    for number, line in lines[titles + 1 :]:
        cells = _cells(line, delimiter)
        name = _name_in_row(cells, columns)
        if name and _is_left_out(cells, columns):
            found.left_out += 1
        elif name:
            yield number, name


def _find_header(lines):
    """Return how many lines are above the header, its delimiter, and its Columns, which are None if there is no header.

    Below other lines, only a first and a last name make a header, or "Name" and words like it: "Adi" alone may be a
    column in Turkish, and a name. In the first line, it's a column if it's spelled as in Turkish, "Adı" or "ADI".
    """
    if lines[0][1].strip() in {"Adi", "adi"}:
        return 0, None, None
    for titles, (_, line) in enumerate(lines[: MOST_TITLES + 1]):
        delimiter = max(_DELIMITERS, key=line.count)
        cells = _cells(line, delimiter)
        columns = _find_columns(cells)
        is_nobodys_name = not _NOBODYS_NAME.isdisjoint(map(_squash, cells))
        if columns and (titles == 0 or is_nobodys_name or (columns.first and columns.last)):
            return titles, delimiter, columns
    return 0, None, None


def _cells(line, delimiter):
    """Return the cells of one line. No name has a line break, so each line is a row of its own."""
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter))]
    except csv.Error:
        return [line]


def _find_columns(header):
    """Return the Columns that the first line names, or None if it is no header."""
    keys = [_squash(cell) for cell in header]
    first, last, whole = (_places(keys, known) for known in (FIRST_NAMES, LAST_NAMES, WHOLE_NAMES))
    if first and not last:
        last, whole = whole, []
    elif last and not first:
        first, whole = whole, []
    if not first and not last and not whole:
        return None
    role, status = (keys.index(key) if key in keys else None for key in ("role", "status"))
    return Columns(first, last, whole, role, status)


def _places(keys, known):
    places = [place for place, key in enumerate(keys) if key in known]
    return sorted(places, key=lambda place: known[keys[place]])


def _squash(cell):
    """Leave the letters only: "Last_Name [Required]" -> "lastname", "student.firstName" -> "firstname"."""
    # A bracket is looked for up to the next one only: with ".*?", ten thousand that never close took seconds (T95).
    plain = re.sub(r"\[[^][]*\]|\([^()]*\)|^\s*student\.", "", cell)
    return re.sub(r"[\W_]", "", folding.fold(plain))


FIRST_NAMES, LAST_NAMES, WHOLE_NAMES = (
    {_squash(word): place for place, word in enumerate(words.split())}
    for words in (_FIRST_NAMES, _LAST_NAMES, _WHOLE_NAMES)
)


def _name_in_row(cells, columns):
    first, last, whole = (
        next((cells[place] for place in places if place < len(cells) and cells[place]), "")
        for places in (columns.first, columns.last, columns.whole)
    )
    return f"{first} {last}".strip() or _first_name_first(whole)


def _is_left_out(cells, columns):
    """Whether a OneRoster table says that this is no student, or nobody of the school any more."""
    role, status = (
        cells[place].casefold() if place is not None and place < len(cells) else ""
        for place in (columns.role, columns.status)
    )
    return role not in _STUDENTS or status == "tobedeleted"


def _names_in_line(line, is_only_line):
    """Return the names of a line without a header: "Ana López", "3. López, Ana", or two cells of a spreadsheet.

    Numbers, dates and addresses beside a name are dropped. A line with more texts than two comes back as several cells,
    which are no name, unless each of them may be a whole name: "Ana López, Ben Lee, Cem Kaya", or "Ana, Ben, Cem" if
    there is no other line.
    """
    line = _DATE_AT_END.sub("", _BEFORE_NAME.sub("", line.strip()))
    if people := _names_before_addresses(line):
        return people
    texts = [text.strip() for text in re.split("[,;]", line) if text.strip()]
    # In "López, Ana; Lee, Ben", '"López, Ana","Lee, Ben"' and "Smith, Jr., John", a comma stands within a name.
    has_commas_within = {",", ";"} <= set(line) or '"' in line or "." in line
    may_be_whole = all(len(text.split()) > 1 for text in texts) or (is_only_line and not has_commas_within)
    if len(texts) > 2 and may_be_whole and not re.search(r"[\d@]", "".join(texts)):
        return texts
    if "\t" in line or ";" in line:
        return _names_in_cells([cell.strip(f" {_QUOTES}") for cell in re.split("[\t;]", line)])
    return _names_between_commas(line)


def _names_in_cells(cells):
    names = [cell for cell in cells if _has_letter(cell) and "@" not in cell]
    if len(names) == 1 or (names and all("," in name for name in names)):
        return [_first_name_first(name) for name in names]
    return [" ".join(names) if len(names) == 2 else "\t".join(cells)]


def _names_between_commas(line):
    cells, is_quoted = _cells(line, ","), '"' in line
    names = [cell for cell in cells if _has_letter(cell) and not re.search(r"[\d@]", cell)]
    if not names or (len(names) == len(cells) and not is_quoted):
        return [_first_name_first(line.strip(f" {_QUOTES}"))]
    if is_quoted and all("," in name for name in names):
        return [_first_name_first(name) for name in names]
    return [_first_name_first(", ".join(names)) if len(names) <= 2 else "\t".join(cells)]


def _has_letter(text):
    return any(map(str.isalpha, text))


def _names_before_addresses(line):
    """Return the names of a mail's recipients: "López, Ana <ana@school.example>; Ben Lee <ben@school.example>"."""
    ends = [found for found in _IN_ANGLE_BRACKETS.finditer(line) if "@" in found[0]]
    starts = [0, *(found.end() for found in ends)]
    names = [
        line[start : end.start()].strip(f" ,;{_QUOTES}") for start, end in zip(starts, ends, strict=False)
    ]
    return [_first_name_first(name) for name in names if name]


def _first_name_first(name):
    """Swap "López, Ana". A name with more commas keeps its order."""
    last, _, first = (part.strip() for part in name.partition(","))
    if first and last and "," not in first:
        return f"{first} {last}"
    return " ".join(name.replace(",", " ").split())
