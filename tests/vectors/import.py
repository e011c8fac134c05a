#!/usr/bin/env python3
"""Makes data/*.jsonl from a folder of recorded exchanges: tests/vectors/import.py FOLDER (needs PyYAML).

FOLDER holds surfaces/<surface>/<case>.json, exchanges recorded at LiteLLM's proxy, and
providers/<provider>/<case>.json, calls recorded at its library. Both become the same form, which README.md
describes. What no comparison reads (costs, dates, call ids, the recorder's own headers) is left out, so that a file
stays small and changes only with the facts.
"""

import json
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

import yaml
from player.google_names import GOOGLES, one_spelling

DATA = Path(__file__).resolve().parent / "data"
SURFACES = (
    "responses messages completions embeddings moderations gemini bedrock rerank images audio"
).split()
#: The path of the provider's own base; None: what stands before "/models/" in what was sent.
PROVIDERS = {
    "openai": "/v1",
    "anthropic": "",
    "mistral": "/v1",
    "cohere": "",
    "ollama": "",
    "ollama_chat": "",
    "gemini": None,
    "vertex_ai": "",
    "azure": "",
    "azure_ai": "",
    "huggingface": "",
    "bedrock": "",
    "watsonx": "",
    "sagemaker": "",
    "sagemaker_chat": "",
    "github_copilot": "",
    "triton": "",
    "predibase": "",
    "replicate": "/v1",
    "oci": "",
    "gigachat": "/api/v1",
    "langgraph": "",
    "nlp_cloud": "",
    "bytez": "/models/v2",
    "cloudflare": "/client/v4/accounts/fake-account/ai/v1",
    "voyage": "/v1",
    "fal_ai": "",
    "stability": "",
    "black_forest_labs": "",
    "elevenlabs": "",
    "snowflake": "",
    "databricks": "",
    "groq": "/openai/v1",
    "openrouter": "/api/v1",
    "deepinfra": "/v1/openai",
    "fireworks_ai": "/inference/v1",
    "volcengine": "/api/v3",
}
ANY = "<volatile>"
#: What a variable of the environment stands in for.
VARIABLES = {
    "AZURE_API_KEY": "api_key",
    "AZURE_API_VERSION": "api_version",
    "CO_API_KEY": "api_key",
    "HF_TOKEN": "api_key",
    "BFL_API_KEY": "api_key",
}
#: Requests that are no part of an exchange: where a model is served, and tokens for keys.
LOOKUPS = (
    "https://huggingface.co/api/models/",
    "https://iam.cloud.ibm.com/",
    "https://ngw.devices.sberbank.ru:9443/",
)
#: Hosts whose name says that they have the Model Inference API.
INFERENCE = ".services.ai.azure.com"

#: Headers of the recording that say nothing about the API.
IDLE_SENT = {"accept", "request-source", "x-goog-api-client"}
SIGNED = {"sigv4", "sigv4_scope", "x-amz-date", "oci_signature"}
COMPARED_BACK = {"content-type", "retry-after", "allow"}
IDLE_REPLY = {"x-request-id", "openai-processing-ms", "request-id", "x-amzn-requestid"}

ROUTES = {
    "chat": "/v1/chat/completions",
    "completion": "/v1/completions",
    "embeddings": "/v1/embeddings",
    "messages": "/v1/messages",
    "image_generation": "/v1/images/generations",
    "image_edit": "/v1/images/edits",
    "image_variation": "/v1/images/variations",
    "transcription": "/v1/audio/transcriptions",
    "speech": "/v1/audio/speech",
    "moderation": "/v1/moderations",
    "rerank": "/v1/rerank",
    "video_generation": "/v1/videos",
}
#: model_info.mode by operation; none where the model decides.
MODES = {
    "chat": "chat",
    "embeddings": "embedding",
    "transcription": "audio_transcription",
    "speech": "audio_speech",
}
FORMS = {"image_edit", "image_variation", "transcription"}


def sent(request: dict) -> dict:
    """A request that went upstream: method, path, the headers that matter, and one of body, multipart, text, base64."""
    url = urlsplit(request.get("url") or request["path"])
    headers = {
        name: text
        for name, text in request["headers"].items()
        if name not in IDLE_SENT | SIGNED and "litellm" not in str(text).lower()
    }
    if "sigv4" in request["headers"]:  # stands for a signature of AWS's
        headers["authorization"] = "AWS4-HMAC-SHA256 " + request["headers"]["sigv4_scope"]
    if "oci_signature" in request["headers"]:  # likewise of Oracle's
        headers["authorization"] = "Signature"
    made = {
        "method": request["method"],
        "path": url.path + (f"?{url.query}" if url.query else ""),
        "headers": headers,
    }
    body = request.get("body")
    if url.path.endswith(GOOGLES):
        return made | {"body": one_spelling(body)}
    if (
        isinstance(body, dict)
        and "json" not in request["headers"].get("content-type", "")
        and len(body) == 1
        and next(iter(body)) in ("multipart", "text", "base64")
    ):
        return made | body
    if "body_text" in request:
        return made | {"text": request["body_text"]}
    return made | {
        key: request[key] for key in ("body", "multipart") if request.get(key) is not None
    }


