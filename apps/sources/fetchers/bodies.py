"""The body of an answer: read piece by piece, decompressed, never longer than allowed."""

import zlib
from collections.abc import Iterable, Iterator

import brotli

from apps.sources.fetchers.guard import TooLargeError

# What is asked for and read.
ENCODINGS = "gzip, br, deflate"
_PIECE = 65_536


class BodyError(Exception):
    """The body cannot be decompressed; the message says why."""


def unpacked(chunks: Iterable[bytes], encoding: str, limit: int) -> bytes:
    """Return the decompressed body; raises TooLargeError as soon as it passes `limit` bytes."""
    if encoding in ("", "identity"):
        pieces: Iterable[bytes] = chunks
    elif encoding in ("gzip", "x-gzip", "deflate"):
        pieces = _inflated(chunks, encoding, limit)
    elif encoding == "br":
        pieces = _unbrotlied(chunks)
    else:
        raise BodyError(f"it is compressed with {encoding}, which was not asked for")
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > limit:
            raise TooLargeError
    return bytes(body)


def _inflated(chunks: Iterable[bytes], encoding: str, limit: int) -> Iterator[bytes]:
    """Decompress in pieces of at most `limit` + 1 bytes, so that a bomb never unfolds in memory."""
    inflater = None
    for chunk in chunks:
        data = chunk
        if inflater is None and data:
            inflater = zlib.decompressobj(_window_bits(encoding, data))
        while inflater is not None and data and not inflater.eof:
            try:
                yield inflater.decompress(data, limit + 1)
            except zlib.error as error:
                raise BodyError(f"its compression is broken ({error})") from error
            data = inflater.unconsumed_tail
    if inflater is not None and not inflater.eof:
        raise BodyError("its compressed body ended too early")


def _unbrotlied(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Decompress in small pieces: the caller counts each before the next unfolds."""
    unpacker = brotli.Decompressor()
    begun = False
    for chunk in chunks:
        begun = begun or bool(chunk)
        data = chunk
        more = True
        while more and not unpacker.is_finished():
            try:
                piece = unpacker.process(data, output_buffer_limit=_PIECE)
            except brotli.error as error:
                raise BodyError(f"its compression is broken ({error})") from error
            yield piece
            data, more = b"", len(piece) >= _PIECE or not unpacker.can_accept_more_data()
    if begun and not unpacker.is_finished():
        raise BodyError("its compressed body ended too early")


def _window_bits(encoding: str, data: bytes) -> int:
    """zlib's format code: gzip, zlib, or the bare deflate that some servers send as 'deflate'."""
    if encoding != "deflate":
        return 16 + zlib.MAX_WBITS
    return zlib.MAX_WBITS if data[0] & 0x0F == 8 else -zlib.MAX_WBITS
