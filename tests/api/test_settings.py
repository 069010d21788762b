from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_revcent_portal.api.errors import RevCentError, SettingError
from pulumi_revcent_portal.api.settings import Settings, environment_name, is_loopback, option_name, read_settings

if TYPE_CHECKING:
    from collections.abc import Mapping


def read(configuration: Mapping[str, str] | None = None, /, **environment: str) -> Settings:
    return read_settings((configuration or {}).get, environment)


def test_the_defaults_are_revcents_own_address_and_no_key() -> None:
    assert read() == Settings(
        api_key="",
        base_url="https://api.revcent.com/v2",
        requests_per_minute=1200,
        timeout=30.0,
        max_retries=4,
        contract=None,
        offline=False,
        ownership_mark=True,
        resolvers=(),
        key_source="none",
    )


VALUES = {
    "apiKey": ("k3y", "api_key", "k3y"),
    "baseUrl": ("https://x.example/v2/", "base_url", "https://x.example/v2"),
    "requestsPerMinute": ("60", "requests_per_minute", 60),
    "timeout": ("2.5", "timeout", 2.5),
    "maxRetries": ("0", "max_retries", 0),
    "contract": ("contract.json", "contract", "contract.json"),
    "offline": ("true", "offline", True),
    "ownershipMark": ("False", "ownership_mark", False),
    "resolvers": ("192.0.2.53, [2001:db8::1]:5353", "resolvers", ("192.0.2.53", "[2001:db8::1]:5353")),
}
VARIABLES = {
    "apiKey": "REVCENT_API_KEY",
    "baseUrl": "REVCENT_BASE_URL",
    "requestsPerMinute": "REVCENT_REQUESTS_PER_MINUTE",
    "timeout": "REVCENT_TIMEOUT",
    "maxRetries": "REVCENT_MAX_RETRIES",
    "contract": "REVCENT_CONTRACT",
    "offline": "REVCENT_OFFLINE",
    "ownershipMark": "REVCENT_OWNERSHIP_MARK",
    "resolvers": "REVCENT_RESOLVERS",
}


@pytest.mark.parametrize("option", VALUES)
def test_every_option_comes_from_the_configuration_or_the_environment(option: str) -> None:
    text, attribute, value = VALUES[option]
    assert environment_name(f"revcent:{option}") == VARIABLES[option]
    assert getattr(read({f"revcent:{option}": text}), attribute) == value
    assert getattr(read(**{VARIABLES[option]: text}), attribute) == value


def test_the_configuration_wins_and_the_source_of_the_key_is_kept() -> None:
    both = read({"revcent:apiKey": "one", "revcent:timeout": "1"}, REVCENT_API_KEY="two", REVCENT_TIMEOUT="2")
    assert (both.api_key, both.key_source, both.timeout) == ("one", "configuration", 1.0)
    environment = read({"revcent:apiKey": " "}, REVCENT_API_KEY="two\n")
    assert (environment.api_key, environment.key_source) == ("two", "environment")


def test_an_explicit_account_takes_nothing_from_the_environment() -> None:
    settings = read(
        {"revcent:explicitAccount": "true", "revcent:apiKey": "one"},
        REVCENT_API_KEY="two",
        REVCENT_BASE_URL="https://other.example",
    )
    assert (settings.api_key, settings.base_url) == ("one", "https://api.revcent.com/v2")
    assert settings.key_source == "account"
    with pytest.raises(SettingError, match="api_key is empty"):
        read({"revcent:explicitAccount": "true"}, REVCENT_API_KEY="two")
    assert read({"revcent:explicitAccount": "false"}, REVCENT_API_KEY="two").api_key == "two"


WRONG = [
    ("baseUrl", "http://api.revcent.com/v2", "https://"),
    ("baseUrl", "http://localhost.evil.example", "https://"),
    ("baseUrl", "ftp://api.revcent.com", "not a URL"),
    ("baseUrl", "api.revcent.com/v2", "not a URL"),
    ("baseUrl", "https://", "not a URL"),
    ("baseUrl", "https://a b/v2", "not a URL"),
    ("baseUrl", "https://api.revcent.com/v2?key=1", "leave out"),
    ("baseUrl", "https://api.revcent.com/v2#x", "leave out"),
    ("requestsPerMinute", "0", "whole number from 1"),
    ("requestsPerMinute", "many", "whole number"),
    ("requestsPerMinute", "1.5", "whole number"),
    ("requestsPerMinute", "-5", "whole number"),
    ("requestsPerMinute", "9999999999999", "whole number"),
    ("maxRetries", "11", "from 0 to 10"),
    ("timeout", "0", "seconds"),
    ("timeout", "nan", "seconds"),
    ("timeout", "inf", "seconds"),
    ("timeout", "601", "up to 600"),
    ("timeout", "soon", "seconds"),
    ("offline", "maybe", "true or false"),
    ("ownershipMark", "2", "true or false"),
]


