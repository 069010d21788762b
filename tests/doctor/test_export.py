from __future__ import annotations

import json
from pathlib import Path

import pytest

from pulumi_revcent_portal.doctor.export import ExportError, read_export
from pulumi_revcent_portal.doctor.inventory import Captcha, Domain, Portal, Secret
from tests.doctor.exports import (
    CAPTCHA_SECRET,
    PASSWORD,
    SECRET,
    SIGNATURE,
    SITE_KEY,
    UNKNOWN,
    brand,
    export,
    hidden,
    resource,
)


def test_an_export_with_secrets_holds_everything_that_is_examined() -> None:
    found = read_export("state.json", export(*brand()))
    (domain,), (portal,), (mail,) = found.domains, found.portals, found.mails
    assert domain.name == "acme.test"
    assert [record["name"] for record in domain.records] == ["acme.test", "_x.acme.test"]
    assert portal == Portal(
        name="Acme customer portal",
        id="portal00000000000001",
        names=("acme-portal",),
        tracking_domain=domain.id,
        smtp_profile=mail.id,
        site_key=SITE_KEY,
        senders=("portal@acme.test",),
        enabled=True,
        campaigns=("campaignAcmeUS000001",),
        declared=True,
    )
    assert (mail.server, mail.secure, mail.username) == ("smtp.acme.test:587", "starttls", "portal@acme.test")
    assert mail.password == Secret(PASSWORD)
    assert found.captchas == (Captcha(SITE_KEY, Secret(CAPTCHA_SECRET)),)
    assert found.secrets == (PASSWORD, CAPTCHA_SECRET)


def test_an_export_without_secrets_says_how_to_get_them() -> None:
    found = read_export("state.json", export(*brand(shown=False)))
    assert found.mails[0].password.value == ""
    assert "--show-secrets" in found.mails[0].password.missing
    assert "--show-secrets" in found.captchas[0].secret.missing
    assert found.secrets == ()


def test_secrets_never_show_in_the_text_of_what_was_read() -> None:
    text = repr(read_export("state.json", export(*brand())))
    assert PASSWORD not in text
    assert CAPTCHA_SECRET not in text


def test_values_that_were_unknown_are_not_taken_for_values() -> None:
    portal = brand(tracking_domain=UNKNOWN, smtp_profile=UNKNOWN, enabled=UNKNOWN, customer_emails=UNKNOWN)[-1]
    found = read_export("state.json", export(portal))
    assert (found.portals[0].tracking_domain, found.portals[0].smtp_profile) == ("", "")
    assert found.portals[0].enabled is None
    assert found.portals[0].senders == ()


def test_a_secret_around_several_values_is_opened() -> None:
    keys = hidden({"site_key": SITE_KEY, "secret_key": hidden(CAPTCHA_SECRET)})
    found = read_export("state.json", export(brand(recaptcha=keys)[-1]))
    assert found.captchas == (Captcha(SITE_KEY, Secret(CAPTCHA_SECRET)),)


@pytest.mark.parametrize(
    "value", [{SIGNATURE: SECRET, "plaintext": "{"}, {SIGNATURE: SECRET, "plaintext": 5}, {SIGNATURE: "an asset"}]
)
def test_marks_that_nobody_knows_count_as_not_readable(value: dict[str, object]) -> None:
    mail = brand()[0]
    mail["inputs"]["password"] = value
    found = read_export("state.json", export(mail))
    assert found.mails[0].password.value == ""
    assert "encrypted" in found.mails[0].password.missing


def test_a_password_that_is_not_there_is_said_to_be_absent() -> None:
    mail = brand()[0]
    for place in ("inputs", "outputs"):
        del mail[place]["password"]
    assert "does not hold it" in read_export("state.json", export(mail)).mails[0].password.missing


