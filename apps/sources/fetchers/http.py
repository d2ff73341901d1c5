"""One guarded GET: public addresses only, checked at connect and on each redirect, everything limited.

The connection goes to the very address that was checked, so a name cannot change its mind in between
(DNS rebinding); Host header and TLS name stay those of the address asked for.
"""

import functools
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from email.utils import mktime_tz, parsedate_tz

import httpcore
import httpx

from apps.sources.fetchers.addresses import RefusedAddressError, ResolveError
from apps.sources.fetchers.bodies import ENCODINGS, BodyError, unpacked
from apps.sources.fetchers.guard import Budget, GuardedBackend, Policy, TooLargeError

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT_REDIRECTS = frozenset({301, 308})
_TEMPORARY = frozenset({408, 425, 429})
_LONGEST_RETRY = 86_400.0  # seconds: a server that asks for more is asked again tomorrow
_PORTS = {"http": 80, "https": 443}
DOCUMENT_TYPES = frozenset(
    {
        "text/html",
        "application/xhtml+xml",
        "text/plain",
        "text/xml",
        "application/xml",
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/json",
        "application/feed+json",
        "application/pdf",
    }
)


class FetchError(Exception):
    """An address could not be fetched. `permanent` means that trying again will not help.

    `status` is what the server answered, None where it did not come to that; `retry_after` are the seconds for
    which it asks to be left alone, None where it does not.
    """

    def __init__(
        self,
        url: str,
        reason: str,
        *,
        permanent: bool = False,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(f"{url} could not be fetched: {reason}.")
        self.url = url
        self.reason = reason
        self.permanent = permanent
        self.status = status
        self.retry_after = retry_after

    @property
    def gone(self) -> bool:
        """Tell whether the server says that nothing is there (any more)."""
        return self.status in (404, 410)


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: 200 with its body, or 304 with none."""

    status: int
    url: str  # where it came from, after redirects
    content_type: str  # lower case, without parameters; "" where not told
    charset: str  # as declared in the header, "" where not told
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    moved: str = ""  # where permanent redirects say that it lives now, "" where none does


def fetch(
    url: str,
    policy: Policy,
    *,
    headers: Mapping[str, str] | None = None,
    types: frozenset[str] | None = DOCUMENT_TYPES,
    before: Callable[[str], None] | None = None,
) -> Fetched:
    """Fetch `url` and return the answer (status 200 or 304).

    `types` are the content types that are read, None for any. `before` is called with each address that is
    about to be asked, redirects' too; what it raises ends the fetch. Raises FetchError, whose sentence names
    the address and the reason, for every other answer.
    """
    sent = {
        "User-Agent": policy.user_agent,
        "Accept": ", ".join([*sorted(types or ()), "*/*;q=0.1"]),
        "Accept-Encoding": ENCODINGS,
        "Connection": "close",
        **(headers or {}),
    }
    here, moved, for_good = _parsed(url, url), "", True
    budget = None
    for _ in range(policy.max_redirects + 1):
        if before is not None:
            before(str(here))
        budget = budget or Budget(policy)  # the first wait for its turn costs a page nothing
        answer = _get(url, here, sent, policy, budget, types)
        if isinstance(answer, Fetched):
            return replace(answer, moved=moved)
        here, permanently = answer
        for_good = for_good and permanently
        moved = str(here) if for_good else moved
    raise FetchError(url, f"it redirects more than {policy.max_redirects} times", permanent=True)


def _parsed(asked: str, url: str) -> httpx.URL:
    """Return `url` taken apart; raises FetchError where it is not a usable web address."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, TypeError, ValueError) as error:
        raise FetchError(asked, f"{url} is not a web address ({error})", permanent=True) from error
    if parsed.scheme not in _PORTS or not parsed.host:
        reason = f"{url} is not an http or https address"
    elif parsed.userinfo:
        reason = "addresses that carry a user name are not fetched"
    elif parsed.port is not None and not 0 < parsed.port < 65536:
        reason = f"{parsed.port} is not a port"
    else:
        return parsed
    raise FetchError(asked, reason, permanent=True)


@functools.cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


def _get(
    asked: str,
    here: httpx.URL,
    headers: Mapping[str, str],
    policy: Policy,
    budget: Budget,
    types: frozenset[str] | None,
) -> Fetched | tuple[httpx.URL, bool]:
    """Do one request; return its answer, or the address it redirects to and whether for good."""
    via = "" if str(here) == asked else f" (redirected to {here})"
    backend = GuardedBackend(policy, budget)
    target = httpcore.URL(
        scheme=here.raw_scheme, host=here.raw_host, port=here.port, target=here.raw_path
    )
    try:
        with (
            httpcore.ConnectionPool(ssl_context=_tls(), network_backend=backend) as pool,
            pool.stream(
                "GET", target, headers=[*headers.items(), ("Host", here.netloc.decode("ascii"))]
            ) as response,
        ):
            return _read(asked, here, response, policy, types)
    except (ResolveError, BodyError) as error:
        permanent = isinstance(error, RefusedAddressError)
        raise FetchError(asked, f"{error}{via}", permanent=permanent) from error
    except httpcore.TimeoutException as error:
        reason = f"it took longer than {policy.timeout:g} seconds{via}"
        raise FetchError(asked, reason) from error
    except TooLargeError as error:
        reason = f"it is larger than {policy.max_bytes} bytes{via}"
        raise FetchError(asked, reason, permanent=True) from error
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
        told = str(error) or type(error).__name__
        raise FetchError(asked, f"the connection failed ({told}){via}") from error


def _read(
    asked: str,
    here: httpx.URL,
    response: httpcore.Response,
    policy: Policy,
    types: frozenset[str] | None,
) -> Fetched | tuple[httpx.URL, bool]:
    """Judge the head of an answer and read its body."""
    headers = httpx.Headers(response.headers)
    status = response.status
    if status in _REDIRECTS and "location" in headers:
        to = _parsed(asked, str(_joined(asked, here, headers["location"])))
        return to, status in _PERMANENT_REDIRECTS
    kind, charset = content_type(headers.get("content-type", ""))
    if status == 304:
        return Fetched(304, str(here), kind, charset, headers=dict(headers))
    if status != 200:
        permanent = status < 500 and status not in _TEMPORARY
        raise FetchError(
            asked,
            f"the server answered {status}",
            permanent=permanent,
            status=status,
            retry_after=retry_after(headers.get("retry-after", ""), time.time()),
        )
    if kind and types is not None and kind not in types:
        raise FetchError(asked, f"{kind} is not a type that is read here", permanent=True)
    encoding = headers.get("content-encoding", "identity").strip().lower()
    body = unpacked(response.iter_stream(), encoding, policy.max_bytes)
    return Fetched(200, str(here), kind, charset, body, dict(headers))


def _joined(asked: str, here: httpx.URL, location: str) -> httpx.URL:
    try:
        return here.join(location)
    except httpx.InvalidURL as error:
        raise FetchError(asked, f"it redirects to {location!r}", permanent=True) from error


def retry_after(header: str, now: float) -> float | None:
    """Return the seconds from `now` (POSIX) that a Retry-After header asks for, at most a day; None for none.

    Both forms of RFC 9110, section 10.2.3: a number of seconds, or a date.
    """
    value = header.strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:9]), _LONGEST_RETRY)
    try:
        date = parsedate_tz(value)
        seconds = mktime_tz(date) - now if date else None
    except (ValueError, OverflowError, TypeError):
        return None
    return None if seconds is None else min(max(seconds, 0.0), _LONGEST_RETRY)


def content_type(header: str) -> tuple[str, str]:
    """Split a Content-Type header into type (lower case) and charset; "" for what it does not tell."""
    kind, _, parameters = header.partition(";")
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return kind.strip().lower(), value.strip().strip("\"'")
    return kind.strip().lower(), ""
