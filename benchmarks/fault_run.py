"""`python -m benchmarks.fault_run BROKER TIMES CUT FAULT...`: hurt an installation, print what came of it.

A process of its own for each broker: Django is set up once, for one database. Needs root: it makes a network
namespace, and a small disk of its own in memory.
"""

import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from benchmarks.fault_flow import Flow, judged, lies
from benchmarks.fault_site import COMPILER, LEASE, SWEEP, Site, run

FAULTS = ("worker", "beat", "web", "database", "broker", "network", "disk", "clock")
ARTICLES = 12
# A row comes back after its lease, after the first pause where its failure was written down, and by a sweep; a
# disk that was full, or a server that was killed, needs some seconds; so does the work.
LIMIT = LEASE + 30 + 2 * SWEEP + 30
_DISK = "700m"
_FULL_SECONDS = 6.0


def fault(site: Site, kind: str, cut: float, during: Callable[[float], None]) -> None:
    """Do the harm; `during(seconds)` goes on with the work meanwhile, where the fault lasts."""
    if kind in ("worker", "beat", "web"):
        site.kill(kind)
    elif kind == "database":
        site.kill_database()
        during(1)
    elif kind == "broker":
        site.broker.kill()
        during(1)
    elif kind == "network":
        site.cable.cut()
        during(cut)
        site.cable.mend()
    elif kind == "disk":
        _fill(site, during)
    elif kind == "clock":
        site.set_clock(random.choice((7200, -7200, 86400)))  # noqa: S311
        during(5)
        site.set_clock(0)


def _fill(site: Site, during: Callable[[float], None]) -> None:
    """Leave no byte on the disk of the database for a while."""
    filler = site.home / "filler"
    try:
        with filler.open("wb", buffering=0) as out:
            while True:
                out.write(b"\0" * 65536)
    except OSError:
        during(_FULL_SECONDS)
    finally:
        filler.unlink(missing_ok=True)


def round_(site: Site, flow: Flow, kind: str, cut: float) -> tuple[float, int, bool]:
    """One fault amid the flow: the seconds until all was through, the page's lies, and if it hit work."""
    chance = random.Random()  # noqa: S311
    if site.misled != (kind == "clock"):
        site.misled = kind == "clock"
        site.kill("worker")
        site.start_parts()
    flow.bring(ARTICLES)
    time.sleep(chance.uniform(0, 2.5))
    flow.decide()

    def during(seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(0.3)

    hit = not flow.settled()
    fault(site, kind, cut, during)
    mended = time.monotonic()
    site.ensure()
    wrong = 0
    while not flow.settled():
        site.ensure()
        flow.decide()
        wrong += lies()
        if time.monotonic() - mended > LIMIT * 3:
            break
        time.sleep(0.3)
    return time.monotonic() - mended, wrong + lies(), hit


def main(broker: str, times: int, cut: float, kinds: list[str]) -> dict[str, dict[str, float]]:
    """Return, for each kind of fault, what was lost, doubled, stuck and told wrongly."""
    folder = Path(tempfile.mkdtemp(prefix="tensionline-fault-", dir="/tmp"))
    folder.chmod(0o755)
    disk = folder / "home"
    disk.mkdir()
    run("mount", "-t", "tmpfs", "-o", f"size={_DISK},mode=0755", "tmpfs", str(disk))
    site = Site(broker, folder)
    try:
        site.cable.lay()
        site.start_database()
        site.start_broker()
        flow = _begin(site)
        return {
            kind: _times(site, flow, kind, times, cut) for kind in kinds if _possible(kind, broker)
        }
    finally:
        site.stop()
        run("umount", str(disk))
        if os.environ.get("KEEP") != "1":
            shutil.rmtree(folder, ignore_errors=True)


def _possible(kind: str, broker: str) -> bool:
    return not (kind == "broker" and broker == "pgmq") and not (kind == "clock" and not COMPILER)


def _begin(site: Site) -> Flow:
    os.environ.update(site.environment)
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from apps.core.embedded import broker

    call_command("migrate", verbosity=0)
    broker.install(settings.DATABASES["default"])
    flow = Flow()
    flow.prepare()
    site.start_parts()
    site.wait_for_web()
    return flow


def _times(site: Site, flow: Flow, kind: str, times: int, cut: float) -> dict[str, float]:
    longest, wrong, hits, before = 0.0, 0, 0, judged(flow)
    for number in range(times):
        took, lied, hit = round_(site, flow, kind, cut)
        longest, wrong, hits = max(longest, took), wrong + lied, hits + hit
        print(f"{site.broker_kind} {kind} {number + 1}: {took:.1f} s", file=sys.stderr, flush=True)
    site.wait_for_web()
    found = Counter(judged(flow))
    found.subtract(before)
    beats = site.beats_sending()
    told = {name: float(count) for name, count in found.items()}
    return told | {
        "longest": round(longest, 1),
        "lies": float(wrong),
        "beats": float(beats),
        "hits": float(hits),
    }


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), sys.argv[4:])))
