"""How long a fit takes, and how near it is to full Bayes: empirical Bayes against NUTS, then 10,000 people.

    python benchmarks/fit.py [--only rates full crowd] [--draws 1000] [--json]

`rates`: 60 people x 75 judgements by a delta rule with a rate for good and one for bad news (change = a_good
PE or a_bad PE, PE = told - x), rates Gaussian over people. `full`: 60 x 75 of the whole model. Each is fitted
by `rung.research.fitting` and by NUTS (Hoffman & Gelman 2014, 10.5555/2627435.2638586) of the same mixed
model in numpyro, own parts not centred, one chain, as many draws for warm-up as after it. Where it compiles
is told apart: the second of two runs on the same data finds everything compiled.

    off: |mean here - mean by NUTS| / sd by NUTS, of personal weights and of the weights of people in general

`crowd`: 10,000 people x 75 judgements, from events to fit, in chunks of people, in a process of its own.

NUTS needs `rung[nuts]` (docs/decisions/0013-large-extras.md); without it these two are left out.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np

from rung.engine.parameters import Parameters
from rung.engine.prediction.crowd import Crowd, Judged, judged
from rung.engine.prediction.habits import PERSONAL, Population
from rung.engine.prediction.rows import NAMES
from rung.engine.scales import FloatArray
from rung.research.fitting.crowds import crowd_of
from rung.research.fitting.judgements import fit_judgements
from rung.research.fitting.mixed import (
    PRIOR,
    PRIOR_PEOPLE,
    PRIOR_SPREAD,
    SMALLEST,
    Fit,
    fit,
    own_weights,
    totals,
)
from rung.research.fitting.simulation import simulate
from rung.research.fitting.sums import OWN, People, added, people_of

P = Parameters()
SPREADS = {"one": 0.03, "level": 0.1, "good": 0.5, "bad": 0.5, "told_last": 0.05, "slow": 0.1, "task": 0.1}
WEIGHTS = {
    "level": -0.3,
    "mean": 0.2,
    "good": 1.0,
    "bad": 0.8,
    "borrowed": 1.0,
    "body": 1.0,
    "told_last": 0.05,
}


class Posterior(NamedTuple):
    """Of the weights of people in general, shape (k,), and of everyone's, shape (people, r)."""

    weights: FloatArray
    weights_sd: FloatArray
    own: FloatArray
    own_sd: FloatArray


def two_rates(people: int = 60, judgements: int = 75, seed: int = 0) -> Judged:
    """Made-up people with a rate for good and a rate for bad news; every other number is nought."""
    random = np.random.default_rng(seed)
    rates = np.array([0.2, 0.3]) + 0.08 * random.normal(size=(people, 2))
    x = random.uniform(0.2, 0.8, people)
    rows, lasts = np.zeros((judgements, people, len(NAMES))), np.empty((judgements, people))
    changes = np.empty((judgements, people))
    for turn in range(judgements):
        error = random.random(people) - x
        good, bad = np.maximum(error, 0.0), np.minimum(error, 0.0)
        rows[turn, :, NAMES.index("good")], rows[turn, :, NAMES.index("bad")] = good, bad
        lasts[turn] = x
        changes[turn] = rates[:, 0] * good + rates[:, 1] * bad + 0.05 * random.normal(size=people)
        x = x + changes[turn]
    person = np.tile(np.arange(people), judgements)
    flat = rows.reshape(-1, len(NAMES))
    return Judged(np.arange(len(person)), person, flat, lasts.ravel(), changes.ravel())


def whole_model(people: int = 60, judgements: int = 75, seed: int = 0) -> Judged:
    """Made-up people who weigh every number."""
    weights = np.array([WEIGHTS.get(name, 0.0) for name in NAMES])
    spread = np.diag([SPREADS.get(name, 0.02) ** 2 for name in PERSONAL])
    log = simulate(Population(weights, spread, 0.06**2), people, judgements, seed=seed).log
    return judged(crowd_of(log), P)


def ours(known: Judged) -> Posterior:
    """By empirical Bayes."""
    found = fit_judgements(known)
    population = found.population
    own, covariance = own_weights(people_of(known), population)
    sd = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))
    return Posterior(population.weights, found.errors, own + population.weights[OWN], sd)


