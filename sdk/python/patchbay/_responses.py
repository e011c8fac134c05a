"""The Responses API: its answers, and the events of their streams."""

from __future__ import annotations

from typing import Any, Dict

from ._objects import Answer


class ResponsesAPIResponse(Answer):
    """An answer of the Responses API."""

    @property
    def output_text(self) -> str:
        """All texts of its messages."""
        parts = [part for item in self.get("output") or [] if item.get("type") == "message" for part in item.content]
        return "".join(part.text for part in parts if part.get("type") == "output_text")


#: Events of a streamed response that programs tell apart by their class -> their `type`.
_EVENTS = {
    "ResponseCreatedEvent": "response.created",
    "ResponseInProgressEvent": "response.in_progress",
    "ResponseCompletedEvent": "response.completed",
    "ResponseFailedEvent": "response.failed",
    "ResponseIncompleteEvent": "response.incomplete",
    "OutputItemAddedEvent": "response.output_item.added",
    "OutputItemDoneEvent": "response.output_item.done",
    "ContentPartAddedEvent": "response.content_part.added",
    "ContentPartDoneEvent": "response.content_part.done",
    "OutputTextDeltaEvent": "response.output_text.delta",
    "OutputTextDoneEvent": "response.output_text.done",
    "OutputTextAnnotationAddedEvent": "response.output_text.annotation.added",
    "RefusalDeltaEvent": "response.refusal.delta",
    "RefusalDoneEvent": "response.refusal.done",
    "FunctionCallArgumentsDeltaEvent": "response.function_call_arguments.delta",
    "FunctionCallArgumentsDoneEvent": "response.function_call_arguments.done",
    "ReasoningSummaryTextDeltaEvent": "response.reasoning_summary_text.delta",
    "ErrorEvent": "error",
}
_EVENT_CLASSES: Dict[str, Any] = {}
for _name, _type in _EVENTS.items():
    globals()[_name] = _EVENT_CLASSES[_type] = type(_name, (Answer,), {"__module__": __name__, "__doc__": f"`{_type}`"})


def wrapped(value: Any) -> Any:
    """A JSON value with its objects as OpenAIObjects, for APIs that have no classes here."""
    if type(value) is dict:
        named = value.get("type")  # of a schema a list, too
        kind = _EVENT_CLASSES.get(named, Answer) if type(named) is str else Answer
        if value.get("object") == "response":
            kind = ResponsesAPIResponse
        made = kind.__new__(kind)
        made.__dict__.update({name: wrapped(inner) for name, inner in value.items()})
        return made
    if type(value) is list:
        return [wrapped(one) for one in value]
    return value
