// Embeddings and speech as a Node program asks for them. Prints one JSON object: what happened in each case.
// Environment: GATEWAY_URL, GATEWAY_KEY. Models: "m" embeds, "voice" speaks, both scripted; "lent" is aimock's.
import { createRequire } from "node:module";
import process from "node:process";
import { pathToFileURL } from "node:url";

// The packages are not beside this file but in the folder the tests run it in.
const require = createRequire(pathToFileURL(process.cwd() + "/"));
const OpenAI = require("openai").default ?? require("openai");

const client = new OpenAI({
    baseURL: process.env.GATEWAY_URL,
    apiKey: process.env.GATEWAY_KEY,
    maxRetries: 0,
});
const user = "script:embed";

async function vectors(more) {
    const answer = await client.embeddings.create({ model: "m", input: "Hello", user, ...more });
    return answer.data.map((one) => Array.from(one.embedding));
}

async function one() {
    const answer = await client.embeddings.create({ model: "m", input: "Hello", user });
    return {
        embedding: Array.from(answer.data[0].embedding),
        model: answer.model,
        usage: answer.usage,
    };
}

async function unknown() {
    try {
        await client.embeddings.create({ model: "nobody", input: "Hello" });
        return null;
    } catch (error) {
        return { name: error.constructor.name, status: error.status };
    }
}

async function speech() {
    const answer = await client.audio.speech.create({
        model: "voice",
        voice: "alloy",
        input: "Hello",
    });
    const bytes = await answer.arrayBuffer();
    return { type: answer.headers.get("content-type"), size: bytes.byteLength };
}

const seen = {
    one: await one(),
    list: await vectors({ input: ["a", "b"] }),
    float: (await vectors({ encoding_format: "float" }))[0],
    aimock: (await vectors({ model: "lent", input: "plugs" }))[0],
    unknown: await unknown(),
    speech: await speech(),
};
console.log(JSON.stringify(seen));