def events(frames: list[dict]) -> list[dict]:
    """The frames of AWS's event stream, each by its name."""
    names = (":event-type", ":exception-type")
    return [
        {
            "event": next(frame["headers"][name] for name in names if name in frame["headers"]),
            "payload": frame["payload"],
        }
        for frame in frames
    ]


def replies(case: dict) -> list[dict]:
    """What the provider answered, in order."""
    given = case.get("upstream_replies", case.get("upstream_reply")) or []
    made = []
    for reply in given if isinstance(given, list) else [given]:
        headers = {k: v for k, v in (reply.get("headers") or {}).items() if k not in IDLE_REPLY}
        if any(isinstance(chunk, dict) for chunk in reply.get("chunks") or ()):  # of an event stream of AWS's
            reply = {k: v for k, v in reply.items() if k != "chunks"} | {"eventstream": events(reply["chunks"])}
        made.append(
            {**reply, "headers": headers}
            if headers
            else {k: v for k, v in reply.items() if k != "headers"}
        )
    return made


def surface_case(case: dict) -> dict:
    request, answer = case["client_request"], case["client_reply"]
    headers = {k: v for k, v in answer["headers"].items() if k in COMPARED_BACK}
    if frames := answer.get("eventstream"):
        answer = {**answer, "eventstream": events(frames)}
    return {
        "id": case["id"],
        "request": request,
        "upstream": [sent(one) for one in case["upstream_requests"]],
        "replies": replies(case),
        "answer": {**answer, "headers": headers},
    }


def form(case: dict) -> list[dict]:
    """The parts of a multipart request whose members the recording gives as JSON."""
    parts = [{"name": "model", "text": case["id"]}]
    for name, value in case["client_request"].items():
        many = isinstance(value, list)
        for one in value if many else [value]:
            if isinstance(one, dict) and "base64" in one:
                file = {"filename": "file", "content_type": "application/octet-stream"}
                parts.append({"name": name} | file | one)
            else:
                text = one if isinstance(one, str) else json.dumps(one)
                parts.append({"name": name + ("[]" if many else ""), "text": text})
    return parts


def free_members(case: dict) -> list[str]:
    """Members of a result that are LiteLLM's own: the model's name before the proxy, usage that it counts itself."""
    request = case["client_request"]
    told = any(word in json.dumps(replies(case)) for word in ("usage", "_tokens"))
    asked = (request.get("stream_options") or {}).get("include_usage")
    withheld = case["operation"] in ("chat", "completion") and request.get("stream") and not asked
    return ["model"] + ([] if told and not withheld else ["usage"])


def provider_answer(case: dict) -> dict:
    if error := case.get("client_error"):
        kept = ("exception_class", "message", "retry_after")
        made = {
            "status": error.get("status_code") or 500,
            "failure": {key: error[key] for key in kept if error.get(key)},
        }
        if before := case.get("client_chunks_before_error"):
            made["chunks"] = before
        return made
    result = case["client_result"]
    if isinstance(result, dict) and set(result) <= {"base64", "content_type"}:
        return {"status": 200, "body_base64": result["base64"]}
    if isinstance(result, list) and case["client_request"].get("stream"):
        key = "events" if isinstance(result[0], str) else "chunks"
        return {"status": 200, key: result, "free": free_members(case)}
    if isinstance(result.get("usage"), dict):
        result["usage"].pop("cost", None)
    return {"status": 200, "body": result, "free": free_members(case)}


def provider_case(case: dict) -> dict:
    headers = {"authorization": "Bearer {MASTER_KEY}"}
    request = {"method": "POST", "path": ROUTES[case["operation"]], "headers": headers}
    if case["operation"] in FORMS:
        request["multipart"] = form(case)
    else:
        headers["content-type"] = "application/json"
        request["body"] = {"model": case["id"], **case["client_request"]}
    return {
        "id": case["id"],
        "request": request,
        "upstream": [sent(one) for one in case["upstream_requests"]],
        "replies": replies(case),
        "answer": provider_answer(case),
    }


def sent_base(case: dict) -> str:
    """The path of what was sent before "/models/"."""
    sent_paths = [urlsplit(one["url"]).path for one in case["upstream_requests"]]
    found = [path.split("/models/")[0] for path in sent_paths if "/models/" in path]
    return found[-1] if found else "/v1beta"


