from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from pulumi_revcent_portal.api.answers import Answer, Call, read_answer, retry_after
from pulumi_revcent_portal.api.contract import Contract
from pulumi_revcent_portal.api.errors import (
    BadAnswer,
    KeyRefused,
    NotFound,
    PermissionMissing,
    RateLimited,
    Refused,
    RevCentError,
    ServerFailed,
)
from pulumi_revcent_portal.api.redaction import Redactor

ID = "Abcdefghij0123456789"
OTHER = "Zbcdefghij0123456789"
GET = Call("customer_portal", "get", f"GET /customer_portals/{ID}", "customer portal", ID)
LIST = Call("customer_portal", "list", "GET /customer_portals", "customer portal")
CREATE = Call("customer_portal", "create", "POST /customer_portals", "customer portal", None, frozenset({OTHER}))
EDIT = Call(
    "customer_portal",
    "edit",
    f"POST /customer_portals/{ID}",
    "customer portal",
    ID,
    frozenset({OTHER}),
    ("tracking domain", "smtp profile", "campaign", "user shop"),
)
START = Call(
    "tracking_domain",
    "initialize_ssl",
    f"POST /tracking_domains/{ID}/x",
    "tracking domain",
    ID,
    other_things=("record", "dns"),
)
NOBODY = Redactor([])


def body(message: str = "", error_code: str = "", code: Any = 0) -> bytes:
    return json.dumps({"api_call_id": "C1", "code": code, "error_code": error_code, "message": message}).encode()


def failure(call: Call, status: int, content: bytes, redactor: Redactor = NOBODY) -> RevCentError:
    with pytest.raises(RevCentError) as caught:
        read_answer(Contract.default(), call, Answer(status, content), redactor)
    return caught.value


def test_a_success_is_returned_whole() -> None:
    content = {"code": 1, "name": "n", "extra": [1]}
    assert read_answer(Contract.default(), GET, Answer(200, json.dumps(content).encode()), NOBODY) == content


@pytest.mark.parametrize(
    ("status", "content"), [(400, body(code=1)), (200, body("No", code=0)), (200, body("No", code=7))]
)
def test_either_a_bad_status_or_a_bad_code_is_a_failure(status: int, content: bytes) -> None:
    assert type(failure(EDIT, status, content)) is Refused


