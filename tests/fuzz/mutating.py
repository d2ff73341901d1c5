"""Inputs that are almost right: a good one, cut, doubled, spliced and sprinkled with what breaks parsers."""

from collections.abc import Sequence

from hypothesis import strategies as st

# What programs stumble over, whatever the format.
ODD = (
    "", "\x00", "\ufeff", "\u202e", "\u2028", "\r", "'", '"', "<", ">", "&", "&#0;", "]]>", "{{", "}}", "%s",
    "%00", "\\", "../", "-1", "0", "1e999", "NaN", "9" * 400, "null", "true", "[]", "{}", "0000-00-00",
    "9999-12-31", "10000-01-01", "2020-02-30", "2020-01-08T25:61:61Z", "1582-10-10", "ı", "İ", "ß", "a\u0301",
    "𝟙", "😀", "ی", "١٢", "javascript:alert(1)", "http://[::1", "http://a@b:99999/", "file:///etc/passwd",
    "//", "data:,",
)  # fmt: skip


def text() -> st.SearchStrategy[str]:
    """Text of any kind, odd ones often."""
    return st.one_of(st.sampled_from(ODD), st.text(max_size=40), st.dates().map(str))


def mutated(seeds: Sequence[bytes], words: Sequence[bytes] = ()) -> st.SearchStrategy[bytes]:
    """Return a strategy of inputs made of good ones by up to eight changes; `words` are the format's own."""
    odd = [*words, *(word.encode() for word in ODD)]
    piece = st.one_of(st.sampled_from(odd), st.binary(max_size=12))
    # Where, how much of it, what comes there instead, how often.
    change = st.tuples(
        st.floats(0, 1),
        st.sampled_from((0, 0, 1, 4, 40, 4000)),
        piece,
        st.sampled_from((1, 1, 1, 2, 300)),
    )
    changes = st.lists(change, min_size=1, max_size=8)
    return st.builds(_changed, st.sampled_from(seeds), changes, st.sampled_from((None, *seeds)))


def _changed(
    raw: bytes, changes: list[tuple[float, int, bytes, int]], other: bytes | None
) -> bytes:
    for where, cut, piece, times in changes:
        at = int(where * len(raw))
        raw = raw[:at] + piece * times + raw[at + cut :]
    if other is not None:
        at = int(changes[0][0] * len(raw))
        raw = raw[:at] + other[int(changes[-1][0] * len(other)) :]
    return raw
