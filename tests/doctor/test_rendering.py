from __future__ import annotations

import io

from rich.console import Console

from pulumi_revcent_portal.doctor.rendering import print_report
from pulumi_revcent_portal.doctor.results import Report, Result, failed, ok, skipped, warning

LINE = (
    "_f153f7bb8e1397b367bac6791d781d13.acme.test. 300 IN CNAME _f98570480a8eb8527b04fabe0fbbaa93.cert.revcent.example."
)
LONG = "The certificate on 203.0.113.10:443 is for another name, and it has expired besides, which is a lot to say."
REPORT = Report(
    (
        Result("records", "bad.test", failed(LONG, f"Publish it. {LONG}", [LINE])),
        Result("key", "RevCent API key", skipped("There is no key.", "Set one.")),
        Result("spf", "good.test", ok("v=spf1 -all")),
        Result("dmarc", "good.test", warning("None [bold]x[/].", "Publish one.")),
    ),
    2.04,
)


def printed(width: int, *, terminal: bool, report: Report = REPORT) -> str:
    out = io.StringIO()
    print_report(report, Console(file=out, width=width, force_terminal=terminal, color_system=None, highlight=False))
    return out.getvalue()


def test_in_a_pipe_every_text_is_one_line() -> None:
    lines = printed(80, terminal=False).splitlines()
    assert f"  FAILED   records      {LONG}" in lines
    assert f"{'':24}cure: Publish it. {LONG}" in lines
    assert "  skipped  key          There is no key. Set one." in lines
    assert "  warning  dmarc        None [bold]x[/]." in lines


def test_on_a_terminal_texts_are_wrapped_and_what_is_to_be_copied_is_not() -> None:
    for width in (80, 140):
        lines = printed(width, terminal=True).splitlines()
        assert f"    {LINE}" in lines
        assert max(len(line) for line in lines if LINE not in line) <= min(width, 120)
        assert " ".join(LONG.split()) in " ".join(" ".join(lines).split())


def test_a_very_narrow_terminal_wraps_by_itself() -> None:
    assert f"  FAILED   records      {LONG}" in printed(40, terminal=True).splitlines()


def test_what_failed_stands_last_above_the_totals() -> None:
    text = printed(80, terminal=False)
    assert text.index("RevCent API key") < text.index("good.test") < text.index("bad.test")
    assert text.splitlines()[-1] == "1 failed, 1 warning, 1 ok, 1 skipped (4 checks in 2.0 s)"
    assert printed(80, terminal=False, report=Report(())) == "nothing (0 checks in 0.0 s)\n"
