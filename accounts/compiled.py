import re
from inspect import signature

from django.db import connection, models
from django.db.models.query import get_related_populators
from django.db.models.sql import UpdateQuery


def compiled(row_type):
    """Make a CompiledQuery of the decorated function: its SQL is built once, then only run.

    Use it for queries that every join or every page sends: building such a query with the ORM takes several times as
    long as running it (ADR 15). A caller runs the query with first(), all(), up_to(), count() or for_update().

    `row_type` is a model, and the decorated function returns a queryset of it; the rows are what the queryset's would
    be, with annotations and select_related(). Or it is a NamedTuple or a dataclass, and the decorated function returns
    a values_list() with one value for each field. Or it is a NamedTuple, and the decorated function returns one with a
    queryset in each field, and each queryset has one value: an integer, a string or a boolean.

    The arguments must be integers above zero, strings, or lists of integers for the lookup `one_of`. No constant in the
    query may be a negative number: -1 would be taken for the place of the first argument.

    It must be a plain function whose SQL depends on nothing but its arguments and constants. Decorating a method
    raises TypeError: the SQL built for the first caller is used for all later ones, together with the filters of the
    first caller's queryset.
    """
    return lambda build: CompiledQuery(build, row_type)


def compiled_update(build):
    """Do the same for an UPDATE: make a CompiledUpdate, which a caller runs with run().

    The decorated function returns a queryset, and a dict of what the queryset's update() would get.
    """
    return CompiledUpdate(build)


def compiled_update_returning(model):
    """Do the same for an UPDATE whose rows are needed afterwards: first() and all() return them as they are then.

    They have the fields that the queryset loads, which is up to its only().
    """
    return lambda build: CompiledUpdateReturning(build, model)


def compiled_inserts(build):
    """Do the same for several INSERTs, which are one statement on PostgreSQL. None sees what another one writes.

    A caller runs them with run(). The decorated function returns a list of accounts.bulk.Insertion.
    """
    return CompiledInserts(build)


def hold_both(first, second):
    """Do what for_update() does for two compiled queries, with one statement. Returns both results.

    Each of the two is a tuple: the query and its values. The first one's row is held first. If there is none, the
    second one's is neither held nor returned. The second one's `row_type` is a NamedTuple.
    """
    (query, *values), (other, *other_values) = first, second
    (sql, params), (other_sql, other_params) = query.filled(values), other.filled(other_values)
    ending = _for_update()
    both = f"SELECT * FROM ({sql}{ending}) one LEFT JOIN ({other_sql}{ending}) two ON TRUE"  # noqa: S608 — from querysets
    with connection.cursor() as cursor:
        cursor.execute(both, params + other_params)
        row = cursor.fetchone()
    if row is None:
        return None, None
    end = len(row) - len(other.row_type._fields)
    return query.row_from(row[:end]), None if row[end] is None else other.row_from(row[end:])


def read_and_update(reading, updating, needs_update):
    """Run a compiled query and a compiled update. Returns the rows as they were before, and how many were changed.

    Each of the two is a tuple: the query or the update, and its values. On PostgreSQL they are one statement. SQLite
    allows no UPDATE inside WITH, so there the second one is run only if `needs_update(rows)` is true.
    """
    (query, *values), (update, *new_values) = reading, updating
    if connection.vendor != "postgresql":
        rows = query.all(*values)
        return rows, update.run(*new_values) if needs_update(rows) else 0
    (sql, params), (update_sql, new_params) = query.filled(values), update.filled(new_values)
    both = f"SELECT (SELECT COUNT(*) FROM changed), found.* FROM ({sql}) found"  # noqa: S608 — from querysets
    with connection.cursor() as cursor:
        cursor.execute(f"WITH changed AS ({update_sql} RETURNING 1) {both}", new_params + params)
        found = cursor.fetchall()
    return [query.row_from(row[1:]) for row in found], found[0][0] if found else 0


def _for_update():
    return " FOR NO KEY UPDATE" if connection.features.has_select_for_update else ""


class CompiledSQL:
    """The SQL of the function `build`, kept after its first use, with the places of its arguments."""

    def __init__(self, build):
        self.arguments = list(signature(build).parameters)
        if {"self", "cls"} & set(self.arguments):
            raise TypeError(
                f"{build.__qualname__} is a method: its first caller's filter would be kept for everybody."
            )
        self.build, self.sql_and_params = build, None

    def filled(self, values):
        """Return the SQL and its parameters, with the values in place of the arguments."""
        if self.sql_and_params is None:
            self.sql_and_params = self._with_placeholders()
        sql, params = self.sql_and_params
        # With the type that the ORM gives it. From a plain integer, the driver takes the smallest of three types that
        # holds it, and PostgreSQL would plan the statement anew for each.
        return sql, [param if index is None else type(param)(values[index]) for index, param in params]

    def _with_placeholders(self):
        """Return the SQL and its parameters, as (argument, value) pairs. On PostgreSQL the SQL contains the constants.

        To find out where the arguments go, the query is built once with the negative numbers -1, -2, … in their place.
        `argument` is the index of the argument that replaces the value at each call, or None for a constant.
        """
        placeholders = {str(-1 - number): number for number in range(len(self.arguments))}
        sql, params = self._sql_of(self.build(*map(int, placeholders)))
        found = [(placeholders.get(str(param)), param) for param in params]
        return _with_constants(sql, found) if connection.vendor == "postgresql" else (sql, found)


