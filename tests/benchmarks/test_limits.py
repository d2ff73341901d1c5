"""The benchmark of the limits, with few feeds: all of them are read once by real workers."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
RUN = """import json
from benchmarks import bench_limits
print(json.dumps([[row.name, row.ours, row.peer] for row in bench_limits.feeds(12)]))
"""


def test_feeds_that_are_due_at_once_are_all_read_once():
    environment = {name: value for name, value in os.environ.items() if name != "CELERY_BROKER_URL"}
    done = subprocess.run(
        [sys.executable, "-c", RUN], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    took, left, twice = json.loads(done.stdout.splitlines()[-1])
    assert (left[1], twice[1]) == (0, 0)
    assert "12 items" in took[2]