def nuts(known: Judged, draws: int) -> tuple[Posterior, float, float, dict[str, float]]:
    """By NUTS: posterior, seconds with and without compiling, and how well the chain ran."""
    jax, jnp, numpyro = (import_module(name) for name in ("jax", "jax.numpy", "numpyro"))
    infer = import_module("numpyro.infer")
    use = np.flatnonzero(known.rows.any(axis=0))
    used = [int(place) for place in use if place in OWN]
    sizes = np.maximum(np.sqrt((known.rows**2).mean(axis=0)), SMALLEST)
    person = np.unique(known.person, return_inverse=True)[1]
    data = (known.rows[:, use], known.rows[:, used], person, known.change)
    model = _mixed_model(numpyro, jnp, jax, sizes[use], sizes[used], PRIOR[use], int(person.max()) + 1)
    sampler = infer.MCMC(infer.NUTS(model), num_warmup=draws, num_samples=draws, progress_bar=False)
    taken = []
    for _ in range(2):
        start = time.perf_counter()
        sampler.run(jax.random.PRNGKey(0), *map(jnp.asarray, data), extra_fields=("diverging", "num_steps"))
        found = {name: np.asarray(values) for name, values in sampler.get_samples().items()}
        taken.append(time.perf_counter() - start)
    places = [use.tolist().index(place) for place in used]
    own = found["own"] + found["weights"][:, None, places]
    diagnostics = import_module("numpyro.diagnostics")
    weights, weights_sd = np.zeros(len(NAMES)), np.zeros(len(NAMES))
    weights[use], weights_sd[use] = found["weights"].mean(axis=0), found["weights"].std(axis=0)
    everyone = np.full((2, own.shape[1], len(OWN)), np.nan)
    everyone[:, :, [OWN.index(place) for place in used]] = own.mean(axis=0), own.std(axis=0)
    extra = sampler.get_extra_fields()
    ran = {
        "divergences": float(np.asarray(extra["diverging"]).sum()),
        "leapfrog steps a draw": float(np.asarray(extra["num_steps"]).mean()),
        "least effective draws of weights": float(
            diagnostics.effective_sample_size(found["weights"][None]).min()
        ),
        "least effective draws of own weights": float(diagnostics.effective_sample_size(own[None]).min()),
    }
    return Posterior(weights, weights_sd, *everyone), taken[0], taken[1], ran


