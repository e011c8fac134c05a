// The layer by which Cline speaks to models (@cline/llms), unmodified, in each API that it has for a gateway.
// Prints one JSON object: by API and model, the last text, the cities that calls asked for, and the tokens told.
// Environment: GATEWAY_URL, GATEWAY_KEY. Models as in responses.py.
import process from "node:process";
import { pathToFileURL } from "node:url";

// The packages are not beside this file but in the folder the tests run it in.
const { createHandler } = await import(
    pathToFileURL(process.cwd() + "/node_modules/@cline/llms/dist/index.js")
);

const PIXEL =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const url = process.env.GATEWAY_URL;
const apis = {
    litellm: { providerId: "litellm", baseUrl: url + "/v1" },
    responses: { providerId: "openai-native", baseUrl: url + "/v1" },
    messages: { providerId: "anthropic", baseUrl: url + "/v1" },
    gemini: { providerId: "gemini", baseUrl: url + "/v1beta" },
};
const tools = [
    {
        name: "get_weather",
        description: "The weather of a city",
        inputSchema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
    },
];

async function turn(handler, messages) {
    const content = [];
    const calls = new Map();
    let usage = null;
    for await (const chunk of handler.createMessage("Be brief.", messages, tools)) {
        if (chunk.type === "text") content.push({ type: "text", text: chunk.text });
        if (chunk.type === "usage") usage = [chunk.inputTokens, chunk.outputTokens];
        if (chunk.type === "done" && !chunk.success) throw new Error(chunk.error);
        if (chunk.type === "tool_calls") {
            const { id, name, arguments: input } = chunk.tool_call.function;
            const key = id ?? chunk.tool_call.call_id;
            const call = calls.get(key) ?? { name, input: "" };
            call.input = typeof input === "string" ? call.input + input : input;
            calls.set(key, call);
        }
    }
    for (const [id, call] of calls) {
        const input = typeof call.input === "string" ? JSON.parse(call.input) : call.input;
        content.push({ type: "tool_use", id, name: call.name, input });
    }
    return { content, usage };
}

async function seen(api, model) {
    const handler = createHandler({ ...apis[api], apiKey: process.env.GATEWAY_KEY, modelId: model });
    const messages = [
        {
            role: "user",
            content: [
                { type: "text", text: "Hello" },
                { type: "image", data: PIXEL, mediaType: "image/png" },
            ],
        },
    ];
    const first = await turn(handler, messages);
    const calls = first.content.filter((block) => block.type === "tool_use");
    messages.push({ role: "assistant", content: first.content });
    messages.push({
        role: "user",
        content: calls.map((call) => ({
            type: "tool_result",
            tool_use_id: call.id,
            name: call.name,
            content: "sunny",
        })),
    });
    const second = await turn(handler, messages);
    const text = second.content.map((block) => block.text ?? "").join("");
    return [text, calls.map((call) => call.input.city).sort(), second.usage];
}

const found = {};
for (const api of Object.keys(apis)) {
    found[api] = {};
    for (const model of ["native", "chat", "claude"]) {
        found[api][model] = await seen(api, model);
    }
}
console.log(JSON.stringify(found));
process.exit(0);
