"""`rung simulate`: made-up people, and what can be learned from them before anybody is asked for anything."""

from __future__ import annotations

import click

from rung.cli.simulate_asking import asking_command
from rung.cli.simulate_loops import loops_command
from rung.cli.simulate_people import people_command
from rung.cli.simulate_plan import plan_command
from rung.cli.simulate_trial import trial_command

__all__ = ["simulate_group"]


@click.group("simulate", no_args_is_help=True)
def simulate_group() -> None:
    """Simulated people: they live by the same functions with which logs are read.

    What comes out are the model's consequences, and no evidence about people.

    \b
    Examples
      rung simulate plan                      the next step by Rung, by the rules of today, by an oracle
      rung simulate loops                     how soon a loop of letting pass is seen, and how often in error
      rung simulate asking                    how few questions tell how sure somebody is of a ladder
      rung simulate trial design.toml         how many people would a trial of this take?
      rung simulate people -o made-up.csv     a log of people who never were
    """


for command in (plan_command, loops_command, asking_command, trial_command, people_command):
    simulate_group.add_command(command)
