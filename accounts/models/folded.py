from django.db import models

from accounts.folding import LONGEST_FOLDED


class FoldedField(models.CharField):
    """A column that is computed when a row is saved: `compute` gets the values of the `sources`."""

    def __init__(self, *args, sources=(), compute=None, **kwargs):
        self.sources, self.compute = sources, compute
        kwargs = {"max_length": LONGEST_FOLDED, "db_default": "", "editable": False} | kwargs
        super().__init__(*args, **kwargs)

    def pre_save(self, row, add):
        if self.compute:  # None in a migration
            setattr(row, self.attname, self.compute(*(getattr(row, name) for name in self.sources)))
        return super().pre_save(row, add)
