// Bedrock's API as a Node program asks it with AWS's SDK. Prints one JSON object: what happened in each case.
// Environment: GATEWAY_URL, GATEWAY_KEY. The model "m" follows the script that a text names.
import { createRequire } from "node:module";
import process from "node:process";
import { pathToFileURL } from "node:url";

// The packages are not beside this file but in the folder the tests run it in.
const require = createRequire(pathToFileURL(process.cwd() + "/"));
const bedrock = require("@aws-sdk/client-bedrock-runtime");

const client = new bedrock.BedrockRuntimeClient({
    region: "us-east-1",
    endpoint: process.env.GATEWAY_URL,
    token: { token: process.env.GATEWAY_KEY },
    authSchemePreference: ["httpBearerAuth"],
    maxAttempts: 1,
    requestHandler: new (require("@smithy/node-http-handler").NodeHttpHandler)(),
});
const tools = [
    {
        toolSpec: {
            name: "get_weather",
            description: "The weather of a city",
            inputSchema: {
                json: { type: "object", properties: { city: { type: "string" } } },
            },
        },
    },
];
const turn = (text) => ({ role: "user", content: [{ text }] });

async function whole(messages, more = {}) {
    const answer = await client.send(new bedrock.ConverseCommand({ modelId: "m", messages, ...more }));
    return { message: answer.output.message, stop: answer.stopReason, usage: answer.usage };
}

async function streamed(messages, more = {}) {
    const answer = await client.send(
        new bedrock.ConverseStreamCommand({ modelId: "m", messages, ...more }),
    );
    const content = [];
    let stop, usage;
    for await (const event of answer.stream) {
        const { contentBlockStart: start, contentBlockDelta: delta } = event;
        if (start) content[start.contentBlockIndex] = { toolUse: { ...start.start.toolUse, input: "" } };
        if (delta?.delta.toolUse) content[delta.contentBlockIndex].toolUse.input += delta.delta.toolUse.input;
        if (delta?.delta.text) {
            const block = (content[delta.contentBlockIndex] ??= { text: "" });
            block.text += delta.delta.text;
        }
        stop ??= event.messageStop?.stopReason;
        usage ??= event.metadata?.usage;
    }
    for (const { toolUse } of content) if (toolUse) toolUse.input = JSON.parse(toolUse.input || "{}");
    return { message: { role: "assistant", content }, stop, usage };
}

function shown({ message, stop, usage }) {
    const text = message.content.map((block) => block.text ?? "").join("");
    return { text, stop, usage: [usage.inputTokens, usage.outputTokens] };
}

async function failure(asked) {
    try {
        await asked;
        return null;
    } catch (error) {
        return { name: error.name, status: error.$metadata?.httpStatusCode, message: error.message };
    }
}

const asking = [turn("Weather? script:weather")];
const first = await streamed(asking, { toolConfig: { tools } });
const calls = first.message.content.map((block) => block.toolUse);
const results = calls.map(({ toolUseId }) => ({
    toolResult: { toolUseId, content: [{ text: "sunny" }] },
}));
asking.push(first.message, { role: "user", content: results });
const last = await whole(asking, { toolConfig: { tools } });

const claude = {
    modelId: "claude",
    contentType: "application/json",
    body: JSON.stringify({
        anthropic_version: "bedrock-2023-05-31",
        max_tokens: 64,
        messages: [{ role: "user", content: "Hello" }],
    }),
};
const decoded = (bytes) => JSON.parse(new TextDecoder().decode(bytes));
const invoked = decoded((await client.send(new bedrock.InvokeModelCommand(claude))).body);
const stream = await client.send(new bedrock.InvokeModelWithResponseStreamCommand(claude));
let invokedStream = "";
for await (const event of stream.body) invokedStream += decoded(event.chunk.bytes).delta?.text ?? "";

console.log(
    JSON.stringify({
        whole: shown(await whole([turn("Hello")])),
        streamed: shown(await streamed([turn("Hello")])),
        calls,
        answer: shown(last).text,
        failing: await failure(whole([turn("script:failing")])),
        breaking: await failure(streamed([turn("script:breaks")])),
        invoked: invoked.content[0].text,
        invokedStream,
    }),
);
