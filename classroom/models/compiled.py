from inspect import signature

from django.db import connection


def compiled(row_type):
    """Build the SQL of the decorated function once; calls return its first row as a `row_type`, or None.

    For what every join or every page asks: building such a query anew takes several times as long as answering it
    (ADR 15). The function returns a values_list(), or a list of querysets of one value each, which become the columns
    of one row. `row_type` is a NamedTuple with a field for each column, in their order. Arguments are whole numbers
    above zero, or texts; columns are numbers, texts and truths, for nothing converts them.

    The function is a plain one that names all it depends on. A method is refused with TypeError: the SQL of its first
    caller would be kept for everybody, and with it whatever that caller's queryset was filtered by.
    """
    return lambda build: CompiledQuery(build, row_type)


class CompiledQuery:
    def __init__(self, build, row_type):
        self.arguments = list(signature(build).parameters)
        if {"self", "cls"} & set(self.arguments):
            raise TypeError(
                f"{build.__qualname__} is a method: its first caller's filter would be kept for everybody."
            )
        self.build, self.row_type, self.made = build, row_type, None

    def __call__(self, *values):
        return self._ask(values)

    def held(self, *values):
        """The same, and until the transaction ends nobody else changes, deletes or holds the row.

        Foreign keys to it may be written.
        """
        return self._ask(values, " FOR NO KEY UPDATE" if connection.features.has_select_for_update else "")

    def _ask(self, values, ending=""):
        if self.made is None:
            self.made = self._with_marks()
        sql, params = self.made
        with connection.cursor() as cursor:
            filled = [values[mark] if mark is not None else param for mark, param in params]
            cursor.execute(sql + ending, filled)
            row = cursor.fetchone()
        return row and self.row_type(*row)

    def _with_marks(self):
        """The SQL, and each of its parameters with the number of the argument that belongs there, or None."""
        marks = {str(-1 - number): number for number in range(len(self.arguments))}
        sql, params = _sql_of(self.build(*map(int, marks)))
        return sql, [(marks.get(str(param)), param) for param in params]


def _sql_of(built):
    if not isinstance(built, list):
        return built.query.sql_with_params()
    each = [queryset.query.sql_with_params() for queryset in built]
    return f"SELECT {', '.join(f'({sql})' for sql, _ in each)}", [
        param for _, params in each for param in params
    ]
