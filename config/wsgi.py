import os

from django.core.wsgi import get_wsgi_application

from config.checks import refuse_to_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
refuse_to_start()

homeroom = get_wsgi_application()


def application(environ, start_response):
    """Answer a request. Drops the parameters of its content type if one of them is split or encoded (`name*0*=`).

    No browser sends these, and Django fails on some of them before there is a request that a middleware could refuse.
    The client would get the web server's own bare 500 (T68).

    The answer to HEAD has headers only. waitress would send the body that Django adds, and the client would read it as
    the beginning of the next answer.
    """
    kind, _, parameters = environ.get("CONTENT_TYPE", "").partition(";")
    if "*" in parameters:
        environ["CONTENT_TYPE"] = kind
    answer = homeroom(environ, start_response)
    if environ["REQUEST_METHOD"] == "HEAD":
        answer.close()
        return []
    return answer
