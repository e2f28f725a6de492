"""Parameters: documented one by one, and read back as written."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest

from rung import Parameters
from rung.engine.provenance import Origin
from rung.errors import InvalidParameters

NUMBERS = [item for item in fields(Parameters) if item.metadata]


def test_every_number_has_a_unit_a_meaning_a_range_and_a_source() -> None:
    for item in NUMBERS:
        assert item.metadata["unit"], item.name
        assert item.metadata["meaning"], item.name
        assert item.metadata["low"] <= item.default <= item.metadata["high"], item.name
        origin = item.metadata["origin"]
        assert origin.source, item.name
        assert origin.provenance in ("published", "fitted", "assumption")


def test_what_is_published_names_a_year() -> None:
    for item in NUMBERS:
        if item.metadata["origin"].provenance == "published":
            assert any(part.strip("();,.").isdigit() for part in item.metadata["origin"].source.split()), (
                item.name
            )


def test_json_gives_back_the_same_parameters() -> None:
    changed = Parameters().with_values({"rating_noise": 0.12}, "fitted", "a log of ours")
    back = Parameters.from_json(changed.to_json())
    assert back == changed
    assert back.origin_of("rating_noise") == Origin("fitted", "a log of ours")
    assert back.origin_of("belief_ability_correlation").provenance == "published"


def test_parameters_that_a_file_does_not_name_keep_their_defaults() -> None:
    entry = {"value": 0.2, "provenance": "fitted", "source": "x"}
    text = json.dumps({"format": "rung-parameters", "version": 1, "parameters": {"rating_noise": entry}})
    assert Parameters.from_json(text).rating_noise == 0.2
    assert Parameters.from_json(text).openness == Parameters().openness


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(InvalidParameters) as caught:
        Parameters(rating_noise=-1.0, slope=float("nan"), aid_lift=-2.0)
    assert [fault.split(":")[0] for fault in caught.value.faults] == ["slope", "rating_noise", "aid_lift"]


@pytest.mark.parametrize(
    "text, told",
    [
        ("{", "not JSON"),
        ("[]", "format"),
        ('{"format": "rung-parameters", "version": 9}', "version"),
        ('{"format": "rung-parameters", "version": 1}', "parameters: is missing"),
        ('{"format": "rung-parameters", "version": 1, "parameters": {"x": {}}}', "no such parameter"),
        ('{"format": "rung-parameters", "version": 1, "parameters": {"slope": {"value": "1"}}}', "number"),
        (
            '{"format": "rung-parameters", "version": 1, '
            '"parameters": {"slope": {"value": 1, "provenance": "x"}}}',
            "provenance",
        ),
    ],
)
def test_a_file_that_is_not_ours_is_refused_with_the_reason(text: str, told: str) -> None:
    with pytest.raises(InvalidParameters, match=told):
        Parameters.from_json(text)
