"""Makes calls with a Python SDK that has LiteLLM's surface: sdk_runner.py LIBRARY < CALLS > RESULTS

LIBRARY is the module's name, `litellm` or `patchbay`; a call is {"id", "function", "arguments", "await"}, and with
"router" a method of a Router of these arguments. What comes back is {"id": ...} with one of: "value", what the function returned as JSON; "chunks" of a stream; "bytes"; or
"error", with "chunks" that came before it.
"""

import asyncio
import base64
import importlib
import json
import sys
import warnings

import openai  # before the first failure, as in programs that catch its classes

OPENAI_CLASSES = (
    "APIError",
    "APIStatusError",
    "APIConnectionError",
    "APITimeoutError",
    "AuthenticationError",
    "BadRequestError",
    "InternalServerError",
    "NotFoundError",
    "PermissionDeniedError",
    "RateLimitError",
    "UnprocessableEntityError",
)


def plain(value):
    """A result as JSON."""
    for name in ("model_dump", "dict"):
        dump = getattr(value, name, None)
        if callable(dump) and not isinstance(value, type):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return plain(dump())
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def error_of(error) -> dict:
    kinds = [name for name in OPENAI_CLASSES if isinstance(error, getattr(openai, name))]
    facts = {name: getattr(error, name, None) for name in ("status_code", "llm_provider", "model", "code", "type", "param")}
    return {"class": type(error).__name__, "openai": kinds, "message": str(error), **plain(facts)}


def is_stream(value) -> bool:
    return hasattr(value, "__next__") and not isinstance(value, str | bytes | dict | list)


def whole(value) -> dict:
    content = getattr(value, "content", None)
    if isinstance(content, bytes):
        return {"bytes": base64.b64encode(content).decode()}
    return {"value": plain(value)}


def call(function, arguments) -> dict:
    chunks = []
    try:
        value = function(**arguments)
        if not is_stream(value):
            return whole(value)
        for piece in value:
            chunks.append(plain(piece))
        return {"chunks": chunks}
    except Exception as error:  # noqa: BLE001 -- what it is, is the result
        return {"chunks": chunks, "error": error_of(error)}


async def call_async(function, arguments) -> dict:
    chunks = []
    try:
        value = await function(**arguments)
        if not hasattr(value, "__anext__"):
            return whole(value)
        async for piece in value:
            chunks.append(plain(piece))
        return {"chunks": chunks}
    except Exception as error:  # noqa: BLE001
        return {"chunks": chunks, "error": error_of(error)}


def run(library, one) -> dict:
    function = library.Router(**one["router"]) if one.get("router") else library
    for name in one["function"].split("."):
        function = getattr(function, name)
    if one.get("await"):
        return asyncio.run(call_async(function, one["arguments"]))
    return call(function, one["arguments"])


def main():
    out = sys.stdout
    sys.stdout = sys.stderr  # LiteLLM prints hints
    library = importlib.import_module(sys.argv[1])
    library.suppress_debug_info = True
    library.telemetry = False
    for one in json.load(sys.stdin):
        out.write(json.dumps({"id": one["id"], **run(library, one)}) + "\n")
    out.flush()


main()