@pytest.mark.parametrize(("option", "text", "cure"), WRONG)
def test_a_wrong_value_names_option_value_and_cure(option: str, text: str, cure: str) -> None:
    with pytest.raises(SettingError) as configured:
        read({f"revcent:{option}": text})
    assert str(configured.value).startswith(f"revcent:{option} '{text}' ")
    assert cure in str(configured.value)
    assert f"pulumi config set revcent:{option}" in str(configured.value)
    with pytest.raises(SettingError) as exported:
        read(**{VARIABLES[option]: text})
    assert str(exported.value).startswith(f"{VARIABLES[option]} '{text}' ")
    assert "environment variable" in str(exported.value)
    assert isinstance(exported.value, RevCentError)


def test_nothing_is_looked_up_where_that_is_said() -> None:
    assert read({"revcent:resolvers": "None"}).resolvers == ("none",)


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(SettingError) as caught:
        read({"revcent:timeout": "soon"}, REVCENT_MAX_RETRIES="11", REVCENT_OFFLINE="true")
    first, second = str(caught.value).splitlines()
    assert first.startswith("revcent:timeout 'soon' ")
    assert second.startswith("REVCENT_MAX_RETRIES '11' ")


def test_what_is_wrong_with_an_explicit_account_is_told_by_the_names_of_its_arguments() -> None:
    explicit = {"revcent:explicitAccount": "true", "revcent:accountName": "bolt"}
    with pytest.raises(SettingError) as caught:
        read({**explicit, "revcent:apiKey": "s3cr3t key", "revcent:maxRetries": "11"}, REVCENT_TIMEOUT="soon")
    for line, option in zip(str(caught.value).splitlines(), ("api_key ", "max_retries '11' "), strict=True):
        assert line.startswith(option)
        assert line.endswith('Correct it in the program: Account "bolt".')
    assert read({**explicit, "revcent:apiKey": "one"}).account == "bolt"


@pytest.mark.parametrize("option", VALUES)
def test_attributes_and_options_are_named_after_each_other(option: str) -> None:
    assert option_name(VALUES[option][1]) == f"revcent:{option}"


@pytest.mark.parametrize("key", ["s3cr3t key", "s3cr3t\nkey", "s3cr3tké", "s3cr3t\x00"])
def test_a_key_that_cannot_be_one_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(SettingError) as caught:
        read({"revcent:apiKey": key})
    assert "pulumi config set --secret revcent:apiKey" in str(caught.value)
    assert "s3cr3t" not in f"{caught.value}{caught.value!r}"


@pytest.mark.parametrize(
    "url", ["https://user:pa55w0rd@api.revcent.com", "https://pa55w0rd@api.revcent.com", "https://[pa55w0rd/v2"]
)
def test_a_password_in_the_base_url_is_refused_without_being_shown(url: str) -> None:
    with pytest.raises(SettingError, match="revcent:baseUrl") as caught:
        read({"revcent:baseUrl": url})
    assert "pa55w0rd" not in f"{caught.value}{caught.value!r}"


@pytest.mark.parametrize("host", ["localhost", "sandbox.localhost", "127.0.0.1", "127.1.2.3", "[::1]"])
def test_clear_text_is_for_this_machine_only(host: str) -> None:
    assert read({"revcent:baseUrl": f"http://{host}:8787/v2/"}).base_url == f"http://{host}:8787/v2"


def test_settings_can_be_shared_by_equality_and_never_show_the_key() -> None:
    one, same, other = (read({"revcent:apiKey": key}) for key in ("k3y-one", "k3y-one", "k3y-two"))
    assert one == same
    assert hash(one) == hash(same)
    assert one != other
    assert "k3y" not in repr(one)


@pytest.mark.parametrize(
    ("host", "local"), [("127.0.0.1", True), ("10.0.0.1", False), ("example.com", False), ("", False)]
)
def test_this_machine(host: str, local: bool) -> None:
    assert is_loopback(host) is local
