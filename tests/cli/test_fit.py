"""`rung fit`: from logs to a model, written only where it predicts better."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from tests.research.logs import ODD, study

from rung.cli.main import cli
from rung.engine.events import Event
from rung.engine.parameters import Parameters
from rung.engine.prediction.crowd import judged
from rung.engine.prediction.model import Model
from rung.engine.prediction.rows import NAMES
from rung.log import write_log
from rung.research.fitting.crowds import crowd_of
from rung.research.fitting.judgements import fit_judgements


@pytest.fixture
def log(tmp_path: Path) -> str:
    path = tmp_path / "study.csv"
    write_log(study(people=20), path)
    return str(path)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "model.json"


def fit(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["fit", *map(str, arguments)])


def as_json(*arguments: object) -> dict[str, Any]:
    done = fit(*arguments, "--json")
    assert done.exit_code in (0, 3), done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def model_in(path: Path) -> Model:
    return Model.from_json(path.read_text("utf-8"))


def test_the_file_has_what_was_fitted_and_to_what(log: str, output: Path) -> None:
    done = fit(log, "-o", output)
    assert done.exit_code == 0, done.output
    wanted = fit_judgements(judged(crowd_of(study(people=20)), Parameters()))
    found = model_in(output)
    told = found.fitted["judgements"]
    seen = [NAMES.index(name) for name in told["errors"]]
    assert len(seen) > 20
    assert np.allclose(found.judgements.weights[seen], wanted.population.weights[seen], rtol=0, atol=1e-10)
    assert found.judgements.noise == pytest.approx(wanted.population.noise)
    assert (told["people"], told["judgements"], told["logs"]) == (20, 220, ["study.csv"])
    assert told["converged"]
    assert len(told["starts"]) == 3
    assert str(output.parent) not in output.read_text("utf-8")


def test_the_summary_says_what_was_found_and_how_it_does_on_others(log: str, output: Path) -> None:
    done = fit(log, "-o", output)
    assert "Judgements: 20 people, 220 that have an earlier one." in done.output
    assert "converged after" in done.output
    for word in ("level", "told", "Noise: sd", "log score", "squared error", "CRPS", "log loss", "Brier"):
        assert word in done.output
    assert "Attempts: 20 people, 240 with a known outcome." in done.output
    assert "Choices: 20 people, 240 choices." in done.output
    assert f"Wrote {output}, with the better parts" in done.output


def test_json_has_the_model_and_the_comparisons(log: str, output: Path) -> None:
    found = as_json(log, "-o", output)
    assert found["written"]
    written = json.loads(output.read_text("utf-8"))
    assert {name: found[name] for name in written} == written
    assert (
        list(found["held_out"])
        == list(found["is_better"])
        == ["judgements", "cases", "answers", "attempt", "choice"]
    )
    score = found["held_out"]["judgements"]["scores"]["log score"]
    assert score["difference"]["value"] == pytest.approx(score["fitted"]["value"] - score["given"]["value"])
    assert score["difference"]["low"] < score["difference"]["value"] < score["difference"]["high"]


def test_only_the_better_parts_are_written(log: str, output: Path) -> None:
    found = as_json(log, "-o", output)
    assert True in found["is_better"].values()
    for part, is_better in found["is_better"].items():
        assert (part in found["fitted"]) == is_better
        score = next(iter(found["held_out"][part]["scores"].values()))
        assert is_better == (score["difference"]["value"] < 0.0)


def test_workers_and_parts_do_not_change_what_comes_out(log: str, output: Path) -> None:
    alone = as_json(log, "-o", output)
    together = as_json(log, "-o", output, "--workers", 2, "--parts", 3)
    for part in ("judgements", "attempt", "choice"):
        assert together[part]["weights"] == pytest.approx(alone[part]["weights"], abs=1e-10)
    for part, wanted in alone["held_out"].items():
        for name, score in wanted["scores"].items():
            ours = together["held_out"][part]["scores"][name]["fitted"]["value"]
            assert ours == pytest.approx(score["fitted"]["value"], abs=1e-10)


def test_logs_are_pooled_and_the_same_id_in_two_of_them_is_two_people(
    log: str, output: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.jsonl"
    write_log(study(people=5, rounds=6, seed=1), other)
    told = as_json(log, other, "-o", output)["fitted"]["judgements"]
    assert (told["people"], told["judgements"]) == (25, 20 * 11 + 5 * 5)
    assert told["logs"] == ["study.csv", "other.jsonl"]


def test_a_folder_stands_for_the_logs_in_it(output: Path, tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    folder.mkdir()
    (folder / "README.txt").write_text("not a log")
    for seed in range(3):
        write_log(study(people=6, seed=seed), folder / f"part-{seed}.csv.gz")
    assert as_json(folder, "-o", output)["fitted"]["judgements"]["people"] == 18
    (tmp_path / "empty").mkdir()
    done = fit(tmp_path / "empty", "-o", output)
    assert done.exit_code == 1
    assert "has no log in it" in done.output


def test_what_is_no_improvement_is_not_written_but_with_force(output: Path, tmp_path: Path) -> None:
    path = tmp_path / "alone.csv"
    write_log(study(people=1), path)
    output.write_text("as it was")
    done = fit(path, "-o", output)
    assert done.exit_code == 3
    assert "Held against nothing" in done.output
    assert f"{output} is left as it was" in done.output
    assert output.read_text("utf-8") == "as it was"
    forced = fit(path, "-o", output, "--force")
    assert forced.exit_code == 0, forced.output
    assert f"Wrote {output}, with all that was fitted" in forced.output
    assert model_in(output).fitted["judgements"]["people"] == 1


def test_a_fit_that_predicts_worse_is_refused_with_its_numbers(
    log: str, output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Rung comes with has met all of these people, and no fit to the others knows them better."""
    assert fit(log, "-o", tmp_path / "all.json", "--force").exit_code == 0
    given = model_in(tmp_path / "all.json")
    monkeypatch.setattr(Model, "default", classmethod(lambda cls: given))
    done = fit(log, "-o", output)
    assert done.exit_code == 3, done.output
    assert "No better than there: judgements, cases, answers, attempts, choices." in done.output
    assert f"{output} is left as it was" in done.output
    assert "log score" in done.output
    assert not output.exists()
    assert not as_json(log, "-o", output)["written"]
    assert not output.exists()


