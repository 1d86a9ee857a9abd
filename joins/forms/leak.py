from django import forms
from django.core.exceptions import ValidationError

from accounts.forms.fields import NumbersField
from classroom.forms.fields import EventField
from joins.forms.code import ShownCodeForm
from joins.forms.fields import MomentField
from joins.times import exact_moment, sayable


class LeakForm(ShownCodeForm):
    """Who of the people who joined with a leaked Code moves to the queue.

    `seen` is the newest Event when the page was drawn, and `counted` the choice that its sentence was about.
    """

    who = forms.ChoiceField(choices=[(how, how) for how in ("since", "everyone", "pick")], required=False)
    since = MomentField(required=False)
    pick = NumbersField(required=False)
    q = forms.CharField(required=False, max_length=60)
    seen = EventField(required=False)
    counted = forms.CharField(required=False)

    def clean_who(self):
        return self.cleaned_data["who"] or "since"

    def clean_since(self):
        since = self.cleaned_data["since"]
        if since is None and self.cleaned_data.get("who") == "since":
            raise ValidationError("Choose a day and a time.", code="required")
        return since and sayable(since)

    def clean(self):
        """A wrong moment is no error if another choice is made."""
        if self.cleaned_data.get("who") != "since" and self.errors.pop("since", None):
            self.cleaned_data["since"] = None

    @property
    def who_goes(self):
        """The arguments of who_goes() that choose people."""
        chosen = self.cleaned_data
        if chosen["who"] == "pick":
            return {"only": chosen["pick"]}
        return {"since": chosen["since"] if chosen["who"] == "since" else None}

    @property
    def choice(self):
        """The page sends what it has counted, because without JavaScript it can't count again after each change."""
        chosen = self.cleaned_data
        what = {
            "since": exact_moment(chosen["since"]) if chosen["since"] else "",
            "everyone": "",
            "pick": len(chosen["pick"]),
        }
        return f"{chosen['who']}:{what[chosen['who']]}"
