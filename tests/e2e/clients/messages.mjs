// Anthropic's Messages API as a Node program asks it. Prints one JSON object: what happened in each case.
// Environment: GATEWAY_URL, GATEWAY_KEY. The model "m" follows the script that metadata.user_id names.
import { createRequire } from "node:module";
import process from "node:process";
import { pathToFileURL } from "node:url";

// The packages are not beside this file but in the folder the tests run it in.
const require = createRequire(pathToFileURL(process.cwd() + "/"));
const Anthropic = require("@anthropic-ai/sdk").default ?? require("@anthropic-ai/sdk");

const client = new Anthropic({
    baseURL: process.env.GATEWAY_URL,
    apiKey: process.env.GATEWAY_KEY,
    maxRetries: 0,
});

function asking(script, model = "m") {
    return {
        model,
        max_tokens: 64,
        metadata: { user_id: `script:${script}` },
        messages: [{ role: "user", content: "Hello" }],
    };
}

function shown(message) {
    return {
        content: message.content,
        model: message.model,
        stop: message.stop_reason,
        usage: [message.usage.input_tokens, message.usage.output_tokens],
    };
}

async function failure(request) {
    try {
        await client.messages.create(request);
        return null;
    } catch (error) {
        return { name: error.constructor.name, status: error.status, type: error.error?.error?.type };
    }
}

const seen = {
    whole: shown(await client.messages.create(asking("says"))),
    streamed: shown(await client.messages.stream(asking("says")).finalMessage()),
    failing: await failure(asking("failing")),
    unknown: await failure(asking("says", "nobody")),
};
console.log(JSON.stringify(seen));