@pytest.mark.parametrize("name", ODD)
def test_an_odd_log_is_survived(name: str, output: Path, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    write_log(ODD[name](), path)
    done = fit(path, "-o", output, "--force")
    assert done.exit_code == 0, done.output
    assert "nan" not in done.output
    assert model_in(output).fitted
    assert fit(path, "-o", output).exit_code in (0, 3)


def test_a_log_with_choices_alone_teaches_choices_alone(output: Path, tmp_path: Path) -> None:
    path = tmp_path / "choices.csv"
    write_log(ODD["only choices"](), path)
    found = as_json(path, "-o", output, "--force")
    assert list(found["held_out"]) == ["choice"]
    assert [part for part, told in found["fitted"].items() if told["logs"] == ["choices.csv"]] == ["choice"]
    done = fit(path, "-o", output, "--force")
    assert "Nothing to learn from" in done.output
    assert "judgements, cases, answers, attempts." in done.output


def test_a_log_without_anything_to_fit_is_refused(output: Path, tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    for told in [
        [Event("ana", "talks", "ask", 0.0, "judgement", 0.5)],
        [Event("ana", "talks", "ask", 0.0, "note")],
        [],
    ]:
        write_log(told, path)
        done = fit(path, "-o", output)
        assert done.exit_code == 1
        assert "there is nothing to fit" in done.output
        assert not output.exists()


def test_people_whose_logs_are_files_of_their_own_can_be_held_out(output: Path, tmp_path: Path) -> None:
    paths = [tmp_path / f"person-{seed}.csv" for seed in range(4)]
    for seed, path in enumerate(paths):
        write_log(study(people=1, seed=seed), path)
    found = as_json(*paths, "-o", output)
    assert [one["people"] for one in found["held_out"].values()] == [4, 4, 4, 4, 4]
    assert as_json(tmp_path, "-o", output)["held_out"] == found["held_out"]


def test_a_log_with_faults_is_refused_with_all_of_them(output: Path, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("person,domain,time,kind,value\nana,talks,0,judgement,2\nana,talks,1,judgement,x\n")
    done = fit(path, "-o", output)
    assert done.exit_code == 1
    assert "bad.csv:2: value" in done.output
    assert "bad.csv:3: value" in done.output
    assert not output.exists()


def test_what_cannot_be_written_or_read_is_told_before_the_work(log: str, tmp_path: Path) -> None:
    for arguments in [
        (log, "-o", tmp_path / "nowhere" / "out"),
        (tmp_path / "none.csv", "-o", tmp_path / "m"),
    ]:
        done = fit(*arguments)
        assert done.exit_code == 2
        assert "nowhere" in done.output or "none.csv" in done.output


def test_a_log_is_not_written_over(log: str) -> None:
    before = Path(log).read_bytes()
    done = fit(log, "-o", log)
    assert done.exit_code == 2
    assert "is one of the logs" in done.output
    assert Path(log).read_bytes() == before


def test_a_file_in_a_folder_that_is_no_log_is_named_without_a_trace(output: Path, tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    folder.mkdir()
    write_log(study(people=3), folder / "good.csv")
    for name, content in [("bad.csv.gz", b"not packed"), ("bad.jsonl", b"{"), ("bad.csv", b"\xff\xfe")]:
        (folder / name).write_bytes(content)
        done = fit(folder, "-o", output)
        assert done.exit_code == 1
        assert f"Error: {name} failed: " in done.output
        assert isinstance(done.exception, SystemExit)
        (folder / name).unlink()


def test_without_room_for_what_is_kept_meanwhile_it_is_told(
    log: str, output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device", str(tmp_path / "part"))

    monkeypatch.setattr("rung.research.fitting.parts.parts_of", full)
    done = fit(log, "-o", output)
    assert done.exit_code == 1
    assert "No space left on device" in done.output


def test_the_same_command_says_the_same_twice(log: str, tmp_path: Path) -> None:
    said = []
    for name in ("one.json", "two.json"):
        done = fit(log, "-o", tmp_path / name, "--seed", 3, "--json")
        said.append((done.stdout, (tmp_path / name).read_bytes()))
    assert said[0] == said[1]


def test_a_part_that_is_to_be_kept_stays_as_it_comes(log: str, output: Path) -> None:
    done = fit(log, "-o", output, "--force", "--keep", "judgements", "--keep", "attempt")
    assert done.exit_code == 0, done.output
    assert "Kept as Rung comes with them, as you asked: judgements, attempts." in done.output
    given, found = Model.default(), model_in(output)
    np.testing.assert_array_equal(found.judgements.weights, given.judgements.weights)
    np.testing.assert_array_equal(found.attempt.mean, given.attempt.mean)
    assert not np.array_equal(found.answers.repeat, given.answers.repeat)
    assert found.fitted["judgements"] == given.fitted["judgements"]
    assert found.fitted["answers"]["logs"] == ["study.csv"]


def test_no_more_events_of_a_log_are_read_than_wanted_of_whole_people(log: str, output: Path) -> None:
    whole = as_json(log, "-o", output, "--force")["fitted"]["judgements"]
    some = as_json(log, "-o", output, "--force", "--most", 250)["fitted"]["judgements"]
    events = len(study(people=20)) // 20
    assert some["people"] == 250 // events < whole["people"]
    assert some["judgements"] * whole["people"] == whole["judgements"] * some["people"]
    one = as_json(log, "-o", output, "--force", "--most", 1)["fitted"]["judgements"]
    assert one["people"] == 1


def test_who_is_read_depends_on_the_seed_and_not_on_the_parts(log: str, output: Path) -> None:
    def weights(*options: object) -> dict[str, float]:
        found = as_json(log, "-o", output, "--force", "--most", 250, *options)
        told: dict[str, float] = found["judgements"]["weights"]
        return told

    assert weights() == pytest.approx(weights("--parts", 3), abs=1e-10)
    assert weights() != pytest.approx(weights("--seed", 1), abs=1e-6)


def test_where_all_that_is_better_is_to_be_kept_nothing_is_written(log: str, output: Path) -> None:
    keep = [
        word for part in ("judgements", "cases", "answers", "attempt", "choice") for word in ("--keep", part)
    ]
    done = fit(log, "-o", output, *keep)
    assert done.exit_code == 3
    assert f"{output} is left as it was" in done.output
    assert not output.exists()
