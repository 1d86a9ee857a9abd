from allauth.account import forms as allauth

from accounts.forms.fields import OwnLabelsMixin


class AddEmailForm(OwnLabelsMixin, allauth.AddEmailForm):
    pass
