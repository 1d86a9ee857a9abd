import os

from django.core.wsgi import get_wsgi_application

from config.checks import refuse_to_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
refuse_to_start()

homeroom = get_wsgi_application()


def application(environ, start_response):
    """Answer a request, without the parameters of its content type where one is split or encoded (`name*0*=`).

    No browser sends such, and some of them Django cannot read: it breaks before there is a request that a middleware
    could refuse, and the server says 500 in its own words (T68).
    """
    kind, _, parameters = environ.get("CONTENT_TYPE", "").partition(";")
    if "*" in parameters:
        environ["CONTENT_TYPE"] = kind
    return homeroom(environ, start_response)