def _mixed_model(
    numpyro: Any, jnp: Any, jax: Any, sizes: FloatArray, own_sizes: FloatArray, prior: FloatArray, people: int
) -> Any:
    """d = F w + Z b + e; V has the inverse Wishart prior under which E[V | b] is the step of `mixed`."""
    dist = import_module("numpyro.distributions")
    r = len(own_sizes)
    degrees = PRIOR_PEOPLE + r + 1.0
    root = PRIOR_PEOPLE**0.5 * PRIOR_SPREAD / own_sizes

    def model(rows: Any, own_rows: Any, person: Any, change: Any) -> None:
        noise = numpyro.sample("noise", dist.HalfNormal(0.3))
        width = numpyro.sample("width", dist.HalfNormal(1.0))
        z = numpyro.sample("z", dist.Normal(0.0, 1.0).expand([len(sizes)]).to_event(1))
        weights = numpyro.deterministic("weights", prior + width * z / sizes)
        # Bartlett: the inverse of V is (A / root) (A / root)', A lower triangular.
        log_squares = numpyro.sample("log_squares", dist.ImproperUniform(dist.constraints.real, (), (r,)))
        halves = (degrees - jnp.arange(r)) / 2.0
        numpyro.factor("squares", jnp.sum(halves * log_squares - 0.5 * jnp.exp(log_squares)))
        low = numpyro.sample("low", dist.Normal(0.0, 1.0).expand([r * (r - 1) // 2]).to_event(1))
        lower = jnp.zeros((r, r)).at[jnp.tril_indices(r, -1)].set(low) + jnp.diag(jnp.exp(0.5 * log_squares))
        normal = numpyro.sample("normal", dist.Normal(0.0, 1.0).expand([r, people]).to_event(2))
        solved = jax.scipy.linalg.solve_triangular(lower.T, normal, lower=False)
        own = numpyro.deterministic("own", (root[:, None] * solved).T)
        mean = rows @ weights + (own_rows * own[person]).sum(axis=1)
        numpyro.sample("change", dist.Normal(mean, noise), obs=change)

    return model


def compared(known: Judged, draws: int) -> dict[str, Any]:
    """Both fits of the same judgements."""
    ours(known)
    rounds = []
    for _ in range(5):
        start = time.perf_counter()
        here = ours(known)
        rounds.append(time.perf_counter() - start)
    seconds = float(np.median(rounds))
    there, first, second, ran = nuts(known, draws)
    use = there.weights_sd > 0.0
    weights = (np.abs(here.weights - there.weights)[use] / there.weights_sd[use]).tolist()
    own = np.abs(here.own - there.own) / there.own_sd
    sds = (here.own_sd / there.own_sd)[np.isfinite(own)]
    own = own[np.isfinite(own)]
    return {
        "seconds": seconds,
        "NUTS, seconds with compiling": first,
        "NUTS, seconds compiled": second,
        "times faster, with compiling": first / seconds,
        "times faster, compiled": second / seconds,
        "weights off, mean": float(np.mean(weights)),
        "weights off, max": float(np.max(weights)),
        "own off, mean": float(own.mean()),
        "own off, 95 %": float(np.quantile(own, 0.95)),
        "own off, max": float(own.max()),
        "own sd, ratio": float(sds.mean()),
        **ran,
    }


def _chunks(people: int, judgements: int, chunk: int) -> Iterator[Crowd]:
    """People who are told how they did and judge, by a delta rule; a chunk at a time."""
    for start in range(0, people, chunk):
        random = np.random.default_rng(start)
        here = min(chunk, people - start)
        told = random.integers(0, 2, (here, judgements + 1)).astype(np.float64)
        rates = np.clip(0.2 + 0.08 * random.normal(size=here), 0.0, 1.0)
        values = np.empty((here, judgements + 1, 2))
        x = random.uniform(0.2, 0.8, here)
        for turn in range(judgements + 1):
            x = np.clip(x + rates * (told[:, turn] - x) + 0.05 * random.normal(size=here), 0.0, 1.0)
            values[:, turn, 0], values[:, turn, 1] = told[:, turn], x
        each = 2 * (judgements + 1)
        tried = np.tile([True, False], here * (judgements + 1))
        columns = {
            "value": values.ravel(),
            "feedback": np.where(tried, values.ravel(), np.nan),
            "time": np.tile(60.0 * np.arange(each), here),
        }
        person, nought = np.repeat(np.arange(here), each), np.zeros(here * each, np.intp)
        yield Crowd(person, nought, nought, np.where(tried, "attempt", "judgement"), columns)


def many(people: int, judgements: int, chunk: int) -> dict[str, float]:
    """Seconds and peak memory of a fit to many; to be called in a process of its own."""
    empty, taken = _peak_mb(), np.zeros(3)
    parts: list[People] = []
    squares, count = np.zeros(len(NAMES)), 0
    for crowd in _chunks(people, judgements, chunk):
        start = time.perf_counter()
        known = judged(crowd, P)
        taken[0] += time.perf_counter() - start
        start = time.perf_counter()
        parts.append(people_of(known))
        squares += np.einsum("ij,ij->j", known.rows, known.rows)
        count += len(known.change)
        taken[1] += time.perf_counter() - start
    start = time.perf_counter()
    square = sum(part.squares for part in parts) / count
    found: Fit = fit(
        lambda guess: added(totals(part, guess) for part in parts), np.sqrt(squares / count), square
    )
    taken[2] = time.perf_counter() - start
    return {
        "evidence, seconds": taken[0],
        "sums, seconds": taken[1],
        "fit, seconds": taken[2],
        "seconds": float(taken.sum()),
        "peak MB": _peak_mb(),
        "of it before": empty,
        "judgements": float(found.judgements),
        "steps": float(found.steps),
    }


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Time fits, and hold them against NUTS.")
    parser.add_argument(
        "--only", nargs="+", choices=("rates", "full", "crowd"), default=("rates", "full", "crowd")
    )
    parser.add_argument("--draws", type=int, default=1000, help="of NUTS, after as many for warm-up")
    parser.add_argument("--people", type=int, default=10_000, help="of the crowd")
    parser.add_argument("--chunk", type=int, default=500, help="people at once, of the crowd")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found: dict[str, dict[str, Any]] = {}
    if "crowd" in asked.only:
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as fresh:
            found["crowd"] = fresh.submit(many, asked.people, 75, asked.chunk).result()
    for name, made in (("rates", two_rates), ("full", whole_model)):
        if name in asked.only and find_spec("numpyro"):
            found[name] = compared(made(), asked.draws)
    if asked.json:
        print(json.dumps(found))
        return
    for name, figures in found.items():
        print(f"\n{name}")
        for figure, value in figures.items():
            print(f"    {figure:40}{value:12.3f}")


if __name__ == "__main__":
    main()
