"""The HTTP interface against its own description: whatever is sent, no answer is a fault of ours."""

import json
from datetime import time
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from tests.conftest import join
from tests.web.stage import Past, Visitor

from rung.app import evidence
from rung.app.climbing import plans
from rung.app.climbing.plans import Draft
from rung.app.policies import Role
from rung.app.ports import Services
from rung.app.reminding import reminders
from rung.app.reminding.occasions import Rule
from rung.app.sharing import groups, inviting, reports
from rung.app.sharing.fields import ALL_FIELDS
from rung.content.domains import domains

FORM = "application/x-www-form-urlencoded"
KEEPS_THE_ACCOUNT = {"/data/delete", "/sign-out"}


@pytest.fixture
def schema(app: FastAPI) -> schemathesis.schemas.BaseSchema:
    description = get_openapi(title="Rung", version="1", routes=app.routes)
    return schemathesis.openapi.from_dict(description)


def test_whatever_is_sent_there_is_an_answer(
    schema: schemathesis.schemas.BaseSchema, robin: Visitor, past: Past, sqlite_services: Services
) -> None:
    log = evidence.log_of(sqlite_services, past.person)
    attempt = next(event for event in log if event.kind == "attempt")
    me, services = past.person, sqlite_services
    plan = plans.make(services, me, past.ladder, past.steps[5], Draft(where="at home"))
    rule = Rule((time(18),), (0,))
    reminder = reminders.make_reminder(services, me, "ladder", past.ladder, None, rule)
    domain = domains("en")[0]
    coach = join(services, "Dr Lee")
    bond = inviting.accept(services, coach, inviting.invite(services, me, Role.COACH, lets_in=True))
    report = reports.make_link(services, me, past.ladder, ALL_FIELDS, 90)
    group = groups.make_group(services, me, "Class 7b")
    known = {
        "bond_id": bond.id,
        "group_id": group.id,
        "code": report,
        "show": f"{past.ladder}/outcomes",
        "ladder": past.ladder,
        "plan_id": plan.id,
        "reminder_id": reminder.id,
        "domain_id": domain.id,
        "story_id": domain.stories[0].id,
        "kept": attempt.id,
        "about": f"step:{past.steps[3]}",
        "until": "tomorrow",
        "ladder_id": past.ladder,
        "step_id": past.steps[3],
        "step": past.steps[3],
        "event_id": attempt.id,
        "did": "tried",
        "to": "harder",
        "wanted": "90",
    }
    for result in schema.get_all_operations():
        assert isinstance(result, Ok), result
        operation = result.ok()
        if operation.path in KEEPS_THE_ACCOUNT:
            continue
        _try(operation, robin, known)


def _of(known: dict[str, str], fields: dict[str, Any]) -> dict[str, str]:
    return {name: value for name, value in known.items() if name in fields}


def _try(operation: Any, robin: Visitor, known: dict[str, str]) -> None:
    cases = st.one_of(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    )

    @given(cases, st.booleans())
    @settings(max_examples=15, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def answers(case: Any, is_known: bool) -> None:
        if is_known:
            case.path_parameters = {**case.path_parameters, **_of(known, case.path_parameters)}
            case.query = {**case.query, **_of(known, case.query)}
        sent = case.as_transport_kwargs(base_url=str(robin.base_url))
        content, kind = _body(sent, known if is_known else {})
        headers = {"content-type": kind} if kind else {}
        response = robin.request(
            sent["method"], sent["url"], params=sent.get("params"), content=content, headers=headers
        )
        assert response.status_code < 500, (operation.label, content)

    answers()


def _body(sent: dict[str, Any], known: dict[str, str]) -> tuple[bytes, str]:
    """What goes over the wire, and its type: a form with known values put in, or anything else."""
    if "json" in sent:
        return json.dumps(sent["json"]).encode(), "application/json"
    data = sent.get("data")
    if isinstance(data, dict):
        return urlencode({**data, **_of(known, data)}, doseq=True).encode(), FORM
    if isinstance(data, bytes):
        return data, str(sent["headers"]["Content-Type"])
    return b"", FORM if sent["method"] == "POST" else ""
