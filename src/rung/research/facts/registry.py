"""Every finding of the table with its experiment, its source and the band in which a number agrees with it.

Bands are wider than a publication's own interval, since studies differ; where a direction alone was found
the band is open. 13, 14, 27 and 35 are not in the table. Figures that could not be checked against their
publication are not given.
"""

from __future__ import annotations

from rung.errors import NotFound
from rung.research.facts import avoiding, judging, learning, relations, sources
from rung.research.facts.finding import Band, Finding

__all__ = ["FINDINGS", "named"]

_STAJKOVIC = "Stajkovic & Luthans 1998, doi:10.1037/0033-2909.124.2.240"
_SITZMANN = "Sitzmann & Yeo 2013, doi:10.1111/peps.12035"
_TALSMA = "Talsma et al. 2018, doi:10.1016/j.lindif.2017.11.015"
_BYARS = "Byars-Winston et al. 2017, doi:10.1037/cou0000219"
_MUELLER = (
    "Müller-Pinzler et al. 2019, doi:10.1038/s41598-019-50821-w, and 2022, doi:10.1038/s42003-022-04165-3"
)
_CZEKALLA = "Czekalla et al. 2024, doi:10.1101/2024.05.09.593087"
_DORFMAN = "Dorfman et al. 2019, doi:10.1177/0956797619828724"
_ZAMFIR = "Zamfir & Dayan 2022, doi:10.1371/journal.pcbi.1009920"
_PHOBIA = "Bandura, Adams & Beyer 1977, doi:10.1037/0022-3514.35.3.125"
_SCHUNK = "Schunk & Hanson 1985, ED254397"
_COPING = "Schunk, Hanson & Cox 1987, Journal of Educational Psychology 79:54"
_MCNATT = "McNatt & Judge 2004"
_BOSSHARD = "Bosshard & Gomez 2024, doi:10.1038/s41598-024-58408-w"
_GOALS = "Bandura & Schunk 1981, doi:10.1037/0022-3514.41.3.586"
_ZELL = "Zell & Krizan 2014"
_SHEERAN = "Sheeran et al. 2016, doi:10.1037/hea0000387"
_WEITLAUF = "Weitlauf et al. 2001"
_VOGELSANG = "Vogelsang 2026, doi:10.1186/s40798-025-00973-z"
_THEORY = "the direction follows from the theory; no study is named for it"

