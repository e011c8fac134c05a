// How one provider's chat API differs from OpenAI's: plain data, made once per instance.
//
// A Dialect is what a row of openai_compatible.json says, or what the openai plugin says of itself.
// The code that sends and reads asks only this; there is no branch on a provider's name anywhere.
// Immutable after creation, read from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "params.hpp"

namespace patchbay::openai {

class Site;

/// Which branch of LiteLLM's decision tree errors take.
enum class ErrorFamily : std::uint8_t {
    openai,
    openai_like,    ///< raw HTTP clients: 403 is an authentication error, 424 a bad request
    litellm_proxy,  ///< another gateway: the class is named in the message
};

struct HeaderTemplate {
    std::string name;
    std::string
        value;  ///< "{api_key}" stands for the key; a header that needs a missing key is left out
};

struct Rename {
    std::string from;
    std::string to;
};

/// A member put into the body when the client did not send it.
struct Default {
    std::string name;
    std::string json;
};

/// Where a client's id and secret are exchanged for a token (login.hpp).
struct LoginRule {
    std::string path;  ///< of the token server
    std::string scope;
    /// The part of the provider's address that the token server stands beside; empty, or not there: it
    /// is at the host.
    std::string beside;
};

enum class InputForm : std::uint8_t {
    documents,  ///< lists of chunks, which are embedded with regard to each other
    contents,   ///< {"content": [parts]}, texts and pictures
};

/// What becomes of the "input" of embeddings.
enum class InputList : std::uint8_t {
    keep,
    list,              ///< a text alone becomes a list of one
    list_with_images,  ///< the same, and the data URL of a picture becomes {"image": its base64}
};

/// Embeddings of some models: their inputs are "inputs", and asked for at another path.
struct InputRule {
    std::vector<std::string> match;  ///< as ModelRule::match
    std::string path;
    InputForm form = InputForm::documents;
};

/// An operation that the provider has, and how it differs there from OpenAI's.
struct OperationRule {
    std::string id;                          ///< BAY_OP_*
    std::string path{};                      ///< behind the address; empty = as OpenAI's
    std::vector<std::string> unsupported{};  ///< members (or parts) that it does not take ...
    std::vector<std::string>
        unsupported_by{};       ///< ... by these models, as ModelRule::match; empty = all
    std::string base_url{};     ///< in place of the provider's own address; empty = that one
    bool answers_chat = false;  ///< of completions: answered in the shape of chat
    std::string form{};  ///< RankingForm::name, PictureForm::name; empty = Cohere's, OpenAI's
    std::vector<Rename> renames{};      ///< members that have another name there
    InputList input = InputList::keep;  ///< of embeddings
    std::vector<InputRule> inputs{};    ///< of embeddings
};

enum class ChoiceAction : std::uint8_t {
    keep,
    unsupported,
    any,         ///< becomes "any" (Mistral's word for "required")
    as_message,  ///< removed; a user message asks for a tool call instead
};

struct ToolChoiceRule {
    ChoiceAction required = ChoiceAction::keep;  ///< "required"
    ChoiceAction named = ChoiceAction::keep;     ///< an object that names a function
};

enum class FormatRule : std::uint8_t {
    keep,
    drop_text,              ///< {"type":"text"} is left out
    schema_in_json_object,  ///< json_schema becomes {"type":"json_object","schema":{...}}
    schema_in_message,      ///< json_schema becomes json_object, and a user message with the schema
    only_json_schema,       ///< any other type is left out
    response_schema,        ///< Vertex's response_schema spelling becomes json_schema
    schema_as_tool,         ///< json_schema becomes a tool, whose arguments are the answer
    only_schema_as_tool,    ///< the same, and any other type is left out
};

enum class ThinkingRule : std::uint8_t {
    keep,
    switch_only,  ///< {"type":"enabled"} without a budget; reasoning_effort other than none sets it
                  ///< too
    off_switch,   ///< the same, but reasoning_effort is sent; "none" becomes {"type":"disabled"}
    effort,       ///< becomes reasoning_effort, by its budget
    budget,       ///< reasoning_effort becomes a budget, and max_tokens are above it
};

/// Differences of some models of the provider. The first rule that matches is used alone.
struct ModelRule {
    std::vector<std::string> match{};   ///< "grok-4*": a '*' at either end matches anything
    std::vector<std::string> except{};  ///< but not these
    ParamSet also{};
    ParamSet unsupported{};
    ParamSet ignored{};                           ///< not taken, and left out without asking
    bool thinks = false;                          ///< unless `thinking` switches it off
    std::optional<FormatRule> response_format{};  ///< in place of the dialect's
    std::optional<ThinkingRule> thinking{};       ///< likewise
    /// The model's words for reasoning_effort: from a client's, or "*" for all others, to one that
    /// it has; to nothing where it always reasons. Words that are not here are sent as they are.
    std::vector<Rename> efforts{};
    /// Where the parts of the model's name between these say where a request goes (ragflow), or the
    /// provider has another spelling: what is written for {1}, {2}, ... in what follows, of which
    /// {3} has the rest. The rule is about names with three parts alone.
    char separator = 0;
    std::string model{};     ///< what is sent as the model
    std::string path{};      ///< of chat
    std::string base_url{};  ///< in place of the provider's own address
};

/// What becomes of a content part that is a file, for providers with words of their own.
enum class FileRule : std::uint8_t {
    keep,
    document_url,  ///< {"type":"document_url"} for data and addresses, {"type":"file","file_id"}
};

/// Rewriting of messages; all off means that they are not looked into (but for cache_control).
struct MessageRules {
    bool text_parts_to_string = false;      ///< a content list of text parts becomes one string
    bool assistant_part_to_string = false;  ///< only an assistant's list of exactly one text part
    bool tool_parts_to_string = false;      ///< a result's list of text parts
    std::optional<std::vector<std::string>> named_roles{};  ///< those with a "name"; nullopt = all
    bool drop_nulls = false;                ///< members that are null, except content
    bool drop_null_content = false;         ///< content that is null
    bool keep_cache_control = false;        ///< the provider understands cache_control marks
    bool cache_control_in_content = false;  ///< ... in parts alone: those of messages move there
    bool images_in_results = false;         ///< it takes pictures in results of tools
    bool keep_developer = false;            ///< it knows the role; else it becomes "system"
    std::vector<Rename> roles{};            ///< roles that go by another name, after that
    bool nine_character_call_ids = false;   ///< ids of tool calls are nine letters or digits
    bool ordered_roles = false;             ///< an assistant's word behind results, no system's
    bool audio_as_text = false;             ///< "input_audio" is the base64 text, not an object
    FileRule files = FileRule::keep;
    /// While the model thinks, an assistant's message with tool calls must have its
    /// reasoning_content: a blank stands for one that the client did not keep.
    bool thoughts_with_calls = false;
    std::vector<std::string> assistant_lacks{};  ///< members that no assistant's message may have
    /// What the provider takes in an assistant's message, if it refuses all else: answers come back
    /// in histories with members that are output only. Empty: anything.
    std::vector<std::string> assistant_members{};
};

/// Rewriting of answers; all off means that they pass through untouched.
struct AnswerRules {
    bool shape = false;  ///< what OpenAI's clients could not read is mended (answer_shape.hpp)
    bool keep_extras = false;             ///< members that OpenAI lacks stay in the message
    bool stream_reasoning_stays = false;  ///< "reasoning" of a stream stays, too
    bool reasoning_stays = false;         ///< of a whole answer it does, and is nothing else
    bool null_content = false;            ///< content that is "" is null
    bool cache_hit_tokens = false;        ///< usage.prompt_cache_hit_tokens -> cached_tokens
    bool x_groq_usage = false;            ///< usage inside x_groq of a stream's last chunk
    bool tool_finish_reason = false;      ///< tool calls with an empty finish_reason
    bool reasoning_apart = false;         ///< completion_tokens lack those of reasoning
    bool content_filters = false;         ///< Azure's findings (content_filters.hpp)
    bool schema_tool = false;             ///< of one request: schema_tool.hpp
    /// Of one request: its client did not ask for the usage of the stream.
    bool hides_usage = false;
    bool any() const {
        return shape || cache_hit_tokens || x_groq_usage || reasoning_apart || content_filters ||
               schema_tool;
    }
};

struct Dialect {
    std::string provider;  ///< the prefix, for messages
    std::string base_url;  ///< empty = must come with the target
    std::vector<OperationRule> operations{{"chat.completions"}};
    std::string default_api_key;
    bool key_optional = false;
    std::vector<std::string>
        key_names;  ///< environment variables, for the message about a missing key
    std::vector<HeaderTemplate> headers;
    bool bearer = true;  ///< send "authorization: Bearer <key>"
    ErrorFamily errors = ErrorFamily::openai;

