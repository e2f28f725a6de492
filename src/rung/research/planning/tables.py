"""What a comparison says, as the rows of tables, on the terminal and in the report."""

from __future__ import annotations

from collections.abc import Callable

from rung.research.labels import number_text, people_text
from rung.research.planning.marks import Mark
from rung.research.planning.results import EVERY, Compared, Row
from rung.research.resampling import Measure
from rung.research.trials.tables import Table

__all__ = [
    "CAUTION",
    "brief_tables",
    "days_table",
    "lead",
    "marks_table",
    "parts_table",
    "scene_table",
    "scenes_table",
]

CAUTION = (
    "Simulated people live by the model that Rung's planner reckons with, or learn by another published rule."
    " This says what a policy amounts to if people are like that, and is no evidence about people."
)
_STEPS_ALONE = (
    'Rules pick steps and nothing else; what Rung does with steps alone is "Rung, step alone". The oracle'
    " knows what is lastingly true of each person, not the mood and luck of a day."
)
_OUTCOMES: tuple[tuple[str, Callable[[Row], str]], ...] = (
    ("days", lambda row: _days(row.days)),
    ("at the goal", lambda row: _of_100(row.arrived)),
    ("gave up", lambda row: _of_100(row.gave_up)),
    ("tried", lambda row: number_text(row.attempts.value, 1)),
    ("let pass", lambda row: number_text(row.passed.value, 1)),
    ("sure", lambda row: _of_100(row.efficacy)),
    ("works", lambda row: _of_100(row.chance)),
    ("off", lambda row: _of_100(row.off)),
    ("days, worst tenth", lambda row: number_text(row.worst_days.value, 0)),
    ("sure, lowest tenth", lambda row: _of_100(row.worst_efficacy)),
)
_TOLD = (
    "Days to the goal step, with their interval of 95 %; who did not come there in time counts with the whole"
    " time. Of 100 people: at the goal, given up. Occasions tried and let pass. At the end, of 100: how sure"
    " of the goal step, how often it works, and how far the two are apart over the ladder. Last, the tenth of"
    " people with the most days, and the tenth that is least sure."
)


def lead(found: Compared) -> str:
    """What was compared."""
    scenes, policies = len(found.scenes), len(found.policies)
    return (
        f"{people_text(found.people)} on each of {scenes} scenes, the same for {policies} policies;"
        f" wanted chance {number_text(found.wanted, 2)}, seed {found.seed}."
    )


def brief_tables(found: Compared) -> list[Table]:
    """What stands on the terminal."""
    scene = EVERY if len(found.scenes) > 1 else found.scenes[0][0]
    tables = [scene_table(found, scene), scenes_table(found)]
    return [*tables, marks_table(found)] if found.marks else tables


def scene_table(found: Compared, scene: str) -> Table:
    """All outcomes of every policy on one scene."""
    rows = [(row.policy, *(text(row) for _, text in _OUTCOMES)) for row in found.rows if row.scene == scene]
    headings = ("policy", *(heading for heading, _ in _OUTCOMES))
    return Table(scene.capitalize(), headings, rows, 1, f"{_TOLD} {_STEPS_ALONE}")


def scenes_table(found: Compared) -> Table:
    """Scene by scene: the best rule's days, and those of everybody who is held against it."""
    held = [name for name, role, _ in found.policies if role in ("Rung", "part", "own", "helped")]
    rows = []
    for scene in _places(found):
        best = _best_rival(found, scene)
        cells = [best.policy if best else "-", _days(best.days) if best else "-"]
        own = [found.row(scene, name) for name in held]
        rung = found.row(scene, "Rung")
        rows.append((
            scene,
            *cells,
            *(_days(row.days) if row else "-" for row in own),
            _ratio(rung.against_rival if rung else None),
            _ratio(rung.against_oracle if rung else None),
        ))  # fmt: skip
    headings = ("scene", "best rule", "its days", *held, "Rung, of it", "of the oracle's")
    told = (
        "Days with their interval of 95 %. Rung, of it: Rung's days for one day of the best rule; of the"
        " oracle's: for one of the oracle. Both are paired over people."
    )
    return Table("Days, scene by scene", headings, rows, 2, told)


def days_table(found: Compared) -> Table:
    """Days of every policy on every scene; the fewest are marked, the oracles' aside."""
    scenes = _places(found)
    least = {scene: _fewest(found, scene) for scene in scenes}
    rows = [
        (
            name,
            *(
                f"{_days(row.days)}{' ●' if least[scene] == name else ''}" if row else "-"
                for scene in scenes
                for row in [found.row(scene, name)]
            ),
        )
        for name, _, _ in found.policies
    ]
    told = "Mean days to the goal step, with their interval of 95 %. ●: the fewest, oracles aside."
    return Table("Days", ("policy", *scenes), rows, 1, told)


def marks_table(found: Compared) -> Table:
    """Every mark, and whether it is reached."""
    rows = [_mark(mark) for mark in found.marks]
    told = (
        "What was to be reached was set before it was measured. Open: the interval of 95 % has the bound in"
        " it, so that other people may turn it round."
    )
    return Table("Marks", ("policy", "number", "scene", "", "at most", "measured"), rows, 4, told)


def parts_table(found: Compared) -> Table:
    """How often what was advised beside a step, on average over scenes."""
    scene = EVERY if len(found.scenes) > 1 else found.scenes[0][0]
    rows = [
        (row.policy, *(f"{100 * share:.0f}" for share in row.advised))
        for row in found.rows
        if row.scene == scene and any(row.advised)
    ]
    headings = ("policy", "a model", "an assurance", "the heartbeat", "a bridge")
    told = "Of 100 days on the way, on how many it was advised. Nothing of it costs a day in the simulation."
    return Table("Beside the step", headings, rows, 1, told)


def _mark(mark: Mark) -> tuple[str, ...]:
    bound, value = number_text(mark.bound, 2), _ratio(mark.value)
    return mark.policy, mark.aim, mark.where, mark.verdict, bound, value


def _places(found: Compared) -> list[str]:
    names = [name for name, _ in found.scenes]
    return [*names, EVERY] if len(names) > 1 else names


def _best_rival(found: Compared, scene: str) -> Row | None:
    rivals = [row for row in found.rows if row.scene == scene and row.role in ("rule", "own")]
    return min(rivals, key=lambda row: row.days.value or 0.0, default=None)


def _fewest(found: Compared, scene: str) -> str | None:
    rows = [row for row in found.rows if row.scene == scene and row.role != "oracle"]
    return min(rows, key=lambda row: row.days.value or 0.0).policy if rows else None


def _days(days: Measure) -> str:
    return number_text(days.value, 1) + (
        "" if days.low is None or days.high is None else f" ({days.low:.0f}-{days.high:.0f})"
    )


def _ratio(ratio: Measure | None) -> str:
    if ratio is None or ratio.value is None:
        return "-"
    interval = "" if ratio.low is None else f" ({number_text(ratio.low, 2)}-{number_text(ratio.high, 2)})"
    return number_text(ratio.value, 2) + interval


def _of_100(share: Measure) -> str:
    return "-" if share.value is None else f"{100 * share.value:.0f}"
