// The quick start as a Node program writes it. Prints one JSON object: what happened in each case.
// Environment: GATEWAY_URL, GATEWAY_KEY, WRONG_KEY.
import { createRequire } from "node:module";
import process from "node:process";
import { pathToFileURL } from "node:url";

// The packages are not beside this file but in the folder the tests run it in.
const require = createRequire(pathToFileURL(process.cwd() + "/"));
const OpenAI = require("openai").default ?? require("openai");

const baseURL = process.env.GATEWAY_URL;
const client = new OpenAI({ baseURL, apiKey: process.env.GATEWAY_KEY, maxRetries: 0 });
const ask = [{ role: "user", content: "Tell me about plugs." }];
const weather = [{ role: "user", content: "How is the weather in Paris?" }];
const tools = [
    {
        type: "function",
        function: {
            name: "get_weather",
            parameters: { type: "object", properties: { city: { type: "string" } } },
        },
    },
];

async function whole(model) {
    const answer = await client.chat.completions.create({ model, messages: ask });
    return { text: answer.choices[0].message.content, usage: answer.usage };
}

async function streamed(model, withUsage) {
    const stream = await client.chat.completions.create({
        model,
        messages: ask,
        stream: true,
        ...(withUsage ? { stream_options: { include_usage: true } } : {}),
    });
    let text = "";
    let usage = null;
    let finish = null;
    for await (const piece of stream) {
        text += piece.choices[0]?.delta?.content ?? "";
        finish = piece.choices[0]?.finish_reason ?? finish;
        usage = piece.usage ?? usage;
    }
    return { text, usage, finish };
}

// The SDK's own accumulator, which is strict about the shape of every piece.
async function toolRoundTrip(model) {
    const run = client.chat.completions.stream({ model, messages: weather, tools });
    const first = (await run.finalChatCompletion()).choices[0];
    const call = first.message.tool_calls[0];
    const answer = await client.chat.completions.create({
        model,
        tools,
        messages: [
            ...weather,
            { role: "assistant", content: null, tool_calls: first.message.tool_calls },
            { role: "tool", tool_call_id: call.id, content: '{"sky":"clear"}' },
        ],
    });
    return {
        finish: first.finish_reason,
        name: call.function.name,
        arguments: JSON.parse(call.function.arguments),
        text: answer.choices[0].message.content,
    };
}

async function failure(options, model, content) {
    try {
        const own = new OpenAI({ baseURL, apiKey: process.env.GATEWAY_KEY, maxRetries: 0, ...options });
        await own.chat.completions.create({ model, messages: [{ role: "user", content }] });
        return { name: "no error" };
    } catch (error) {
        return {
            name: error.constructor.name,
            status: error.status,
            code: error.code,
            retryAfter: error.headers?.get("retry-after") ?? null,
        };
    }
}

async function cancelled(model) {
    const stream = await client.chat.completions.create({ model, messages: ask, stream: true });
    let pieces = 0;
    for await (const piece of stream) {
        pieces += piece ? 1 : 0;
        break;
    }
    return { pieces };
}

const result = { models: {} };
for (const model of ["gpt-4o", "claude", "deepseek"]) {
    result.models[model] = {
        whole: await whole(model),
        streamed: await streamed(model, false),
        streamedWithUsage: await streamed(model, true),
        tools: await toolRoundTrip(model),
        cancelled: await cancelled(model),
    };
}
result.wrongKey = await failure({ apiKey: process.env.WRONG_KEY }, "gpt-4o", "plugs");
result.unknownModel = await failure({}, "gpt-17", "plugs");
result.rateLimit = await failure({}, "gpt-4o", "fail:429");
result.serverError = await failure({}, "claude", "fail:500");
result.tooLong = await failure({}, "claude", "fail:too-long");
result.list = [];
for await (const model of client.models.list()) {
    result.list.push(model.id);
}
console.log(JSON.stringify(result));
