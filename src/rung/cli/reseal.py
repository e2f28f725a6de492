"""`rung reseal`: seal with the newest key what older ones sealed, so that those can be dropped."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rung.cli.output import print_json
from rung.cli.progress import bar
from rung.cli.serve import DATA_OPTION, DATABASE_OPTION, needing_the_app
from rung.errors import StoreUnavailable

if TYPE_CHECKING:
    from rung.adapters.database.resealing import Resealed
    from rung.app.ports import Services

__all__ = ["reseal_command"]


@click.command("reseal")
@DATA_OPTION
@DATABASE_OPTION
@click.option(
    "--end-codes",
    is_flag=True,
    help="Delete all recovery codes as well: people make new ones under You. For a key that leaked.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def reseal_command(data: Path, database: str | None, end_codes: bool, as_json: bool) -> None:
    """Seal with the newest key what older ones sealed.

    The way to a new key: write it as the first line of secret.key (or first in RUNG_KEY), with the older keys
    after it; restart Rung; run this, while it serves; then take the older keys out, and restart once more.
    `openssl rand -base64 32` makes a key.

    Every text is opened before anything is written, and once more at the end, with the newest key alone.
    Where it is stopped, run it again: it goes on with what is left. Backups of before need the older key.

    \b
    Examples
      rung reseal
      rung reseal --database postgresql://rung@localhost/rung --json
    """
    with needing_the_app():
        from rung.adapters.wiring import open_services

    services = open_services(data, database, create=False)
    try:
        done = _resealed(services, end_codes)
    finally:
        services.store.close()
    if as_json:
        print_json(asdict(done))
    else:
        for line in _told(done):
            click.echo(line)


def _resealed(services: Services, end_codes: bool) -> Resealed:
    from rung.adapters.database import DatabaseStore
    from rung.adapters.database.resealing import count_sealed, reseal
    from rung.adapters.vault import AesVault
    from rung.app.accounts.credentials import issuer_digests, name_keys

    store, vault = services.store, services.vault
    if not isinstance(store, DatabaseStore) or not isinstance(vault, AesVault):
        raise StoreUnavailable("There is no database here whose texts could be sealed anew")
    providers = services.providers.all if services.providers else ()
    issuers = {issuer_digests(services, one.issuer)[0] for one in providers}
    done = 0
    with bar("Sealing", 2 * count_sealed(store)) as show:

        def tell(rows: int) -> None:
            nonlocal done
            done += rows
            show(done)

        return reseal(
            store,
            vault,
            lambda name: name_keys(services, name),
            tell,
            issuers=issuers,
            end_codes=end_codes,
        )


def _told(done: Resealed) -> list[str]:
    lines = [
        f"Sealed anew: {_counted(done.rewritten, 'text')}, and the digests of "
        f"{_counted(done.name_keys, 'name')}. All {done.texts:,} texts open with the newest key alone."
    ]
    if done.keys == 1:
        return [f"{lines[0]} There is no older key at hand."]
    if done.codes_ended:
        lines.append(
            f"{_counted(done.codes, 'recovery code')} of {_counted(done.people_with_codes, 'account')} "
            "ended: tell people to make new ones under You."
        )
    elif done.codes:
        lines.append(
            f"{_counted(done.people_with_codes, 'account')} "
            f"{'has' if done.people_with_codes == 1 else 'have'} recovery codes. Those made before the "
            "newest key came can be checked with the older key alone: let people make new ones before you "
            "drop it, or run this with --end-codes."
        )
    if done.identities:
        lines.append(
            f"{_counted(done.identities, 'account')} elsewhere (OpenID Connect) "
            f"{'is' if done.identities == 1 else 'are'} known by an older key: each moves to the newest "
            "when its person signs in with it. Before you drop the older one, run this again to see the rest."
        )
    lines.append("Keep the older keys with the backups of their time.")
    return lines


def _counted(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"
