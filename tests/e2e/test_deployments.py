"""Deployments of operators' files: what is left out and told why, what reaches the provider, what is listed."""

import pytest

from support import canary
from support.gateway import command, config, deployment
from support.wire import ask, chat


def models(gateway, query="", key=canary.MASTER):
    answer = ask(gateway.port, method="GET", path="/v1/models" + query, key=key)
    assert answer.status == 200
    return answer.json["data"]


def ids(gateway, query="", key=canary.MASTER):
    return [model["id"] for model in models(gateway, query, key)]


def own(upstream, name, model, **params):
    return deployment(name, model, upstream.url + "/v1", canary.OPENAI, **params)


def mode(entry, name):
    return {**entry, "model_info": {"mode": name}}


# --- what is left out, and the rest serves


def stage(upstream):
    return config(
        own(upstream, "chat", "openai/gpt-4o"),
        deployment(
            "claude", "anthropic/claude-sonnet-4-5", upstream.url, "os.environ/KEY_NOBODY_SET"
        ),
        deployment("agent", "runwayml/gen4_turbo", "https://api.runwayml.example", canary.MISC),
        own(upstream, "house", "house-model-7b"),
        own(upstream, "mixed", "openai/gpt-4o-mini"),
        deployment("mixed", "openai/gpt-4o", "os.environ/BASE_NOBODY_SET", canary.OPENAI),
        own(upstream, "*", "openai/*"),
        deployment("giga/*", "serper/*", upstream.url, canary.MISC),
        router_settings={"model_group_alias": {"nick": "claude"}},
    )


def test_what_cannot_be_served_is_left_out_and_the_rest_serves(start, upstream):
    gateway = start(stage(upstream))
    listed = ids(gateway)
    assert listed[:2] == ["chat", "mixed"]
    assert not {"claude", "nick", "agent", "house"} & set(listed)
    assert ask(gateway.port, chat(model="chat")).status == 200
    for _ in range(10):
        assert ask(gateway.port, chat(model="mixed")).status == 200
        assert upstream.requests[-1].json["model"] == "gpt-4o-mini"
    assert ask(gateway.port, chat(model="gpt-4o")).status == 200, "the wildcard"


@pytest.mark.parametrize(
    "model, why",
    [
        ("claude", "it has no API key"),
        ("nick", "it has no API key"),
        ("agent", "no loaded plugin provides 'runwayml'"),
        ("house", "it is not known which provider has its model"),
        ("giga/anything", "no loaded plugin provides 'serper'"),
    ],
)
def test_a_call_to_what_is_left_out_is_told_why(start, upstream, model, why):
    gateway = start(stage(upstream))
    before = len(upstream.requests)
    answer = ask(gateway.port, chat(model=model))
    assert answer.status == 503
    assert f"Model {model} is configured but not served: {why}." in answer.error["message"]
    assert len(upstream.requests) == before, "a wildcard took it"


def test_check_names_each_place_and_is_content(tmp_path):
    file = tmp_path / "config.yaml"
    file.write_text("""\
model_list:
  - model_name: chat
    litellm_params: {model: gpt-4o, api_key: sk-x}
  - model_name: claude
    litellm_params:
      model: anthropic/claude-sonnet-4-5
      api_key: os.environ/KEY_NOBODY_SET
  - model_name: agent
    litellm_params: {model: runwayml/gen4_turbo}
""")
    status, output = command("check", file)
    assert status == 0, output
    assert (
        f"{file}:7:16: warning: the environment variable `KEY_NOBODY_SET` is not set: "
        "the deployment of 'claude' is left out" in output
    )
    assert (
        f"{file}:9:29: warning: provider 'runwayml' is known to LiteLLM, but no loaded plugin provides it: "
        "this deployment is left out" in output
    )
    assert output.endswith("good: 1 deployment")


def test_a_slip_in_a_providers_name_is_an_error_at_its_line(tmp_path):
    file = tmp_path / "config.yaml"
    file.write_text("""\
model_list:
  - model_name: chat
    litellm_params: {model: gpt-4o, api_key: sk-x}
  - model_name: slip
    litellm_params: {model: opena/gpt-4o, api_key: sk-x}
""")
    status, output = command("check", file)
    assert status != 0
    assert f"{file}:5:29: error: " in output and "did you mean 'openai'?" in output


def test_nothing_left_is_an_error(tmp_path):
    file = tmp_path / "config.yaml"
    file.write_text("model_list: [{model_name: a, litellm_params: {model: runwayml/gen4_turbo}}]\n")
    status, output = command("check", file)
    assert status != 0
    assert "error: no deployment of `model_list` can be served" in output


# --- modes


