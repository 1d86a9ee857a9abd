"""The pages on which the admin asks before it does something (T59)."""

from django.template.response import TemplateResponse


def question(model_admin, request, template, title, form=None, **more):
    """Return the page that asks, or that says why not if it needs a `form` and there is none.

    `more` is for the template, which says what it needs.
    """
    context = {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "opts": model_admin.opts,
        "form": form,
        **more,
    }
    return TemplateResponse(request, template, context)
