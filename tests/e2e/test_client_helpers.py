"""Functions of the Python client library that ask no model: tokens, prices, trimming, tools, budgets, what is known."""

import json
import subprocess
import sys
import types

import pytest

from support import client

pytestmark = pytest.mark.skipif(not client.THERE, reason="the Python package is not built")

ASK = client.ASK


class Words:
    """In place of tiktoken's encoding: a token for each word."""

    def encode(self, text, disallowed_special=None):
        return list(range(len(text.split())))

    def decode(self, tokens):
        return " ".join(f"w{token}" for token in tokens)


@pytest.fixture
def tiktoken(patchbay, monkeypatch):
    """A tokenizer that counts words."""
    from patchbay import _tokenizers

    module = types.ModuleType("tiktoken")
    module.get_encoding = lambda name: Words()
    module.encoding_for_model = lambda name: Words()
    monkeypatch.setitem(sys.modules, "tiktoken", module)
    _tokenizers._of_openai.cache_clear()
    yield module
    _tokenizers._of_openai.cache_clear()


@pytest.fixture
def no_tiktoken(patchbay, monkeypatch):
    from patchbay import _tokenizers

    monkeypatch.setitem(sys.modules, "tiktoken", None)
    _tokenizers._of_openai.cache_clear()
    yield
    _tokenizers._of_openai.cache_clear()


def test_tokens_are_counted_with_the_models_tokenizer(patchbay, tiktoken):
    assert patchbay.token_counter("gpt-4o", text="one two three") == 3
    # Three around each message, one for a name, three before the answer.
    messages = [{"role": "system", "content": "be brief"}, {"role": "user", "name": "ann", "content": "a b c"}]
    assert patchbay.token_counter("gpt-4o", messages=messages) == (3 + 1 + 2) + (3 + 1 + 1 + 1 + 3) + 3
    assert patchbay.token_counter("gpt-4o", messages=messages, count_response_tokens=True) == 15
    assert patchbay.encode("gpt-4o", "a b") == [0, 1] and patchbay.decode("gpt-4o", [4]) == "w4"
    image = {"role": "user", "content": [{"type": "text", "text": "a b"}, {"type": "image_url", "image_url": {"url": "x"}}]}
    assert patchbay.token_counter("gpt-4o", messages=[image]) == 3 + 1 + 2 + 85 + 3
    with pytest.raises(ValueError, match="'hologram' cannot be counted"):
        patchbay.token_counter("gpt-4o", messages=[{"role": "user", "content": [{"type": "hologram"}]}])
    with pytest.raises(ValueError, match="not both"):
        patchbay.token_counter("gpt-4o", text="a", messages=[])
    answer = patchbay.completion("openai/gpt-4o", ASK, mock_response="a b").choices[0].message
    assert patchbay.token_counter("gpt-4o", messages=[answer]) == 3 + 1 + 2 + 3


def test_tools_are_counted_as_declarations(patchbay, tiktoken):
    from patchbay import tokens

    parameters = {
        "type": "object",
        "properties": {
            "bird": {"type": "string", "description": "its name"},
            "kind": {"type": "string", "enum": ["falcon", "hawk"]},
            "near": {"type": "array", "items": {"type": "number"}},
            "about": {"type": "object", "properties": {"wings": {"type": "integer"}}},
        },
        "required": ["bird"],
    }
    tool = {"type": "function", "function": {"name": "find", "description": "Finds", "parameters": parameters}}
    said = tokens._declarations([tool, {"type": "function", "function": {"name": "stop"}}])
    assert said.splitlines() == [
        "namespace functions {",
        "",
        "// Finds",
        "type find = (_: {",
        "// its name",
        "bird: string,",
        'kind?: "falcon" | "hawk",',
        "near?: number[],",
        "about?: {",
        "  wings?: number,",
        "},",
        "}) => any;",
        "",
        "type stop = () => any;",
        "",
        "} // namespace functions",
    ]
    plain = patchbay.token_counter("gpt-4o", messages=[{"role": "user", "content": "x"}])
    with_tools = patchbay.token_counter("gpt-4o", messages=[{"role": "user", "content": "x"}], tools=[tool])
    assert with_tools == plain + len(tokens._declarations([tool]).split()) + 9


def test_without_a_tokenizer_tokens_are_estimated(patchbay, no_tiktoken):
    assert patchbay.token_counter("gpt-4o", text="twelve bytes") == 3
    assert patchbay.token_counter("gpt-4o", text="") == 0
    with pytest.raises(NotImplementedError, match="tiktoken"):
        patchbay.encode("gpt-4o", "x")
    with pytest.raises(TypeError, match="custom_tokenizer"):
        patchbay.token_counter("gpt-4o", custom_tokenizer={"type": "x"}, text="x")


