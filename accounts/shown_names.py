"""How a person's name is shown, whether the whole account was loaded or only what a list prints."""

from django.utils.html import format_html

from accounts.names import initial, looks_drawn


def left_to_right(typed):
    """Return a Code, an address, a username or a one-time password for a sentence of a page of any language (I2)."""
    return format_html('<bdi dir="ltr" translate="no">{}</bdi>', typed)


class Named:
    """For a class with the attributes username, first_name, last_name and kind."""

    __slots__ = ()

    @property
    def is_teacher(self):
        return self.kind == "teacher"

    @property
    def shown_username(self):
        """The username as pages show it: empty if we drew it for a teacher, because nobody knows it or types it."""
        return "" if self.is_teacher and looks_drawn(self.username) else self.username

    @property
    def full_name(self):
        return f"{self.first_name} {self.last_name}".strip() or self.username

    @property
    def last_name_first(self):
        """As shown in lists sorted by last name: "Toure, Amara"."""
        return ", ".join(filter(None, [self.last_name, self.first_name])) or self.username

    @property
    def short_name(self):
        """First name and initial, "Grace T.": what fellow students see (A6)."""
        family = initial(self.last_name)
        return (
            f"{self.first_name} {family}." if self.first_name and family else self.first_name or self.username
        )

    @property
    def initials(self):
        return initial(self.first_name) + initial(self.last_name) or initial(self.username)
