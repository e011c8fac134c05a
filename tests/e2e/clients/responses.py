"""The Agents SDK, LangChain and Pydantic AI, unmodified, on the Responses API. Prints one JSON object.

Environment: GATEWAY_URL, GATEWAY_KEY. Models: "native" is at a provider of that API, "chat" at one of OpenAI's chat API
only, "claude" at Anthropic. All call get_weather for Paris and Rome first, and say what they heard then.
"""

import asyncio
import json
import os

import openai
from agents import Agent, Runner, function_tool, set_default_openai_client, set_tracing_disabled
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_openai import ChatOpenAI
from pydantic_ai import Agent as PydanticAgent
from pydantic_ai.models.openai import OpenAIResponsesModel
from pydantic_ai.providers.openai import OpenAIProvider

URL, KEY = os.environ["GATEWAY_URL"] + "/v1", os.environ["GATEWAY_KEY"]
MODELS = ("native", "chat", "claude")
ASKED = []


def get_weather(city: str) -> str:
    """The weather of a city."""
    ASKED.append(city)
    return "sunny"


def asked() -> list[str]:
    found = sorted(ASKED)
    ASKED.clear()
    return found


set_default_openai_client(openai.AsyncOpenAI(base_url=URL, api_key=KEY, max_retries=0), use_for_tracing=False)
set_tracing_disabled(True)


async def agents(model: str) -> dict:
    made = Agent(name="A", instructions="Be brief.", model=model, tools=[function_tool(get_weather)])
    whole = await Runner.run(made, "Hello")
    first = [whole.final_output, asked()]
    streamed = Runner.run_streamed(made, "Hello")
    kinds = [event.type async for event in streamed.stream_events()]
    told = [streamed.final_output, asked()]
    chained = await Runner.run(made, "Hello", auto_previous_response_id=True)
    called = asked()
    after = await Runner.run(made, "And now?", previous_response_id=chained.last_response_id)
    asked()
    return {
        "whole": first,
        "streamed": told,
        "chained": [chained.final_output, called],
        "after": after.final_output,
        "raw": "raw_response_event" in kinds,
        "usage": [whole.context_wrapper.usage.input_tokens, whole.context_wrapper.usage.output_tokens],
    }


async def langchain(model: str) -> dict:
    made = ChatOpenAI(model=model, base_url=URL, api_key=KEY, use_responses_api=True, max_retries=0)
    made = made.bind_tools([get_weather])
    found = {}
    for way in ("whole", "streamed"):
        turns = [HumanMessage("Hello")]
        for _ in range(2):
            if way == "whole":
                said = await made.ainvoke(turns)
            else:
                said = None
                async for chunk in made.astream(turns):
                    said = chunk if said is None else said + chunk
            turns.append(said)
            turns += [
                ToolMessage(get_weather(**call["args"]), tool_call_id=call["id"])
                for call in said.tool_calls
            ]
        found[way] = [said.text if isinstance(said.text, str) else said.text(), asked()]
    return found


async def pydantic(model: str) -> dict:
    provider = OpenAIProvider(openai_client=openai.AsyncOpenAI(base_url=URL, api_key=KEY, max_retries=0))
    made = PydanticAgent(OpenAIResponsesModel(model, provider=provider), tools=[get_weather])
    whole = await made.run("Hello")
    first = [whole.output, asked()]
    # run_stream() takes the first text for the answer, even with calls behind it.
    async with made.run_stream_events("Hello") as events:
        seen = [event async for event in events]
    return {"whole": first, "streamed": [seen[-1].result.output, asked()]}


async def refused() -> str:
    try:
        await Runner.run(Agent(name="A", model="nobody"), "Hello")
    except openai.APIError as error:
        return type(error).__name__
    return ""


async def main() -> dict:
    return {
        **{
            name: {model: await run(model) for model in MODELS}
            for name, run in (("agents", agents), ("langchain", langchain), ("pydantic", pydantic))
        },
        "refused": await refused(),
    }


print(json.dumps(asyncio.run(main())))
