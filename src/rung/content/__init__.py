"""Ladder templates and crisis lines: data, each file with a schema, a licence and a version.

The JSON files beside this module are the content (CC BY 4.0); `*.schema.json` say what may stand in them.
"""

from rung.content.crisis import CrisisLine, crisis_line
from rung.content.templates import IfThen, LadderTemplate, ladder_templates, matching_template

__all__ = ["CrisisLine", "IfThen", "LadderTemplate", "crisis_line", "ladder_templates", "matching_template"]
