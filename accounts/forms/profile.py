from functools import cache

from allauth.account import forms as allauth
from django import forms

from accounts.forms.fields import KeepsLaterChangesMixin, NamesForm, OwnLabelsMixin
from accounts.models import Rename, User
from accounts.models.user import known_time_zones

REGIONS = ["Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe"]
REGIONS += ["Indian", "Pacific"]  # oceans with inhabited islands


@cache
def time_zones():
    """Return the time zones of the world as choices, grouped by region."""
    choices = {"World": [("UTC", "UTC")]} | {region: [] for region in REGIONS}
    for name in sorted(known_time_zones()):
        region, _, place = name.partition("/")
        if region in REGIONS:
            choices[region].append((name, place.replace("_", " ").replace("/", ", ")))
    return list(choices.items())


class ProfileForm(KeepsLaterChangesMixin, NamesForm, forms.ModelForm):
    time_zone = forms.ChoiceField(label="Time zone", choices=time_zones)

    class Meta:
        model = User
        fields = ["first_name", "last_name", "time_zone"]

    def clean(self):
        super().clean()
        is_renaming = not self.errors and any(
            self.cleaned_data[name] != self.initial[name] for name in ("first_name", "last_name")
        )
        if is_renaming:
            Rename.objects.refuse_too_many(self.instance, by=self.instance)
        return self.cleaned_data


class AddEmailForm(OwnLabelsMixin, allauth.AddEmailForm):
    pass
