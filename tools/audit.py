"""Ask OSV for known faults of the pinned packages: `make audit`. Ends with 1 where there is one.

Where the service is not reached (many build machines are offline) it says so and ends with 0: an audit that did
not happen is told, never taken for a clean one. AUDIT_URL names another service of the same kind.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

SERVICE = "https://api.osv.dev/v1/query"
PINNED = Path(__file__).resolve().parent.parent / "requirements.txt"
SECONDS = 15
# A package of old whose faults are known: a service that does not know them is none.
PROBE = {"package": {"name": "jinja2", "ecosystem": "PyPI"}, "version": "2.4.1"}


def why_not_reached(service: str) -> str:
    """Return why the service cannot be asked, nothing where it can."""
    if not service.startswith(("https://", "http://")):
        return "AUDIT_URL must be an http(s) address"
    request = Request(  # noqa: S310
        service, json.dumps(PROBE).encode(), {"Content-Type": "application/json"}
    )
    try:
        with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            known = json.load(answer).get("vulns")
    except HTTPError as error:
        return f"it answered {error.code}"
    except (URLError, OSError) as error:
        return str(getattr(error, "reason", error))
    except (ValueError, AttributeError):
        return "something else answered in its place"
    return "" if known else "it does not know a fault that is known"


def audit(service: str, pinned: Path) -> int:
    """Ask about every package of the pinned file; return how the process is to end."""
    reason = why_not_reached(service)
    if reason:
        print(f"AUDIT SKIPPED: {service} was not reached ({reason}). No package was checked.")  # noqa: T201
        return 0
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(pinned), "--disable-pip"]
    command += ["--require-hashes", "--vulnerability-service", "osv", "--osv-url", service]
    command += ["--progress-spinner", "off", "--timeout", str(SECONDS)]
    ended = subprocess.run(command, check=False).returncode  # noqa: S603
    if ended:
        print(f"AUDIT FAILED: see above. The pinned file is {pinned.name}.")  # noqa: T201
    return 1 if ended else 0


if __name__ == "__main__":
    sys.exit(audit(os.environ.get("AUDIT_URL") or SERVICE, PINNED))