def _with_constants(sql, params):
    """Write the constants into the SQL, and return it with the other parameters.

    PostgreSQL keeps the plan of a prepared statement only if it costs no more than plans for the values do (ADR 29). As
    long as "pending" is a value, that plan can't use the index of what is pending, and is made anew for each call.
    """
    waiting = iter(params)

    def written(found):
        if found[0] == "%%":
            return "%%"
        argument, param = next(waiting)
        literal = connection.ops.compose_sql("%s", [param]).replace("%", "%%")
        return "%s" if argument is not None else literal

    return re.sub("%[%s]", written, sql), [pair for pair in params if pair[0] is not None]


class CompiledQuery(CompiledSQL):
    def __init__(self, build, row_type):
        super().__init__(build)
        self.row_type = row_type
        self.row_from = None  # a function that makes a `row_type` of a row, once the SQL is built
        self._is_of_model = issubclass(row_type, models.Model)
        self._count = CompiledCount(build)

    def first(self, *values):
        """Return the first row, as a `row_type`, or None if there is none."""
        return next(iter(self.all(*values)), None)

    def all(self, *values):
        """Return a list with a `row_type` for each row."""
        return self._rows(values)

    def up_to(self, how_many, *values):
        """Return the first of all(), so many at most."""
        return self._rows(values, f" LIMIT {how_many}")

    def count(self, *values):
        """Return how many rows all() would find. The decorated function must return a queryset."""
        return self._count.run(*values)

    def read(self, queryset):
        """Return what all() would, of a slice of the queryset that the decorated function returns."""
        return list(queryset) if self._is_of_model else [self.row_type(*row) for row in queryset]

    def for_update(self, *values):
        """Do what first() does with FOR NO KEY UPDATE, which locks the row until the transaction ends.

        Others can't change, delete or lock the row in the meantime, but they can add rows with a foreign key to it.
        SQLite has no such locks; there the query runs without one.
        """
        return next(iter(self._rows(values, _for_update())), None)

    def _rows(self, values, ending=""):
        sql, params = self.filled(values)
        with connection.cursor() as cursor:
            cursor.execute(sql + ending, params)
            return [self.row_from(row) for row in cursor.fetchall()]

    def _sql_of(self, built):
        """Return the SQL and its parameters, and set `row_from`."""
        if isinstance(built, tuple):
            self.row_from = self.row_type._make
            each = [queryset.query.sql_with_params() for queryset in built]
            sql = f"SELECT {', '.join(f'({sql})' for sql, _ in each)}"
            return sql, [param for _, params in each for param in params]
        compiler = built.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        self.row_from = self._row_from(compiler)
        return sql, params

    def _row_from(self, compiler):
        """Return a function that makes a `row_type` of a row, as a queryset does it."""
        converters = compiler.get_converters([column for column, _, _ in compiler.select])
        make = self._instance_of(compiler) if self._is_of_model else lambda row: self.row_type(*row)

        def row_from(row):
            row = list(row)
            for position, (converts, column) in converters.items():
                for convert in converts:
                    row[position] = convert(row[position], column, connection)
            return make(row)

        return row_from

    def _instance_of(self, compiler):
        chosen = compiler.klass_info["select_fields"]
        names = [compiler.select[position][0].target.attname for position in chosen]
        annotations = compiler.annotation_col_map or {}
        alias = connection.alias
        populators = get_related_populators(compiler.klass_info, compiler.select, alias)

        def instance(row):
            found = self.row_type.from_db(alias, names, [row[position] for position in chosen])
            for name, position in annotations.items():
                setattr(found, name, row[position])
            for related in populators:
                related.populate(row, found)
            return found

        return instance


class CompiledCount(CompiledSQL):
    def run(self, *values):
        with connection.cursor() as cursor:
            cursor.execute(*self.filled(values))
            return cursor.fetchone()[0]

    def _sql_of(self, built):
        sql, params = built.order_by().values("pk").query.sql_with_params()
        return f"SELECT COUNT(*) FROM ({sql}) counted", params  # noqa: S608 — from a queryset


class CompiledUpdate(CompiledSQL):
    def run(self, *values):
        """Return how many rows it has changed."""
        with connection.cursor() as cursor:
            cursor.execute(*self.filled(values))
            return cursor.rowcount

    def _sql_of(self, built):
        return _update_of(built)


class CompiledUpdateReturning(CompiledQuery):
    def _sql_of(self, built):
        sql, params = _update_of(built)
        # Each column by its name: PostgreSQL refuses a prepared statement with * once a migration has added a column
        # (F27).
        select = built[0].query.get_compiler(connection=connection)
        select.as_sql()
        self.row_from = self._row_from(select)
        columns = [connection.ops.quote_name(column.target.column) for column, _, _ in select.select]
        return f"{sql} RETURNING {', '.join(columns)}", params


def _update_of(built):
    rows, values = built
    query = rows.order_by().query.chain(UpdateQuery)
    query.add_update_values(values)
    return query.get_compiler(connection=connection).as_sql()


class CompiledInserts(CompiledSQL):
    def run(self, *values):
        """Return a list with a tuple for each row that the first of them has inserted."""
        if connection.vendor != "postgresql":  # SQLite allows no INSERT inside WITH
            return [insertion.run() for insertion in self.build(*values)][0]
        with connection.cursor() as cursor:
            cursor.execute(*self.filled(values))
            return cursor.fetchall()

    def _sql_of(self, built):
        inserts = [insertion.sql_with_params() for insertion in built]
        parts = ", ".join(f"insert{number} AS ({sql})" for number, (sql, _) in enumerate(inserts))
        return f"WITH {parts} TABLE insert0", [param for _, params in inserts for param in params]
