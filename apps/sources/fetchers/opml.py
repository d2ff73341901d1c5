"""OPML 2.0 (http://opml.org/spec2.opml): lists of feeds, as feed readers exchange them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from apps.sources.fetchers.feed_types import folded

MOST_BYTES = 2_000_000
MOST_FEEDS = 5_000
# Attributes that other readers leave alone: what this product knows of a feed's source.
OURS = ("source", "sourceName", "sourceKind", "country", "reliability", "domain", "kind")


class OpmlError(Exception):
    """The bytes are not OPML that can be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed as a list names it; `folders` are the outlines around it, from outside to inside."""

    url: str
    title: str = ""
    site: str = ""
    language: str = ""
    folders: tuple[str, ...] = ()
    told: dict[str, str] = field(default_factory=dict)  # of OURS, what is there


def read(raw: bytes) -> list[Outline]:
    """Return the feeds of a list, each address once, in its order. Raises OpmlError where it cannot be read."""
    if len(raw) > MOST_BYTES:
        raise OpmlError(f"The file is larger than {MOST_BYTES:,} bytes.")
    # No entity of the file's own is unfolded, and libxml2's limits on depth and size stay on.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(raw.strip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise OpmlError(f"The file is not well-formed XML ({error}).") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise OpmlError("The file declares a document type; lists of feeds have none.")
    body = root.find("body")
    if root.tag != "opml" or body is None:
        raise OpmlError("The file is not OPML: it has no <opml> with a <body>.")
    found: dict[str, Outline] = {}
    for outline in body.iter("outline"):
        address = (outline.get("xmlUrl") or outline.get("xmlurl") or "").strip()
        if address:
            found.setdefault(address, _outline(outline, address))
        if len(found) > MOST_FEEDS:
            raise OpmlError(f"The file lists more than {MOST_FEEDS:,} feeds: split it.")
    return list(found.values())


def _name(outline: etree._Element) -> str:
    return folded(outline.get("title") or outline.get("text"))[:200]


def _outline(outline: etree._Element, address: str) -> Outline:
    around = [_name(one) for one in outline.iterancestors("outline")]
    return Outline(
        url=address,
        title=_name(outline),
        site=(outline.get("htmlUrl") or "").strip(),
        language=folded(outline.get("language")),
        folders=tuple(name for name in reversed(around) if name),
        told={name: folded(outline.get(name)) for name in OURS if outline.get(name)},
    )


def write(title: str, outlines: Iterable[Outline]) -> bytes:
    """Return a list of feeds as OPML; feeds of one innermost folder are put together."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    folders: dict[str, etree._Element] = {}
    for outline in outlines:
        name = outline.folders[-1] if outline.folders else ""
        if name and name not in folders:
            folders[name] = etree.SubElement(body, "outline", text=folded(name))
        told = {"text": outline.title or outline.url, "type": "rss", "xmlUrl": outline.url}
        told |= {"htmlUrl": outline.site, "language": outline.language, **outline.told}
        kept = {key: folded(value) for key, value in told.items() if value}
        etree.SubElement(folders.get(name, body), "outline", kept)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
