#include "transcript.hpp"

#include <fstream>
#include <iterator>

#include <boost/json.hpp>

#include "action.hpp"
#include "answer_section.hpp"
#include "expectation_section.hpp"
#include "form.hpp"
#include "header_lines.hpp"
#include "patchbay/guardrail.h"
#include "patchbay/json_tree.hpp"
#include "question_section.hpp"
#include "section.hpp"
#include "socket_section.hpp"

namespace patchbay::transcript {
namespace {

class Parser {
  public:
    explicit Parser(const std::string& file) : reader_(file) { result_.file = file; }

    Transcript parse(const std::string& text) {
        for (const Section& section : reader_.cut(text)) take(section);
        if (!started_) {
            reader_.fail(1,
                         "no '== request', '== inspect', '== stream-text' or '== batch' section");
        }
        return std::move(result_);
    }

  private:
    void take(const Section& section) {
        const std::string text = without_last_newline(section.text);
        if (section.name == "part") return take_part(section);
        takes_parts_ = TakesParts::none;
        if (section.name == "config") {
            reader_.check_json(section, text);
            result_.config = text;
            for (const std::string& word : section.words) {
                if (!option(word, "component", result_.component)) reader_.unknown(section, word);
            }
        } else if (section.name == "target") {
            take_target(section, text);
        } else if (section.name == "request") {
            take_request(section, text);
        } else if (section.name == "headers") {
            for (const std::string& word : section.words) reader_.unknown(section, word);
            read_headers(reader_, section.line + 1, section.text, result_.headers);
        } else if (section.name == "refresh") {
            start(section, std::nullopt);
            if (section.words.size() != 1) {
                reader_.fail(section.line, "'== refresh KEY' needs one key");
            }
            result_.refresh = true;
            result_.refresh_key = section.words[0];
            result_.request = text;
        } else if (section.name == "batch") {
            take_batch(section);
        } else if (section.name == "params" || section.name == "metadata") {
            reader_.check_object(section, text);
            (section.name == "params" ? params_ : metadata_) = text;
        } else if (section.name == "inspect") {
            take_inspect(section);
        } else if (section.name == "stream-text") {
            take_stream_text(section);
        } else if (section.name == "cancel") {
            result_.steps.emplace_back(read_cancel(reader_, section));
        } else if (section.name == "expect") {
            const Expectation& read = std::get<Expectation>(
                result_.steps.emplace_back(read_expectation(reader_, section)));
            if (read.kind == "http") takes_parts_ = TakesParts::call;
        } else if (section.name == "upstream") {
            take_upstream(section);
        } else if (section.name == "upstream-end") {
            take_end(section);
        } else if (is_socket_section(section.name)) {
            result_.steps.emplace_back(read_socket_event(reader_, section));
        } else if (section.name == "shared") {
            take_shared(section, text);
        } else {
            reader_.fail(section.line, "unknown section '" + section.name + "'");
        }
    }

    void start(const Section& section, std::optional<Kind> kind) {
        if (started_) reader_.fail(section.line, "a transcript has one request");
        started_ = true;
        result_.kind = kind;
    }

    void take_target(const Section& section, const std::string& text) {
        result_.target.given = true;
        reader_.check_object(section, text);
        const boost::json::value value = json_tree::read(text).value;
        for (const auto& [name, member] : value.get_object()) {
            if (member.is_null()) continue;
            if (name == "params" && member.is_object()) {
                result_.target.params = json_tree::write(member);
                continue;
            }
            std::string* field = name == "model"      ? &result_.target.model
                                 : name == "base_url" ? &result_.target.base_url
                                 : name == "api_key"  ? &result_.target.api_key
                                                      : nullptr;
            if (!field || !member.is_string()) {
                reader_.fail(section.line,
                             "target: '" + std::string(name) + "' is unknown or of a wrong type");
            }
            *field = std::string(member.get_string());
        }
    }

    void take_request(const Section& section, const std::string& text) {
        start(section, Kind::provider);
        for (const std::string& word : section.words) {
            std::string value;
            if (word == "stream") {
                result_.flags |= BAY_REQ_STREAM;
            } else if (word == "drop_params") {
                result_.flags |= BAY_REQ_DROP_PARAMS;
            } else if (word == "want_usage") {
                result_.flags |= BAY_REQ_WANT_USAGE;
            } else if (option(word, "attempt", value)) {
                result_.attempt = reader_.number(section, value);
            } else if (option(word, "id", value)) {
                take_pair(section, value, result_.ids);
            } else if (option(word, "query", value)) {
                take_pair(section, value, result_.query);
            } else if (!option(word, "operation", result_.operation) &&
                       !option(word, "allowed", result_.allowed)) {
                reader_.unknown(section, word);
            }
        }
        result_.request = text;
        takes_parts_ = TakesParts::request;
    }

    // NAME:VALUE
    void take_pair(const Section& section, const std::string& text, Headers& to) const {
        const std::size_t colon = text.find(':');
        if (colon == std::string::npos) reader_.fail(section.line, "'" + text + "' has no ':'");
        to.emplace_back(text.substr(0, colon), text.substr(colon + 1));
    }