    ParamSet supported = base_params();
    ParamSet ignored{};        ///< not supported, and left out without asking
    bool every_param = false;  ///< nothing is unsupported and nothing is looked at
    std::vector<Rename> renames;
    std::vector<Default> defaults;
    std::vector<ModelRule> models;
    bool openai_families = false;  ///< OpenAI's own rules for o-series and gpt-5 models
    ParamSet chat_lacks{};         ///< by these rules: what the models that do not reason lack
    bool stream_options = true;    ///< knows stream_options.include_usage
    bool whole_formats = false;    ///< streams nothing of a response_format: it is asked for whole
    std::string model_prefix;  ///< put before model ids that do not begin with its first segment
    /// What stands for names in braces in addresses, paths and headers if the deployment's settings
    /// do not say.
    std::vector<Rename> settings;

    std::optional<double> temperature_min;
    std::optional<double> temperature_max;
    std::optional<double> temperature_min_with_n;  ///< applies when n > 1
    ToolChoiceRule tool_choice;
    FormatRule response_format = FormatRule::keep;
    ThinkingRule thinking = ThinkingRule::keep;
    std::vector<std::string>
        tool_schema_drop;  ///< JSON Schema keywords the provider refuses in tools
    MessageRules messages;
    AnswerRules answers;

    std::optional<LoginRule> login;  ///< for deployments without a key; `site` is a LoginSite
    /// Where requests go and what authorizes them, for a provider of which no row can say it; the
    /// instance's.
    const Site* site = nullptr;
    /// What may stand before a model's name to say of which family it is ("o_series/"): not sent.
    std::vector<std::string> family_marks;
    /// A deployment's `base_model` says which model's rules hold: its name says nothing.
    bool base_model = false;

    /// nullptr if the provider does not have the operation.
    const OperationRule* find(std::string_view operation) const;
};

/// The rule for `model`, or nullptr.
const ModelRule* find_model_rule(const Dialect& dialect, std::string_view model);

/// The parameters `model` takes under this dialect.
ParamSet supported_params(const Dialect& dialect, std::string_view model);

/// `text` with the parts of `model` for {1}, {2}, {3}, and the texts of `settings`, the deployment's
/// parameters as JSON, for other names in braces; those that are not there come from the dialect's
/// own settings, else nothing is put in their place.
std::string filled(std::string_view text, const Dialect& dialect, const ModelRule* rule,
                   std::string_view model, std::string_view settings);

/// True if `pattern` matches all of `text`; a '*' is special only as first or last character.
bool glob_match(std::string_view pattern, std::string_view text);

}  // namespace patchbay::openai
