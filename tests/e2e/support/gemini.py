"""Gemini's API: requests, streams and errors of it."""

import json
from urllib.parse import urlencode

from google import genai
from google.genai import types

from . import canary
from .wire import Answer, ask

TOOL = types.Tool(
    function_declarations=[
        types.FunctionDeclaration(
            name="get_weather",
            description="The weather of a city",
            parameters=types.Schema(
                type=types.Type.OBJECT,
                properties={"city": types.Schema(type=types.Type.STRING)},
                required=["city"],
            ),
        )
    ]
)


def client(url: str, key: str = canary.MASTER) -> genai.Client:
    """Google's SDK as its users make it, without retries."""
    options = types.HttpOptions(base_url=url, retry_options=types.HttpRetryOptions(attempts=1))
    return genai.Client(api_key=key, http_options=options)


def body(script: str = "default", text: str = "Hello", **more) -> dict:
    parts = [{"text": f"{text} script:{script}"}]
    return {"contents": [{"role": "user", "parts": parts}], **more}


def call(
    gateway, asked: dict, action="generateContent", model="m", query=None, key=None, **options
) -> Answer:
    """One request by hand; `key` stands in the query, and else in Google's header."""
    query = {**(query or {}), **({"key": key} if key else {})}
    headers = {} if key else {"x-goog-api-key": canary.MASTER}
    path = f"/v1beta/models/{model}:{action}" + (f"?{urlencode(query)}" if query else "")
    return ask(gateway.port, asked, **{"key": None, "path": path, "headers": headers, **options})


def responses(answer: Answer) -> list[dict]:
    """The responses of a stream of events."""
    text = answer.body.decode()
    assert text.endswith("\r\n\r\n") and "[DONE]" not in text
    events = text.removesuffix("\r\n\r\n").split("\r\n\r\n")
    assert all(event.startswith("data: ") for event in events), events
    return [json.loads(event.removeprefix("data: ")) for event in events]


def words(found: list[dict]) -> str:
    """The text of all responses of a stream."""
    parts = [
        part
        for response in found
        for candidate in response.get("candidates", [])
        for part in candidate["content"]["parts"]
    ]
    return "".join(part.get("text", "") for part in parts)


def check_error(value: dict, code: int, status: str, said: str):
    """Google's shape, and nothing of OpenAI's."""
    assert set(value) == {"error"}
    error = value["error"]
    assert set(error) <= {"code", "message", "status", "details"}, error
    assert (error["code"], error["status"]) == (code, status)
    assert said in error["message"]


#: What Gemini CLI sends: its parameters, and schemas as JSON Schema.
GEMINI_CLI = {
    "contents": [
        {"role": "user", "parts": [{"text": "This is the Gemini CLI."}, {"text": "Setup."}]},
        {"role": "model", "parts": [{"text": "Got it."}]},
        {"role": "user", "parts": [{"text": "Read a file."}]},
        {
            "role": "model",
            "parts": [
                {
                    "functionCall": {"name": "read_file", "args": {"path": "a"}},
                    "thoughtSignature": "skip_thought_signature_validator",
                }
            ],
        },
        {
            "role": "user",
            "parts": [
                {
                    "functionResponse": {
                        "id": "read_file-1",
                        "name": "read_file",
                        "response": {"output": "text"},
                    }
                }
            ],
        },
    ],
    "systemInstruction": {"role": "user", "parts": [{"text": "You are an agent."}]},
    "tools": [
        {
            "functionDeclarations": [
                {
                    "name": "read_file",
                    "description": "Reads a file",
                    "parametersJsonSchema": {
                        "type": "object",
                        "properties": {"path": {"type": "string"}},
                    },
                }
            ]
        }
    ],
    "generationConfig": {
        "temperature": 1,
        "topP": 0.95,
        "topK": 64,
        "thinkingConfig": {"includeThoughts": True, "thinkingBudget": 8192},
    },
}
