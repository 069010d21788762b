"""The bookkeeping: what came back differently is no drift, a change of it is."""

from __future__ import annotations

import pytest

from pulumi_revcent_portal.providers.drift import ABSENT, digest
from pulumi_revcent_portal.providers.live import Live

LONG = ("html", "footer")
SENT = {"name": "Acme", "port": 587, "html": "<p>A</p>", "footer": ""}


def written(answered: dict[str, object] | None, sent: dict[str, object] = SENT) -> Live:
    return Live("nonce").after_write(sent, answered, long=LONG)


KNOWN = {"name": "Acme", "port": 587}


def test_of_a_text_that_came_back_verbatim_only_a_digest_is_kept() -> None:
    live = written(SENT)
    assert live.dump() == {"nonce": "nonce", "digests": {"html": digest("<p>A</p>")}}
    assert Live.of({Live.KEY: live.dump()}) == live


@pytest.mark.parametrize("answered", [{"name": "Acme", "port": 587}, {**SENT, "html": "<P>A</P>"}])
def test_a_text_that_did_not_come_back_verbatim_is_kept(answered: dict[str, object]) -> None:
    live = written(answered)
    assert live.texts == {"html": "<p>A</p>"}
    assert live.returned == {"html": digest(answered["html"]) if "html" in answered else ABSENT}
    assert live.compare(KNOWN, answered, long=LONG).drifted == {}


def test_keys_of_a_newer_version_are_ignored() -> None:
    assert Live.of({Live.KEY: {"nonce": "n", "colour": "red"}}) == Live("n")
    assert Live.of({}) == Live()


def test_a_change_is_drift_and_a_steady_difference_is_not() -> None:
    live = written({**SENT, "name": "acme"})
    assert live.compare(KNOWN, {**SENT, "name": "acme"}, long=LONG).drifted == {}
    seen = live.compare(KNOWN, {**SENT, "name": "other"}, long=LONG)
    assert seen.drifted == {"name": "other"}
    assert seen.live.returned == {}
    again = seen.live.compare({**KNOWN, "name": "other"}, {**SENT, "name": "other"}, long=LONG)
    assert again.drifted == {}


def test_what_was_different_and_is_now_as_sent_is_no_drift() -> None:
    assert written({**SENT, "name": "acme"}).compare(KNOWN, SENT, long=LONG).drifted == {}


def test_a_field_that_no_longer_comes_back_is_unknown() -> None:
    assert written(SENT).compare(KNOWN, {"port": 587}, long=LONG).drifted == {}


def test_a_field_that_never_came_back_and_does_now_is_drift_only_if_it_differs() -> None:
    live = written({"port": 587, "html": "<p>A</p>"})
    assert live.compare(KNOWN, SENT, long=LONG).drifted == {}
    assert live.compare(KNOWN, {**SENT, "name": "x"}, long=LONG).drifted == {"name": "x"}


def test_a_changed_text_is_shown_and_the_others_with_it() -> None:
    seen = written({**SENT, "footer": "f"}, {**SENT, "footer": "f"}).compare(
        KNOWN, {**SENT, "html": "<p>B</p>", "footer": "f"}, long=LONG
    )
    assert seen.drifted == {"html": "<p>B</p>"}
    assert seen.texts == {"html": "<p>B</p>", "footer": "f"}
    assert seen.live.digests == {"html": digest("<p>B</p>"), "footer": digest("f")}
    assert not seen.live.texts_lost


def test_a_text_that_was_removed_is_shown_as_blank() -> None:
    seen = written(SENT).compare(KNOWN, {**SENT, "html": ""}, long=LONG)
    assert seen.drifted == {"html": ""}
    assert seen.texts == {"html": "", "footer": ""}


def test_a_text_added_by_hand_is_drift() -> None:
    assert written(SENT).compare(KNOWN, {**SENT, "footer": "new"}, long=LONG).drifted == {"footer": "new"}


def test_drift_beside_a_text_that_nobody_can_show_any_more_is_noted() -> None:
    live = written(SENT)
    seen = live.compare(KNOWN, {"name": "other"}, long=LONG)
    assert seen.live.texts_lost
    assert not live.compare(KNOWN, {"name": "Acme"}, long=LONG).live.texts_lost
    later = seen.live.compare({**KNOWN, "name": "other"}, {"name": "other"}, long=LONG)
    assert later.live.texts_lost, "until the inputs could be shown, or were written"
    assert not seen.live.after_write({"name": "Acme"}, SENT, long=LONG).texts_lost


def test_a_text_kept_as_sent_can_be_shown_although_it_never_comes_back() -> None:
    seen = written({"name": "Acme"}).compare(KNOWN, {"name": "other"}, long=LONG)
    assert seen.texts["html"] == "<p>A</p>"
    assert not seen.live.texts_lost


def test_an_unread_object_takes_the_first_reading_as_the_truth() -> None:
    live = written(None)
    assert live.unread
    assert live.texts == {"html": "<p>A</p>"}
    seen = live.compare(KNOWN, {"name": "acme", "port": 587.0, "html": "<p>A</p>"}, long=LONG)
    assert seen.drifted == {}
    assert not seen.live.unread
    assert seen.live.texts == {}
    assert seen.live.returned == {"name": digest("acme")}
    assert seen.live.compare(KNOWN, {"name": "other"}, long=LONG).drifted == {"name": "other"}


def test_a_first_reading_keeps_the_texts_that_came_back_otherwise() -> None:
    seen = written(None).compare(KNOWN, {"html": "<P>A</P>"}, long=LONG)
    assert seen.live.texts == {"html": "<p>A</p>"}
    assert seen.live.returned["html"] == digest("<P>A</P>")


def test_texts_are_compared_by_digest_and_an_unknown_one_differs() -> None:
    live = written(SENT)
    assert not live.text_differs("html", "<p>A</p>")
    assert live.text_differs("html", "<p>B</p>")
    assert not live.text_differs("footer", "")
    assert live.text_differs("html", object())


def test_writing_a_part_forgets_what_was_noted_of_that_part_only() -> None:
    live = written({**SENT, "name": "acme", "html": "x"})
    after = live.after_write({"name": "New"}, {"name": "New"}, long=LONG)
    assert after.returned == {"html": digest("x")}
    assert after.texts == {"html": "<p>A</p>"}


def test_a_kept_text_that_drifted_is_not_shown_again_later() -> None:
    live = written({**SENT, "html": "<P>A</P>"})
    seen = live.compare(KNOWN, {**SENT, "html": "<P>B</P>"}, long=LONG)
    assert seen.live.texts == {}
    later = seen.live.compare(KNOWN, {**SENT, "html": "<P>B</P>", "name": "other"}, long=LONG)
    assert later.texts["html"] == "<P>B</P>"
