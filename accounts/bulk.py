"""Writes several rows with one statement, however many they are (Q2). Django's ORM has none of these statements."""

from functools import cache
from typing import NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigAutoField, Lookup, Model, QuerySet, Value
from django.db.models.expressions import DatabaseDefault
from django.db.models.signals import post_save

# Rows that one statement is about, if its values are listed. PostgreSQL takes at most 65,535 values with a statement.
BATCH_SIZE = 1_000


class Insertion(NamedTuple):
    """An INSERT that is not run yet: one new row of `model` for each row of the queryset `rows`, in its order.

    `values` are expressions over `rows`, or the same value for all of them; of another object, its pk. A field that
    isn't named gets its default. Run, it returns the columns in `returning`.
    """

    rows: QuerySet
    model: type[Model]
    values: dict
    ignore_conflicts: bool = False
    returning: tuple = ("id",)

    def sql_with_params(self):
        """Raises EmptyResultSet if a list in a filter of `rows` is empty."""
        fields = [
            field
            for field in self.model._meta.concrete_fields
            if field.name in self.values or not (field.primary_key or field.has_db_default())
        ]
        selected = self.rows.values_list(*(_as_expression(field, self.values) for field in fields))
        sql, params = selected.query.sql_with_params()
        names = _quoted(field.column for field in fields)
        sql = f"INSERT INTO {_quoted([self.model._meta.db_table])} ({names}) {sql}"
        sql += " ON CONFLICT DO NOTHING" if self.ignore_conflicts else ""
        return f"{sql} RETURNING {_quoted(self.returning)}", params

    def run(self):
        """Return a list with a tuple for each new row."""
        try:
            sql, params = self.sql_with_params()
        except EmptyResultSet:
            return []
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall()


@BigAutoField.register_lookup
class OneOf(Lookup):
    """pk__one_of=[1, 2]: like pk__in, but all the pks are one value, so that the SQL is the same for any number."""

    lookup_name = "one_of"
    prepare_rhs = False

    def as_sql(self, compiler, connection, template="{} IN (SELECT value FROM json_each(%s))"):
        column, params = self.process_lhs(compiler, connection)
        return template.format(column), [*params, str(self.rhs)]

    def as_postgresql(self, compiler, connection):
        # In a SELECT of its own, the list is read once and not for each row.
        return self.as_sql(
            compiler, connection, "{} = ANY((SELECT translate(%s, '[]', '{{}}')::bigint[])::bigint[])"
        )


def insert_together(*rows):
    """INSERT new rows of different models, on PostgreSQL with one statement. Sets their pks and sends post_save.

    The SQL is built once for each model: the ORM takes several times as long to build it as to run it (ADR 15). A value
    that the database has filled in is read when somebody asks for it.
    """
    with connection.cursor() as cursor:
        database = cursor.db  # `connection` would look this thread's connection up at each use
        inserts = [_insert_of(row, database) for row in rows]
        if database.vendor == "postgresql":  # SQLite allows no INSERT inside WITH
            parts = ", ".join(f"row{number} AS ({sql})" for number, (sql, _) in enumerate(inserts))
            pks = ", ".join(f"(TABLE row{number})" for number in range(len(rows)))
            cursor.execute(f"WITH {parts} SELECT {pks}", [value for _, values in inserts for value in values])
            found = cursor.fetchone()
        else:
            found = [cursor.execute(*insert).fetchone()[0] for insert in inserts]
    for row, row.pk in zip(rows, found, strict=True):
        row._state.adding, row._state.db = False, database.alias
        post_save.send(
            type(row), instance=row, created=True, update_fields=None, raw=False, using=database.alias
        )


def _insert_of(row, connection):
    """Return the SQL that inserts this row and returns its pk, and the values for it.

    A column is left out if the database fills it in, and if it is empty.
    """
    columns, values = [], []
    for field in row._meta.concrete_fields:
        value = field.pre_save(row, add=True)  # a FoldedField sets it now
        if isinstance(getattr(row, field.attname), DatabaseDefault):
            delattr(row, field.attname)
        elif value is not None or field.has_db_default():
            columns.append(field.column)
            values.append(field.get_db_prep_save(value, connection))
    return _insert_sql(type(row), *columns), values


@cache
def _insert_sql(model, *columns):
    values = ", ".join(["%s"] * len(columns))
    return (
        f"INSERT INTO {_quoted([model._meta.db_table])} ({_quoted(columns)}) VALUES ({values})"  # noqa: S608 — our own names
        f" RETURNING {_quoted([model._meta.pk.column])}"
    )


def batches(rows):
    """Cut a list into lists of at most BATCH_SIZE."""
    return (rows[start : start + BATCH_SIZE] for start in range(0, len(rows), BATCH_SIZE))


def _quoted(columns):
    return ", ".join(map(connection.ops.quote_name, columns))


def _as_expression(field, values):
    value = values[field.name] if field.name in values else field.get_default()
    return value if hasattr(value, "resolve_expression") else Value(value, output_field=field)
