from pathlib import Path

import pytest
from django.conf import settings


@pytest.fixture(autouse=True)
def _nobody_is_on_the_deletion_list_yet():
    Path(settings.DELETION_LIST).unlink(missing_ok=True)
