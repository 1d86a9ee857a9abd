from django.db import models

from accounts.folding import LONGEST_FOLDED


class FoldedField(models.CharField):
    """A column that is computed when a row is saved: `made_by` gets the values of the fields that `of` names."""

    def __init__(self, *args, of=(), made_by=None, **kwargs):
        self.of, self.made_by = of, made_by
        kwargs = {"max_length": LONGEST_FOLDED, "db_default": "", "editable": False} | kwargs
        super().__init__(*args, **kwargs)

    def pre_save(self, row, add):
        if self.made_by:  # None in a migration
            setattr(row, self.attname, self.made_by(*(getattr(row, name) for name in self.of)))
        return super().pre_save(row, add)
