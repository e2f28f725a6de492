"""Charts as accessible SVG, drawn on the server by pure functions (decision 0002).

Every colour is a CSS class and every length an attribute, so that a strict content security policy and both
themes hold. Shapes carry the meaning, never colour alone: a filled disc worked, a half one worked partly, an
outlined one was tried and did not work, a gap in the thread was avoided. Uncertainty is drawn: a band around
every estimate. A chart has a title and a description; the page puts a table of the same numbers beside it.
"""

from rung.web.charts.over_time import (
    BeliefPoint,
    EventPoint,
    MarkPoint,
    TickPoint,
    belief_chart,
    esteem_chart,
    filling_chart,
)
from rung.web.charts.side_by_side import (
    CalibrationPoint,
    FearPoint,
    JudgedPoint,
    calibration_chart,
    change_bar,
    fear_chart,
    judged_chart,
)
from rung.web.charts.small import bar, glyph, marks, small_ladder

__all__ = [
    "BeliefPoint",
    "CalibrationPoint",
    "EventPoint",
    "FearPoint",
    "JudgedPoint",
    "MarkPoint",
    "TickPoint",
    "bar",
    "belief_chart",
    "calibration_chart",
    "change_bar",
    "esteem_chart",
    "fear_chart",
    "filling_chart",
    "glyph",
    "judged_chart",
    "marks",
    "small_ladder",
]
