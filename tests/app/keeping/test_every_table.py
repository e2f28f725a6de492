"""Every table is either in the export, or left out for a reason that stands here."""

import io
import json
import zipfile

from tests.conftest import join

from rung.adapters.database.schema import metadata
from rung.app import evidence
from rung.app.climbing import ladders
from rung.app.coaching import leaving
from rung.app.keeping import archive
from rung.app.model import Did, PersonId
from rung.app.policies import Role
from rung.app.ports import Consent, Services
from rung.app.sharing import consenting, groups, inviting, reports
from rung.app.sharing.fields import ALL_FIELDS
from rung.app.sharing.looks import note_look

EXPORTED = {
    "people": "manifest.json",
    "events": "log.csv",
    "texts": "entries.json",
    "ladders": "ladders.json",
    "steps": "ladders.json",
    "plans": "plans.json",
    "reminders": "reminders.json",
    "preferences": "preferences.json",
    "esteem": "esteem.json",
    "scalings": "scalings.json",
    "meetings": "meetings.json",
    "bonds": "sharing.json",
    "consents": "sharing.json",
    "offers": "sharing.json",
    "links": "sharing.json",
    "groups": "sharing.json",
    "reads": "sharing.json",
    "left_by_others": "sharing.json",
}
LEFT_OUT = {
    "states": "is computed again from the log",
    "sessions": "how somebody signs in",
    "passkeys": "how somebody signs in",
    "recovery_codes": "how somebody signs in",
    "challenges": "how somebody signs in",
    "tries": "how somebody signs in",
    "identities": "how somebody signs in",
    "invitations": "good on this server alone",
    "subscriptions": "browsers that this server sends to",
    "feeds": "an address of this server",
    "deliveries": "what this server sent",
    "tokens": "programs that act on this server",
    "answers": "what programs were answered, for a day",
    "webhooks": "programs that this server tells",
    "notices": "what they were told",
    "snoozes": "about other people of this server",
}


def test_every_table_is_exported_or_named_as_left_out() -> None:
    assert set(EXPORTED) | set(LEFT_OUT) == set(metadata.tables)
    assert not set(EXPORTED) & set(LEFT_OUT)


def test_the_export_tells_who_was_let_in_who_looked_and_what_they_left_and_an_import_takes_none_of_it(
    services: Services, ana: PersonId, ben: PersonId
) -> None:
    talks = ladders.name_ladder(services, ana, "Talks", ["a", "b"])
    evidence.record(services, ana, talks.id, talks.steps[0].id, Did.DONE)
    bond = inviting.accept(services, ben, inviting.invite(services, ana, Role.COACH, lets_in=True))
    now = services.clock.now()
    consenting.consent(services, ana, bond.id, [Consent(talks.id, ALL_FIELDS, now)])
    inviting.invite(services, ana, Role.COACH, lets_in=True, label="My tutor")
    reports.make_link(services, ana, talks.id, ALL_FIELDS, 7)
    groups.make_group(services, ana, "Class 7b")
    leaving.propose_step(services, ben, ana, talks.id, "A step between", talks.steps[0].id)
    note_look(services, ana, "Ben (coach)", "ladder", talks.id, ALL_FIELDS)
    exported = archive.export_archive(services, ana)
    with zipfile.ZipFile(io.BytesIO(exported)) as file:
        told = json.loads(file.read("sharing.json"))
    assert [(one["name"], one["role"], len(one["sees"][0]["shows"])) for one in told["let_in"]] == [
        ("Ben", "coach", 5)
    ]
    assert [one["for"] for one in told["invitations"]] == ["My tutor"]
    assert [one["ladder"] for one in told["reports"]] == [talks.id]
    assert [one["name"] for one in told["groups"]] == ["Class 7b"]
    assert [(one["kind"], one["content"]["name"]) for one in told["left"]] == [("step", "A step between")]
    assert [one["who"] for one in told["looks"]] == ["Ben (coach)"]
    cem = join(services, "Cem")
    archive.import_archive(services, cem, exported)
    assert consenting.let_in(services, cem) == []
    with services.store.reading() as tx:
        found = (tx.reads.of(cem, 10), tx.left.of(cem), tx.links.of(cem), tx.offers.of(cem))
    assert found == ([], [], [], [])