def deployment(case: dict, own_path: str | None) -> dict:
    """The model_list entry of a provider's case: its base is the upstream, or a port where nothing listens."""
    params = {k: v for k, v in case["deployment"].items() if v is not None}
    # Variables of one exchange alone; a gateway has many exchanges.
    environment = case.get("environment") or {}
    for name, member in VARIABLES.items():
        if name in environment:
            params[member] = environment[name]
    failure = {reply.get("transport_error") for reply in replies(case)} - {None}
    base = "{NOWHERE}" if "connect_error" in failure else "{UPSTREAM}"
    url = urlsplit(params.get("api_base", ""))
    path = url.path + (f"?{url.query}" if url.query else "") if url.netloc else own_path
    if path is None:
        path = sent_base(case)
    # An address there says of itself which API it has; the upstream's says nothing.
    if params["model"].startswith("azure_ai/") and url.netloc.endswith(INFERENCE) and not path:
        path = "" if "/claude" in params["model"] or case["operation"] == "rerank" else "/models"
    params["api_base"] = base + path
    if failure - {"connect_error"}:
        params |= {"timeout": 1, "stream_timeout": 1}
    if params["model"].startswith("vertex_ai"):
        params["api_key"] = "fake-vertex-token"  # what LiteLLM had for its key file
    if params["model"].startswith("azure/") and params.pop("client_secret", None):
        params["azure_ad_token"] = "fake-entra-token"  # likewise for its credentials
    if params["model"].startswith("watsonx") and params.pop("api_key", None):
        params["token"] = "fake-iam-token"
    if params["model"].startswith("gigachat/"):
        params["extra_headers"] = {"authorization": "Bearer fake-giga-token"}
    if params["model"].startswith("github_copilot/"):
        params["api_key"] = "fake-gh-access"  # what LiteLLM had in the files of its login
    made = {"model_name": case["id"], "litellm_params": params}
    # Which models have the Responses API alone the gateway knows as well as LiteLLM.
    by_responses = any(sent(one)["path"].endswith("/responses") for one in case["upstream_requests"])
    mode = None if by_responses else MODES.get(case["operation"])
    return made | ({"model_info": {"mode": mode}} if mode else {})


def surface_lines(cases: list[dict]):
    known: dict[str, int] = {}
    for case in cases:
        key = json.dumps([case["config"], case.get("env")])
        if key not in known:
            known[key] = len(known)
            config = yaml.safe_load(case["config"])
            config["general_settings"]["master_key"] = "{MASTER_KEY}"
            made = {"configuration": known[key], "config": config}
            yield made | ({"environment": case["env"]} if case.get("env") else {})
        yield {"of": known[key], **surface_case(case), **mark(case)}


def provider_lines(cases: list[dict], own_path: str | None):
    """A configuration for the cases of each environment."""
    environments: dict[str, list[dict]] = {}
    for case in cases:
        environments.setdefault(json.dumps(case.get("environment") or {}), []).append(case)
    for number, (environment, those) in enumerate(environments.items()):
        config = {
            "model_list": [deployment(case, own_path) for case in those],
            "litellm_settings": {"num_retries": 0},
            "router_settings": {"num_retries": 0, "disable_cooldowns": True},
            "general_settings": {"master_key": "{MASTER_KEY}"},
        }
        made = {"configuration": number, "config": config}
        yield made | ({"environment": json.loads(environment)} if environment != "{}" else {})
        for case in those:
            yield {"of": number, **provider_case(case), **mark(case)}


def mark(case: dict) -> dict:
    return {"litellm_bug": case["litellm_bug"]} if case.get("litellm_bug") else {}


def line_of(value) -> str:
    """JSON on one line, also for readers that take every line end of Unicode for one."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return "".join(f"\\u{ord(c):04x}" if c in "\x85\u2028\u2029" else c for c in text) + "\n"


def write(name: str, lines):
    text = "".join(line_of(line) for line in lines)
    (DATA / f"{name}.jsonl").write_text(text)
    print(f"{name}: {len(text.encode()) // 1024} KiB")


def read(folder: Path) -> list[dict]:
    return [
        without_lookups(json.loads(file.read_text())) for file in sorted(folder.glob("*.json"))
    ]


def without_lookups(case: dict) -> dict:
    """Without the requests by which LiteLLM finds out where Hugging Face serves a model, which the router knows, or
    exchanges a key for a token, which the deployment is given."""
    requests, given = case.get("upstream_requests", ()), case.get("upstream_replies")
    kept = [i for i, one in enumerate(requests) if not one.get("url", "").startswith(LOOKUPS)]
    if len(kept) == len(requests) or len(given or ()) != len(requests):
        return case
    # The router has one address for all providers.
    routed = re.compile(r"(huggingface\.co)/[a-z-]+(/v1/chat/completions)$")
    pick = {
        "upstream_requests": [
            requests[i] | {"url": routed.sub(r"\1\2", requests[i]["url"])} for i in kept
        ],
        "upstream_replies": [given[i] for i in kept],
    }
    return case | pick


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    DATA.mkdir(exist_ok=True)
    for name in SURFACES:
        write(name, surface_lines(read(folder / "surfaces" / name)))
    for name, own_path in PROVIDERS.items():
        cases = [case for case in read(folder / "providers" / name) if case["operation"] in ROUTES]
        write(f"provider-{name}", provider_lines(cases, own_path))


if __name__ == "__main__":
    main()