def test_a_chat_request_to_a_model_of_another_mode_is_refused_and_not_sent(start, upstream):
    gateway = start(
        config(
            own(upstream, "chat", "openai/gpt-4o"),
            mode(own(upstream, "vectors", "openai/house-vectors"), "embedding"),
            own(upstream, "ears", "whisper-1"),
            own(upstream, "any/*", "openai/*"),
        )
    )
    before = len(upstream.requests)
    for model, what in [
        ("vectors", "embeddings"),
        ("ears", "transcriptions"),
        ("any/tts-1", "speech"),
        ("any/dall-e-3", "images"),
        ("any/nobody-knows", None),
    ]:
        answer = ask(gateway.port, chat(model=model))
        if what is None:
            assert answer.status == 200
            continue
        assert answer.status == 400
        assert f"Model {model} is for {what}, not for chat" in answer.error["message"]
    assert len(upstream.requests) == before + 1
    about = {model["id"]: model.get("mode") for model in models(gateway)}
    assert about["vectors"] == "embedding" and about["ears"] == "audio_transcription"


# --- parameters of the provider's own


NESTED = {"order": ["a", "b"], "allow_fallbacks": False, "limits": {"price": 0.5}}


@pytest.mark.parametrize("stream", [False, True])
def test_a_providers_own_parameters_are_defaults(start, upstream, stream):
    gateway = start(
        config(
            own(
                upstream,
                "own",
                "openai/house-model",
                top_k=20,
                min_p=0.1,
                repetition_penalty=1.1,
                chat_template_kwargs={"enable_thinking": False},
                num_ctx=4096,
                provider=NESTED,
                never_heard_of=[1, "two"],
                input_cost_per_token=0.000001,
                supports_vision=True,
                base_model="gpt-4o",
                rpm=5,
                organization="org",
                api_version="v1",
                extra_headers={"x-a": "b"},
            ),
            own(
                upstream,
                "vllm",
                "hosted_vllm/house-model",
                top_k=20,
                chat_template_kwargs={"enable_thinking": False},
            ),
            own(upstream, "quick", "cerebras/house-model", disable_reasoning=True),
        )
    )

    def sent(**body):
        assert ask(gateway.port, chat(stream=stream, **body)).status == 200
        members = upstream.requests[-1].json
        return {
            name: value
            for name, value in members.items()
            if name not in ("model", "messages", "stream", "stream_options")
        }

    defaults = {
        "top_k": 20,
        "min_p": 0.1,
        "repetition_penalty": 1.1,
        "chat_template_kwargs": {"enable_thinking": False},
        "num_ctx": 4096,
        "provider": NESTED,
        "never_heard_of": [1, "two"],
    }
    assert sent(model="own") == defaults
    assert sent(model="own", top_k=3, chat_template_kwargs={"a": 1}) == {
        **defaults,
        "top_k": 3,
        "chat_template_kwargs": {"a": 1},
    }
    assert sent(model="vllm") == {"top_k": 20, "chat_template_kwargs": {"enable_thinking": False}}
    assert sent(model="quick") == {"disable_reasoning": True}


def test_a_plugin_with_an_api_of_its_own_sends_what_it_names(start, upstream, tmp_path):
    claude = deployment(
        "claude",
        "anthropic/claude-sonnet-4-5",
        upstream.url,
        canary.ANTHROPIC,
        top_k=5,
        chat_template_kwargs={"enable_thinking": False},
    )
    gateway = start(config(claude))
    assert ask(gateway.port, chat(model="claude")).status == 200
    sent = upstream.requests[-1].json
    assert sent["top_k"] == 5
    assert "chat_template_kwargs" not in sent
    assert ask(gateway.port, chat(model="claude", top_k=7)).status == 200
    assert upstream.requests[-1].json["top_k"] == 7

    file = tmp_path / "check.yaml"
    file.write_text("""\
model_list:
  - model_name: claude
    litellm_params:
      model: anthropic/claude-sonnet-4-5
      api_key: sk-x
      top_k: 5
      chat_template_kwargs: {a: 1}
""")
    status, output = command("check", file)
    assert status == 0
    assert (
        f"{file}:7:7: warning: `litellm_params.chat_template_kwargs`: the plugin of provider "
        "'anthropic' does not send it: ignored" in output
    )
    assert "top_k" not in output


# --- what is listed


