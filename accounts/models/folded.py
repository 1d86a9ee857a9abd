from django.db import models

from accounts.folding import LONGEST


class FoldedField(models.CharField):
    """A column that `made_by` makes of the fields `of` the same row whenever the row is written."""

    def __init__(self, *args, of=(), made_by=None, **kwargs):
        self.of, self.made_by = of, made_by
        kwargs = {"max_length": LONGEST, "db_default": "", "editable": False} | kwargs
        super().__init__(*args, **kwargs)

    def pre_save(self, row, add):
        if self.made_by:  # not in a migration
            setattr(row, self.attname, self.made_by(*(getattr(row, name) for name in self.of)))
        return super().pre_save(row, add)
