// OpenAI's Node SDK, unmodified, on the Responses API and on text completions. Prints one JSON object; README.md
// tells what. Environment: GATEWAY_URL, GATEWAY_KEY.
import { createRequire } from "node:module";
import process from "node:process";
import { pathToFileURL } from "node:url";

// The packages are not beside this file but in the folder the tests run it in.
const require = createRequire(pathToFileURL(process.cwd() + "/"));
const { OpenAI } = require("openai");

const PIXEL =
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const ways = ["whole", "streamed"];
const parameters = {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
};
const tools = [{ type: "function", name: "get_weather", parameters, strict: true }];
const client = new OpenAI({
    baseURL: process.env.GATEWAY_URL + "/v1",
    apiKey: process.env.GATEWAY_KEY,
    maxRetries: 0,
});

function ask(way, model, input) {
    return way === "whole"
        ? client.responses.create({ model, input, tools })
        : client.responses.stream({ model, input, tools }).finalResponse();
}

async function twoTurns(model, way) {
    const input = [{ role: "user", content: "Hello" }];
    const first = await ask(way, model, input);
    const calls = first.output.filter((item) => item.type === "function_call");
    const results = calls.map((call) => ({
        type: "function_call_output",
        call_id: call.call_id,
        output: "sunny",
    }));
    const second = await ask(way, model, [...input, ...first.output, ...results]);
    return [second.output_text, calls.map((call) => JSON.parse(call.arguments).city).sort()];
}

async function image(model) {
    const content = [
        { type: "input_text", text: "What is this? sunny" },
        { type: "input_image", image_url: PIXEL, detail: "auto" },
    ];
    return (await ask("whole", model, [{ role: "user", content }])).output_text;
}

async function completion(model, way) {
    const prompt = "It is sunny";
    if (way === "whole") return (await client.completions.create({ model, prompt })).choices[0].text;
    let text = "";
    for await (const piece of await client.completions.create({ model, prompt, stream: true })) {
        for (const choice of piece.choices) text += choice.text;
    }
    return text;
}

async function refused(model, way) {
    try {
        await ask(way, model, [{ role: "user", content: "Hello" }]);
        return "";
    } catch (error) {
        return error.constructor.name;
    }
}

const seen = { tools: {}, image: {}, completions: {}, refused: {} };
for (const model of ["native", "chat", "claude"]) {
    seen.tools[model] = {};
    seen.completions[model] = {};
    for (const way of ways) {
        seen.tools[model][way] = await twoTurns(model, way);
        seen.completions[model][way] = await completion(model, way);
    }
    seen.image[model] = await image(model);
}
for (const model of ["nobody", "limited"]) {
    for (const way of ways) seen.refused[`${model} ${way}`] = await refused(model, way);
}
console.log(JSON.stringify(seen));
