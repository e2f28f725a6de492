"""The interface against its own description: whatever is sent, the answer is one that it tells of."""

from typing import Any, NamedTuple

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import checks
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from tests.databases import SetClock
from tests.web.api.conftest import LetIn
from tests.web.api.stage import REQUESTS, Life

from rung.app.policies import Scope
from rung.app.ports import Services
from rung.web.api import create_api
from rung.web.api.description import describe

CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]


@pytest.fixture
def operations(address: str) -> list[Any]:
    schema = schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json")
    found = []
    for result in schema.get_all_operations():
        assert isinstance(result, Ok), result
        found.append(result.ok())
    assert len(found) == len(REQUESTS)
    return sorted(found, key=lambda one: one.method == "delete")


def test_a_program_that_may_do_everything_gets_the_answers_that_are_described(
    operations: list[Any], rung: httpx.Client, mine: Life, clock: SetClock
) -> None:
    program = Program(rung.headers["authorization"], mine)
    for operation in operations:
        assert program.ask_well(operation) < 300, operation.label
    for operation in operations:
        clock.move(minutes=1)
        program.ask_anything(operation, 20)


@pytest.mark.parametrize("scope", [Scope.READ_EVIDENCE, Scope.WRITE_LADDERS])
def test_a_program_that_may_do_little_gets_the_answers_that_are_described(
    operations: list[Any], let_in: LetIn, mine: Life, scope: Scope
) -> None:
    program = Program(let_in(scope).headers["authorization"], mine)
    for operation in operations:
        program.ask_well(operation)
        program.ask_anything(operation, 4)


def test_a_token_that_is_none_gets_the_answers_that_are_described(operations: list[Any], mine: Life) -> None:
    program = Program(f"Bearer rung_{'x' * 43}", mine)
    for operation in operations:
        assert program.ask_well(operation) == 401
        program.ask_anything(operation, 2)


def test_the_description_is_one_of_openapi(services: Services) -> None:
    schemathesis.openapi.from_dict(describe(create_api(services))).validate()


class Program(NamedTuple):
    """Somebody who asks, and whether the answer is one that is described."""

    shown: str
    life: Life

    def ask(self, case: Any) -> int:
        response = case.call(headers={"authorization": self.shown})
        case.validate_response(response, checks=CHECKS)
        status: int = response.status_code
        return status

    def ask_well(self, operation: Any) -> int:
        content = REQUESTS[operation.definition.raw["operationId"]]
        body = {"body": content(self.life), "media_type": "application/json"} if content else {}
        return self.ask(operation.Case(path_parameters=self.known(operation), **body))

    def ask_anything(self, operation: Any, count: int) -> None:
        """In many ways, half of them about what is there."""
        cases = st.one_of(
            operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
            operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
        )

        @given(cases, st.booleans())
        @settings(max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        def answers(case: Any, is_known: bool) -> None:
            if is_known:
                case.path_parameters = {**case.path_parameters, **self.known(operation)}
            self.ask(case)

        answers()

    def known(self, operation: Any) -> dict[str, str]:
        names = {one.name for one in operation.path_parameters}
        return {name: value for name, value in vars(self.life).items() if name in names}
