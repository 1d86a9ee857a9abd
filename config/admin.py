from django.contrib.admin.apps import AdminConfig


class OperatorsConfig(AdminConfig):
    default_site = "accounts.operators.OperatorsSite"