def test_the_pair_whose_secret_can_be_read_is_kept() -> None:
    resources = brand(shown=False)
    resources[1]["inputs"]["secret_key"] = hidden(CAPTCHA_SECRET)
    assert read_export("state.json", export(*resources)).captchas[0].secret.value == CAPTCHA_SECRET
    assert read_export("state.json", export(*reversed(resources))).captchas[0].secret.value == CAPTCHA_SECRET


def test_the_sender_of_a_profile_is_its_username_where_none_is_stored() -> None:
    mail = brand()[0]
    for place in ("inputs", "outputs"):
        del mail[place]["sender"]
    assert read_export("state.json", export(mail)).mails[0].sender == "portal@acme.test"


@pytest.mark.parametrize("port", [None, True, "587"])
def test_a_profile_that_cannot_be_connected_to_is_left_out(port: object) -> None:
    resources = brand()
    resources[0]["inputs"]["port"] = port
    assert read_export("state.json", export(*resources)).mails == ()


def test_resources_that_wait_for_their_deletion_and_those_of_others_do_not_count() -> None:
    gone = brand(domain="old.test")
    for each in gone:
        each["delete"] = True
    other = {"type": "aws:s3/bucket:Bucket", "inputs": {"domain": "bucket.test"}}
    found = read_export("state.json", export(*gone, *brand(), other))
    assert [domain.name for domain in found.domains] == ["acme.test"]
    assert len(found.mails) == 1


def test_strange_shapes_inside_are_passed_over() -> None:
    strange = [
        resource(
            "TrackingDomain", "d", {"domain": "acme.test"}, "d1", computed={"a_records": [5, {"type": "A"}, None]}
        ),
        resource("TrackingDomain", "e", {"domain": 7}, "d2", computed={"a_records": "none"}),
        resource("CustomerPortal", "p", {"name": 5, "customer_emails": {"confirmation": "x"}, "recaptcha": "x"}),
        {"type": "pulumi-python:dynamic/revcent:SmtpProfile", "inputs": [1]},
    ]
    found = read_export("state.json", export(*strange))
    assert found.domains == (Domain("acme.test", "d1"),)
    assert found.portals[0].name == ""
    assert found.mails == ()


def test_the_portal_of_a_component_is_known_by_the_component_s_name_and_by_its_url() -> None:
    portal = brand()[-1]
    portal["parent"] = "urn:pulumi:dev::acme::revcent:index:BrandPortal::acme"
    portal["inputs"]["portal_url"] = "https://portal.acme.test/"
    found = read_export("state.json", export(portal)).portals[0]
    assert found.names == ("acme-portal", "acme")
    assert found.url == "https://portal.acme.test/"
    portal["outputs"]["url"] = "https://live.acme.test/"
    assert read_export("state.json", export(portal)).portals[0].url == "https://live.acme.test/"


def test_a_file_in_utf_16_as_some_shells_write_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_text(export(*brand()).decode(), encoding="utf-16")
    assert read_export(str(path)).domains[0].name == "acme.test"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is not JSON"),
        (b"{", "pulumi stack export --file state.json"),
        (b"[" * 100_000, "is not JSON"),
        (b"[]", "is no stack export"),
        (b'{"deployment": {}}', "is no stack export"),
        (b'{"deployment": {"resources": [5]}}', "right stack"),
    ],
)
def test_what_is_no_export_is_refused_with_its_name_and_the_cure(content: bytes, words: str) -> None:
    with pytest.raises(ExportError, match=r"state\.json") as raised:
        read_export("state.json", content)
    assert words in str(raised.value)


def test_standard_input_that_is_no_export_names_a_file_that_could_be() -> None:
    with pytest.raises(ExportError, match=r"--file export\.json"):
        read_export("standard input", b"x")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"absent\.json cannot be read: No such file"):
        read_export(str(tmp_path / "absent.json"))


def test_every_resource_of_an_export_may_be_broken(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_text(json.dumps({"deployment": {"resources": [{"type": 5}, {}, None]}}), encoding="utf-8")
    with pytest.raises(ExportError, match="right stack"):
        read_export(str(path))
