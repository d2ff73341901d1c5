"""Canonical addresses: one article, one address, whatever was wrapped around or hung onto it.

Cautious on purpose: two articles must never fall together, so only parameters known to track readers are
removed and everything that might select the article stays.
"""

import hashlib
import re
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlsplit, urlunsplit

import courlan

_TRACKERS = re.compile(
    r"(?:utm|mtm|pk|piwik|matomo|hsa|mc|oly|vero|at|itm|fb|ns)_\w+"
    r"|utm|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|yclid|msclkid|twclid|ttclid|li_fat_id|igshid|igsh"
    r"|mkt_tok|_hsenc|_hsmi|__hs\w+|_ga|_gl|wt_mc|wtmc|cmpid|cmp|ocid|ncid|smid|smtyp|ftag|xtor|spm|ito|ref_src|ref_url"
    r"|feature|sref|src|recirc|traffic_source|taid|soc_src|soc_trk|guccounter|guce_referrer\w*"
    r"|_x_tr_\w+|outputtype|amp|amp_js_v|amp_gsa|usqp|smprod|ns_mchannel|ns_campaign|ns_source",
    re.IGNORECASE,
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_PATH_KEPT = "/:@!$&'()*+,;=~-._%"
_QUERY_KEPT = _PATH_KEPT + "?[]|"
_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
MAX_LENGTH = 2000  # of the database's column

# Hosts that carry the original's address in a query parameter.
_IN_PARAMETER = re.compile(
    r"(?:www\.)?google\.[a-z.]+/url$|l\.facebook\.com/l\.php$|lm\.facebook\.com/l\.php$"
    r"|translate\.google\.[a-z.]+/|[\w.-]+\.safelinks\.protection\.outlook\.com/|out\.reddit\.com/"
    r"|webcache\.googleusercontent\.com/search$|slirt?\.vk\.com/|vk\.com/away\.php$"
    r"|t\.umblr\.com/redirect$|duckduckgo\.com/l/$|(?:www\.)?youtube\.com/redirect$|lnkd\.in/redir$",
)
_PARAMETERS = ("url", "q", "u", "to", "z", "uddg")
# Hosts that carry it in their path.
_IN_PATH = re.compile(
    r"(?:web\.archive\.org/web/\d+[a-z_]*|web\.archive\.org/save|archive\.(?:today|is|ph|md|li|vn|fo)"
    r"/(?:\d+|newest|oldest|o/\w+)|12ft\.io|r\.jina\.ai|txtify\.it|outline\.com|1ft\.io)/+"
    r"(?P<original>(?:https?:/+)?[^/]+\..+)$",
    re.IGNORECASE,
)
_AMP = re.compile(
    r"(?:(?:www\.)?(?:google\.[a-z.]+|bing\.com)/amp|[\w-]+\.cdn\.ampproject\.org/[cvi])/(?P<secure>s/)?(?P<original>.+)$",
    re.IGNORECASE,
)


def canonical(url: str) -> str:
    """Return the one address under which `url`'s article is known.

    Proxy and cache addresses are unwrapped, tracking parameters, fragments and default ports removed, host
    and escapes brought to one form, http counted as https. Raises ValueError where `url` is no web address.
    """
    parts = _split(unwrap(url))
    port = parts.port
    scheme = parts.scheme
    host = _host(parts.hostname or "")
    if port in (None, _DEFAULT_PORTS[scheme]):
        scheme, port = "https", None
    netloc = f"[{host}]" if ":" in host else host
    if port is not None:
        netloc = f"{netloc}:{port}"
    path = _without_dots(_escaped(parts.path or "/", _PATH_KEPT))
    address = urlunsplit((scheme, netloc, path, _query(parts.query), ""))
    if len(address) > MAX_LENGTH:
        raise ValueError(
            f"the address has {len(address)} characters, at most {MAX_LENGTH} are kept"
        )
    return address


def from_content(text: str) -> str:
    """Return the address of a text that came without one: the name of its own hash."""
    return f"urn:sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def site(url: str) -> str:
    """Return a web address's registered domain (its bare host where it has none), "" for any other text."""
    try:
        host = _host(urlsplit(url).hostname or "")
    except ValueError:
        return ""
    return courlan.extract_domain(f"https://{host}/") or host.removeprefix("www.")


def unwrap(url: str) -> str:
    """Return the address that a proxy, cache or link counter carries inside its own, `url` itself otherwise."""
    while (inner := _unwrapped_once(url)) is not None and len(inner) < len(url):
        url = inner
    return url


def _unwrapped_once(url: str) -> str | None:
    try:
        parts = _split(url)
    except ValueError:
        return None
    bare = f"{parts.hostname}{parts.path}"
    if _IN_PARAMETER.match(bare):
        return _from_parameter(parts)
    rest = f"{bare}?{parts.query}" if parts.query else bare
    if found := _IN_PATH.match(rest):
        return _web_address(re.sub(r"^(https?):/+", r"\1://", found["original"], flags=re.I))
    if found := _AMP.match(rest):
        scheme = "https" if found["secure"] else "http"
        return _web_address(f"{scheme}://{found['original']}")
    if (parts.hostname or "").endswith(".translate.goog"):
        host = (parts.hostname or "").removesuffix(".translate.goog")
        plain = host.replace("--", "\0").replace("-", ".").replace("\0", "-")
        return _web_address(urlunsplit(("https", plain, parts.path, parts.query, "")))
    return None


def _from_parameter(parts: SplitResult) -> str | None:
    values = parse_qs(parts.query)
    for name in _PARAMETERS:
        for value in values.get(name, []):
            # "cache:AbC123:www.example.com/story" of a search engine's cache
            value = re.sub(r"^cache:(?:[\w-]+:)?(?=[^/])", "", value)
            if found := _web_address(value):
                return found
    return None


def _web_address(text: str) -> str | None:
    """Return `text` as a full web address where it can be one, None otherwise."""
    if not re.match(r"https?://", text, re.IGNORECASE):
        text = f"https://{text}"
    try:
        host = _split(text).hostname or ""
    except ValueError:
        return None
    return text if "." in host else None


def _split(url: str) -> SplitResult:
    """Take a web address apart; raises ValueError, with a sentence, where it is none."""
    try:
        parts = urlsplit("".join(url.split()))
        parts.port  # noqa: B018 - reading it checks it
    except ValueError as error:
        raise ValueError(f"{url} is not a web address ({error})") from error
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise ValueError(f"{url} is not a web address (http:// or https:// and a host)")
    return parts


def _host(host: str) -> str:
    """One form of a host name: lower case, ASCII (punycode), no dot at the end."""
    host = host.rstrip(".").lower()
    try:
        return host.encode("idna").decode("ascii").lower() if not host.isascii() else host
    except UnicodeError:
        return quote(host, safe="")


def _without_dots(path: str) -> str:
    """Resolve "." and ".." as a browser does."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1:] in (["."], [".."]):
        kept.append("")
    return "/" + "/".join(kept)


def _escaped(text: str, kept: str) -> str:
    """One form of percent escapes: none where none is needed, capitals where one is."""
    text = quote(text, safe=kept)
    text = re.sub(r"%(?![0-9a-fA-F]{2})", "%25", text)
    return _ESCAPE.sub(
        lambda e: c if (c := unquote(e[0], "latin-1")) in _UNRESERVED else e[0].upper(), text
    )


def _query(query: str) -> str:
    """The parameters that may select the article, in one order."""
    pairs = [_escaped(pair, _QUERY_KEPT) for pair in query.split("&") if pair]
    return "&".join(sorted(p for p in pairs if not _TRACKERS.fullmatch(p.partition("=")[0])))
