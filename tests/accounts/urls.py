"""Homeroom with a student sign-up whose Code is one fixed word, so that tests of the form need no class."""

from django import forms
from django.core.exceptions import ValidationError
from django.urls import path

from accounts.views.sign_up import SignUpView
from config.urls import handler400, handler403, handler404, handler500, urlpatterns  # noqa: F401
from joins.acts.by_code import CheckedCode
from joins.forms.sign_up import SignUpWithCodeForm


class WordForm(SignUpWithCodeForm):
    code = forms.CharField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, throttle=None, **kwargs)

    def check_code(self):
        if self.cleaned_data["code"] == "unknown":
            raise ValidationError({"code": "Nobody knows this word."})
        self.checked_code = CheckedCode(None, issuer_id=self.cleaned_data["code"], lets_in=False)

    def custom_signup(self, request, user):
        if self.cleaned_data["code"] == "retired meanwhile":
            raise ValidationError({"code": "Nobody knows this word any more."})


class SignUpStudentView(SignUpView):
    form_class = WordForm
    template_name = "accounts/sign_up_teacher.html"


urlpatterns = [path("accounts/signup/student/", SignUpStudentView.as_view()), *urlpatterns]
