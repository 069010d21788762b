from __future__ import annotations

from typing import Any

import pytest
from pulumi import Output
from pulumi.output import UNKNOWN

from pulumi_revcent_portal import InvalidInputs, UrlParameter
from pulumi_revcent_portal.models import UrlParameterSetInputs, validate


def parameters(*given: Any) -> list[Any]:
    made = validate(UrlParameterSetInputs, {"name": "Ads", "url_parameters": list(given)}).dump()
    dumped: list[Any] = made["url_parameters"]
    return dumped


def test_a_parameter_is_saved_under_its_own_name_unless_another_is_given() -> None:
    assert UrlParameter(url_parameter="gclid").metadata_name == "gclid"
    assert UrlParameter(url_parameter="gclid", metadata_name="Google click").metadata_name == "Google click"
    assert UrlParameter(url_parameter="gclid", metadata_name=None).dump() == {
        "url_parameter": "gclid",
        "metadata_name": "gclid",
    }


def test_models_and_dicts_may_stand_side_by_side_in_the_users_order() -> None:
    assert parameters(UrlParameter(url_parameter="b"), {"url_parameter": "a", "metadata_name": "c"}) == [
        {"url_parameter": "b", "metadata_name": "b"},
        {"url_parameter": "a", "metadata_name": "c"},
    ]


def test_what_is_not_known_yet_passes() -> None:
    output = Output.from_input("gclid")
    (from_output,) = parameters({"url_parameter": output})
    assert from_output == {"url_parameter": output}, "the provider, which sees the name, fills the other in"
    assert parameters({"url_parameter": UNKNOWN}) == [{"url_parameter": UNKNOWN, "metadata_name": UNKNOWN}]
    assert parameters(UNKNOWN, {"url_parameter": "a"})[0] is UNKNOWN
    whole = Output.from_input("a list, later")
    made = validate(UrlParameterSetInputs, {"name": "Ads", "url_parameters": whole})
    assert made.dump()["url_parameters"] is whole


@pytest.mark.parametrize("name", ["utm_source", "utm[source]", "größe", "a%20b", "a+b", "a.b~*"])
def test_names_of_parameters(name: str) -> None:
    assert UrlParameter(url_parameter=name).url_parameter == name


@pytest.mark.parametrize("name", ["?utm", "a&b", "utm=1", "utm#top", "a b", "a\u00a0b"])
def test_what_a_url_separates_is_no_name(name: str) -> None:
    with pytest.raises(InvalidInputs, match="each parameter is an item of its own"):
        UrlParameter(url_parameter=name)


def test_parameters_of_another_case_are_others() -> None:
    assert len(parameters({"url_parameter": "gclid"}, {"url_parameter": "GCLID"})) == 2


def test_every_repetition_is_told_beside_other_mistakes() -> None:
    given = [{"url_parameter": "a"}, {"url_parameter": "a"}, {"url_parameter": "a"}, {"url_parameter": "?"}]
    with pytest.raises(InvalidInputs) as caught:
        parameters(*given)
    assert [problem.field for problem in caught.value.problems] == [
        "url_parameters[3].url_parameter",
        "url_parameters[1]",
        "url_parameters[2]",
    ]