def test_a_conversation_is_trimmed(patchbay, tiktoken):
    old, new = {"role": "user", "content": "w " * 50}, {"role": "user", "content": "new"}
    system = [{"role": "system", "content": "be"}, {"role": "system", "content": "brief"}]
    kept = patchbay.trim_messages([*system, old, new], "gpt-4o", max_tokens=30)
    assert kept[0] == {"role": "system", "content": "bebrief"} and kept[-1] == new
    assert patchbay.token_counter("gpt-4o", messages=kept) <= 30
    assert 0 < len(kept[1]["content"]) < len(old["content"]) and ".." in kept[1]["content"]
    result = {"role": "tool", "tool_call_id": "c", "content": "found"}
    assert patchbay.trim_messages([old, old, result], "gpt-4o", max_tokens=20)[-1] == result
    assert patchbay.trim_messages([new], "gpt-4o", max_tokens=20, return_response_tokens=True) == ([new], 20 - 8)
    assert patchbay.trim_messages([new], "nobody-knows-it") == [new]
    broken = [{"role": "user", "content": [{"type": "hologram"}]}]
    assert patchbay.trim_messages(broken, "gpt-4o", max_tokens=1) == broken
    assert old["content"] == "w " * 50


def test_prices_are_exact(patchbay):
    assert patchbay.cost_per_token("gpt-4o", 3, 2) == (7.5e-06, 2e-05)
    cached = patchbay.cost_per_token("claude-sonnet-4-5-20250929", 10_000, 0, cache_read_input_tokens=6_000)
    assert cached == (pytest.approx(4_000 * 3e-6 + 6_000 * 0.3e-6, rel=1e-12), 0)
    assert patchbay.cost_per_token("x", 2, 3, custom_cost_per_token={"input_cost_per_token": 1, "output_cost_per_token": 2}) == (2, 6)
    assert patchbay.cost_per_token("x", response_time_ms=500, custom_cost_per_second=4) == (2, 0)
    with pytest.raises(Exception, match="LLM Provider NOT provided"):
        patchbay.cost_per_token("nobody-knows-it", 1, 1)


def test_an_answers_cost(patchbay):
    answer = patchbay.completion("openai/gpt-4o", ASK)
    cost = patchbay.completion_cost(completion_response=answer)
    assert cost == 2.75e-05 == answer._hidden_params["response_cost"]
    assert patchbay.completion_cost(answer.model_dump(), model="gpt-4o-mini") == pytest.approx(3 * 0.15e-6 + 2 * 0.6e-6)
    vectors = patchbay.embedding("openai/text-embedding-3-small", ["a"])
    assert patchbay.completion_cost(vectors) == pytest.approx(2 * 0.02e-6)
    picture = patchbay.image_generation("a bird", "dall-e-3", size="1024x1792")
    arguments = {"custom_llm_provider": "azure", "size": "1024x1792", "quality": "hd"}
    assert patchbay.completion_cost(picture, model="dall-e-3", **arguments) == pytest.approx(0.132, rel=1e-5)
    with pytest.raises(Exception, match="isn't mapped yet"):
        patchbay.completion_cost(answer, model="nobody-knows-it", custom_llm_provider="nobody")


def test_prices_of_the_program_hold_for_its_calls(patchbay):
    prices = {"input_cost_per_token": 0.5, "output_cost_per_token": 0.25, "max_tokens": 100, "mode": "chat"}
    patchbay.register_model({"openai/mine-alone": prices})
    assert patchbay.completion("openai/mine-alone", ASK)._hidden_params["response_cost"] == 2.0
    assert patchbay.cost_per_token("openai/mine-alone", 4, 2) == (2.0, 0.5)
    assert patchbay.get_model_info("openai/mine-alone")["max_tokens"] == 100
    assert patchbay.model_cost["openai/mine-alone"]["input_cost_per_token"] == 0.5
    assert patchbay.model_cost["gpt-4o"]["output_cost_per_token"] == 1e-05
    patchbay.model_cost["openai/mine-too"] = {"input_cost_per_token": 1.0, "output_cost_per_token": 0}
    assert patchbay.cost_per_token("openai/mine-too", 3) == (3.0, 0.0)
    with pytest.raises(TypeError, match="expected a dictionary"):
        patchbay.register_model({"x": 1})


def find_birds(bird: str, near: int, kind="falcon", **more):
    """Finds birds.

    Parameters
    ----------
    bird : str
        The name, or a part of it
    near : int
        Miles
    kind : {'falcon', 'hawk'}, optional
        What it is

    Returns
    -------
    list
    """


