// OpenAI's Java SDK, unmodified, on the Responses API and on text completions. Prints one JSON object; README.md tells
// what. Environment: GATEWAY_URL, GATEWAY_KEY.

import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.errors.OpenAIException;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.responses.EasyInputMessage;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseInputContent;
import com.openai.models.responses.ResponseInputImage;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseInputText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

public final class OpenaiSdk {
    private static final String PIXEL =
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    private static final List<String> WAYS = List.of("whole", "streamed");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final OpenAIClient CLIENT = OpenAIOkHttpClient.builder()
        .baseUrl(System.getenv("GATEWAY_URL") + "/v1")
        .apiKey(System.getenv("GATEWAY_KEY"))
        .maxRetries(0)
        .build();
    private static final FunctionTool TOOL = FunctionTool.builder()
        .name("get_weather")
        .parameters(FunctionTool.Parameters.builder()
            .putAdditionalProperty("type", JsonValue.from("object"))
            .putAdditionalProperty("properties", JsonValue.from(Map.of("city", Map.of("type", "string"))))
            .putAdditionalProperty("required", JsonValue.from(List.of("city")))
            .putAdditionalProperty("additionalProperties", JsonValue.from(false))
            .build())
        .strict(true)
        .build();

    private static Response ask(String way, String model, List<ResponseInputItem> items) {
        var body = ResponseCreateParams.builder().model(model).inputOfResponse(items).addTool(TOOL).build();
        if (way.equals("whole")) return CLIENT.responses().create(body);
        var gathered = ResponseAccumulator.create();
        try (var stream = CLIENT.responses().createStreaming(body)) {
            stream.stream().forEach(gathered::accumulate);
        }
        return gathered.response();
    }

    private static String text(Response response) {
        var found = new StringBuilder();
        response.output().stream()
            .flatMap(item -> item.message().stream())
            .flatMap(message -> message.content().stream())
            .flatMap(content -> content.outputText().stream())
            .forEach(said -> found.append(said.text()));
        return found.toString();
    }

    private static ResponseInputItem user(EasyInputMessage.Content content) {
        return ResponseInputItem.ofEasyInputMessage(
            EasyInputMessage.builder().role(EasyInputMessage.Role.USER).content(content).build());
    }

    /** Answers every call of the first turn; the text of the second and the cities asked for. */
    private static List<Object> twoTurns(String model, String way) throws Exception {
        var items = new ArrayList<>(List.of(user(EasyInputMessage.Content.ofTextInput("Hello"))));
        var first = ask(way, model, items);
        List<ResponseFunctionToolCall> calls =
            first.output().stream().flatMap(item -> item.functionCall().stream()).toList();
        var cities = new ArrayList<String>();
        for (var call : calls) {
            cities.add(JSON.readTree(call.arguments()).get("city").asText());
            items.add(ResponseInputItem.ofFunctionCall(call));
        }
        for (var call : calls) {
            items.add(ResponseInputItem.ofFunctionCallOutput(
                ResponseInputItem.FunctionCallOutput.builder().callId(call.callId()).output("sunny").build()));
        }
        cities.sort(null);
        return List.of(text(ask(way, model, items)), cities);
    }

    private static String image(String model) {
        var content = List.of(
            ResponseInputContent.ofInputText(ResponseInputText.builder().text("What is this? sunny").build()),
            ResponseInputContent.ofInputImage(ResponseInputImage.builder()
                .detail(ResponseInputImage.Detail.AUTO)
                .imageUrl(PIXEL)
                .build()));
        var item = user(EasyInputMessage.Content.ofResponseInputMessageContentList(content));
        return text(ask("whole", model, List.of(item)));
    }

    private static String completion(String model, String way) {
        var body = CompletionCreateParams.builder().model(model).prompt("It is sunny").build();
        if (way.equals("whole")) return CLIENT.completions().create(body).choices().get(0).text();
        var found = new StringBuilder();
        try (var stream = CLIENT.completions().createStreaming(body)) {
            stream.stream().flatMap(piece -> piece.choices().stream()).forEach(choice -> found.append(choice.text()));
        }
        return found.toString();
    }

    private static String refused(String model, String way) {
        try {
            ask(way, model, List.of(user(EasyInputMessage.Content.ofTextInput("Hello"))));
            return "";
        } catch (OpenAIException error) {
            return error.getClass().getSimpleName();
        }
    }

    public static void main(String[] arguments) throws Exception {
        var tools = new TreeMap<String, Object>();
        var images = new TreeMap<String, Object>();
        var completions = new TreeMap<String, Object>();
        var refusals = new TreeMap<String, Object>();
        for (var model : List.of("native", "chat", "claude")) {
            var turns = new TreeMap<String, Object>();
            var texts = new TreeMap<String, Object>();
            for (var way : WAYS) {
                turns.put(way, twoTurns(model, way));
                texts.put(way, completion(model, way));
            }
            tools.put(model, turns);
            completions.put(model, texts);
            images.put(model, image(model));
        }
        for (var model : List.of("nobody", "limited")) {
            for (var way : WAYS) refusals.put(model + " " + way, refused(model, way));
        }
        System.out.println(JSON.writeValueAsString(
            Map.of("tools", tools, "image", images, "completions", completions, "refused", refusals)));
        System.exit(0); // threads of the HTTP client outlive the last call
    }
}
