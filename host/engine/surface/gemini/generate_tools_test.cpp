#include "engine/surface/gemini/generate_tools.hpp"

#include "engine/surface/gemini/test_support.hpp"

namespace patchbay::surface {

namespace {

using namespace test;

constexpr const char* kTwo =
    R"("tools":[{"functionDeclarations":[{"name":"f"},{"name":"g"}]}],"toolConfig":)";

std::string with_calling(const char* calling) {
    return with_top_members(std::string(kTwo) + R"({"functionCallingConfig":)" + calling + "}");
}

TEST(GenerateTools, BecomeFunctions) {
    const GenerateCase cases[] = {
        {"a function", with_top_members(R"("tools":[{"functionDeclarations":[{"name":"get_weather",
             "description":"Weather of a city","parameters":{"type":"OBJECT",
             "properties":{"city":{"type":"STRING"}},"required":["city"]}}]}])"),
         "tools",
         R"([{"type":"function","function":{"name":"get_weather","description":"Weather of a city",
             "parameters":{"type":"object","properties":{"city":{"type":"string"}},
             "required":["city"]}}}])"},
        {"JSON Schema, as it is",
         with_top_members(R"("tools":[{"function_declarations":[{"name":"f",
             "parameters_json_schema":{"type":"object","properties":{"a":{"type":"STRING"}},
             "$schema":"x"}}]}])"),
         "tools",
         R"([{"type":"function","function":{"name":"f","parameters":{"type":"object",
             "properties":{"a":{"type":"STRING"}},"$schema":"x"}}}])"},
        {"no parameters, and hints",
         with_top_members(
             R"("tools":[{"functionDeclarations":[{"name":"f","behavior":"NON_BLOCKING",
             "response":{"type":"STRING"}}]},{"functionDeclarations":[{"name":"g"}]}])"),
         "tools",
         R"([{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{}}}},
             {"type":"function","function":{"name":"g","parameters":{"type":"object","properties":{}}}}])",
         {"tools.functionDeclarations.response", "tools.functionDeclarations.behavior"}},
        {"search", with_top_members(R"("tools":[{"googleSearch":{}}])"), "web_search_options",
         "{}"},
        {"an older search",
         with_top_members(R"("tools":[{"googleSearchRetrieval":{"dynamicRetrievalConfig":{}}}])"),
         "web_search_options",
         "{}",
         {"tools.googleSearchRetrieval"}},
        {"none", with_top_members(R"("tools":[])"), "tools", ""},
    };
    for (const auto& c : cases) expect_chat(c);
}

TEST(GenerateTools, AreCalledAsTheClientSays) {
    constexpr const char* kF =
        R"([{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{}}}}])";
    constexpr const char* kBoth =
        R"([{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{}}}},
            {"type":"function","function":{"name":"g","parameters":{"type":"object","properties":{}}}}])";
    const GenerateCase cases[] = {
        {"nothing said", with_calling("{}"), "tool_choice", ""},
        {"auto", with_calling(R"({"mode":"AUTO"})"), "tool_choice", R"("auto")"},
        {"any", with_calling(R"({"mode":"ANY"})"), "tool_choice", R"("required")"},
        {"none", with_calling(R"({"mode":"NONE"})"), "tool_choice", R"("none")"},
        {"checked",
         with_calling(R"({"mode":"VALIDATED"})"),
         "tool_choice",
         R"("auto")",
         {"toolConfig.functionCallingConfig.mode"}},
        {"one", with_calling(R"({"mode":"ANY","allowedFunctionNames":["f"]})"), "tool_choice",
         R"({"type":"function","function":{"name":"f"}})"},
        {"one is named, and the others stay",
         with_calling(R"({"mode":"ANY","allowedFunctionNames":["f"]})"), "tools", kBoth},
        {"some", with_calling(R"({"mode":"ANY","allowedFunctionNames":["f","g"]})"), "tool_choice",
         R"("required")"},
        {"some are sent",
         with_calling(R"({"mode":"VALIDATED","allowed_function_names":["f","x"]})"),
         "tools",
         kF,
         {"toolConfig.functionCallingConfig.mode"}},
        {"no functions to choose from",
         with_top_members(R"("toolConfig":{"functionCallingConfig":{"mode":"ANY"}})"),
         "tool_choice", ""},
        {"where the user is",
         with_top_members(std::string(kTwo) + R"({"retrievalConfig":{"languageCode":"de"}})"),
         "tool_choice",
         "",
         {"toolConfig.retrievalConfig"}},
    };
    for (const auto& c : cases) expect_chat(c);
}

}  // namespace

}  // namespace patchbay::surface