def test_the_list_tells_what_is_known_of_a_model(start, upstream):
    entry = own(upstream, "priced", "openai/house-model")
    entry["model_info"] = {"mode": "chat", "max_input_tokens": 1000}
    gateway = start(
        config(
            own(upstream, "gpt-4o", "openai/gpt-4o"),
            deployment("gpt-4o", "anthropic/claude-sonnet-4-5", upstream.url, canary.ANTHROPIC),
            own(upstream, "unknown", "openai/house-model"),
            entry,
            router_settings={"model_group_alias": {"nick": "priced"}},
        )
    )
    always = {"object": "model", "created": 1677610602, "owned_by": "openai"}
    most = {"mode": "chat", "max_input_tokens": 200000, "max_output_tokens": 64000}
    priced = {"mode": "chat", "max_input_tokens": 1000}
    assert models(gateway) == [
        {"id": "gpt-4o", **always, **most},
        {"id": "unknown", **always},
        {"id": "priced", **always, **priced},
        {"id": "nick", **always, **priced},
    ]
    for path in ("/v1/models/", "/models/"):
        answer = ask(gateway.port, method="GET", path=path + "gpt-4o")
        assert answer.status == 200
        assert answer.json == {"id": "gpt-4o", **always, **most}


def test_wildcards_are_listed_as_the_models_of_their_provider(start, upstream):
    gateway = start(
        config(
            own(upstream, "house/*", "openai/*"),
            own(upstream, "mini-*", "openai/gpt-4o-mini*"),
            own(upstream, "house/gpt-4o", "openai/gpt-4o"),
        )
    )
    listed = ids(gateway)
    assert {"house/gpt-4o", "house/o3", "house/whisper-1"} <= set(listed)
    assert "mini-" in listed and "mini--2024-07-18" in listed
    assert len(listed) == len(set(listed)) > 100
    assert not any("*" in name or "1024-x-1024" in name for name in listed)
    assert {"house/*", "mini-*"} <= set(ids(gateway, "?return_wildcard_routes=true"))
    answer = ask(gateway.port, method="GET", path="/v1/models/house/gpt-4o")
    assert answer.status == 200
    assert answer.json["max_output_tokens"] == 16384
    assert ask(gateway.port, method="GET", path="/v1/models/house%2Fo3").json["id"] == "house/o3"


@pytest.mark.parametrize(
    "model, expected", [("openai/*", {"openai/gpt-4o", "openai/o3"}), ("*", set())]
)
def test_a_star_is_listed_by_its_provider_or_not_at_all(start, upstream, model, expected):
    gateway = start(config(own(upstream, "*", model)))
    listed = set(ids(gateway))
    assert expected <= listed
    assert bool(listed) == bool(expected)
    assert set(ids(gateway, "?return_wildcard_routes=true")) == listed | {"*"}


@pytest.mark.parametrize("name", ["nope", "left", "*", "a/*", "a/b/c", "%ff", "secret"])
def test_a_model_that_is_not_listed_is_not_found(start, upstream, name):
    gateway = start(
        config(
            own(upstream, "a/*", "openai/*"),
            own(upstream, "left", "runwayml/gen4_turbo"),
            own(upstream, "real", "openai/gpt-4o"),
            router_settings={"model_group_alias": {"secret": {"model": "real", "hidden": True}}},
        )
    )
    answer = ask(gateway.port, method="GET", path="/v1/models/" + name)
    assert answer.status == 404
    if name != "%ff":
        assert (answer.error["param"], answer.error["code"]) == ("model", "404")
        assert f"`{name}` does not exist" in answer.error["message"]
    assert ask(gateway.port, method="GET", path="/v1/models/real", key=None).status == 401
    assert ask(gateway.port, method="POST", path="/v1/models/real", body={}).status == 405


# --- --model


def test_a_model_flag_answers_whatever_name(start, upstream):
    flags = ["--model", "openai/gpt-4o", "--api_base", upstream.url + "/v1"]
    gateway = start(None, flags=flags, env={"OPENAI_API_KEY": canary.OPENAI})
    for name in ("gpt-4o", "gpt-3.5-turbo", "openai/gpt-4o", "a/b"):
        for stream in (False, True):
            answer = ask(gateway.port, chat(model=name, stream=stream), key=None)
            assert answer.status == 200
            assert upstream.requests[-1].json["model"] == "gpt-4o"
            assert f'"model":"{name}"' in answer.body.decode().replace('": "', '":"')
    assert ids(gateway, key=None) == ["openai/gpt-4o"]


def test_an_alias_is_the_name_that_the_flag_lists(start, upstream):
    flags = ["--model", "openai/gpt-4o", "--alias", "mine", "--api_base", upstream.url + "/v1"]
    gateway = start(None, flags=flags, env={"OPENAI_API_KEY": canary.OPENAI})
    assert ids(gateway, key=None) == ["mine"]
    for name in ("mine", "other"):
        answer = ask(gateway.port, chat(model=name), key=None)
        assert answer.json["model"] == name
        assert upstream.requests[-1].json["model"] == "gpt-4o"
