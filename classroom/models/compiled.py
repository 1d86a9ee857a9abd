from inspect import signature

from django.db import connection


def compiled(row_type):
    """Build the SQL of the decorated function once, then only run it. A call returns a `row_type`, or None if no row.

    Use it for queries that every join or every page sends: building such a query with the ORM takes several times as
    long as running it (ADR 15).

    `row_type` is a NamedTuple with one field for each column. The decorated function returns a queryset that ends in
    values_list(*row_type._fields), or a `row_type` of querysets with one value each. The arguments must be integers
    above zero, or strings. The columns must be integers, strings or booleans, because the values come straight from
    the database driver and no model field converts them.

    It must be a plain function whose SQL depends on nothing but its arguments and constants. Decorating a method
    raises TypeError: the SQL built for the first caller is used for all later ones, together with the filters of the
    first caller's queryset.
    """
    return lambda build: CompiledQuery(build, row_type)


class CompiledQuery:
    def __init__(self, build, row_type):
        self.arguments = list(signature(build).parameters)
        if {"self", "cls"} & set(self.arguments):
            raise TypeError(
                f"{build.__qualname__} is a method: its first caller's filter would be kept for everybody."
            )
        self.build, self.row_type, self.sql_and_params = build, row_type, None

    def __call__(self, *values):
        return self._run(values)

    def for_update(self, *values):
        """Run the query with FOR NO KEY UPDATE, which locks the row until the transaction ends.

        Others can't change, delete or lock the row in the meantime, but they can add rows with a foreign key to it.
        SQLite has no such locks; there the query runs without one.
        """
        return self._run(values, " FOR NO KEY UPDATE" if connection.features.has_select_for_update else "")

    def _run(self, values, ending=""):
        if self.sql_and_params is None:
            self.sql_and_params = self._with_placeholders()
        sql, params = self.sql_and_params
        with connection.cursor() as cursor:
            filled = [values[index] if index is not None else param for index, param in params]
            cursor.execute(sql + ending, filled)
            row = cursor.fetchone()
        return row and self.row_type(*row)

    def _with_placeholders(self):
        """Return the SQL and its parameters, as (argument, value) pairs.

        To find out where the arguments go, the query is built once with the negative numbers -1, -2, … in their place.
        `argument` is the index of the argument that replaces the value at each call, or None for a constant.
        """
        placeholders = {str(-1 - number): number for number in range(len(self.arguments))}
        sql, params = _sql_of(self.build(*map(int, placeholders)))
        return sql, [(placeholders.get(str(param)), param) for param in params]


def _sql_of(built):
    if not isinstance(built, tuple):
        return built.query.sql_with_params()
    each = [queryset.query.sql_with_params() for queryset in built]
    return f"SELECT {', '.join(f'({sql})' for sql, _ in each)}", [
        param for _, params in each for param in params
    ]
