"""What the parts of a design must have of each other: tasks that exist, days that come in time."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from difflib import get_close_matches

from rung.research.trials.design import FEEDBACK, PERSUASION, STATE, Design, Dose, Measure

__all__ = ["faults"]


def faults(design: Design) -> list[str]:
    """Everything that does not fit together, each with its place."""
    return list(_faults(design))


def _faults(design: Design) -> Iterator[str]:
    for name, steps in design.ladders.items():
        for step in steps:
            yield from _known(f"[ladders]: {name}", "task", step, design.tasks)
    for measure in design.measures:
        where = f'measure "{measure.name}"'
        yield from _about(where, design, measure)
        if not measure.baseline and not design.drop_out.followed and design.loses_people:
            yield (
                f"{where}: baseline: is needed, since of those who leave the last value is carried forward;"
                " leave the line out, or set followed = true in [drop_out]"
            )
    for arm in design.arms:
        for number, dose in enumerate(arm.doses, 1):
            yield from _dose(f'arm "{arm.name}", dose {number}', design, dose)
    yield from _primary(design)
    if design.drop_out.from_doubt:
        if design.drop_out.task:
            yield from _known("[drop_out]: task", "task", design.drop_out.task, design.tasks)
        else:
            yield "[drop_out]: task: is missing; name the task whose efficacy decides who leaves"


def _dose(where: str, design: Design, dose: Dose) -> Iterator[str]:
    if dose.kind == STATE:
        if dose.task or dose.ladder:
            yield f"{where}: {'task' if dose.task else 'ladder'}: a state is of no task; leave the line out"
        if dose.arousal is None and dose.appraisal is None:
            yield f"{where}: arousal: is missing; give arousal, appraisal, or both"
    else:
        yield from _about(where, design, dose)
    if dose.kind == PERSUASION and dose.conveyed is None:
        yield f"{where}: conveyed: is missing; it says the chance of success that is conveyed, 0 to 1"
    if dose.kind == FEEDBACK and dose.outcome is not None and dose.after != "any":
        yield f"{where}: after: is of the last attempt; leave out this line or that of outcome"
    if dose.climbs and not dose.ladder:
        yield f"{where}: climbs: needs a ladder; name one instead of a task"
    last = max(day for measure in design.measures for day in measure.days)
    if dose.days[-1] > last:
        yield (
            f"{where}: days: day {dose.days[-1]:g} is after the last measurement (day {last:g}) and would"
            " change nothing; measure later, or leave it out"
        )


def _about(where: str, design: Design, item: Dose | Measure) -> Iterator[str]:
    """A dose or a measure is of one task or one ladder, and there is such a one."""
    if item.task and item.ladder:
        yield f"{where}: task: there is a ladder too; name one of the two"
    elif item.task:
        yield from _known(f"{where}: task", "task", item.task, design.tasks)
    elif item.ladder:
        yield from _known(f"{where}: ladder", "ladder", item.ladder, design.ladders)
    else:
        yield f"{where}: task: is missing; name a task or a ladder"


def _primary(design: Design) -> Iterator[str]:
    wanted, names = design.trial.primary, [one.name for one in design.measures]
    if wanted and wanted not in names:
        yield from _known("[trial]: primary", "measure", wanted, names)
        return
    measure, day = design.primary
    if day not in measure.days:
        days = ", ".join(f"{one:g}" for one in measure.days)
        yield f'[trial]: primary_day: "{measure.name}" is not measured on day {day:g}; its days are {days}'


def _known(where: str, kind: str, name: str, names: Collection[str]) -> Iterator[str]:
    if name not in names:
        near = get_close_matches(name, names, 1)
        meant = (
            f'do you mean "{near[0]}"?'
            if near
            else f"describe it, or name one of {', '.join(names) or 'none'}"
        )
        yield f'{where}: there is no {kind} "{name}"; {meant}'
