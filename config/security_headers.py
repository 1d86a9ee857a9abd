"""The security headers that Django 5.2 does not set, for every response: pages, errors, static files."""

from whitenoise.middleware import WhiteNoiseFileResponse

ALWAYS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
        "frame-ancestors 'none'"
    ),
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# Class pages contain children's names, and the next child uses the same computer (T62, T65).
PRIVATE = "max-age=0, no-cache, no-store, must-revalidate, private"


class SecurityHeadersMiddleware:
    """Comes first in MIDDLEWARE, so that refusals of the other middleware get the headers too."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        for name, value in ALWAYS.items():
            response.headers[name] = value
        if request.path != "/":
            response.headers["X-Robots-Tag"] = "noindex"
        if not isinstance(response, WhiteNoiseFileResponse):
            response.headers["Cache-Control"] = PRIVATE
        if getattr(request, "has_logged_out", False):
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response
