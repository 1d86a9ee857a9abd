"""Lets a test change a constant that is part of a query whose SQL is built once (accounts/compiled.py)."""

from copy import copy


def build_anew(monkeypatch, module, query):
    """Build the SQL of this compiled query of the module anew, and drop it after the test.

    Otherwise the query would keep what the test has changed for all tests that follow in the same process.
    """
    anew = copy(getattr(module, query))
    anew.sql_and_params = None
    monkeypatch.setattr(module, query, anew)
