from __future__ import annotations

import inspect
import pickle
import re

import pytest

from pulumi_revcent_portal.api import errors
from pulumi_revcent_portal.api.errors import NotFound, RevCentError

CLASSES = [value for _, value in inspect.getmembers(errors, inspect.isclass) if issubclass(value, RevCentError)]


def test_the_message_ends_with_the_call_when_there_was_one() -> None:
    assert str(RevCentError("No.", api_call_id="abc")) == "No. [RevCent call abc]"
    assert str(RevCentError("No.")) == "No."


def test_an_error_to_raise_again_is_equal_but_not_the_same() -> None:
    error = NotFound(
        "No.", request="GET /x", status=404, error_code="e", api_call_id="abc", ambiguous=True, retry_after=2.0
    )
    again = error.again()
    assert again is not error
    assert type(again) is NotFound
    assert str(again) == str(error)
    assert vars(again) == vars(error)


def test_errors_survive_the_way_between_processes() -> None:
    error = NotFound("No.", status=404, api_call_id="abc")
    copied = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    assert (str(copied), copied.status) == (str(error), 404)


@pytest.mark.parametrize("kind", CLASSES)
def test_the_tree_in_the_docstring_is_the_tree(kind: type[RevCentError]) -> None:
    tree = (errors.__doc__ or "").split("```")[1]
    lines = {name: len(indent) for indent, name in re.findall(r"^([ │├└─]*)([A-Z]\w+)", tree, re.MULTILINE)}
    assert kind.__name__ in lines
    assert kind.__name__ in errors.__all__
    assert lines[kind.__name__] == 4 * (len(kind.__mro__) - RevCentError.__mro__.__len__())


def test_repr_shows_class_and_message_only() -> None:
    assert repr(NotFound("No.", request="GET /x", api_call_id="abc")) == "NotFound('No. [RevCent call abc]')"
