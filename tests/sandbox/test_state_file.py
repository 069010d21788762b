"""A state file: what survives a restart, also after a kill, what does not, and that no secret is in it."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from pulumi_revcent_portal.sandbox import Sandbox, StateFileError
from pulumi_revcent_portal.sandbox.controls import Controls
from tests.sandbox.http_api import Api


def text_of(directory: Path) -> bytes:
    return b"".join(path.read_bytes() for path in directory.iterdir())


def test_objects_keys_and_time_survive(tmp_path: Path) -> None:
    state = tmp_path / "state.db"
    with Sandbox.start(state=state) as first, Api(first) as api:
        portal_id = api.portal()
        first.remove("campaign", first.add("campaign", {"name": "Short-lived"}))
        first.change("customer_portal", portal_id, {"display_name": "Changed"})
        key = first.add_key("reader", allow=["GetCampaigns"])
        lost = first.add_key("lost")
        first.revoke(lost)
        first.advance(5000)
        before = {entity: first.objects(entity) for entity in ("customer_portal", "smtp_profile", "campaign")}
        before_mode_test = first.objects("campaign", mode="test")
    with Sandbox.start(state=state) as second:
        assert {entity: second.objects(entity) for entity in before} == before
        assert second.objects("campaign", mode="test") == before_mode_test
        with Api(second) as api:
            assert api.get(f"/customer_portals/{portal_id}")["display_name"] == "Changed"
            assert api.list("/campaigns")["api_call_unix"] > before["campaign"][0]["created_date"] + 4000
        with Api(second, key) as reader:
            assert reader.list("/campaigns")["current_count"] == 3
            assert reader.http.get("/user_shops").status_code == 403
        with Api(second, lost) as refused:
            assert refused.http.get("/campaigns").status_code == 401


def test_a_transition_goes_on(tmp_path: Path) -> None:
    state = tmp_path / "state.db"
    with Sandbox.start(state=state) as first, Api(first) as api:
        first.switch(transition={"reads": 1})
        domain_id = api.post("/tracking_domains", {"name": "a", "domain": "a.com"})["tracking_domain_id"]
        api.post(f"/tracking_domains/{domain_id}/initialize_ssl")
        assert api.get(f"/tracking_domains/{domain_id}")["ssl"]["status"] == "pending"
    with Sandbox.start(state=state) as second, Api(second) as api:
        second.switch(transition={"reads": 1})
        assert api.get(f"/tracking_domains/{domain_id}")["ssl"]["status"] == "issued"


def test_the_seeds_objects_are_applied_once_and_its_keys_at_every_start(tmp_path: Path) -> None:
    state = tmp_path / "state.db"
    first = Controls(state)
    first.remove("campaign", "campaignBolt00000001")
    first.revoke(first.api_key)
    first.close()
    seed = {"keys": [{"name": "new", "key": "new-key"}], "objects": {"campaign": [{"name": "New"}]}}
    second = Controls(state, seed)
    assert [item["name"] for item in second.objects("campaign")] == ["Acme US", "Acme EU"]
    assert second.gateway.keys.name_of("new-key") == "new"
    second.close()
    third = Controls(state)
    assert third.gateway.keys.admitted("new-key").name == "new"
    with Sandbox.start(seed={}) as empty:
        assert empty.objects("campaign") == []
    third.close()


def test_reset_empties_the_file_too(tmp_path: Path) -> None:
    state = tmp_path / "state.db"
    first = Controls(state)
    first.add("campaign", {"name": "Extra"})
    first.advance(100)
    first.reset()
    first.close()
    second = Controls(state)
    assert [item["name"] for item in second.objects("campaign")] == ["Acme US", "Acme EU", "Bolt"]
    assert second.revcent.clock.offset == 0
    second.close()


def test_no_secret_is_in_the_file(tmp_path: Path) -> None:
    with Sandbox.start(state=tmp_path / "state.db") as sandbox, Api(sandbox) as api:
        api.portal()
        key = sandbox.add_key("extra")
        while_running = text_of(tmp_path)
    for text in (while_running, text_of(tmp_path)):
        assert b"Acme mail" in text
        assert b"canary" not in text
        assert key.encode() not in text
        assert sandbox.api_key.encode() not in text


def test_it_survives_a_kill(tmp_path: Path) -> None:
    state = tmp_path / "state.db"
    program = (
        "import os, signal; from pulumi_revcent_portal.sandbox.controls import Controls; "
        f"c = Controls({str(state)!r}); c.add('campaign', {{'name': 'Last words'}}); "
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        timeout=60,
    )
    assert ended.returncode == -signal.SIGKILL
    controls = Controls(state)
    assert "Last words" in [item["name"] for item in controls.objects("campaign")]
    controls.close()


def test_two_sandboxes_do_not_share_a_file(tmp_path: Path) -> None:
    first = Controls(tmp_path / "state.db")
    with pytest.raises(StateFileError, match=r"state.db.*locked.*another"):
        Controls(tmp_path / "state.db")
    first.close()


@pytest.mark.parametrize("name", [".", "missing/state.db"])
def test_a_place_that_cannot_be(tmp_path: Path, name: str) -> None:
    with pytest.raises(StateFileError, match="cannot be used"):
        Controls(tmp_path / name)


def test_a_file_of_another_kind(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("not a database, and quite long enough to be read as the header of one" * 20)
    with pytest.raises(StateFileError, match=r"notes.txt cannot be used"):
        Controls(text)
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("create table objects (something text)")
    other.close()
    with pytest.raises(StateFileError, match=r"other.db cannot be used"):
        Controls(tmp_path / "other.db")
