from copy import copy

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from accounts.forms.profile import ProfileForm
from accounts.offered_again import offered_again
from accounts.post_data import post_data


@offered_again(ProfileForm, is_of_account=True)
def profile(request):
    # A copy, because even an invalid form writes into its instance, and the page must show the person's saved name.
    form = ProfileForm(post_data(request), instance=copy(request.user))
    if form.is_valid():
        try:
            request.user.edit_profile(**form.cleaned_data)
        except ValidationError as refused:  # another press used up the changes of name for today
            form.add_error(None, refused)
        else:
            messages.success(request, "Your profile is saved.")
            return redirect("accounts:profile")
    return TemplateResponse(request, "accounts/profile.html", {"form": form})
