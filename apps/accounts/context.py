"""What every page's template knows about accounts."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def closed(request: HttpRequest) -> dict[str, Any]:
    """Tell whether only those who are logged in may read."""
    return {"closed": settings.CLOSED}
