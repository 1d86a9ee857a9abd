"""The page on which the admin asks before it does something (T59)."""

from uuid import uuid4

from django.template.response import TemplateResponse


def question(model_admin, request, title, button, form, back, *, template="admin/question.html", **more):
    """Return the page that asks, or that says why not if `form` is None. `back` is the address behind Cancel.

    `more` is for the template, which says what it needs. Each page that is opened sends another `opened`: its second
    press gets the answer to the first, but an account that was reopened meanwhile is closed by the press on a new page.
    """
    context = {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "opts": model_admin.opts,
        "button": button,
        "form": form,
        "back": back,
        **more,
        "sent": [*more.get("sent", []), ("opened", uuid4())],
    }
    status = 422 if form and form.errors else 200
    return TemplateResponse(request, template, context, status=status)
