// Vercel's AI SDK, unmodified, on the Responses API. Prints one JSON object.
// Environment: GATEWAY_URL, GATEWAY_KEY. Models as in responses.py.
import { createRequire } from "node:module";
import process from "node:process";
import { pathToFileURL } from "node:url";

// The packages are not beside this file but in the folder the tests run it in.
const require = createRequire(pathToFileURL(process.cwd() + "/"));
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

const seen = { vercel: {} };
for (const model of models) seen.vercel[model] = await vercel(model);
console.log(JSON.stringify(seen));
