// SPDX-License-Identifier: Apache-2.0
#include "blocks.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/string_generator.hpp>
#include <boost/uuid/uuid_io.hpp>

#include "anthropic/content.hpp"
#include "anthropic/model.hpp"

namespace patchbay::bedrock {

namespace {

constexpr std::size_t kMaxId = 64;          // ToolUseBlock.toolUseId
constexpr std::string_view kNothing = " ";  // a result must hold something
constexpr std::string_view kError = "Error: ";

Failure no_word(std::string_view what) {
    return bad_request("messages", std::string("Bedrock takes no ") + std::string(what));
}

json::array texts_of(const json::value* content) {
    json::array made;
    if (!content) return made;
    if (const auto* words = content->if_string()) {
        made.emplace_back(one("text", *words));
    } else if (const auto* list = content->if_array()) {
        for (const auto& part : *list) {
            const auto said = text(part.if_object(), "text");
            if (!said.empty()) made.emplace_back(one("text", json::value(said)));
        }
    }
    return made;
}

using Made = Result<json::object>;

Made text_of(json::object& block, BlockContext&) {
    return one("text", std::move(block["text"]));
}

Made own(json::object& block, BlockContext&) {
    return std::move(block["block"].as_object());
}

Made image(json::object& block, BlockContext&) {
    const auto* source = find_object(block, "source");
    const auto type = text(source, "media_type");
    if (text(source, "type") != "base64" || !type.starts_with("image/"))
        return no_word("image by its address");
    return one("image",
               {{"format", type.substr(6)}, {"source", {{"bytes", text(source, "data")}}}});
}

Made document(json::object& block, BlockContext& context) {
    const auto* source = find_object(block, "source");
    const auto type = text(source, "type");
    json::object made;
    std::string_view format = "txt";
    if (type == "base64") {
        made = {{"bytes", text(source, "data")}};
        format = text(source, "media_type") == "application/pdf" ? "pdf" : "txt";
    } else if (type == "text") {
        made = {{"text", text(source, "data")}};
    } else if (type == "content") {
        made = {{"content", texts_of(find(source, "content"))}};
    } else {
        return no_word("document by its address");
    }
    auto written = context.media.document(text(block, "title"), format, std::move(made));
    auto& inner = written["document"].as_object();
    for (const std::string_view name : {"context", "citations"}) {
        if (const auto* value = find(block, name)) inner[name] = *value;
    }
    return written;
}

Made search_result(json::object& block, BlockContext&) {
    json::object made{{"source", text(block, "source")},
                      {"title", text(block, "title")},
                      {"content", texts_of(find(block, "content"))}};
    if (const auto* citations = find(block, "citations")) made["citations"] = *citations;
    return one("searchResult", std::move(made));
}

Made tool_use(json::object& block, BlockContext&) {
    return one("toolUse", {{"toolUseId", tool_use_id(text(block, "id"))},
                           {"name", text(block, "name")},
                           {"input", std::move(block["input"])}});
}

Made tool_result(json::object& block, BlockContext& context) {
    auto* content = find(block, "content");
    json::array blocks;
    if (content && content->is_array()) {
        auto made = converse_blocks(std::move(content->get_array()), context);
        if (!made) return made.error();
        blocks = std::move(*made);
    } else if (content && *content != json::value("")) {
        blocks = texts_of(content);
    }
    if (blocks.empty()) blocks.emplace_back(one("text", json::value(kNothing)));
    json::object made{{"toolUseId", tool_use_id(text(block, "tool_use_id"))}};
    if (is_true(&block, "is_error")) {
        auto* first = find(blocks[0].as_object(), "text");
        if (context.model.family->status) {
            made["status"] = "error";
        } else if (first && !view(first->get_string()).starts_with(kError)) {
            *first = std::string(kError) + std::string(view(first->get_string()));
        }
    }
    made["content"] = std::move(blocks);
    return one("toolResult", std::move(made));
}

// Other models' thoughts are not sent back: they neither sign them nor take them.
Made thinking(json::object& block, BlockContext& context) {
    if (!context.model.family->claude()) return json::object();
    return one("reasoningContent", one("reasoningText", {{"text", text(block, "thinking")},
                                                         {"signature", text(block, "signature")}}));
}

Made redacted(json::object& block, BlockContext& context) {
    if (!context.model.family->claude()) return json::object();
    return one("reasoningContent", one("redactedContent", std::move(block["data"])));
}

struct BlockRow {
    std::string_view type;
    Made (*write)(json::object& block, BlockContext& context);
};
constexpr std::array kBlockRows{
    BlockRow{"text", text_of},
    BlockRow{kOwnBlock, own},
    BlockRow{"tool_use", tool_use},
    BlockRow{"tool_result", tool_result},
    BlockRow{"image", image},
    BlockRow{"document", document},
    BlockRow{"search_result", search_result},
    BlockRow{"thinking", thinking},
    BlockRow{"redacted_thinking", redacted},
};

}  // namespace

Result<json::array> converse_blocks(json::array blocks, BlockContext& context) {
    json::array made;
    for (auto& value : blocks) {
        auto* block = value.if_object();
        if (!block) return bad_request("messages", "a content block must be an object");
        const auto type = text(*block, "type");
        const auto* row = std::find_if(kBlockRows.begin(), kBlockRows.end(),
                                       [&](const BlockRow& known) { return known.type == type; });
        // A call that Anthropic's servers made says nothing here, and Converse knows no summaries of what was
        // said before, which is all there.
        if (row == kBlockRows.end() &&
            (type == "server_tool_use" || type == "compaction" || type.ends_with("_tool_result"))) {
            continue;
        }
        if (row == kBlockRows.end())
            return no_word(std::string("content of the type ") + std::string(type));
        const auto* mark = find(*block, "cache_control");
        const json::value cache = mark ? *mark : json::value();
        auto written = row->write(*block, context);
        if (!written) return written.error();
        if (written->empty()) continue;
        made.emplace_back(std::move(*written));
        if (!cache.is_null() && context.model.family->cache) {
            made.emplace_back(cache_point(cache, context.model));
        }
    }
    return made;
}

// "Prompt caching": the models that keep what is cached for an hour, too.
json::object cache_point(const json::value& cache_control, const Model& model) {
    json::object point{{"type", "default"}};
    const auto ttl = text(cache_control.if_object(), "ttl");
    const bool hour = model.family->claude() && anthropic::traits_of(model.name).structured;
    if (!ttl.empty() && hour) point["ttl"] = ttl;
    return one("cachePoint", std::move(point));
}

std::string tool_use_id(std::string_view id) {
    if (id.size() <= kMaxId) return std::string(id);
    constexpr boost::uuids::uuid kSpace{};  // any, but always the same
    const boost::uuids::name_generator_sha1 made(kSpace);
    std::string text = "tc_" + boost::uuids::to_string(made(std::string(id)));
    return text;
}

}  // namespace patchbay::bedrock
