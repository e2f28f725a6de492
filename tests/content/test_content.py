"""The library itself: every file satisfies its schema, is loaded, and keeps the rules of docs/content.md."""

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from rung.app.safety import screen_goal
from rung.content import CONDITIONS, domain, story
from rung.content.domains import ORIGINAL, Domain, domains, languages, nearest_language

CONTENT = Path(str(files("rung.content")))
FILES = sorted((CONTENT / "domains").rglob("*.json"))
ENGLISH = [path for path in FILES if path.parent.name == ORIGINAL]
TRANSLATED = [path for path in FILES if path.parent.name != ORIGINAL]


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def faults(schema: str, content: Any) -> list[str]:
    checker = Draft202012Validator(read(CONTENT / schema), format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [f"{fault.json_path}: {fault.message}" for fault in checker.iter_errors(content)]


def texts_of(content: object) -> list[str]:
    if isinstance(content, str):
        return [content]
    values = content.values() if isinstance(content, dict) else content if isinstance(content, list) else ()
    return [text for value in values for text in texts_of(value)]


EVERY = [each for language in languages() for each in domains(language) if each.language == language]
"""Each file once, whatever its language."""

each_domain = pytest.mark.parametrize("one", EVERY, ids=lambda one: f"{one.language}/{one.id}")
each_file = pytest.mark.parametrize("path", FILES, ids=name_of)


# Files


def test_the_schema_is_itself_valid() -> None:
    Draft202012Validator.check_schema(read(CONTENT / "domain.schema.json"))


def test_the_schema_knows_the_conditions_that_the_code_knows() -> None:
    step = read(CONTENT / "domain.schema.json")["properties"]["steps"]["items"]
    assert tuple(step["properties"]["conditions"]["items"]["enum"]) == CONDITIONS


@each_file
def test_a_domain_satisfies_its_schema_and_is_named_by_its_file(path: Path) -> None:
    content = read(path)
    assert faults("domain.schema.json", content) == []
    assert path.stem == content["id"]


def test_the_schema_refuses_what_it_should() -> None:
    content = read(ENGLISH[0])
    assert faults("domain.schema.json", {**content, "steps": content["steps"][:6]})
    assert faults("domain.schema.json", {**content, "licence": "CC-BY-NC-4.0"})
    assert faults("domain.schema.json", {**content, "stories": content["stories"][:1]})
    step = {"name": "Jump", "conditions": ["brave"]}
    assert faults("domain.schema.json", {**content, "steps": [*content["steps"][:7], step]})


def test_every_file_is_loaded() -> None:
    assert {each.id for each in domains()} == {path.stem for path in ENGLISH}
    loaded = {(each.language, each.id) for each in EVERY}
    assert loaded == {(path.parent.name, path.stem) for path in FILES}


def test_the_library_has_the_breadth_that_it_promises() -> None:
    assert len(ENGLISH) >= 16
    assert set(languages()) >= {"en", "de", "es", "ar"}


def test_the_library_is_ordered_by_title_and_no_title_stands_twice() -> None:
    for language in languages():
        titles = [each.title.casefold() for each in domains(language)]
        assert titles == sorted(set(titles))


def test_story_ids_are_unique_over_the_library() -> None:
    ids = [each.id for one in domains() for each in one.stories]
    assert len(ids) == len(set(ids))


# What a domain and a story are found by


@pytest.mark.parametrize("language", ["en", "de", "es", "ar", "de-AT", "DE", "pt_BR", "", "../en", "\0"])
def test_every_language_has_every_domain_and_every_story(language: str) -> None:
    for one in domains():
        found = domain(one.id, language)
        assert found is not None
        assert found.language in (ORIGINAL, nearest_language(language))
        for each in one.stories:
            told = story(each.id, language)
            assert told is not None
            assert told.domain == one.id


def test_a_translation_stands_in_the_place_of_the_original() -> None:
    german = {each.id: each for each in domains("de")}
    assert german["difficult-conversation"].language == "de"
    assert german["first-5-km"] == domain("first-5-km")


@pytest.mark.parametrize("id", ["", "no-such-domain", "../safety", "first-5-km.json", "\0"])
def test_what_is_not_there_is_none(id: str) -> None:
    assert domain(id) is None
    assert story(id, "de") is None


# Translations


@pytest.mark.parametrize("path", TRANSLATED, ids=name_of)
def test_a_translation_is_shaped_like_its_original(path: Path) -> None:
    own, original = read(path), read(path.parents[1] / ORIGINAL / path.name)
    assert [step["conditions"] for step in own["steps"]] == [step["conditions"] for step in original["steps"]]
    assert [each["id"] for each in own["stories"]] == [each["id"] for each in original["stories"]]
    assert own["version"] == original["version"]
    assert bool(own["note"]) == bool(original["note"])


# Words


@each_domain
def test_steps_are_short_enough_for_a_phone_and_need_no_full_stop(one: Domain) -> None:
    long = [step.name for step in one.steps if len(step.name.split()) > 15]
    stopped = [step.name for step in one.steps if step.name.endswith((".", "!", "?"))]
    assert (long, stopped) == ([], [])


@each_domain
def test_plans_read_on_from_if_and_then(one: Domain) -> None:
    for plan in one.if_then:
        assert not re.match("(if|then|wenn|dann|si|entonces|إذا) ", f"{plan.situation} ", re.IGNORECASE)
        assert not re.match("(then|dann|entonces) ", f"{plan.response} ", re.IGNORECASE)
        assert not plan.response[0].isupper()
        assert not plan.response.endswith(".")
        if one.language == ORIGINAL:
            assert plan.situation[0].islower() or plan.situation.startswith(("I ", "I’"))


@each_domain
def test_a_story_is_told_in_paragraphs(one: Domain) -> None:
    assert all("\n\n" in each.text and "\n\n\n" not in each.text for each in one.stories)


CHEER = (
    r"[!¡]|\b(you can do|you got this|amazing|awesome|incredible|fantastic|great job|well done|believe in"
    r"|superpower|proud of (you|myself)|no excuses|never give up|crush(ed)? it|streak|journey|best version"
    r"|if i can|anyone can|du schaffst|tú puedes)\b"
)
CLAIM = r"\b(cures?|heals?|therapeutic|proven to|guaranteed?|diagnos\w+|disorder)\b"


@each_file
def test_no_text_cheers_or_claims_to_treat(path: Path) -> None:
    texts = texts_of(read(path))
    assert [text for text in texts if re.search(CHEER, text, re.IGNORECASE)] == []
    assert [text for text in texts if re.search(CLAIM, text, re.IGNORECASE)] == []


@each_file
def test_quotation_marks_and_apostrophes_are_typographic(path: Path) -> None:
    assert [text for text in texts_of(read(path)) if re.search("['\"`]|  ", text)] == []


@each_domain
def test_nothing_that_becomes_a_goal_or_is_searched_for_is_refused(one: Domain) -> None:
    named = (
        one.title,
        one.about,
        *one.sayings,
        *one.keywords,
        *one.harder,
        *(step.name for step in one.steps),
    )
    for text in named:
        screen_goal(text)


FORBIDDEN = (
    r"\b(dos(e|es|age)|overdos\w*|suicid\w*|self-?harm\w*|starv\w*|calorie\w*|\d+ ?mg|milligrams?|vodka)\b"
)


@pytest.mark.parametrize("path", ENGLISH, ids=name_of)
def test_no_domain_speaks_of_amounts_hunger_or_harm_to_oneself(path: Path) -> None:
    content = read(path)
    note = content.pop("note")
    assert [text for text in texts_of(content) if re.search(FORBIDDEN, text, re.IGNORECASE)] == []
    assert not re.search(r"\b\d+ ?mg\b", note)
