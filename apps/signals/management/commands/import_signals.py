"""`manage.py import_signals`: take in files of machine-coded events."""

import gzip
import json
import sys
import zipfile
import zlib
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from django.core.management.base import BaseCommand, CommandError
from django.utils.text import slugify
from tqdm import tqdm

from apps.signals import importing
from apps.signals.models import SignalFile, SignalSource

_NAMES = {
    SignalSource.Kind.GDELT: "GDELT 2.0",
    SignalSource.Kind.ACLED: "ACLED",
}


class Command(BaseCommand):
    """Bring signals from files of one's own."""

    help = (
        "Takes in machine-coded events: GDELT 2.0 event exports, ACLED exports, or CSV of our own. A run that "
        "was cut off goes on where it was; what was brought before is known again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the kind of the files and the files."""
        parser.add_argument("kind", choices=SignalSource.Kind.values, help="what the files are")
        parser.add_argument(
            "file", nargs="+", help="a file, also .gz or .zip; - for standard input"
        )
        parser.add_argument(
            "--source", default="", help="the name readers see (default: that of the data set)"
        )
        parser.add_argument("--json", action="store_true", help="print one line of JSON a file")

    def handle(
        self, *args: object, kind: str, file: list[str], source: str, json: bool, **options: object
    ) -> None:
        """Take the files in, one after the other; the exit code is 1 where a line or a file was refused."""
        of = self._source(kind, source)
        failed = False
        for name in file:
            try:
                taken = self._take(of, name)
            except (importing.NotTakenError, OSError, EOFError, *_BROKEN) as fault:
                failed = True
                self.stderr.write(f"{name}: {_reason(fault)}")
                continue
            failed = failed or taken.refused > 0
            self._tell(taken, as_json=json)
        if failed:
            raise CommandError("Not all was taken in; what was is kept.")

    def _source(self, kind: str, name: str) -> SignalSource:
        named = name or _NAMES.get(SignalSource.Kind(kind), "")
        if not named:
            raise CommandError('Say who coded the events: --source "Name that readers see".')
        slug = slugify(named)[:60]
        if not slug:
            raise CommandError("The source's name needs a letter or a digit.")
        found, _ = SignalSource.objects.get_or_create(
            slug=slug, defaults={"name": named[:100], "kind": kind}
        )
        if found.kind != kind:
            raise CommandError(f"{found} is a source of {found.get_kind_display()}, not of {kind}.")
        return found

    def _take(self, source: SignalSource, name: str) -> SignalFile:
        label, fingerprint = "standard input", ""
        if name != "-":
            label = Path(name).name
            with Path(name).open("rb") as file:
                fingerprint = importing.fingerprint_of(file)
        with (
            _opened(name) as stream,
            tqdm(unit=" lines", desc=label, disable=None, file=sys.stderr) as bar,
        ):
            return importing.take(
                source, label, stream, lambda file: bar.update(file.lines - bar.n), fingerprint
            )

    def _tell(self, file: SignalFile, *, as_json: bool) -> None:
        counts = ("lines", "new", "replaced", "known", "unclassed", "refused")
        told: dict[str, Any] = {name: getattr(file, name) for name in counts}
        if as_json:
            self.stdout.write(json.dumps({"file": file.name, **told, "faults": file.faults}))
            return
        self.stdout.write(
            f"{file.name}: {file.new:,} new, {file.replaced:,} replaced, {file.known:,} known, "
            f"{file.unclassed:,} without a class in PLOVER, {file.refused:,} refused"
        )
        for fault in file.faults:
            self.stderr.write(f"  {fault}")


_BROKEN = (zlib.error, zipfile.BadZipFile, gzip.BadGzipFile)


def _reason(fault: BaseException) -> str:
    if isinstance(fault, (*_BROKEN, EOFError)):
        return f"Its compression is broken ({fault}); what came before is kept."
    if isinstance(fault, OSError):
        return f"The file cannot be read ({fault.strerror or fault})."
    return str(fault)


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    """Open a file, unpacked; a zip archive holds one."""
    if name == "-":
        yield sys.stdin.buffer
    elif name.lower().endswith(".zip"):
        with zipfile.ZipFile(name) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) != 1:
                raise importing.NotTakenError(
                    f"The archive holds {len(members)} files, not one: unpack it first."
                )
            with archive.open(members[0]) as member:
                yield cast(BinaryIO, member)
    elif name.lower().endswith(".gz"):
        with gzip.open(name, "rb") as packed:
            yield cast(BinaryIO, packed)
    else:
        with cast(IO[bytes], Path(name).open("rb")) as file:
            yield cast(BinaryIO, file)
