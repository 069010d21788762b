from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pulumi.output import UNKNOWN

from pulumi_revcent_portal.models import UrlParameterSetInputs, validate
from pulumi_revcent_portal.rules import URL_PARAMETER_RULES, url_parameter_findings
from tests.strategies import url_parameter_sets

(SHARED,) = (rule.id for rule in URL_PARAMETER_RULES)


def canonical(*parameters: Any) -> dict[str, Any]:
    return validate(UrlParameterSetInputs, {"name": "Ads", "url_parameters": list(parameters)}).dump()


def one(parameter: Any, metadata: Any) -> dict[str, Any]:
    return {"url_parameter": parameter, "metadata_name": metadata}


def test_parameters_with_a_metadata_name_each_are_fine() -> None:
    assert url_parameter_findings(canonical(one("a", "x"), one("b", "y"), {"url_parameter": "c"})) == []


def test_two_parameters_with_one_metadata_name_are_pointed_at() -> None:
    (finding,) = url_parameter_findings(canonical(one("gclid", "click"), one("b", "y"), one("msclkid", "click")))
    assert (finding.rule_id, finding.field, finding.severity) == (SHARED, "url_parameters", "warning")
    assert finding.message.startswith("'gclid' and 'msclkid' are saved as one metadata, 'click'")
    assert "a metadata_name of its own" in finding.message


def test_each_shared_name_is_pointed_at() -> None:
    given_ones = [one("a", "x"), one("b", "y"), one("c", "x"), one("d", "y")]
    assert [finding.rule_id for finding in url_parameter_findings(canonical(*given_ones))] == [SHARED, SHARED]


def test_what_is_not_known_yet_says_nothing() -> None:
    assert url_parameter_findings(canonical(one("a", "x"), one("b", UNKNOWN), one(UNKNOWN, "x"), UNKNOWN)) == []


@given(url_parameter_sets(), st.data())
def test_rules_take_any_valid_set(inputs: dict[str, Any], data: st.DataObject) -> None:
    whole = validate(UrlParameterSetInputs, inputs).dump()
    found = url_parameter_findings(whole)
    unknown = data.draw(st.sampled_from(sorted(whole)))
    assert set(url_parameter_findings({**whole, unknown: UNKNOWN})) <= set(found)
