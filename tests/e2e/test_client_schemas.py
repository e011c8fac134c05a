"""The Python client library: answers that are held against the schema of `response_format` (`enable_json_schema_validation`)."""

import asyncio
import json
import pickle

import pytest

from support import client

pytestmark = pytest.mark.skipif(not client.THERE, reason="the Python package is not built")

ASK = client.ASK
BIRD = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "wings": {"$ref": "#/$defs/Wings"}},
    "required": ["name", "wings"],
    "additionalProperties": False,
    "$defs": {"Wings": {"type": "integer", "minimum": 0}},
}
FORMAT = {"type": "json_schema", "json_schema": {"name": "bird", "schema": BIRD}}
GOOD = json.dumps({"name": "kestrel", "wings": 2})


def ask(patchbay, said, **more):
    asked = {"model": "openai/gpt-4o", "messages": ASK, "mock_response": said, "response_format": FORMAT, **more}
    return patchbay.completion(**asked).choices[0].message.content


@pytest.mark.parametrize(
    "said, why",
    [
        ("no JSON at all", "it is no JSON"),
        (json.dumps({"name": "kestrel"}), "wings"),
        (json.dumps({"name": "kestrel", "wings": "two"}), "/wings"),
        (json.dumps({"name": "kestrel", "wings": -1}), "/wings"),
        (json.dumps({"name": "kestrel", "wings": 2, "beak": 1}), "beak"),
        (json.dumps([1]), "the answer"),
    ],
)
def test_an_answer_that_is_other_than_its_schema_is_a_failure(patchbay, said, why):
    assert ask(patchbay, said) == said
    patchbay.enable_json_schema_validation = True
    with pytest.raises(patchbay.JSONSchemaValidationError) as caught:
        ask(patchbay, said)
    error = caught.value
    assert isinstance(error, patchbay.APIResponseValidationError) and why in str(error)
    assert error.raw_response == said and json.loads(error.schema) == BIRD and error.model == "openai/gpt-4o"
    assert pickle.loads(pickle.dumps(error)).raw_response == said
    with pytest.raises(patchbay.JSONSchemaValidationError):
        asyncio.run(patchbay.acompletion("openai/gpt-4o", ASK, mock_response=said, response_format=FORMAT))
    with pytest.raises(patchbay.JSONSchemaValidationError):
        list(patchbay.completion("openai/gpt-4o", ASK, mock_response=said, response_format=FORMAT, stream=True))


def test_good_answers_pass(patchbay, provider):
    patchbay.enable_json_schema_validation = True
    assert ask(patchbay, GOOD) == GOOD
    assert ask(patchbay, "any text", response_format={"type": "json_object"}) == "any text"
    call = {"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{}"}}
    answer = patchbay.completion("openai/gpt-4o", ASK, response_format=FORMAT, mock_tool_calls=[call])
    assert answer.choices[0].message.tool_calls[0].function.name == "look" and not answer.choices[0].message.content
    pieces = patchbay.completion("openai/gpt-4o", ASK, mock_response=GOOD, response_format=FORMAT, stream=True)
    assert "".join(one.choices[0].delta.content or "" for one in pieces) == GOOD


def test_a_call_can_say_it_itself(patchbay, provider):
    with pytest.raises(patchbay.JSONSchemaValidationError):
        ask(patchbay, "{}", enable_json_schema_validation=True)
    patchbay.enable_json_schema_validation = True
    assert ask(patchbay, "{}", enable_json_schema_validation=False) == "{}"
    with pytest.raises(patchbay.JSONSchemaValidationError, match=client.GREETING):
        patchbay.completion("openai/gpt-4o", ASK, response_format=FORMAT)
    assert "enable_json_schema_validation" not in provider.requests[-1].json


def test_classes_of_pydantic_and_schemas_of_google(patchbay):
    pydantic = pytest.importorskip("pydantic")
    wing = pydantic.create_model("Wing", length=(int, ...))
    bird = pydantic.create_model("Bird", name=(str, ...), wings=(list[wing], ...))
    patchbay.enable_json_schema_validation = True
    good = json.dumps({"name": "kestrel", "wings": [{"length": 1}]})
    assert ask(patchbay, good, response_format=bird) == good
    with pytest.raises(patchbay.JSONSchemaValidationError, match="/wings/0"):
        ask(patchbay, json.dumps({"name": "kestrel", "wings": [{"length": "x"}]}), response_format=bird)
    patchbay.enable_json_schema_validation = False
    schema = {"type": "OBJECT", "properties": {"type": {"type": "STRING"}}, "required": ["type"]}
    own = {"type": "json_object", "response_schema": schema}
    assert ask(patchbay, "{}", response_format=own) == "{}"
    with pytest.raises(patchbay.JSONSchemaValidationError):
        ask(patchbay, "{}", response_format={**own, "enforce_validation": True})
    assert ask(patchbay, '{"type": "x"}', response_format={**own, "enforce_validation": True})


def test_routers_and_callbacks_hear_of_it(patchbay):
    failed = []
    patchbay.failure_callback = [lambda kwargs, *_: failed.append(type(kwargs["exception"]).__name__)]
    router = patchbay.Router(model_list=[{"model_name": "a", "litellm_params": {"model": "openai/gpt-4o", "api_key": "k"}}])
    with pytest.raises(patchbay.JSONSchemaValidationError):
        router.completion("a", ASK, mock_response="{}", response_format=FORMAT, enable_json_schema_validation=True)
    assert failed == ["JSONSchemaValidationError"]
    router.discard()