def test_a_function_becomes_a_tool(patchbay):
    assert patchbay.utils.function_to_dict(find_birds) == {
        "name": "find_birds",
        "description": "Finds birds.",
        "parameters": {
            "type": "object",
            "properties": {
                "bird": {"type": "string", "description": "The name, or a part of it"},
                "near": {"type": "integer", "description": "Miles"},
                "kind": {"type": "string", "enum": ["falcon", "hawk"], "description": "What it is"},
            },
            "required": ["bird", "near"],
        },
    }


def test_budgets_of_users(patchbay, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    budget = patchbay.BudgetManager(project_name="birds")
    budget.create_budget(total_budget=1, user="ann", duration="daily", created_at=0)
    answer = patchbay.completion("openai/gpt-4o", ASK)
    budget.update_cost(user="ann", completion_obj=answer)
    assert budget.get_current_cost("ann") == 2.75e-05 and budget.get_model_cost("ann") == {answer.model: 2.75e-05}
    assert budget.save_data() == {"status": "success"}
    again = patchbay.BudgetManager(project_name="birds")
    assert again.get_users() == ["ann"] and again.get_current_cost("ann") == 2.75e-05
    again.update_budget_all_users()
    assert again.get_current_cost("ann") == 0
    assert json.loads((tmp_path / "user_cost.json").read_text())["ann"]["current_cost"] == 0
    with pytest.raises(ValueError, match="no budget of the user 'bob'"):
        again.get_current_cost("bob")
    with pytest.raises(ValueError, match="duration needs to be one of"):
        again.create_budget(1, "bob", duration="hourly")
    with pytest.raises(NotImplementedError, match="hosted"):
        patchbay.BudgetManager("x", client_type="hosted")


def test_which_variables_are_missing(patchbay, monkeypatch):
    names = ("AZURE_API_KEY", "AZURE_API_BASE", "AZURE_API_VERSION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    for name in names:
        monkeypatch.delenv(name, raising=False)
    azure = patchbay.validate_environment("azure/mine")
    assert azure == {"keys_in_environment": False, "missing_keys": ["AZURE_API_BASE", "AZURE_API_VERSION", "AZURE_API_KEY"]}
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    assert patchbay.validate_environment("bedrock/amazon.nova-lite-v1:0")["missing_keys"] == ["AWS_SECRET_ACCESS_KEY"]
    assert patchbay.validate_environment("nobody-knows-it") == {"keys_in_environment": False, "missing_keys": []}
    assert patchbay.get_api_key("openai") == "sk-openai" and patchbay.get_api_key("openai", "sk-x") == "sk-x"


def test_which_parameters_a_model_takes(patchbay, provider):
    params = patchbay.get_supported_openai_params
    assert {"temperature", "tools", "logprobs", "seed"} <= set(params("gpt-4o"))
    assert "reasoning_effort" not in params("gpt-4o") and "reasoning_effort" in params("o3-mini")
    claude = params("anthropic/claude-sonnet-4-20250514")
    assert {"max_tokens", "tools", "stop"} <= set(claude) and not {"frequency_penalty", "logprobs"} & set(claude)
    assert params("claude-sonnet-4-20250514", custom_llm_provider="anthropic") == claude
    assert "tools" in params("anthropic.claude-3-sonnet-20240229-v1:0", custom_llm_provider="bedrock")
    assert params("text-embedding-3-small", request_type="embeddings") == ["dimensions", "encoding_format", "user"]
    assert params("nobody-knows-it") is None
    with pytest.raises(NotImplementedError, match="Vertex AI"):
        params("vertex_ai/gemini-2.5-flash")
    assert provider.requests == []


def test_older_names_of_openai_are_there(patchbay):
    from patchbay import error

    for script, kind in (("limited", error.RateLimitError), ("too-long", error.InvalidRequestError), ("broken", error.APIError)):
        with pytest.raises(kind) as caught:
            patchbay.completion("openai/gpt-4o", client.says(script), num_retries=0)
        assert isinstance(caught.value, error.OpenAIError)


def test_names_are_where_programs_import_them_from(provider, tmp_path):
    program = """
from patchbay.caching.caching import Cache
from patchbay.exceptions import RateLimitError
from patchbay.integrations.custom_logger import CustomLogger
from patchbay.router import Router
from patchbay.types.utils import ModelResponse
from patchbay.utils import ModelResponse as Same, get_max_tokens, token_counter, trim_messages
import patchbay

assert ModelResponse is Same is patchbay.ModelResponse and CustomLogger is patchbay.CustomLogger
assert patchbay.abatch_completion is not patchbay.batch_completion and callable(patchbay.batch_completion)
assert Cache is patchbay.Cache and Router is patchbay.Router and patchbay.utils.trim_messages is trim_messages
missing = [name for name in dir(patchbay) if not hasattr(patchbay, name)]
assert not missing, missing
"""
    done = subprocess.run(
        [sys.executable, "-c", program], env=client.environment(provider, tmp_path), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
