from accounts.too_soon import is_too_soon
from classroom.exceptions import PressedTooSoon


def check_not_too_soon(request):
    if is_too_soon(request):
        raise PressedTooSoon
