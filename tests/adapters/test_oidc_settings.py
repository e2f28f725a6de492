"""How the operator writes down who vouches for people, and what is refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from rung.adapters.oidc_settings import is_safe, oidc_settings
from rung.errors import InvalidInput

ONE: dict[str, Any] = {
    "name": "Example University",
    "issuer": "https://id.example.org/a",
    "client_id": "rung",
}


def read(*providers: object, **more: object) -> Any:
    return oidc_settings(
        {"RUNG_OIDC": json.dumps({"providers": list(providers), **more}), "SECRET": " s3 \n"}
    )


def test_nothing_is_set_up_unless_it_is_asked_for() -> None:
    assert oidc_settings({}) is None
    assert oidc_settings({"RUNG_OIDC": " "}) is None


def test_json_and_toml_say_the_same(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3\n")
    file = tmp_path / "oidc.toml"
    file.write_text(
        'redirect = true\n[[providers]]\nname = "Example University"\nissuer = "https://id.example.org/a"\n'
        f'client_id = "rung"\nsecret_file = "{tmp_path}/secret"\n'
    )
    from_toml = oidc_settings({"RUNG_OIDC": str(file)})
    assert from_toml == read({**ONE, "secret_env": "SECRET"}, redirect=True)
    assert from_toml
    (one,) = from_toml.providers
    assert (one.provider.key, one.secret, one.scope) == ("example-university", "s3", "openid profile")


def test_several_providers_keep_their_order() -> None:
    found = read(ONE, {**ONE, "name": "Away", "issuer": "http://localhost:9000", "tells_auth_time": False})
    assert [one.provider.key for one in found.providers] == ["example-university", "away"]
    assert [one.tells_auth_time for one in found.providers] == [True, False]


@pytest.mark.parametrize(
    "changed, told",
    [
        ({"issuer": "http://id.example.org"}, "no https address"),
        ({"issuer": "https://sam:secret@id.example.org"}, "no https address"),
        ({"issuer": "https://id.example.org/?a=b"}, "no https address"),
        ({"issuer": "https://id.example.org:port"}, "no https address"),
        ({"issuer": ""}, "has no issuer"),
        ({"client_id": " "}, "has no client_id"),
        ({"client_secret": "s3cr3t"}, "has 'client_secret'"),
        ({"secret_env": "MISSING"}, "is empty"),
        ({"secret_file": "/nowhere/at/all"}, "cannot be read"),
        ({"secret_env": "SECRET", "secret_file": "x"}, "both secret_env and secret_file"),
        ({"key": "Not/Good"}, "needs a key"),
        ({"name": "大学"}, "needs a key"),
        ({"scope": "profile"}, "lacks openid"),
        ({"tells_auth_time": "no"}, "neither true nor false"),
        ({"client_id": 7}, "no text"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_reason(changed: dict[str, object], told: str) -> None:
    with pytest.raises(InvalidInput, match=told) as refused:
        read({**ONE, **changed})
    assert "s3cr3t" not in str(refused.value)


@pytest.mark.parametrize(
    "text, told",
    [
        ("{", "no JSON"),
        ("{}", "no providers"),
        ('{"providers": []}', "no providers"),
        ('{"providers": ["x"]}', "no table"),
        ('{"provider": []}', "has 'provider'"),
        (json.dumps({"providers": [ONE, ONE]}), "the same key"),
        (json.dumps({"providers": [ONE, {**ONE, "key": "b"}]}), "the same issuer"),
        (json.dumps({"providers": [ONE], "redirect": "yes"}), "redirect is neither"),
        ("/nowhere/oidc.toml", "neither JSON nor a file"),
        (__file__, "no TOML"),
    ],
)
def test_settings_that_cannot_be_read_are_refused(text: str, told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        oidc_settings({"RUNG_OIDC": text})


@pytest.mark.parametrize(
    "address, issuer, safe",
    [
        ("https://id.example.org/token", "https://id.example.org", True),
        ("https://elsewhere.example/token", "https://id.example.org", True),
        ("http://id.example.org/token", "https://id.example.org", False),
        ("http://localhost:9/token", "http://localhost:9", True),
        ("http://localhost:9/token", "https://id.example.org", False),
        ("http://elsewhere.example", "http://localhost:9", False),
        ("javascript:alert(1)", "https://id.example.org", False),
        ("https://a b.example", "https://id.example.org", False),
        (None, "https://id.example.org", False),
    ],
)
def test_secrets_go_over_https_or_stay_on_this_machine(address: object, issuer: str, safe: bool) -> None:
    assert is_safe(address, issuer) is safe