KINDS = [
    # the same words as HTTP 200 with code 0, and as 400
    (GET, "Rate limit exceeded", "", RateLimited),
    (GET, "", "too_many_requests", RateLimited),
    (GET, "Request was throttled", "", RateLimited),
    (GET, "Invalid API key", "", KeyRefused),
    (GET, "", "InvalidApiKey", KeyRefused),
    (GET, "The x-api-key header is missing", "", KeyRefused),
    (GET, "Unknown api_key", "", KeyRefused),
    (GET, "This API key has been revoked.", "", KeyRefused),
    (GET, "Your key was revoked", "", KeyRefused),
    (GET, "Unauthorized", "", KeyRefused),
    (GET, "Authentication failed", "", KeyRefused),
    (GET, "IP address 192.0.2.1 is not allowed", "", KeyRefused),
    (GET, "API key does not exist", "", KeyRefused),
    (LIST, "The API key does not have permission to call GetCustomerPortals", "", PermissionMissing),
    (LIST, "Permission denied", "", PermissionMissing),
    (LIST, "", "permission_required", PermissionMissing),
    (LIST, "Insufficient permissions", "", PermissionMissing),
    (LIST, "Operation not allowed for this key", "", PermissionMissing),
    (LIST, "Not authorized to list portals", "", PermissionMissing),
    (LIST, "Unauthorized operation", "", Refused),
    (LIST, "Forbidden", "", PermissionMissing),
    (LIST, "This API key may not list", "", PermissionMissing),
    (LIST, "Not found", "", Refused),
    (GET, "Not found", "", NotFound),
    (GET, "Customer portal does not exist", "", NotFound),
    (GET, "The portal doesn't exist", "", NotFound),
    (GET, "", "invalid_id", NotFound),
    (GET, "Invalid customer_portal_id", "", NotFound),
    (GET, "No such object", "", NotFound),
    (GET, "id is invalid", "", NotFound),
    (GET, "Something else", "", Refused),
    (GET, "There is no such operation", "unknown_operation", Refused),
    (GET, f"Route /v2/customer_portals/{ID} not found", "", Refused),
    (EDIT, "Not found", "", NotFound),
    (EDIT, "", "object_not_found", NotFound),
    (EDIT, "Customer portal not found", "", NotFound),
    (EDIT, f"{ID} does not exist", "", NotFound),
    (EDIT, f"Campaign of {ID} not found", "", NotFound),
    (EDIT, "Campaign not found", "", Refused),
    (EDIT, f"{OTHER} does not exist", "", Refused),
    (EDIT, "Invalid tracking_domain id", "", Refused),
    (EDIT, "The SMTP profile of this portal was not found", "", Refused),
    (EDIT, "{{email_code}} not found in the template", "", Refused),
    (EDIT, "SMTP authentication failed", "", Refused),
    (EDIT, "customer_permissions is invalid: missing customer_permissions.trial_cancel", "", Refused),
    (EDIT, "Invalid site key", "", Refused),
    (EDIT, "Unknown key footer_html", "", Refused),
    (EDIT, "The name holds a forbidden character", "", Refused),
    (EDIT, "Script tags are not permitted", "", Refused),
    (CREATE, "Tracking domain not found", "", Refused),
    (CREATE, "Name already exists", "duplicate", Refused),
    (START, "A records not found", "", Refused),
    (START, "The domain is not found in DNS", "", Refused),
    (START, "Tracking domain not found", "", NotFound),
]


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize(("call", "message", "code", "kind"), KINDS)
def test_the_words_of_a_failure_tell_its_kind(
    status: int, call: Call, message: str, code: str, kind: type[RevCentError]
) -> None:
    error = failure(call, status, body(message, code))
    assert type(error) is kind
    assert error.error_code == (code or None)
    assert error.status == status
    assert error.api_call_id == "C1"
    assert error.request == call.request
    assert not error.ambiguous
    assert str(error).endswith("[RevCent call C1]")


@pytest.mark.parametrize(
    ("call", "status", "content", "kind"),
    [
        (GET, 429, body("x"), RateLimited),
        (GET, 429, b"", RateLimited),
        (GET, 401, b"<html>", KeyRefused),
        (GET, 401, body("x"), KeyRefused),
        (GET, 403, body("x"), PermissionMissing),
        (GET, 403, body("Invalid API key"), KeyRefused),
        (GET, 403, b'{"message":"Forbidden"}', KeyRefused),
        (GET, 403, b"<html>blocked</html>", BadAnswer),
        (GET, 404, body("x"), NotFound),
        (GET, 404, b"<html>", NotFound),
        (GET, 404, b"", NotFound),
        (LIST, 404, b"<html>", BadAnswer),
        (LIST, 404, body("x"), Refused),
        (EDIT, 404, body("Campaign not found"), Refused),
        (EDIT, 404, body(""), NotFound),
        (EDIT, 404, body("Portal is gone"), NotFound),
        (CREATE, 404, body("Not found"), Refused),
        (GET, 409, body("x"), Refused),
        (GET, 500, body("Not found"), ServerFailed),
        (GET, 500, body("Invalid API key"), ServerFailed),
        (GET, 503, b"", ServerFailed),
    ],
)
def test_the_status_of_a_failure_tells_its_kind(
    call: Call, status: int, content: bytes, kind: type[RevCentError]
) -> None:
    assert type(failure(call, status, content)) is kind


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "an empty body"),
        (b" \n", "an empty body"),
        (b'{"code": 1, "customer_po', "cut off or broken"),
        (b"[1, 2", "cut off or broken"),
        (b"<html>", "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b"{}", "without RevCent's envelope"),
        (b'{"name": "n"}', "without RevCent's envelope"),
        (b'{"code": "maybe"}', "without RevCent's envelope"),
        (b"[]", "without RevCent's envelope"),
        (b"[" * 100_000, "cut off or broken"),
        (b"null", "not JSON"),
    ],
)
def test_a_body_that_is_no_answer_may_hide_a_success(content: bytes, what: str) -> None:
    error = failure(CREATE, 200, content)
    assert type(error) is BadAnswer
    assert error.ambiguous
    assert what in str(error)
    assert "HTTP 200" in str(error)


