"""From the pieces of a streamed chat to the answer that it would have been whole."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from ._objects import ModelResponse, OpenAIObject


def _dict(value: Any) -> Dict[str, Any]:
    return value.model_dump(exclude_none=True) if isinstance(value, OpenAIObject) else dict(value)


class _Choice:
    """What one choice has said so far."""

    def __init__(self, index: int) -> None:
        self.index = index
        self.role = "assistant"
        self.texts: Dict[str, List[str]] = {}  # content, reasoning_content, refusal
        self.calls: Dict[int, Dict[str, Any]] = {}
        self.function: Optional[Dict[str, str]] = None
        self.thinking: List[Dict[str, Any]] = []
        self.images: List[Any] = []
        self.annotations: Optional[List[Any]] = None
        self.audio: Dict[str, Any] = {}
        self.provider_fields: Dict[str, Any] = {}
        self.logprobs: List[Any] = []
        self.finish_reason: Optional[str] = None

    def add(self, choice: Dict[str, Any]) -> None:
        self.finish_reason = choice.get("finish_reason") or self.finish_reason
        self.logprobs += (choice.get("logprobs") or {}).get("content") or []
        delta = choice.get("delta") or {}
        self.role = delta.get("role") or self.role
        for name in ("content", "reasoning_content", "refusal"):
            if isinstance(delta.get(name), str):
                self.texts.setdefault(name, []).append(delta[name])
        for call in delta.get("tool_calls") or []:
            self._add_call(call)
        if delta.get("function_call"):
            function = self.function or {"name": "", "arguments": ""}
            function["name"] = delta["function_call"].get("name") or function["name"]
            function["arguments"] += delta["function_call"].get("arguments") or ""
            self.function = function
        self.thinking += delta.get("thinking_blocks") or []
        self.images += delta.get("images") or []
        if self.annotations is None:
            self.annotations = delta.get("annotations")
        for name, value in (delta.get("audio") or {}).items():
            joins = name in ("data", "transcript") and name in self.audio
            self.audio[name] = self.audio[name] + value if joins else value
        self.provider_fields.update(delta.get("provider_specific_fields") or {})

    def _add_call(self, piece: Dict[str, Any]) -> None:
        call = self.calls.setdefault(
            piece.get("index") or 0, {"id": None, "type": "function", "function": {"name": None, "arguments": ""}}
        )
        call["id"] = piece.get("id") or call["id"]
        function = piece.get("function") or {}
        call["function"]["name"] = function.get("name") or call["function"]["name"]
        call["function"]["arguments"] += function.get("arguments") or ""

    def _thought(self) -> List[Dict[str, Any]]:
        """One block of all that was thought, and those that cannot be read as they are."""
        text = "".join(block.get("thinking") or "" for block in self.thinking)
        signatures = [block["signature"] for block in self.thinking if block.get("signature")]
        blocks: List[Dict[str, Any]] = []
        if text or signatures:
            blocks.append({"type": "thinking", "thinking": text, "signature": signatures[-1] if signatures else None})
        return blocks + [block for block in self.thinking if block.get("type") == "redacted_thinking"]

    def whole(self) -> Dict[str, Any]:
        message: Dict[str, Any] = {"role": self.role, "content": None}
        for name, pieces in self.texts.items():
            message[name] = "".join(pieces)
        calls = [call for _, call in sorted(self.calls.items()) if call["id"] and call["function"]["name"]]
        for call in calls:
            call["function"]["arguments"] = call["function"]["arguments"] or "{}"
        if calls:
            message["tool_calls"] = calls
            message["content"] = message["content"] or None
        thought = self._thought()
        if "thinking_blocks" in self.provider_fields:
            self.provider_fields["thinking_blocks"] = thought
        for name, value in (
            ("function_call", self.function),
            ("thinking_blocks", thought),
            ("images", self.images),
            ("annotations", self.annotations),
            ("audio", self.audio),
            ("provider_specific_fields", self.provider_fields),
        ):
            if value:
                message[name] = value
        choice: Dict[str, Any] = {
            "index": self.index,
            "message": message,
            "finish_reason": self.finish_reason or "stop",
        }
        if self.logprobs:
            choice["logprobs"] = {"content": self.logprobs}
        return choice


def stream_chunk_builder(
    chunks: List[Any],
    messages: Optional[List[Any]] = None,
    start_time: Any = None,
    end_time: Any = None,
    **_: Any,
) -> Optional[ModelResponse]:
    """Makes one ModelResponse of the pieces of a stream, in their order; None of no pieces.

    All choices are kept. The usage is the last that was told, else what the engine knows of the call; of pieces that are
    not its own the tokens are counted, if there are `messages`.
    """
    if not chunks:
        return None
    choices: Dict[int, _Choice] = {}
    facts: Dict[str, Any] = {}
    for chunk in map(_dict, chunks):
        for name in ("id", "created", "model", "system_fingerprint", "service_tier", "citations"):
            if name in chunk and (name not in facts or name == "model"):
                facts[name] = chunk[name]
        if chunk.get("usage"):
            facts["usage"] = {**facts.get("usage", {}), **chunk["usage"]}
        for choice in chunk.get("choices") or []:
            index = choice.get("index") or 0
            choices.setdefault(index, _Choice(index)).add(choice)
    if not choices:
        choices[0] = _Choice(0)
    facts["choices"] = [choice.whole() for _, choice in sorted(choices.items())]
    hidden = getattr(chunks[-1], "_hidden_params", None)
    if "usage" not in facts:
        usage = _known(hidden) or (_counted(facts, messages) if messages else None)
        if usage:
            facts["usage"] = usage
    made = ModelResponse(**facts)
    made.__dict__["_facts"] = hidden
    return made


def _known(hidden: Optional[Dict[str, Any]]) -> Optional[Dict[str, Any]]:
    """What the engine knows of a call's tokens when it is over."""
    told = (hidden or {}).get("usage")
    if not told:
        return None
    usage = {name: told[name] for name in ("prompt_tokens", "completion_tokens", "total_tokens")}
    if told.get("cached_tokens"):
        usage["prompt_tokens_details"] = {"cached_tokens": told["cached_tokens"]}
    if told.get("reasoning_tokens"):
        usage["completion_tokens_details"] = {"reasoning_tokens": told["reasoning_tokens"]}
    return usage


def _counted(facts: Dict[str, Any], messages: List[Any]) -> Dict[str, Any]:
    from .tokens import token_counter

    model = facts.get("model") or ""
    asked = token_counter(model=model, messages=messages)
    said = "".join(choice["message"]["content"] or "" for choice in facts["choices"])
    answered = token_counter(model=model, text=said) if said else 0
    return {"prompt_tokens": asked, "completion_tokens": answered, "total_tokens": asked + answered}
