"""How every field of a form is drawn: what tells phones and password managers what it is, and where the focus goes."""

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.utils import ErrorList
from django.utils.html import format_html

ONE_LINE = (forms.TextInput, forms.NumberInput, forms.EmailInput, forms.PasswordInput)
INPUTS = {widget.template_name for widget in (*ONE_LINE, forms.HiddenInput)}
# What people type into these has no capital letter of its own.
NO_CAPITALS = {"username", "email", "current-password", "new-password", "one-time-code"}


class DescribedBoundField(BoundField):
    """A field of a form that adds what its widget doesn't say itself."""

    def build_widget_attrs(self, attrs, widget=None):
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        said = {name: value for name, value in self._describe(widget).items() if name not in widget.attrs}
        return attrs | said | ({"autofocus": True} if self._is_first_error() else {})

    def _describe(self, widget):
        if widget.is_hidden or not isinstance(widget, (*ONE_LINE, forms.Textarea)):
            return {}
        purpose = widget.attrs.get("autocomplete", "off")
        said = {"autocomplete": purpose}
        if purpose in NO_CAPITALS or widget.attrs.get("autocapitalize") == "none":
            said["autocapitalize"] = "none"
            said["dir"] = "ltr"  # on a page of any language (I2)
        if purpose == "email":
            said["inputmode"] = "email"
        if isinstance(widget, ONE_LINE):
            said["spellcheck"] = "false"
            said["enterkeyhint"] = "go" if self.form.visible_fields()[-1].name == self.name else "next"
        return said

    def _is_first_error(self):
        """Whether the focus goes to this field: it is the first that is wrong, and no error concerns the whole form."""
        errors = self.form.errors
        if not errors or self.form.non_field_errors() or self.use_fieldset:
            return False
        return next((name for name in self.form.fields if name in errors), None) == self.name


class FormRenderer(TemplatesSetting):
    bound_field_class = DescribedBoundField

    def render(self, template_name, context, request=None):
        if template_name in INPUTS:
            return _draw_input(**context["widget"])
        if template_name == ErrorList.template_name and not context["errors"]:
            return ""  # Django draws the list of each field before the form, even if it's empty
        return super().render(template_name, context, request)


def _draw_input(*, type, name, value, attrs, **_):  # noqa: A002 — Django's names
    """Draw what Django's templates draw, without them: for one <input>, each includes a second one and that a third.

    The names of attributes are from our code, and are not escaped.
    """
    said = {"type": type, "name": name} | ({} if value is None else {"value": value}) | attrs
    drawn = {name: value for name, value in said.items() if value is not False}
    pattern = "".join(f" {name}" if value is True else f' {name}="{{}}"' for name, value in drawn.items())
    return format_html(f"<input{pattern}>", *(value for value in drawn.values() if value is not True))
