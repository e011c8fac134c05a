// OpenAI's Go SDK, unmodified, on the Responses API and on text completions. Prints one JSON object; README.md tells
// what. Environment: GATEWAY_URL, GATEWAY_KEY.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sort"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/responses"
)

const pixel = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

var ways = []string{"whole", "streamed"}

var client = openai.NewClient(
	option.WithBaseURL(os.Getenv("GATEWAY_URL")+"/v1"),
	option.WithAPIKey(os.Getenv("GATEWAY_KEY")),
	option.WithMaxRetries(0),
)

var tools = []responses.ToolUnionParam{responses.ToolParamOfFunction("get_weather", map[string]any{
	"type":                 "object",
	"properties":           map[string]any{"city": map[string]any{"type": "string"}},
	"required":             []string{"city"},
	"additionalProperties": false,
}, true)}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func ask(way string, body responses.ResponseNewParams) (*responses.Response, error) {
	if way == "whole" {
		return client.Responses.New(context.Background(), body)
	}
	stream := client.Responses.NewStreaming(context.Background(), body)
	var last *responses.Response
	for stream.Next() {
		if event := stream.Current(); event.Type == "response.completed" {
			completed := event.AsResponseCompleted()
			last = &completed.Response
		}
	}
	if stream.Err() == nil && last == nil {
		return nil, errors.New("the stream has no response.completed")
	}
	return last, stream.Err()
}

func user(text string) responses.ResponseInputItemUnionParam {
	return responses.ResponseInputItemParamOfMessage(text, responses.EasyInputMessageRoleUser)
}

func body(model string, items responses.ResponseInputParam) responses.ResponseNewParams {
	input := responses.ResponseNewParamsInputUnion{OfInputItemList: items}
	return responses.ResponseNewParams{Model: model, Input: input, Tools: tools}
}

// twoTurns answers every call of the first turn, and returns the text of the second and the cities asked for.
func twoTurns(model, way string) []any {
	items := responses.ResponseInputParam{user("Hello")}
	first, err := ask(way, body(model, items))
	must(err)
	cities := []string{}
	for _, item := range first.Output {
		if item.Type != "function_call" {
			continue
		}
		call := item.AsFunctionCall()
		var arguments struct{ City string }
		must(json.Unmarshal([]byte(call.Arguments), &arguments))
		cities = append(cities, arguments.City)
		result := responses.ResponseInputItemParamOfFunctionCallOutput("sunny")
		result.OfFunctionCallOutput.CallID = openai.String(call.CallID)
		items = append(items, responses.ResponseInputItemParamOfFunctionCall(call.Arguments, call.CallID, call.Name), result)
	}
	second, err := ask(way, body(model, items))
	must(err)
	sort.Strings(cities)
	return []any{second.OutputText(), cities}
}

func image(model string) string {
	picture := responses.ResponseInputContentParamOfInputImage(responses.ResponseInputImageDetailAuto)
	picture.OfInputImage.ImageURL = openai.String(pixel)
	content := responses.ResponseInputMessageContentListParam{
		responses.ResponseInputContentParamOfInputText("What is this? sunny"), picture,
	}
	item := responses.ResponseInputItemParamOfMessage(content, responses.EasyInputMessageRoleUser)
	answer, err := ask("whole", body(model, responses.ResponseInputParam{item}))
	must(err)
	return answer.OutputText()
}

func completion(model, way string) string {
	prompt := openai.CompletionNewParamsPromptUnion{OfString: openai.String("It is sunny")}
	body := openai.CompletionNewParams{Model: openai.CompletionNewParamsModel(model), Prompt: prompt}
	if way == "whole" {
		answer, err := client.Completions.New(context.Background(), body)
		must(err)
		return answer.Choices[0].Text
	}
	stream := client.Completions.NewStreaming(context.Background(), body)
	text := ""
	for stream.Next() {
		for _, choice := range stream.Current().Choices {
			text += choice.Text
		}
	}
	must(stream.Err())
	return text
}

// refused names the SDK's error for a model; Go has one type for all, which holds the status.
func refused(model, way string) string {
	_, err := ask(way, body(model, responses.ResponseInputParam{user("Hello")}))
	var known *openai.Error
	if !errors.As(err, &known) {
		return fmt.Sprintf("%T", err)
	}
	return fmt.Sprintf("Error %d", known.StatusCode)
}

func main() {
	seen := map[string]map[string]any{"tools": {}, "image": {}, "completions": {}, "refused": {}}
	for _, model := range []string{"native", "chat", "claude"} {
		turns, texts := map[string]any{}, map[string]any{}
		for _, way := range ways {
			turns[way], texts[way] = twoTurns(model, way), completion(model, way)
		}
		seen["tools"][model], seen["completions"][model] = turns, texts
		seen["image"][model] = image(model)
	}
	for _, model := range []string{"nobody", "limited"} {
		for _, way := range ways {
			seen["refused"][model+" "+way] = refused(model, way)
		}
	}
	must(json.NewEncoder(os.Stdout).Encode(seen))
}
