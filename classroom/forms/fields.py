from django import forms

from accounts.names import clean_name


class ClassNameField(forms.CharField):
    """The name of a class, of its subject or of its grade (A7)."""

    def clean(self, value):
        return clean_name(super().clean(value))


class EventField(forms.IntegerField):
    """The pk of an Event that the page showed. No page sends a number that the database could not store."""

    def __init__(self, **kwargs):
        super().__init__(min_value=0, max_value=2**63 - 1, **kwargs)