    // It belongs to the request or the expected call before it.
    void take_part(const Section& section) {
        if (takes_parts_ == TakesParts::none) {
            reader_.fail(section.line, "'== part' belongs behind '== request' or '== expect http'");
        }
        if (takes_parts_ == TakesParts::request) {
            if (!result_.form && !result_.request.empty()) two_bodies(section);
            add_part(reader_, section, result_.request);
            result_.form = true;
            return;
        }
        auto& call = std::get<Expectation>(result_.steps.back());
        if (call.as != Expectation::As::nothing && call.as != Expectation::As::form) {
            two_bodies(section);
        }
        add_part(reader_, section, call.body);
        call.as = Expectation::As::form;
    }

    [[noreturn]] void two_bodies(const Section& section) const {
        reader_.fail(section.line, "a body that is made of parts has no other text");
    }

    void take_batch(const Section& section) {
        start(section, Kind::logger);
        for (const std::string& word : section.words) {
            std::string value;
            if (!option(word, "attempt", value)) reader_.unknown(section, word);
            result_.attempt = reader_.number(section, value);
        }
        result_.batch = read_records(reader_, section);
    }

    // during_call and log_only have exchanges of their own, and a transcript is one exchange.
    void take_question(const Section& section, std::uint32_t stage) {
        const bool apart = stage == BAY_STAGE_DURING_CALL || stage == BAY_STAGE_LOG_ONLY;
        const std::uint32_t exchange = apart ? stage : std::uint32_t{BAY_STAGE_PRE_CALL};
        if (questions_ == 0) {
            start(section, Kind::guardrail);
        } else if (questions_ != exchange) {
            reader_.fail(section.line,
                         "during_call and log_only have exchanges, and so files, of their own");
        }
        questions_ = exchange;
    }

    void take_inspect(const Section& section) {
        Inspect inspect = read_inspect(reader_, section);
        take_question(section, inspect.stage);
        inspect.params = params_;
        inspect.metadata = metadata_;
        result_.steps.emplace_back(std::move(inspect));
    }

    // Sections in a row are channels of one stream.
    void take_stream_text(const Section& section) {
        take_question(section, BAY_STAGE_STREAM);
        StreamText::Channel channel = read_channel(reader_, section);
        auto* last =
            result_.steps.empty() ? nullptr : std::get_if<StreamText>(&result_.steps.back());
        if (!last || !last->answers.empty()) {
            StreamText stream;
            stream.line = section.line;
            stream.params = params_;
            stream.metadata = metadata_;
            last = &std::get<StreamText>(result_.steps.emplace_back(std::move(stream)));
        }
        last->channels.push_back(std::move(channel));
    }

    // The answers right behind a stream's texts are for all its calls.
    StreamText* stream_at_end() {
        return result_.steps.empty() ? nullptr : std::get_if<StreamText>(&result_.steps.back());
    }

    void take_upstream(const Section& section) {
        StreamText* stream = stream_at_end();
        Upstream upstream = read_upstream(reader_, section, stream != nullptr);
        if (stream) {
            stream->answers.push_back(std::move(upstream));
        } else {
            result_.steps.emplace_back(std::move(upstream));
        }
    }

    void take_end(const Section& section) {
        const std::uint32_t failure = read_upstream_end(reader_, section);
        Upstream* last = nullptr;
        for (auto& step : result_.steps) {
            if (auto* upstream = std::get_if<Upstream>(&step)) last = upstream;
        }
        if (StreamText* stream = stream_at_end(); stream && !stream->answers.empty()) {
            last = &stream->answers.back();
        }
        if (!last) reader_.fail(section.line, "no '== upstream' section before this one");
        if (last->status == 0 && failure == BAY_FAIL_NONE) {
            reader_.fail(section.line, "a call without a response cannot end ok");
        }
        last->failure = failure;
    }

    void take_shared(const Section& section, const std::string& text) {
        if (section.words.empty()) reader_.fail(section.line, "'== shared KEY' needs a key");
        Shared shared;
        shared.line = section.line;
        shared.key = section.words[0];
        shared.value = text;
        for (std::size_t i = 1; i < section.words.size(); ++i) {
            std::string value;
            if (option(section.words[i], "ttl_ms", value)) {
                shared.ttl_ms = reader_.number(section, value);
            } else if (option(section.words[i], "retry_after_ms", value)) {
                shared.retry_after_ms = reader_.number(section, value);
            } else if (option(section.words[i], "error", value)) {
                shared.cls = class_of(section, value);
            } else {
                reader_.unknown(section, section.words[i]);
            }
        }
        result_.steps.emplace_back(std::move(shared));
    }

    /// The BAY_ERR_* of a name, "rate_limit".
    std::uint32_t class_of(const Section& section, const std::string& name) {
        for (std::uint32_t cls = BAY_ERR_BAD_REQUEST; cls <= BAY_ERR_UNSUPPORTED; ++cls) {
            if (error_class(cls) == name) return cls;
        }
        reader_.fail(section.line, "'" + name + "' is no error class");
    }

    /// Whose parts may follow.
    enum class TakesParts { none, request, call };

    SectionReader reader_;
    Transcript result_;
    TakesParts takes_parts_ = TakesParts::none;
    bool started_ = false;
    std::uint32_t questions_ = 0;  // stage of the exchange of the questions so far
    std::string params_ = "{}", metadata_ = "{}";
};

}  // namespace

Transcript parse_transcript(const std::string& text, const std::string& file) {
    return Parser(file).parse(text);
}

Transcript read_transcript(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    if (!stream) throw FileError(file + ":0: cannot be read");
    return parse_transcript(text, file);
}

}  // namespace patchbay::transcript