FINDINGS: tuple[Finding, ...] = (
    Finding(
        1, "efficacy-performance", "Who is surer does better, at a task of medium complexity",
        "r = .38", _STAJKOVIC, (Band("r", 0.28, 0.48, 0.38),), relations.of_complexity, 400,
    ),
    Finding(
        2, "complexity", "The more complex the task, the less",
        "r = .53, .38 and .24", f"{_STAJKOVIC} (figures of the version of 1996)",
        (Band("low - medium", 0.0, published=0.15), Band("medium - high", 0.0, published=0.14),
         Band("low - high", 0.15, published=0.29)),
        relations.of_complexity, 400,
    ),
    Finding(
        3, "past-to-efficacy", "Within a person, efficacy follows past performance",
        "r = .40", _SITZMANN, (Band("past to efficacy", 0.28, 0.52, 0.40),), relations.over_trials, 150,
    ),
    Finding(
        4, "past-to-efficacy-detrended", "The same with the common course taken out",
        "r = .30", _SITZMANN, (Band("past to efficacy, detrended", 0.18, 0.42, 0.30),),
        relations.over_trials, 400,
    ),
    Finding(
        5, "efficacy-to-performance", "Within a person, performance follows efficacy less",
        "r = .23", _SITZMANN, (Band("efficacy to performance", 0.10, 0.33, 0.23),),
        relations.over_trials, 150,
    ),
    Finding(
        6, "efficacy-to-performance-detrended", "The same with the common course taken out",
        "r = .06, not significant", _SITZMANN,
        (Band("efficacy to performance, detrended", -0.05, 0.17, 0.06),), relations.over_trials, 150,
    ),
    Finding(
        7, "performance-leads", "Past performance to efficacy is the stronger way under all conditions",
        "all moderators", _SITZMANN, (Band("least lead", 0.0),), relations.under_all_conditions, 150,
    ),
    Finding(
        8, "cross-lag", "From term to term, marks move efficacy more than efficacy moves marks",
        "weights .205 and .071", _TALSMA,
        (Band("performance to efficacy", 0.12, 0.40, 0.205),
         Band("efficacy to performance", 0.02, 0.15, 0.071),
         Band("ratio", 2.0, published=2.9)),
        relations.across_waves, 1500,
    ),
    Finding(
        9, "mastery-first", "Of the four sources mastery tells most, at least twice as much as the next",
        "mastery by far the strongest", _BYARS, (Band("mastery - 2 next", 0.0),),
        relations.of_four_sources, 500,
    ),
    Finding(
        10, "sources-together", "What the four sources tell of efficacy together",
        "R² = .22 to .37", _BYARS, (Band("R2", 0.18, 0.42),), relations.of_four_sources, 500,
    ),
    Finding(
        11, "two-rates", "People learn at two rates, and more from bad news of themselves",
        "a+ .06 to .25, a- .08 to .35, bias -.12", _MUELLER,
        (Band("a+", 0.06, 0.25), Band("a-", 0.08, 0.35), Band("bias", -0.25, -0.02, -0.12)),
        learning.with_own_feedback, 150,
    ),
    Finding(
        12, "depressive-rates", "In depression the bias is worse, since less is learned from good news",
        "the direction", _CZEKALLA, (Band("drop of bias", 0.15), Band("drop of a+", 0.0)),
        learning.with_low_mood, 150, 20,
    ),
    Finding(
        15, "help-takes-credit", "A success with much visible help raises efficacy less",
        "less is learned from what is put down to others", _DORFMAN, (Band("ratio", high=0.6),),
        learning.with_help,
    ),
    Finding(
        16, "reattribution", "Failures that are put down to what can change take less",
        "updates differ by attribution", _ZAMFIR, (Band("cut", 0.25),), learning.with_reattribution, 500,
    ),
    Finding(
        17, "blame", "Who doubts takes more blame for a failure",
        "beliefs shape attributions", _ZAMFIR, (Band("difference", 0.15),), learning.by_blame, 500,
    ),
    Finding(
        18, "treatments", "Guided doing raises efficacy more than watching, and watching more than nothing",
        "the order", _PHOBIA,
        (Band("participant - 1.5 modelling", 0.0), Band("modelling - control", 0.0),
         Band("gain, control", -0.05, 0.05)),
        sources.by_treatment, 500,
    ),
    Finding(
        19, "approach", "What they then do stands in the same order",
        "the order", _PHOBIA,
        (Band("steps, participant - modelling", 0.0), Band("steps, modelling - control", 0.0)),
        sources.by_treatment, 500,
    ),
    Finding(
        20, "near-transfer", "What was gained with one snake holds with another",
        "high", _PHOBIA, (Band("share", 0.6),), sources.to_another_snake, 300,
    ),
    Finding(
        21, "congruence", "Step by step, what they say they can do is what they do, whatever the treatment",
        "efficacy predicts well in every arm", _PHOBIA,
        tuple(
            Band(f"{measure}, {arm}", low, 1.0)
            for arm in ("participant", "modelling", "control")
            for measure, low in (("congruence", 0.80), ("kappa", 0.5))
        ),
        sources.by_treatment_half_way, 300,
    ),
    Finding(
        22, "models", "A peer who copes helps at least as much as one at ease, more than a teacher or nobody",
        "coping = at ease, peer > teacher > none", _SCHUNK,
        (Band("coping - peer", 0.0), Band("peer - teacher", 0.0), Band("teacher - none", 0.0)),
        sources.by_model, 2000,
    ),
    Finding(
        23, "several-models", "Several models at ease do as much as one who copes, and more than one at ease",
        "equal, and lower", _COPING, (Band("three - one coping", 0.0), Band("one coping - one", 0.0)),
        sources.with_more_models, 2000,
    ),
    Finding(
        24, "assurance-fades", "What an assurance lifts is gone in weeks",
        "temporary", _MCNATT,
        (Band("day 0", 0.3, 0.8), Band("left at day 7", 0.0, 0.25), Band("day 28", -0.05, 0.05)),
        sources.by_assurance,
    ),
    Finding(
        25, "failure-after-assurance", "A failure takes about half of the lift at once",
        "the direction; the half is Rung's own rule", _THEORY, (Band("left", high=0.55),),
        sources.failing_after_assurance,
    ),
    Finding(
        26, "reappraisal", "Reading arousal half as readiness helps performance a little",
        "d = .23", _BOSSHARD, (Band("d", 0.10, 0.35, 0.23),), sources.by_reading_the_body, 1000,
    ),
    Finding(
        28, "avoidance", "Able people who let it pass go on doubting; a ladder gets them out",
        "the direction", _THEORY, (Band("alone", 0.6, 1.0), Band("ladder", 0.0, 0.10)),
        avoiding.by_ladder, 300, 20,
    ),
    Finding(
        29, "near-goals", "Near goals raise efficacy; a far goal does no more than none",
        "near > far, far about none", _GOALS, (Band("near - far, d", 0.8), Band("far - none", -0.1, 0.1)),
        avoiding.by_goal, 500,
    ),
    Finding(
        30, "near-goals-calibrate", "With near goals efficacy fits ability better than with a far one",
        "near > far", _GOALS, (Band("r, near - far", 0.15),), avoiding.by_goal, 1500,
    ),
    Finding(
        31, "self-estimates", "People's estimates of themselves go with what they can do, no more",
        "r = .29 to .32", f"Mabe & West 1982; {_ZELL}", (Band("r", 0.25, 0.42, 0.32),),
        judging.of_themselves, 500,
    ),
    Finding(
        32, "quarters", "The lowest quarter overrates itself, the highest underrates itself (points of 100)",
        "+37 and -20", _ZELL,
        (Band("lowest quarter", 20.0, 45.0, 37.0), Band("highest quarter", -30.0, -10.0, -20.0)),
        judging.against_others, 500,
    ),
    Finding(
        33, "raised-efficacy", "Raised efficacy changes what people do",
        "d = .47, by an efficacy raised by d = .77", _SHEERAN,
        (Band("behaviour, d", 0.30, 0.60, 0.47), Band("efficacy, d", 0.67, 0.87, 0.77)), judging.raised, 1000,
    ),
    Finding(
        34, "transfer", "What is gained spreads to near fields, less to related ones, not to others",
        "several fields gain, general efficacy does not", _WEITLAUF,
        (Band("near", 0.5, 1.0), Band("related", 0.05, 0.35), Band("unrelated", -0.05, 0.05)),
        judging.to_other_fields, 500,
    ),
    Finding(
        36, "moments", "Most of what judgements vary by, varies within a person",
        "51 to 89 %", _VOGELSANG, (Band("share", 0.45, 0.90),), judging.from_moment_to_moment, 300,
    ),
)  # fmt: skip


def named(name: str) -> Finding:
    """The finding of that name or number; `NotFound` with all of them where there is none."""
    for finding in FINDINGS:
        if name in (finding.name, str(finding.number)):
            return finding
    known = ", ".join(f"{finding.number} {finding.name}" for finding in FINDINGS)
    raise NotFound(f"there is no finding {name!r}; there are: {known}")
