"""What each log sink is sent, held against the sink's own SDK: its models, parsers and schemas."""

import base64
import json
import queue
import uuid
from datetime import datetime

import pytest

from support import answers, canary, paths
from support.answers import completion, piece, usage_piece
from support.gateway import config, deployment
from support.wire import ask

TOOL = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}
REQUEST = {
    "model": "m",
    "messages": [{"role": "user", "content": "hi"}],
    "temperature": 0.5,
    "user": "u-1",
    "tools": [TOOL],
    "response_format": {"type": "text"},
    "metadata": {"tags": ["blue"], "trace_name": "my trace", "session_id": "s-1", "color": "red"},
}
PLAIN = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}
GOOD = {"langfuse": (207, {"successes": [], "errors": []}), "lunary": (200, {"results": []})}


@pytest.fixture
def logged(start, upstream, tmp_path):
    """logged(sink, environment, answer, settings): a gateway with one sink, which answers what
    `answer` says, and the queue of what the sink is asked. The model answers with a text, a stream, or an error if the request says "fail"."""

    def run(sink, environment=None, answer=None, **settings):
        arrived = queue.Queue()

        async def by_path(exchange):
            if exchange.path.startswith("/sink"):
                arrived.put(exchange)
                reply = answer(exchange) if answer else GOOD.get(sink, (200, {}))
                return await exchange.answer(*reply)
            if exchange.json["messages"][-1]["content"] == "fail":
                return await exchange.answer(400, {"error": {"message": "no luck", "type": "t"}})
            if not exchange.json.get("stream"):
                return await exchange.answer(200, completion("the answer"))
            await exchange.start_stream()
            for one in [piece("the "), piece("answer"), piece(finish="stop"), usage_piece()]:
                await exchange.event(one)
            await exchange.event("[DONE]")
            return await exchange.finish()

        upstream.scripts["default"] = by_path
        made = config(
            deployment("m", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
            litellm_settings={"callbacks": [sink]},
            callback_settings={sink: {"flush_interval": 0.05, **settings}},
        )
        env = {"PATCHBAY_STATE_DIR": str(tmp_path / "state"), **(environment or {})}
        return start(made, env=env), arrived

    yield run
    upstream.scripts["default"] = answers.default


def next_call(arrived):
    return arrived.get(timeout=paths.deadline(20))


def ask_all(gateway):
    """One call of each kind: whole, streamed, failed."""
    assert ask(gateway.port, REQUEST).status == 200
    assert ask(gateway.port, {**REQUEST, "stream": True}).status == 200
    failing = {**REQUEST, "messages": [{"role": "user", "content": "fail"}]}
    assert ask(gateway.port, failing).status == 400


def collect(arrived, count, items):
    """Calls to the sink until `items` of them make `count` in all."""
    found = []
    while len(found) < count:
        found += items(next_call(arrived))
    return found


def test_langfuse_events_are_of_its_ingestion_api(logged, upstream):
    from langfuse.api.core.pydantic_utilities import pydantic_v1
    from langfuse.api.resources.ingestion.types import IngestionEvent

    gateway, arrived = logged(
        "langfuse",
        {
            "LANGFUSE_HOST": upstream.url + "/sink",
            "LANGFUSE_PUBLIC_KEY": "pk",
            "LANGFUSE_SECRET_KEY": canary.MISC,
        },
    )
    ask_all(gateway)

    def events(call):
        assert call.path == "/sink/api/public/ingestion"
        wanted = base64.b64encode(f"pk:{canary.MISC}".encode()).decode()
        assert call.headers["authorization"] == "Basic " + wanted
        return call.json["batch"]

    found = collect(arrived, 6, events)
    assert len({event["id"] for event in found}) == 6
    for event in found:
        parsed = pydantic_v1.parse_obj_as(IngestionEvent, event)
        assert parsed.type == event["type"]
        assert datetime.fromisoformat(event["timestamp"]).tzinfo is not None
        body = parsed.body
        known = {field.alias for field in body.__fields__.values()}
        assert set(event["body"]) <= known, set(event["body"]) - known

    by_type = {
        kind: [event["body"] for event in found if event["type"] == kind]
        for kind in ("trace-create", "generation-create")
    }
    assert [trace["name"] for trace in by_type["trace-create"]] == ["my trace"] * 3
    assert {trace["sessionId"] for trace in by_type["trace-create"]} == {"s-1"}
    whole, streamed, failed = by_type["generation-create"]
    for generation in (whole, streamed):
        assert generation["model"] == "gpt-4o" and generation["level"] == "DEFAULT"
        assert generation["output"]["content"] == "the answer"
        assert generation["usageDetails"] == {"input": 11, "output": 4, "total": 15}
        assert generation["startTime"] <= generation["endTime"]
    assert streamed["startTime"] <= streamed["completionStartTime"] <= streamed["endTime"]
    assert failed["level"] == "ERROR" and "no luck" in failed["statusMessage"]
    assert whole["traceId"] in {trace["id"] for trace in by_type["trace-create"]}


def test_langfuse_is_told_what_headers_say(logged, upstream):
    gateway, arrived = logged(
        "langfuse",
        {
            "LANGFUSE_HOST": upstream.url + "/sink",
            "LANGFUSE_PUBLIC_KEY": "pk",
            "LANGFUSE_SECRET_KEY": canary.MISC,
        },
    )
    said = {
        "langfuse_trace_id": "T-1",
        "langfuse_session_id": "S-1",
        "langfuse_trace_user_id": "U-1",
        "x-litellm-tags": "red,blue",
        "langfuse_secret_key": canary.MISC,
    }
    assert ask(gateway.port, PLAIN, headers=said).status == 200
    call = next_call(arrived)
    assert canary.leaks(call.body.decode()) == []
    trace, generation = [event["body"] for event in call.json["batch"]]
    assert (trace["id"], trace["sessionId"], trace["userId"]) == ("T-1", "S-1", "U-1")
    assert trace["tags"] == ["red", "blue"]
    assert generation["traceId"] == "T-1"

    said = {"x-litellm-trace-id": "T-3", "x-litellm-session-id": "S-3"}
    assert ask(gateway.port, PLAIN, headers=said).status == 200
    trace, _ = [event["body"] for event in next_call(arrived).json["batch"]]
    assert (trace["id"], trace["sessionId"]) == ("T-3", "S-3")


def test_lunary_events_are_those_of_its_sdk(logged, upstream):
    import lunary
    from lunary.openai_utils import OpenAIUtils
    from lunary.utils import clean_nones
    from openai.types.chat import ChatCompletion

    gateway, arrived = logged(
        "lunary",
        {"LUNARY_API_URL": upstream.url + "/sink", "LUNARY_PUBLIC_KEY": canary.MISC},
    )
    ask_all(gateway)

    def events(call):
        assert call.path == "/sink/v1/runs/ingest"
        assert call.headers["authorization"] == "Bearer " + canary.MISC
        return call.json["events"]

    found = collect(arrived, 6, events)
    own = []
    lunary.track_event("llm", "start", "r", app_id="x", callback_queue=own)
    for event in found:
        assert set(event) <= set(own[0]), set(event) - set(own[0])
        uuid.UUID(event["runId"])
    runs = [[e for e in found if e["runId"] == run] for run in dict.fromkeys(e["runId"] for e in found)]
    assert [[e["event"] for e in run] for run in runs] == [["start", "end"]] * 2 + [["start", "error"]]
    parsed = OpenAIUtils.parse_input(**REQUEST)
    answer = OpenAIUtils.parse_output(ChatCompletion.model_validate(completion("the answer")))
    for run in runs[:2]:
        assert run[0]["input"] == clean_nones(parsed["input"])
        assert parsed["extra"].items() <= run[0]["params"].items()
        assert run[1]["output"] == clean_nones(answer["output"])
        assert run[1]["tokensUsage"].items() >= clean_nones(answer["tokensUsage"]).items()
    assert runs[0][0]["tags"] == ["blue"] and runs[0][0]["userId"] == "u-1"
    assert "no luck" in runs[2][1]["error"]["stack"]


def test_helicone_requests_are_of_its_sdks_model(logged, upstream):
    from helicone.async_logger.async_logger import (
        HeliconeAyncLogRequest,
        ProviderRequest,
        ProviderResponse,
        Timing,
        UnixTimeStamp,
    )

    gateway, arrived = logged(
        "helicone",
        {"HELICONE_API_BASE": upstream.url + "/sink", "HELICONE_API_KEY": canary.MISC},
    )
    ask_all(gateway)
    calls = [next_call(arrived) for _ in range(3)]
    by_status = {}
    for call in calls:
        assert call.path == "/sink/oai/v1/log"
        assert call.headers["authorization"] == "Bearer " + canary.MISC
        # A data class takes its own members and no others.
        made = HeliconeAyncLogRequest(**call.json)
        request = ProviderRequest(**made.providerRequest)
        response = ProviderResponse(**made.providerResponse)
        timing = Timing(**made.timing)
        moments = [UnixTimeStamp(**one) for one in (timing.startTime, timing.endTime)]
        assert all(0 <= one.milliseconds < 1000 for one in moments)
        uuid.UUID(request.meta["Helicone-Request-Id"])
        assert request.meta["Helicone-User-Id"] == "u-1"
        assert request.json["model"] == "gpt-4o" and request.json["tools"] == [TOOL]
        by_status.setdefault(response.status, []).append(response.json)
    assert {status: len(found) for status, found in by_status.items()} == {200: 2, 400: 1}
    for answer in by_status[200]:
        assert answer["choices"][0]["message"]["content"] == "the answer"
        assert answer["usage"]["total_tokens"] == 15
    assert "no luck" in by_status[400][0]["error"]["message"]


def test_otel_exports_are_of_the_protocol(logged, upstream):
    from google.protobuf import json_format
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
    from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

    gateway, arrived = logged(
        "otel",
        {
            "OTEL_EXPORTER_OTLP_ENDPOINT": upstream.url + "/sink",
            "OTEL_EXPORTER_OTLP_HEADERS": f"x-key={canary.MISC}",
            "OTEL_SERVICE_NAME": "gateway",
        },
    )
    ask_all(gateway)

    def spans(call):
        assert call.path == "/sink/v1/traces" and call.headers["x-key"] == canary.MISC
        document = call.json
        # OTLP writes ids in hexadecimal; Protocol Buffers' own JSON has bytes in base64.
        for resource in document["resourceSpans"]:
            for scope in resource["scopeSpans"]:
                for span in scope["spans"]:
                    for name in {"traceId", "spanId", "parentSpanId"} & set(span):
                        raw = bytes.fromhex(span[name])
                        span[name] = base64.b64encode(raw).decode()
        parsed = json_format.ParseDict(document, ExportTraceServiceRequest())
        (resource,) = parsed.resource_spans
        attributes = {a.key: a.value.string_value for a in resource.resource.attributes}
        assert attributes["service.name"] == "gateway"
        return list(resource.scope_spans[0].spans)

    found = collect(arrived, 3, spans)
    for span in found:
        assert len(span.trace_id) == 16 and len(span.span_id) == 8
        assert span.kind == Span.SPAN_KIND_CLIENT and span.name == "chat gpt-4o"
        assert 0 < span.start_time_unix_nano <= span.end_time_unix_nano
    whole, streamed, failed = found
    for span in (whole, streamed):
        attributes = {a.key: a.value for a in span.attributes}
        assert attributes["gen_ai.operation.name"].string_value == "chat"
        assert attributes["gen_ai.usage.input_tokens"].int_value == 11
        assert attributes["gen_ai.request.temperature"].double_value == 0.5
        reasons = attributes["gen_ai.response.finish_reasons"].array_value.values
        assert [reason.string_value for reason in reasons] == ["stop"]
        said = json.loads(attributes["gen_ai.output.messages"].string_value)
        assert said[0]["parts"] == [{"type": "text", "content": "the answer"}]
    assert failed.status.code == Status.STATUS_CODE_ERROR and "no luck" in failed.status.message


@pytest.mark.parametrize("log_format", ["json_array", "ndjson", "single"])
def test_webhook_gets_records_as_they_are(logged, upstream, log_format):
    gateway, arrived = logged(
        "generic_api",
        {
            "GENERIC_LOGGER_ENDPOINT": upstream.url + "/sink?to=me",
            "GENERIC_LOGGER_HEADERS": f"x-key={canary.MISC}",
        },
        log_format=log_format,
    )
    ask_all(gateway)

    def records(call):
        assert call.path == "/sink?to=me" and call.headers["x-key"] == canary.MISC
        if log_format == "json_array":
            return call.json
        return [json.loads(line) for line in call.body.decode().splitlines()]

    found = collect(arrived, 3, records)
    assert sorted(record["status"] for record in found) == ["failure", "success", "success"]
    assert {record["end_user"] for record in found} == {"u-1"}


def test_file_is_lines_of_json_that_only_its_owner_may_read(logged, tmp_path):
    file = tmp_path / "calls.jsonl"
    gateway, _ = logged("file", url=f"file://{file}")
    ask_all(gateway)
    assert gateway.stop() == 0
    records = [json.loads(line) for line in file.read_text().splitlines()]
    assert [record["status"] for record in records] == ["success", "success", "failure"]
    assert file.stat().st_mode & 0o777 == 0o600


def test_more_records_than_calls_for_one_batch_arrive_once_each(logged, upstream):
    gateway, arrived = logged(
        "helicone",
        {"HELICONE_API_BASE": upstream.url + "/sink", "HELICONE_API_KEY": canary.MISC},
        flush_interval=1,
        batch_size=70,
    )
    for _ in range(70):
        assert ask(gateway.port, PLAIN).status == 200
    calls = [next_call(arrived) for _ in range(70)]
    ids = {call.json["providerRequest"]["meta"]["Helicone-Request-Id"] for call in calls}
    assert len(ids) == 70
    assert gateway.stop() == 0
    assert arrived.empty()


def test_only_what_langfuse_did_not_take_comes_again_and_as_the_same(logged, upstream):
    refused = []

    def answer(exchange):
        batch = exchange.json["batch"]
        if refused or len(batch) < 6:
            return GOOD["langfuse"]
        refused.append(batch[3]["id"])  # the second record's generation
        return 207, {"successes": [], "errors": [{"id": refused[0], "status": 500}]}

    gateway, arrived = logged(
        "langfuse",
        {
            "LANGFUSE_HOST": upstream.url + "/sink",
            "LANGFUSE_PUBLIC_KEY": "pk",
            "LANGFUSE_SECRET_KEY": canary.MISC,
        },
        answer=answer,
        flush_interval=1,
        batch_size=3,
    )
    for _ in range(3):
        assert ask(gateway.port, PLAIN).status == 200
    first = next_call(arrived).json["batch"]
    assert len(first) == 6, "the three records are one batch"
    again = next_call(arrived).json["batch"]
    assert again == first[2:4]
    assert gateway.stop() == 0
    assert arrived.empty()
