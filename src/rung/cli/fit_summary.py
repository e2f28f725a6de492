"""What `rung fit` says of a fit: what was found, how it does on others, and what became of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rung.cli.output import print_table

if TYPE_CHECKING:
    from rung.engine.prediction.chances import Evidence, Weights
    from rung.research.fitting.heldout import Comparison
    from rung.research.fitting.mixed import Fit
    from rung.research.fitting.model import FittedModel, Outcome

__all__ = ["tell_conclusion", "tell_fit"]

_PARTS = {
    "judgements": "judgements",
    "cases": "cases",
    "answers": "answers",
    "attempt": "attempts",
    "choice": "choices",
}
"""The parts of a model in words."""


def tell_fit(fitted: FittedModel, logs: int) -> None:
    """Print what was found in each part, and how it does on people held out."""
    from rung.engine.prediction.chances import ATTEMPT, CHOICE
    from rung.engine.prediction.model import Model

    click.echo(f"{logs} {'log' if logs == 1 else 'logs'}.")
    outcomes, candidate, given = fitted.outcomes, fitted.candidate, Model.default()
    if fitted.judgements is not None:
        _tell_judgements(fitted, fitted.judgements)
    if "cases" in outcomes:
        click.echo(f"\nCases: {_fitted_to(outcomes['cases'], 'judgements')}.")
        tables = candidate.cases
        heard = f", listened to by {tables.heard:.2f}" if len(tables.values) else ""
        click.echo(f"{len(tables.values)} tables of what was said in cases alike{heard}.")
    if "answers" in outcomes:
        click.echo(f"\nAnswers: {_fitted_to(outcomes['answers'], 'judgements')}.")
        sd = candidate.answers.variance**0.5
        click.echo(f"How readily people repeat the last one differs by a sd of {sd:.2f} in log odds.")
    if "attempt" in outcomes:
        click.echo(f"\nAttempts: {_fitted_to(outcomes['attempt'], 'with a known outcome')}.")
        _tell_weights("success", candidate.attempt, given.attempt, ATTEMPT)
    if "choice" in outcomes:
        click.echo(f"\nChoices: {_fitted_to(outcomes['choice'], 'choices')}.")
        _tell_weights("a choice", candidate.choice, given.choice, CHOICE)
    _tell_held_out(fitted)


def _fitted_to(outcome: Outcome, of: str) -> str:
    from rung.research.labels import people_text

    drawn = f", drawn from {outcome.people_known:,}" if outcome.people < outcome.people_known else ""
    return f"{people_text(outcome.people)}{drawn}, {outcome.answers:,} {of}"


def _tell_judgements(fitted: FittedModel, fit: Fit) -> None:
    told = _fitted_to(fitted.outcomes["judgements"], "that have an earlier one")
    click.echo(f"\nJudgements: {told}.")
    starts = ", ".join(f"{start:,.1f}" for start in fit.starts)
    reached = "converged" if fit.converged else "not converged"
    click.echo(f"Log likelihood {fit.log_likelihood:,.1f}, {reached} after {fit.steps} steps.")
    click.echo(f"After the first steps from {len(fit.starts)} starts: {starts}.")
    _tell_evidence(fitted, fit)
    _tell_personal(fitted, fit)
    noise = fit.population.noise**0.5
    click.echo(f"Noise: sd {noise:.4f} ± {fit.noise_error / (2.0 * noise):.4f}, in units of the rating.")


def _tell_evidence(fitted: FittedModel, fit: Fit) -> None:
    from rung.engine.prediction.rows import NAMES

    told = zip(NAMES, fit.population.weights.tolist(), fit.errors.tolist(), strict=True)
    rows = [one for one in told if one[0] in fitted.seen]
    rows.sort(key=lambda one: -abs(one[1]))
    click.echo("\nWhat evidence weighs in a judgement, for people in general:")
    table = [[name, f"{value:+.4f}", f"{error:.4f}"] for name, value, error in rows]
    print_table(["", "weight", "± standard error"], table, numbers_from=1)
    _tell_left(len(NAMES) - len(rows))


def _tell_personal(fitted: FittedModel, fit: Fit) -> None:
    from rung.engine.prediction.habits import PERSONAL

    variances = fit.population.spread.diagonal().tolist()
    found = [
        (name, variance**0.5, error / (2.0 * variance**0.5))
        for name, variance, error in zip(PERSONAL, variances, fit.spread_errors.tolist(), strict=True)
        if name in fitted.seen
    ]
    found.sort(key=lambda one: -one[1])
    click.echo("\nHow far people differ in it (sd of their own weights):")
    table = [[name, f"{sd:.4f}", f"{error:.4f}"] for name, sd, error in found]
    print_table(["", "sd", "± standard error"], table, numbers_from=1)


def _tell_weights(of: str, weights: Weights, given: Weights, evidence: tuple[Evidence, ...]) -> None:
    columns = (weights.mean.tolist(), given.mean.tolist(), (weights.covariance.diagonal() ** 0.5).tolist())
    # What nobody had weighs to the last digit what it is given.
    told = [row for row in zip((item.name for item in evidence), *columns, strict=True) if row[1] != row[2]]
    click.echo(f"What evidence weighs for {of}, in log odds:")
    table = [[name, f"{weight:+.3f}", f"{own:+.3f}", f"{sd:.3f}"] for name, weight, own, sd in told]
    print_table(["", "weight", "Rung's own", "sd of a new person's"], table, numbers_from=1)
    _tell_left(len(evidence) - len(told))


def _tell_left(count: int) -> None:
    if count:
        click.echo(f"{count} more stay as Rung has them: these logs say nothing of them.")


def _tell_held_out(fitted: FittedModel) -> None:
    rows = [
        [
            _PARTS[part] if place == 0 else "",
            name,
            f"{outcome.held_out.people:,}",
            f"{outcome.held_out.predicted:,}",
            *_compared(comparison),
        ]
        for part, outcome in fitted.outcomes.items()
        if outcome.held_out is not None
        for place, (name, comparison) in enumerate(outcome.held_out.scores.items())
    ]
    if rows:
        click.echo("\nOn people who took no part in the fit; lower is better:")
        headings = ["", "", "people", "predicted", "fitted", "Rung's own", "fitted - Rung's own"]
        print_table(headings, rows, numbers_from=2)


def _compared(comparison: Comparison) -> list[str]:
    apart = comparison.difference
    between = "" if apart.low is None or apart.high is None else f" ({apart.low:+.4f} to {apart.high:+.4f})"
    fitted, given = comparison.fitted.value or 0.0, comparison.given.value or 0.0
    return [f"{fitted:+.4f}", f"{given:+.4f}", f"{apart.value or 0.0:+.4f}{between}"]


def tell_conclusion(fitted: FittedModel, output: Path, force: bool, *, quiet: bool) -> None:
    """Say which parts are better, which are not, and whether the file was written; `quiet`: to stderr."""
    outcomes = fitted.outcomes
    kept = [part for part, one in outcomes.items() if not one.is_taken and (one.is_better or force)]
    better = [_PARTS[part] for part, one in outcomes.items() if one.is_better and part not in kept]
    worse = [_PARTS[part] for part, one in outcomes.items() if one.held_out is not None and not one.is_better]
    untried = [_PARTS[part] for part, outcome in outcomes.items() if outcome.held_out is None]
    told = [
        ("Better than in the model that Rung comes with", better),
        ("No better than there", worse),
        ("Kept as Rung comes with them, as you asked", [_PARTS[part] for part in kept]),
        ("Held against nothing, which takes two people who answered more than once", untried),
        (
            "Nothing to learn from, so as in the model that Rung comes with",
            [word for part, word in _PARTS.items() if part not in outcomes],
        ),
    ]
    for sentence, parts in told:
        if parts:
            click.echo(f"{sentence}: {', '.join(parts)}.", err=quiet)
    if force:
        but = " and not to be kept" if kept else ""
        click.echo(f"Wrote {output}, with all that was fitted{but}.", err=quiet)
    elif better:
        rest = "" if len(better) == len(_PARTS) else "; all else is as Rung comes with it"
        click.echo(f"Wrote {output}, with the better parts{rest}.", err=quiet)
    else:
        click.echo(f"{output} is left as it was; see --force.", err=quiet)
