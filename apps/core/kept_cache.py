"""A cache in the memory of each process that gives back what it was given, without making a copy of it."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache


class KeptCache(LocMemCache):
    """As Django's cache in memory, but values are kept as they are: nobody may change what comes out of it.

    For values that are read far more often than made; copying them would take longer than what they save.
    """

    # Of LocMemCache, which its type stubs leave out.
    _cache: OrderedDict[str, Any]
    _lock: Lock
    _has_expired: Callable[[str], bool]
    _delete: Callable[[str], bool]
    _set: Callable[[str, Any, Any], None]

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Return the value itself."""
        name = self.make_and_validate_key(key, version=version)
        with self._lock:
            if self._has_expired(name):
                self._delete(name)
                return default
            self._cache.move_to_end(name, last=False)
            return self._cache[name]

    def set(
        self,
        key: Any,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,  # type: ignore[assignment]
        version: int | None = None,
    ) -> None:
        """Keep the value itself."""
        name = self.make_and_validate_key(key, version=version)
        with self._lock:
            self._set(name, value, timeout)

    def add(
        self,
        key: Any,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,  # type: ignore[assignment]
        version: int | None = None,
    ) -> bool:
        """Keep the value itself where none is kept."""
        name = self.make_and_validate_key(key, version=version)
        with self._lock:
            if not self._has_expired(name):
                return False
            self._set(name, value, timeout)
            return True
