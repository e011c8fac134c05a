// Gemini's API as a Node program asks it with Google's SDK. Prints one JSON object: what happened in each case.
// Environment: GATEWAY_URL, GATEWAY_KEY. The model "m" follows the script that a text names.
import { createRequire } from "node:module";
import process from "node:process";
import { pathToFileURL } from "node:url";

// The packages are not beside this file but in the folder the tests run it in.
const require = createRequire(pathToFileURL(process.cwd() + "/"));
const { GoogleGenAI, Type } = require("@google/genai");

const client = new GoogleGenAI({
    apiKey: process.env.GATEWAY_KEY,
    httpOptions: { baseUrl: process.env.GATEWAY_URL },
});
const model = "m";
const tools = [
    {
        functionDeclarations: [
            {
                name: "get_weather",
                description: "The weather of a city",
                parameters: { type: Type.OBJECT, properties: { city: { type: Type.STRING } } },
            },
        ],
    },
];

function shown(responses) {
    const last = responses.at(-1);
    const parts = responses.flatMap((response) => response.candidates[0].content.parts);
    return {
        text: parts.map((part) => part.text ?? "").join(""),
        finish: last.candidates[0].finishReason,
        model: last.modelVersion,
        usage: [last.usageMetadata.promptTokenCount, last.usageMetadata.candidatesTokenCount],
    };
}

async function collected(stream) {
    const responses = [];
    for await (const response of stream) responses.push(response);
    return responses;
}

async function failure(request) {
    try {
        await client.models.generateContent(request);
        return null;
    } catch (error) {
        return { name: error.constructor.name, status: error.status, message: error.message };
    }
}

const asking = { model, contents: "Hello" };
const whole = shown([await client.models.generateContent(asking)]);
const streamed = shown(await collected(await client.models.generateContentStream(asking)));

// A chat keeps what it got: a turn that it takes for broken would be missing in its history.
const chat = client.chats.create({ model, config: { tools } });
const first = await collected(await chat.sendMessageStream({ message: "script:weather" }));
const calls = first.flatMap((response) => response.functionCalls ?? []);
const message = calls.map(({ id, name }) => ({
    functionResponse: { id, name, response: { output: "sunny" } },
}));
const answers = await collected(await chat.sendMessageStream({ message }));
console.log(
    JSON.stringify({
        whole,
        streamed,
        calls,
        answer: shown(answers).text,
        history: chat
            .getHistory(true)
            .filter((content, at, all) => at === 0 || content.role !== all[at - 1].role).length,
        failing: await failure({ model, contents: "script:failing" }),
    }),
);
