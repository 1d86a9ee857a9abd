"""The content of the database at one moment, to go back to it and to see what an act has changed."""

import re

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

# How long somebody has been here, what they have just pressed, and how many sessions were stored, is not the result of
# an act. A stranger has no session yet when the second press leaves, so each press stores one, and each is counted.
PASSED_OVER = {"django_session", "accounts_press", "accounts_anonymoussessions"}
# Drawn at random whenever the act is done, or derived from such values.
BY_CHANCE = {"password", "code", "public_id", "key", "text", "html", "data", "digest", "object_repr"}


def now():
    """Table -> its rows, in order."""
    with connection.cursor() as cursor:
        return {table: _rows(cursor, table, columns) for table, columns in _tables().items()}


def restore(snapshot):
    """Bring the database back to this state. Only tables that differ are written."""
    with connection.constraint_checks_disabled(), transaction.atomic(), connection.cursor() as cursor:
        tables = _tables()
        differing = [table for table in tables if _rows(cursor, table, tables[table]) != snapshot[table]]
        for table in differing:
            cursor.execute(f"DELETE FROM {_quoted(table)}")  # noqa: S608 -- the names are our own models'
            places = ", ".join(["%s"] * len(tables[table]))
            into = f"{_quoted(table)} ({_listed(tables[table])})"
            cursor.executemany(f"INSERT INTO {into} VALUES ({places})", snapshot[table])  # noqa: S608
        written = [model for model in _models() if model._meta.db_table in differing]
        for sql in connection.ops.sequence_reset_sql(no_style(), written):
            cursor.execute(sql)


def changes(before, after):
    """Table -> the rows that disappeared and those that appeared, the same for two runs of the same act."""
    return {
        model._meta.db_table: (_those_only_in(before, after, model), _those_only_in(after, before, model))
        for model in _models()
        if model._meta.db_table not in PASSED_OVER
        and after[model._meta.db_table] != before[model._meta.db_table]
    }


def _those_only_in(one, other, model):
    """Of times and random values it only keeps whether there is one."""
    table, fields = model._meta.db_table, _written(model)
    found = [row for row in one[table] if row not in other[table]]
    return sorted([tuple(map(_told, fields, row)) for row in found], key=repr)


def _told(field, value):
    if isinstance(field, (models.DateTimeField, models.UUIDField)) or field.column in BY_CHANCE:
        return value not in (None, "")
    return without_chance(value) if isinstance(value, str) else value


def without_chance(text):
    """Replaces ids, usernames and times of the day, which are random or depend on the clock, by an ellipsis.

    The admin writes "1 p.m.", "1:01 p.m.", "noon" and "midnight".
    """
    return re.sub(r"(teacher|deleted)-\w+|\w+\*{6,}|(\d+:)?\d+ [ap]\.m\.|noon|midnight|\d+", "…", text)


def _models():
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.managed and not model._meta.proxy]


def _written(model):
    """The table's columns, except those that the database fills itself."""
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def _tables():
    """Table -> its columns. In SQLite, the last one counts the ids that were used, and inserted rows change it."""
    tables = {model._meta.db_table: [field.column for field in _written(model)] for model in _models()}
    return tables | ({"sqlite_sequence": ["name", "seq"]} if connection.vendor == "sqlite" else {})


def _rows(cursor, table, columns):
    cursor.execute(f"SELECT {_listed(columns)} FROM {_quoted(table)} ORDER BY 1, 2")  # noqa: S608
    return cursor.fetchall()


def _listed(columns):
    return ", ".join(map(_quoted, columns))


def _quoted(name):
    return connection.ops.quote_name(name)
