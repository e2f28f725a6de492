"""`rung simulate loops`: how soon loops, over-reach and stuck steps are seen, and how often for nothing."""

from __future__ import annotations

from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rung.cli.output import file_option, print_json, print_table
from rung.cli.progress import bar

if TYPE_CHECKING:
    from rung.research.loops import Measured
    from rung.research.persuading import Persuaded

__all__ = ["loops_command"]

_WORLDS = 7


@click.command("loops")
@click.option(
    "--people",
    type=click.IntRange(20),
    default=600,
    show_default=True,
    help="To be made up, in each of seven worlds.",
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of everything random.")
@click.option(
    "--days", type=click.IntRange(60, 365), default=90, show_default=True, help="That they live through."
)
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes at work.")
@click.option(
    "--calibrate",
    is_flag=True,
    help="Only find the limits at which 5 of 100 steady people have a false alarm in those days.",
)
@file_option("-o", "--output", "output", metavar="REPORT.html", told="Write a page with pictures, too.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def loops_command(
    people: int, seed: int, days: int, workers: int, calibrate: bool, output: Path | None, as_json: bool
) -> None:
    """Let people live through a quarter, catch some of them on a known day, and see how soon Rung says so.

    For loops of letting pass, over-reach and stuck steps: false alarms among steady people, the share found
    within 1, 2, 3, 5 and 8 missed occasions (or attempts), the median of days, and the area under the ROC,
    beside the rules of thumb. Then, what is left of assurances that no mastery follows. docs/loops.md says
    more.

    \b
    Examples
      rung simulate loops
      rung simulate loops --people 2000 --workers 4 -o loops.html
      rung simulate loops --calibrate --people 6000 --seed 1 --workers 4
    """
    from rung.research import loops
    from rung.research.persuading import ARMS, persuade

    if calibrate:
        with bar("Letting people live", people) as show:
            limits = loops.calibrate(people, seed, days=days, workers=workers, progress=show)
        if as_json:
            print_json(limits)
        else:
            click.echo(
                f"loop_limit {limits.loop:.2f}, over_reach_limit {limits.over_reach:.2f}, "
                f"stuck_limit {limits.stuck:.2f}"
            )
        return
    with bar("Letting people live", _WORLDS * people) as show:
        found = loops.measure(people, seed, days=days, workers=workers, progress=show)
    with bar("Assuring people", len(ARMS)) as show:
        persuaded = persuade(people, seed, progress=show)
    if output:
        from rung.research.loops_report import loops_report

        output.write_text(loops_report(found, persuaded, seed), encoding="utf-8")
    if as_json:
        print_json(_plain({**found._asdict(), "persuasion": persuaded}))
    else:
        _tell(found, persuaded)


def _plain(content: object) -> object:
    """JSON has neither infinity (a median later than all) nor a share of nobody: both are null."""
    if isinstance(content, float):
        return content if isfinite(content) else None
    if isinstance(content, dict):
        return {key: _plain(value) for key, value in content.items()}
    if hasattr(content, "_asdict"):
        return _plain(content._asdict())
    if isinstance(content, list | tuple):
        return [_plain(value) for value in content]
    return content


def _tell(found: Measured, persuaded: Persuaded) -> None:
    from rung.research.loops import WITHIN
    from rung.research.loops_report import interval, rows
    from rung.research.watching import KINDS

    headings = ["false alarms", *(f"within {count}" for count in WITHIN), "days", "AUC"]
    for kind in KINDS:
        print_table([kind, *headings], rows(found, kind), numbers_from=1)
    print_table(
        ["loops, by who it is", "steady", "false alarms", "caught", "within 3"],
        [
            [
                group.name,
                str(group.steady),
                interval(group.false_alarms),
                str(group.caught),
                interval(group.within_3),
            ]
            for group in found.groups
        ],
        numbers_from=1,
    )
    print_table(
        ["people at large", "said", "of all, false"],
        [[one.sign, interval(one.said), interval(one.false)] for one in found.at_large],
        numbers_from=1,
    )
    print_table(
        ["for 28 days", "gained", "28 days after", "left of 100"],
        [
            [
                arm.name,
                f"{arm.gained:+.2f}",
                f"{arm.left:+.2f}",
                f"{100 * arm.share_left:.0f}" if arm.gained else "-",
            ]
            for arm in persuaded.arms
        ],
        numbers_from=1,
    )
    print_table(
        ["failures after assurances", "trust", "the next one lifts"],
        [[str(one.failures), f"{one.trust:.2f}", f"{one.lift:.1f} points"] for one in persuaded.failed],
        numbers_from=1,
    )
