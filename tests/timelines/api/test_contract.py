"""The running API against its own description: whatever is asked, no 5xx and no answer it does not describe."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from config.wsgi import application

# A value of the right form may name what is not there, and is refused.
ANSWER = {"excluded_checks": [positive_data_acceptance]}
SOME = settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(autouse=True)
def _one_connection():
    """The answers come from this test's transaction, as with Django's own client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def operations(dossier):
    """Every operation of the description, with the names of what is there."""
    description = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    known = {"day": "2020-01-09", "public_id": dossier.attack.public_id, "pk": dossier.article}
    for found in description.get_all_operations():
        operation = found.ok()
        actors = operation.path.startswith("/api/v1/actors/")
        yield operation, known | {"slug": "us-gov" if actors else "us-iran-2020"}


def asked(operation, names, mode):
    """Ask in many ways, half of them for what is there."""

    @SOME
    @given(case=operation.as_strategy(generation_mode=mode), named=st.booleans())
    def ask(case, named):
        if named and case.path_parameters and mode == GenerationMode.POSITIVE:
            case.path_parameters = {name: names[name] for name in case.path_parameters}
        case.call_and_validate(headers={"Accept-Encoding": "identity"}, **ANSWER)

    ask()


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_answer_is_as_described(dossier, mode):
    described = list(operations(dossier))
    assert len(described) == 16
    for operation, names in described:
        asked(operation, names, mode)
