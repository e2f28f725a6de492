"""Virtual randomised trials: a design in a file, run on simulated people, so that a study can be planned.

    reading     the file, checked            design      what stands in it
    running     many trials at once          comparing   two arms: Welch, Hedges, ANCOVA
    power       differences, power, sizes    report      a page, with `tables` and `figures`

>>> from rung.research.trials.examples import example
>>> planned = plan(read_design(example("reappraisal")), trials=50)
>>> [arm.name for arm in planned.arms]
['reappraisal', 'none']
"""

from rung.research.trials.power import plan
from rung.research.trials.reading import read_design
from rung.research.trials.report import report

__all__ = ["plan", "read_design", "report"]
