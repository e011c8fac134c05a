"""A provider in Python, for tests of `custom_provider_map`."""

import asyncio
import threading

TOOL = {"id": "c1", "type": "function", "index": 0, "function": {"name": "look", "arguments": "{}"}}
USAGE = {"prompt_tokens": 20, "completion_tokens": 10, "total_tokens": 30}


def piece(text: str = "", end: str = "", **more) -> dict:
    return {"text": text, "is_finished": bool(end), "finish_reason": end, "usage": None, "tool_use": None, "index": 0, **more}


def provider_in_python(patchbay):
    """A handler that keeps what it was asked; how it answers is its model's name."""

    class Mine(patchbay.CustomLLM):
        def __init__(self):
            self.asked, self.threads = [], []
            self.fails = {}  # model -> statuses of its next calls

        def _note(self, kwargs):
            self.asked.append(kwargs)
            self.threads.append(threading.get_ident())
            model, left = kwargs["model"], self.fails.get(kwargs["model"])
            status = left.pop(0) if left else int(model.removeprefix("fails")) if model.startswith("fails") else 0
            if status:
                raise patchbay.CustomLLMError(status_code=status, message="not now")

        def completion(self, *args, **kwargs):
            assert not args
            self._note(kwargs)
            made = kwargs["model_response"]
            made.choices[0].message.content = f"{kwargs['model']} says hi"
            made.usage = patchbay.Usage(**USAGE)
            return made

        async def acompletion(self, *args, **kwargs):
            await asyncio.sleep(0)
            return self.completion(*args, **kwargs)

        def streaming(self, *args, **kwargs):
            self._note(kwargs)
            yield piece("Hel")
            yield piece("")
            yield piece("lo")
            if kwargs["model"] == "breaks":
                raise patchbay.CustomLLMError(status_code=429, message="in the middle")
            if kwargs["model"] == "calls":
                yield piece(tool_use=TOOL)
            yield piece("", "stop", usage=USAGE)

        async def astreaming(self, *args, **kwargs):
            for one in self.streaming(*args, **kwargs):
                await asyncio.sleep(0)
                yield one

        def embedding(self, *args, **kwargs):
            self._note(kwargs)
            kwargs["model_response"].data = [{"object": "embedding", "index": i, "embedding": [0.5]} for i, _ in enumerate(kwargs["input"])]
            return kwargs["model_response"]

        async def aembedding(self, *args, **kwargs):
            return self.embedding(*args, **kwargs)

        # As LiteLLM's documentation has it: without the arguments that it does not need.
        def image_generation(self, model, prompt, model_response, optional_params, logging_obj, timeout=None, client=None):
            self.asked.append({"model": model, "prompt": prompt, "optional_params": optional_params})
            return patchbay.ImageResponse(created=1, data=[patchbay.ImageObject(url="https://pictures.example/1.png")])

        async def aimage_generation(self, *args, **kwargs):
            return self.image_generation(**{k: v for k, v in kwargs.items() if k not in ("api_key", "api_base")})

    return Mine()


def text_of(stream) -> str:
    return "".join(one.choices[0].delta.content or "" for one in stream)
