// OpenAI's Node SDK and Vercel's AI SDK, unmodified, on the Responses API. Prints one JSON object.
// Environment: GATEWAY_URL, GATEWAY_KEY. Models as in responses.py.
import { createRequire } from "node:module";
import process from "node:process";
import { pathToFileURL } from "node:url";

// The packages are not beside this file but in the folder the tests run it in.
const require = createRequire(pathToFileURL(process.cwd() + "/"));
const { OpenAI } = require("openai");
const { createOpenAI } = await import(require.resolve("@ai-sdk/openai"));
const { generateText, streamText, jsonSchema, stepCountIs, tool } = await import(require.resolve("ai"));

const baseURL = process.env.GATEWAY_URL + "/v1";
const apiKey = process.env.GATEWAY_KEY;
const models = ["native", "chat", "claude"];
const parameters = {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
};

const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const tools = [{ type: "function", name: "get_weather", description: "W", parameters, strict: true }];

function calls(response) {
    return response.output.filter((item) => item.type === "function_call");
}

async function openai(model) {
    const found = {};
    for (const way of ["whole", "streamed"]) {
        const ask = (input) =>
            way === "whole"
                ? client.responses.create({ model, input, tools })
                : client.responses.stream({ model, input, tools }).finalResponse();
        const first = await ask([{ role: "user", content: "Hello" }]);
        const results = calls(first).map((call) => ({
            type: "function_call_output",
            call_id: call.call_id,
            output: "sunny",
        }));
        const second = await ask([{ role: "user", content: "Hello" }, ...first.output, ...results]);
        const cities = calls(first).map((call) => JSON.parse(call.arguments).city);
        found[way] = [second.output_text, cities.sort()];
    }
    return found;
}

async function vercel(model) {
    const provider = createOpenAI({ baseURL, apiKey });
    const found = {};
    for (const way of ["whole", "streamed"]) {
        const cities = [];
        const get_weather = tool({
            description: "W",
            inputSchema: jsonSchema(parameters),
            execute: async ({ city }) => {
                cities.push(city);
                return "sunny";
            },
        });
        const asked = {
            model: provider(model),
            prompt: "Hello",
            tools: { get_weather },
            stopWhen: stepCountIs(2),
            maxRetries: 0,
        };
        const text =
            way === "whole" ? (await generateText(asked)).text : await streamText(asked).text;
        found[way] = [text, cities.sort()];
    }
    return found;
}

async function refused() {
    try {
        await client.responses.create({ model: "nobody", input: "Hello" });
        return "";
    } catch (error) {
        return error.constructor.name;
    }
}

const seen = { openai: {}, vercel: {}, refused: await refused() };
for (const model of models) {
    seen.openai[model] = await openai(model);
    seen.vercel[model] = await vercel(model);
}
console.log(JSON.stringify(seen));
