import os

from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application

from config.checks import refuse_to_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
refuse_to_start()


class Request(WSGIRequest):
    """Reads query and forms as UTF-8, whatever charset the content type names.

    Python knows charsets such as "hex" that decode no text. Django would fail on them before there is a request, and
    the client would get the web server's own bare 500. CleanInputMiddleware refuses all charsets but UTF-8 (T75).
    """

    encoding = property(lambda self: None, lambda self, charset: None)


homeroom = get_wsgi_application()
homeroom.request_class = Request


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
