from django.contrib.admin.apps import AdminConfig


class OperatorsConfig(AdminConfig):
    """Django takes the class of admin.site from an AppConfig and from no setting."""

    default_site = "accounts.admin_site.OperatorsSite"
