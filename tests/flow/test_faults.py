"""The short form of `make bench-faults`: a worker in a network namespace of its own, killed, cut off, misled.

PostgreSQL and RabbitMQ listen on the host's end of a virtual cable, the worker is at the other one.
"""

import os
import shutil
import subprocess

import pytest

from benchmarks.bench_faults import hurt
from benchmarks.fault_run import LIMIT
from tests import brokers

CUT = 12
QUICK = {
    "pgmq": ("worker", "database", "clock"),
    "rabbitmq": ("worker", "broker", "network"),
}


def forbidden() -> str:
    """Why no network namespace can be made here, "" where one can."""
    if os.geteuid() != 0:
        return "it takes root to make network namespaces and to mount"
    if shutil.which("ip") is None:
        return "there is no `ip`: apt-get install iproute2"
    tried = subprocess.run(["unshare", "-n", "-m", "true"], capture_output=True, check=False)
    return "" if tried.returncode == 0 else "network namespaces are not permitted here"


@pytest.mark.timeout(600)
@pytest.mark.parametrize("broker", QUICK)
def test_nothing_is_lost_doubled_stuck_or_told_wrongly(broker):
    why = forbidden() or brokers.missing(broker)
    if why:
        pytest.skip(f"NOT TESTED, faults over {broker}: {why}")
    found = hurt(broker, 1, CUT, QUICK[broker])
    assert set(found) >= set(QUICK[broker]) - {"clock"}
    for kind, told in found.items():
        wrong = {
            what: count
            for what, count in told.items()
            if what.endswith(("lost", "doubled", "to the end", "lies")) and count
        }
        assert wrong == {}, kind
        assert told["longest"] <= LIMIT, (kind, told)
        assert told["beats"] == 1, kind
