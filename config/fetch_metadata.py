"""Other sites may link to our pages, and nothing else: browsers say who asks, and for what (T74)."""

from django.core.exceptions import PermissionDenied

OURS = {"same-origin", "none"}  # "none": typed, a bookmark, a mail program
# Asked for by our pages alone. Its answer tells whether anything has changed, so no other site may even open it.
NO_PAGE = "/waiting/"


class LinksOnly:
    """Refuse what another site asks for, unless somebody followed a link. A browser that says nothing passes."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.headers.get("Sec-Fetch-Site", "none") not in OURS and not _is_link(request):
            raise PermissionDenied("another site asks")
        return self.get_response(request)


def _is_link(request):
    return (
        request.method in {"GET", "HEAD"}
        and request.path != NO_PAGE
        and request.headers.get("Sec-Fetch-Mode") == "navigate"
        and request.headers.get("Sec-Fetch-Dest", "document") == "document"  # no frame, no object
    )