def test_a_redirect_did_nothing_and_points_at_the_base_url() -> None:
    error = failure(CREATE, 302, b"")
    assert type(error) is BadAnswer
    assert not error.ambiguous
    assert "revcent:baseUrl" in str(error)


def test_a_failing_server_may_have_done_the_work() -> None:
    error = failure(CREATE, 502, b"<html>")
    assert error.ambiguous
    assert str(error) == "RevCent failed (HTTP 502) when asked to create a customer portal."
    assert "Oops (boom)" in str(failure(CREATE, 500, body("Oops.", "boom")))


def test_the_sentence_holds_revcents_own_words() -> None:
    error = failure(CREATE, 200, body("Name is taken.", "dup"))
    assert str(error) == "RevCent refused to create a customer portal: Name is taken (dup). [RevCent call C1]"
    assert (
        str(failure(CREATE, 400, body())) == "RevCent refused to create a customer portal (HTTP 400). [RevCent call C1]"
    )
    assert (
        str(failure(EDIT, 200, body("", "dup")))
        == "RevCent refused to edit this customer portal: dup. [RevCent call C1]"
    )


@pytest.mark.parametrize(
    ("call", "purpose"),
    [
        (LIST, "list the customer portals"),
        (GET, "read this customer portal"),
        (START, "start the certificate of this tracking domain"),
        (Call("tracking_domain", "initialize_dns", "", "tracking domain", ID), "start the DNS of this tracking domain"),
        (Call("customer_portal", "delete", "", "customer portal", ID), "delete this customer portal"),
        (Call("smtp_profile", "create", "", "SMTP profile"), "create an SMTP profile"),
        (Call("url_parameter_set", "create", "", "URL parameter set"), "create a URL parameter set"),
    ],
)
def test_what_was_asked_is_said_in_words(call: Call, purpose: str) -> None:
    assert call.purpose == purpose


def test_secrets_that_revcent_repeats_are_hidden_everywhere() -> None:
    redactor = Redactor(["hunter22"])
    content = json.dumps(
        {
            "api_call_id": "call-hunter22",
            "code": 0,
            "error_code": "bad_hunter22",
            "message": 'password "hunter22" is weak',
        }
    ).encode()
    error = failure(CREATE, 200, content, redactor)
    assert "hunter22" not in f"{error} {error!r} {error.args} {vars(error)}"
    assert 'password "[secret]" is weak (bad_[secret])' in str(error)


def test_a_message_fits_on_a_line_and_cannot_steer_a_terminal() -> None:
    error = failure(CREATE, 200, body("a\nb\x1b[31m\tc\x07 " + "x" * 5000))
    assert "\n" not in str(error)
    assert "\x1b" not in str(error)
    assert "a b [31m c xxx" in str(error)
    assert len(str(error)) < 700


def test_a_hostile_message_takes_no_time() -> None:
    hostile = "invalid" + "_-_ " * 100_000 + " api key api key not " * 10_000
    assert isinstance(failure(EDIT, 200, body(hostile)), RevCentError)


NOW = dt.datetime(2026, 11, 23, 10, 0, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-3", None),
        ("7", 7.0),
        (" 1.5 ", 1.5),
        ("Mon, 23 Nov 2026 10:00:20 GMT", 20.0),
        ("Mon, 23 Nov 2026 10:00:20 -0000", 20.0),
        ("Mon, 23 Nov 2026 09:00:00 GMT", 0.0),
        ("99999999999999999999", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, NOW) == seconds
