"""The rows of a list of members, for the tag {% rows %}: what decides how a row looks, and what it prints."""

from typing import NamedTuple
from zlib import crc32

from accounts.times import last_day, short_day
from classroom.models import Classroom, Membership
from classroom.same_name import exact

COLOURS = Classroom.Colour.values


class Row(NamedTuple):
    shape: NamedTuple
    text: NamedTuple


class PlainShape(NamedTuple):
    """Of those who don't manage the class, and of the printed list."""

    role: str
    role_name: str
    is_teacher: bool
    is_reader: bool = False
    has_username: bool = False  # that is shown


class PlainText(NamedTuple):
    name: str
    initials: str = ""
    username: str = ""


class MemberShape(NamedTuple):
    role: str
    role_name: str
    door: str
    has_slip_name: bool
    is_teacher: bool
    is_reader: bool
    is_usual: bool  # they joined by the door and on the day that is told once, above the table
    has_menu: bool
    is_ticked: bool
    can_wait: bool  # they can be moved to the queue
    can_be_renamed: bool
    can_get_password: bool
    is_duplicate: bool  # an older account on the same page has the same name, and this one was created here


class MemberText(NamedTuple):
    pk: int
    username: str
    shown_username: str
    name: str  # as the list is sorted
    full_name: str
    initials: str
    colour: str
    joined: str
    slip_name: str


class Way(NamedTuple):
    """How most members of a list have joined."""

    door: str
    day: str


def classmate_rows(members, reader):
    """As those who don't manage the class see its members: no usernames, and of students only an initial (A6)."""
    return [
        Row(
            _plain_shape(member, is_reader=member.user_id == reader.user_id),
            PlainText(member.full_name if member.is_teacher else member.short_name, member.initials),
        )
        for member in members
    ]


def member_rows(members, reader, sort, usual, is_archived, ticked):
    """As the managers of the class see its members.

    `members` are ManagedMembers, `usual` is their usual_way(), and `ticked` are pks of users, as texts.
    """
    ways = [member.how_joined for member in members]
    days = {day: short_day(day) for day in {day for _, day in ways}}
    rows, duplicates = [], _duplicates(members)
    for member, way in zip(members, ways, strict=True):
        shape = MemberShape(
            role=member.role,
            role_name=_role_name(member),
            door=member.door,
            has_slip_name=bool(member.slip_name),
            is_teacher=member.is_teacher,
            is_reader=member.user_id == reader.user_id,
            is_usual=way == usual,
            has_menu=member.can_be_removed_by(reader),
            is_ticked=str(member.user_id) in ticked,
            can_wait=member.is_movable_to_queue and not is_archived,
            can_be_renamed=not member.why_not_correct_name,
            can_get_password=not member.why_not_give_password,
            is_duplicate=member.user_id in duplicates and member.is_created_here and not is_archived,
        )
        text = MemberText(
            pk=member.user_id,
            username=member.username,
            shown_username=member.shown_username,
            name=_sorted_name(member, sort),
            full_name=member.full_name,
            initials=member.initials,
            colour=_colour(member.username),
            joined=days[way[1]],
            slip_name=member.slip_name,
        )
        rows.append(Row(shape, text))
    return rows


def _role_name(member):
    end = member.ends_as_co_teacher
    return f"Co-teacher until {short_day(last_day(end))}" if end else Membership.Role(member.role).label


def _duplicates(members):
    """Return the pks of students whose account was created here and who have the name of an older one in this list."""
    oldest = {}
    for member in sorted(members, key=lambda member: member.user_id):
        if not member.is_teacher:
            oldest.setdefault(exact(member.full_name), member.user_id)
    return {
        member.user_id
        for member in members
        if not member.why_not_correct_name and oldest[exact(member.full_name)] < member.user_id
    }


def paper_rows(members, sort):
    """As the managers of the class print its members."""
    return [
        Row(
            _plain_shape(member, has_username=bool(member.shown_username)),
            PlainText(_sorted_name(member, sort), username=member.username),
        )
        for member in members
    ]


def _plain_shape(member, **more):
    return PlainShape(member.role, Membership.Role(member.role).label, member.is_teacher, **more)


def describe_way(way):
    """Return what the page says of a usual_way(), or None if there is none."""
    return way and Way(way[0], short_day(way[1]))


def _sorted_name(member, sort):
    return member.full_name if sort == "first" else member.last_name_first


def _colour(username):
    """Return one of the eight colours of classes: always the same one for the same username."""
    return COLOURS[crc32(username.encode()) % len(COLOURS)]
