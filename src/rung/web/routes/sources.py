"""The four sources: an overview, and a page for each on which something is kept and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from rung.app import evidence, sources
from rung.app.model import Account, EventId, LadderId, StepId
from rung.errors import InvalidInput, NotFound
from rung.web.forms import READINGS, Faults, Text, Typed, number
from rung.web.site import Here, Me, Site, go
from rung.web.views.sources import Place, notice_of, sources_view
from rung.web.views.sources_body import STRENGTHS, body_view
from rung.web.views.sources_encouragement import BELIEVED, encouragement_view
from rung.web.views.sources_mastery import bank_view
from rung.web.views.sources_models import ALIKE, ENDINGS, YES_NO, models_view
from rung.words import _

router = APIRouter(prefix="/sources")


@router.get("")
def overview(request: Request, site: Here, me: Me, ladder: str = "") -> Response:
    """What each of the four has given one ladder, and which is thin."""
    balance = sources.balance_of(site.services, me.id, _ladder(ladder))
    return site.page(request, "sources.html", view=sources_view(balance))


@router.get("/mastery")
def mastery(
    request: Request,
    site: Here,
    me: Me,
    ladder: str = "",
    words: str = "",
    doubted: bool = False,
    page: int = 1,
) -> Response:
    """Everything that worked, searched and chosen from."""
    found = sources.bank(site.services, me.id, _ladder(ladder), words, doubted, page)
    return site.page(request, "sources_mastery.html", view=bank_view(found))


@router.get("/models")
def models(
    request: Request,
    site: Here,
    me: Me,
    ladder: str = "",
    domain: str = "",
    kept: UUID | None = None,
    taken: UUID | None = None,
    put: UUID | None = None,
) -> Response:
    """Stories of others, and whom the person has seen."""
    return _models(request, site, me, _ladder(ladder), domain, kept=kept, taken=taken, put=put)


@router.post("/models/stories/{story_id}")
def read_story(
    request: Request,
    site: Here,
    me: Me,
    story_id: str,
    ladder: Text = "",
    domain: Text = "",
    alike: Text = "",
    coping: Text = "",
    step: Text = "",
    id: Text = "",
) -> Response:
    """Keep how like the person somebody in a story is."""
    this, typed = _needed(ladder), Typed(alike=alike, coping=coping, step=step, story=story_id)
    faults = Faults()
    similarity = _answer(ALIKE, alike, faults, f"alike-{story_id}")
    struggled = _answer(YES_NO, coping, faults, f"coping-{story_id}")
    if similarity is None or struggled is None:
        return _models(request, site, me, this, domain, form=typed, faults=faults)
    event_id = sources.read_story(
        site.services, me.id, this, story_id, similarity, struggled == 1.0, _step(step), id or None
    )
    return _kept(site, me, "models", this, event_id, domain)


@router.post("/models")
def see_somebody(
    request: Request,
    site: Here,
    me: Me,
    ladder: Text = "",
    who: Text = "",
    told: Text = "",
    alike: Text = "",
    coping: Text = "",
    ended: Text = "",
    step: Text = "",
    id: Text = "",
) -> Response:
    """Keep whom the person has seen."""
    this = _needed(ladder)
    typed = Typed(who=who, told=told, alike=alike, coping=coping, ended=ended, step=step)
    faults = Faults()
    outcome = _answer(ENDINGS, ended, faults, "ended")
    similarity = _answer(ALIKE, alike, faults, "alike")
    struggled = _answer(YES_NO, coping, faults, "coping")
    if not who.strip():
        faults["who"] = _("Write who it was: a name or a word for them is enough.")
    if outcome is None or similarity is None or struggled is None or faults:
        return _models(request, site, me, this, "", form=typed, faults=faults)
    try:
        event_id = sources.see_somebody(
            site.services,
            me.id,
            this,
            who,
            told,
            outcome,
            similarity,
            struggled == 1.0,
            _step(step),
            id or None,
        )
    except InvalidInput as error:
        return _models(request, site, me, this, "", form=typed, faults=Faults(whole=f"{error}."))
    return _kept(site, me, "models", this, event_id)


@router.get("/encouragement")
def encouragement(
    request: Request,
    site: Here,
    me: Me,
    ladder: str = "",
    kept: UUID | None = None,
    taken: UUID | None = None,
    put: UUID | None = None,
) -> Response:
    """What others said, and what is left of it."""
    return _encouragement(request, site, me, _ladder(ladder), kept=kept, taken=taken, put=put)


@router.post("/encouragement")
def hear(
    request: Request,
    site: Here,
    me: Me,
    ladder: Text = "",
    who: Text = "",
    said: Text = "",
    seen: Text = "",
    about: Text = "",
    believed: Text = "",
    works: Text = "",
    id: Text = "",
) -> Response:
    """Keep what somebody said."""
    this = _needed(ladder)
    typed = Typed(who=who, said=said, seen=seen, about=about, believed=believed, works=works)
    faults = Faults()
    credibility = _answer(BELIEVED, believed, faults, "believed")
    conveyed = _in_ten(works, faults)
    for name, text, words in (
        ("who", who, _("Write who said it: a name or a word for them is enough.")),
        ("said", said, _("Write what they said, in their words.")),
    ):
        if not text.strip():
            faults[name] = words
    if credibility is None or conveyed is None or faults:
        return _encouragement(request, site, me, this, form=typed, faults=faults)
    kind, _colon, key = about.partition(":")
    if kind not in ("", "step", "attempt"):
        raise NotFound(_("There is no such step"))
    try:
        event_id = sources.hear(
            site.services,
            me.id,
            this,
            who,
            said,
            conveyed,
            credibility,
            seen,
            step_id=StepId(key) if kind == "step" else None,
            attempt_id=EventId(key) if kind == "attempt" else None,
            event_id=id or None,
        )
    except InvalidInput as error:
        return _encouragement(request, site, me, this, form=typed, faults=Faults(whole=f"{error}."))
    return _kept(site, me, "encouragement", this, event_id)


@router.get("/body")
def body(
    request: Request,
    site: Here,
    me: Me,
    ladder: str = "",
    kept: UUID | None = None,
    taken: UUID | None = None,
    put: UUID | None = None,
) -> Response:
    """How the body went, and what came of it."""
    return _body(request, site, me, _ladder(ladder), kept=kept, taken=taken, put=put)


@router.post("/body")
def note_state(
    request: Request,
    site: Here,
    me: Me,
    ladder: Text = "",
    arousal: Text = "",
    appraisal: Text = "",
    reading: Text = "",
    id: Text = "",
) -> Response:
    """Keep how the body is going now."""
    this, typed = _needed(ladder), Typed(arousal=arousal, appraisal=appraisal, reading=reading)
    faults = Faults()
    strength = _answer(STRENGTHS, arousal, faults, "arousal")
    read_as = _answer(READINGS, appraisal, faults, "appraisal")
    if strength is None or read_as is None:
        return _body(request, site, me, this, form=typed, faults=faults)
    try:
        event_id = sources.note_state(site.services, me.id, this, strength, read_as, reading, id or None)
    except InvalidInput as error:
        return _body(request, site, me, this, form=typed, faults=Faults(reading=f"{error}."))
    return _kept(site, me, "body", this, event_id)


@router.post("/{place}/{event_id}/take-back")
def take_back(site: Here, me: Me, place: Place, event_id: UUID, ladder: str = "") -> Response:
    """Undo the keeping."""
    evidence.take_back(site.services, me.id, EventId(str(event_id)))
    return _to(place, _ladder(ladder), "taken", str(event_id))


@router.post("/{place}/{event_id}/put-back")
def put_back(site: Here, me: Me, place: Place, event_id: UUID, ladder: str = "") -> Response:
    """Undo the undoing."""
    evidence.put_back(site.services, me.id, EventId(str(event_id)))
    return _to(place, _ladder(ladder), "put", str(event_id))


def _models(
    request: Request,
    site: Site,
    me: Account,
    ladder: LadderId | None,
    domain: str,
    *,
    form: Typed | None = None,
    faults: Faults | None = None,
    **done: UUID | None,
) -> Response:
    view = models_view(sources.models(site.services, me.id, ladder, domain))
    return _page(request, site, "models", ladder, view, form, faults, done)


def _encouragement(
    request: Request,
    site: Site,
    me: Account,
    ladder: LadderId | None,
    *,
    form: Typed | None = None,
    faults: Faults | None = None,
    **done: UUID | None,
) -> Response:
    view = encouragement_view(sources.encouragements(site.services, me.id, ladder))
    return _page(request, site, "encouragement", ladder, view, form, faults, done)


def _body(
    request: Request,
    site: Site,
    me: Account,
    ladder: LadderId | None,
    *,
    form: Typed | None = None,
    faults: Faults | None = None,
    **done: UUID | None,
) -> Response:
    view = body_view(sources.body_log(site.services, me.id, ladder))
    return _page(request, site, "body", ladder, view, form, faults, done)


def _page(
    request: Request,
    site: Site,
    place: Place,
    ladder: LadderId | None,
    view: object,
    form: Typed | None,
    faults: Faults | None,
    done: Mapping[str, UUID | None],
) -> Response:
    return site.page(
        request,
        f"sources_{place}.html",
        422 if faults else 200,
        view=view,
        form=form or Typed(),
        faults=faults or Faults(),
        notice=notice_of(place, ladder, done.get("kept"), done.get("taken"), done.get("put")),
    )


def _kept(
    site: Site, me: Account, place: Place, ladder: LadderId, event_id: EventId, domain: str = ""
) -> Response:
    """On to the page; what is taken back stays so when it is sent again."""
    is_gone = evidence.is_taken_back(site.services, me.id, event_id)
    return _to(place, ladder, "taken" if is_gone else "kept", event_id, domain)


def _to(place: Place, ladder: LadderId | None, said: str, event_id: str, domain: str = "") -> Response:
    query = {"ladder": ladder or "", "domain": domain, said: event_id}
    told = urlencode({name: value for name, value in query.items() if value})
    return go(f"/sources/{place}?{told}")


def _ladder(text: str) -> LadderId | None:
    """The ladder that a page is asked for; None for the one that was used last."""
    if not text:
        return None
    try:
        return LadderId(str(UUID(text)))
    except ValueError:
        raise NotFound(_("There is no such ladder")) from None


def _needed(text: str) -> LadderId:
    found = _ladder(text)
    if found is None:
        raise NotFound(_("There is no such ladder"))
    return found


def _step(text: str) -> StepId | None:
    return StepId(text) if text else None


def _in_ten(text: str, faults: Faults) -> float | None:
    try:
        found = number(text, 10)
    except InvalidInput as error:
        faults["works"] = f"{error}."
        return None
    if found is None:
        faults["works"] = _("Write a number from 0 to 10.")
        return None
    return found / 10


def _answer(options: Mapping[str, tuple[str, float]], key: str, faults: Faults, name: str) -> float | None:
    """The number that an answer stands for; None, and a fault, where it is none of those shown."""
    if key not in options:
        faults[name] = _("Choose one of these.")
        return None
    return options[key][1]
