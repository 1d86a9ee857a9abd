"""How every field of a form is drawn: what tells phones and password managers what it is, and where the focus goes."""

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting

ONE_LINE = (forms.TextInput, forms.NumberInput, forms.EmailInput, forms.PasswordInput)
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
        if purpose in NO_CAPITALS:
            said["autocapitalize"] = "none"
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
