from __future__ import annotations

from pulumi_revcent_portal.api.redaction import Redactor
from pulumi_revcent_portal.doctor.results import (
    Report,
    Result,
    Status,
    Verdict,
    counted,
    failed,
    ok,
    skipped,
    warning,
    worst,
)


def test_the_worst_of_several_tells_of_all_that_is_wrong_and_of_nothing_else() -> None:
    both = worst([ok("Fine."), warning("Soon.", "Look."), failed("Broken.", "Mend.", ["a line"]), ok("Fine.")])
    assert both == Verdict(Status.FAILED, "Broken. Soon.", "Mend. Look.", ("a line",))
    assert worst([ok("Here."), ok("There.")]) == ok("Here. There.")


def test_a_report_is_as_bad_as_its_worst_result() -> None:
    def report(*verdicts: Verdict) -> Report:
        return Report(tuple(Result("c", "s", verdict) for verdict in verdicts))

    assert report().status is Status.SKIPPED
    assert report(skipped("x")).status is Status.SKIPPED
    assert report(skipped("x"), ok("x")).status is Status.OK
    assert report(ok("x"), warning("x", "y")).status is Status.WARNING
    assert report(failed("x", "y"), ok("x")).status is Status.FAILED


def test_results_are_cleaned_of_secrets_control_characters_and_endless_texts() -> None:
    raw = Result("smtp", "a\x1b[31mb", failed("said s3cret-word\r\n\x07 loudly", "x" * 5000, ["l\x9bine\u202e"]))
    clean = raw.clean(Redactor(["s3cret-word"]))
    assert clean.subject == "a [31mb"
    assert clean.verdict.seen == "said [secret] loudly"
    assert len(clean.verdict.cure) == 1003
    assert clean.verdict.lines == ("l ine",)


def test_json_holds_every_result_and_the_version_of_its_form() -> None:
    report = Report(
        (Result("spf", "acme.test", warning("Odd.", "Mend.", ["a"])), Result("key", "k", ok("Good."))), 1.25
    )
    assert report.as_json() == {
        "version": 1,
        "status": "warning",
        "seconds": 1.25,
        "counts": {"failed": 0, "warning": 1, "ok": 1, "skipped": 0},
        "checks": [
            {
                "check": "spf",
                "subject": "acme.test",
                "status": "warning",
                "seen": "Odd.",
                "cure": "Mend.",
                "lines": ["a"],
            },
            {"check": "key", "subject": "k", "status": "ok", "seen": "Good.", "cure": "", "lines": []},
        ],
    }


def test_numbers_have_the_right_noun() -> None:
    assert [counted(number, "day") for number in (0, 1, 2)] == ["0 days", "1 day", "2 days"]
