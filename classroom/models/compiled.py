from functools import wraps
from inspect import signature

from django.db import connection


def compiled(build):
    """Make the SQL of the function `build(*values)`, a values_list(), once; calls return its first row, or None.

    `build` may return a list of querysets of one value each: their values then are the columns of the one row.
    For what every join or every page asks: building such a query anew takes several times as long as answering it
    (ADR 15). Values are whole numbers above nought, or texts; columns are numbers, texts and truths,
    for nothing converts them.

    `build` is a plain function that names all it depends on. A method is refused with TypeError: the SQL of its first
    caller would be kept for everybody, and with it whatever that caller's queryset was filtered by.

    The returned function's `held` asks the same, and until the transaction ends nobody else changes, deletes or holds
    the row; foreign keys to it may be written.
    """
    names = list(signature(build).parameters)
    if {"self", "cls"} & set(names):
        raise TypeError(
            f"{build.__qualname__} is a method: its first caller's filter would be kept for everybody."
        )
    made = []

    def ask(values, ending=""):
        if not made:
            made.append(_with_marks(build, len(names)))
        sql, params = made[0]
        with connection.cursor() as cursor:
            filled = [values[mark] if mark is not None else param for mark, param in params]
            cursor.execute(sql + ending, filled)
            return cursor.fetchone()

    @wraps(build)
    def row(*values):
        return ask(values)

    @wraps(build)
    def held(*values):
        return ask(values, " FOR NO KEY UPDATE" if connection.features.has_select_for_update else "")

    row.held = held
    return row


def _with_marks(build, how_many):
    """The SQL, and each of its parameters with the number of the value that belongs there, or None."""
    marks = {str(-1 - number): number for number in range(how_many)}
    sql, params = _sql_of(build(*map(int, marks)))
    return sql, [(marks.get(str(param)), param) for param in params]


def _sql_of(built):
    if not isinstance(built, list):
        return built.query.sql_with_params()
    each = [queryset.query.sql_with_params() for queryset in built]
    return f"SELECT {', '.join(f'({sql})' for sql, _ in each)}", [
        param for _, params in each for param in params
    ]
