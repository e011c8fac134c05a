// OpenAI's responses as a whole and as events. Tested by forms_test.cpp.
#include <boost/json.hpp>

#include "engine/cache/forms.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay {

namespace json = boost::json;

namespace {

/// Writes events, each with its number.
class Writer {
  public:
    void add(std::string_view type, json::object event) {
        event["type"] = type;
        event["sequence_number"] = number_++;
        events_.append(type, json_tree::write(event));
    }
    KeptEvents take() { return std::move(events_); }

  private:
    KeptEvents events_;
    std::uint64_t number_ = 0;
};

std::string_view text_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    const auto* text = value ? value->if_string() : nullptr;
    return text ? std::string_view(*text) : std::string_view();
}

/// Parts of an item that are said in words.
struct PartRow {
    std::string_view item, list, part;  ///< types of item and part, the member with the parts
    std::string_view member;            ///< of the part: its words
    std::string_view added, delta, done, part_done, index;  ///< events, and how they count
};
constexpr PartRow kParts[] = {
    {"message", "content", "output_text", "text", "response.content_part.added",
     "response.output_text.delta", "response.output_text.done", "response.content_part.done",
     "content_index"},
    {"message", "content", "refusal", "refusal", "response.content_part.added",
     "response.refusal.delta", "response.refusal.done", "response.content_part.done",
     "content_index"},
    {"reasoning", "content", "reasoning_text", "text", "response.content_part.added",
     "response.reasoning_text.delta", "response.reasoning_text.done", "response.content_part.done",
     "content_index"},
    {"reasoning", "summary", "summary_text", "text", "response.reasoning_summary_part.added",
     "response.reasoning_summary_text.delta", "response.reasoning_summary_text.done",
     "response.reasoning_summary_part.done", "summary_index"},
};

/// Items that are said in words themselves.
struct ItemRow {
    std::string_view item, member, delta, done;
};
constexpr ItemRow kItems[] = {
    {"function_call", "arguments", "response.function_call_arguments.delta",
     "response.function_call_arguments.done"},
    {"custom_tool_call", "input", "response.custom_tool_call_input.delta",
     "response.custom_tool_call_input.done"},
};

/// One item of the output, which is `index`th.
class ItemTeller {
  public:
    ItemTeller(Writer& writer, const json::object& item, std::uint64_t index)
        : writer_(writer), item_(item), index_(index) {}

    // False: it has a part that streams tell in a way that is not known here.
    bool tell() {
        const std::string_view type = text_of(item_, "type");
        json::object begun = item_;
        if (begun.contains("status")) begun["status"] = "in_progress";
        const bool words = type == "message" || type == "reasoning";
        for (const std::string_view list : {"content", "summary"}) {
            if (words && begun.contains(list) && begun[list].is_array())
                begun[list].emplace_array();
        }
        const ItemRow* said = nullptr;
        for (const ItemRow& row : kItems) {
            if (row.item == type && begun.contains(row.member)) said = &row;
        }
        if (said) begun[said->member] = "";
        writer_.add("response.output_item.added",
                    {{"output_index", index_}, {"item", std::move(begun)}});
        if (said) {
            const std::string_view text = text_of(item_, said->member);
            writer_.add(said->delta, event({{"delta", text}}));
            writer_.add(said->done, event({{said->member, text}}));
        }
        if (words && !(tell_parts(type, "summary") && tell_parts(type, "content"))) return false;
        writer_.add("response.output_item.done", {{"output_index", index_}, {"item", item_}});
        return true;
    }

  private:
    json::object event(json::object members) const {
        members["item_id"] = text_of(item_, "id");
        members["output_index"] = index_;
        return members;
    }

    bool tell_parts(std::string_view type, std::string_view list) {
        const auto* parts = item_.if_contains(list);
        if (!parts || !parts->is_array()) return true;
        std::uint64_t number = 0;
        for (const json::value& value : parts->get_array()) {
            const auto* part = value.if_object();
            const PartRow* found = nullptr;
            for (const PartRow& row : kParts) {
                const bool fits = part && row.item == type && row.list == list;
                if (fits && row.part == text_of(*part, "type")) found = &row;
            }
            if (!found) return false;
            tell_part(*found, *part, number++);
        }
        return true;
    }

    void tell_part(const PartRow& row, const json::object& part, std::uint64_t number) {
        const auto counted = [&](json::object members) {
            members[row.index] = number;
            return event(std::move(members));
        };
        const std::string_view text = text_of(part, row.member);
        json::object begun = part;
        begun[row.member] = "";
        const auto* notes = part.if_contains("annotations");
        if (notes && notes->is_array()) begun["annotations"].emplace_array();
        writer_.add(row.added, counted({{"part", std::move(begun)}}));
        writer_.add(row.delta, counted({{"delta", text}}));
        std::uint64_t note = 0;
        if (notes && notes->is_array()) {
            for (const json::value& annotation : notes->get_array()) {
                writer_.add("response.output_text.annotation.added",
                            counted({{"annotation_index", note++}, {"annotation", annotation}}));
            }
        }
        writer_.add(row.done, counted({{row.member, text}}));
        writer_.add(row.part_done, counted({{"part", part}}));
    }

    Writer& writer_;
    const json::object& item_;
    const std::uint64_t index_;
};

}  // namespace

// The last event holds all of it.
std::optional<std::string> folded_response(const KeptEvents& events) {
    KeptEvents::Event event, last;
    for (std::size_t at = 0; events.next(at, event);) last = event;
    if (last.name != "response.completed" && last.name != "response.incomplete") {
        return std::nullopt;
    }
    json_tree::Tree tree = json_tree::read(last.json);
    const auto* object = tree ? tree.value.if_object() : nullptr;
    const auto* response = object ? object->if_contains("response") : nullptr;
    if (!response || !response->is_object()) return std::nullopt;
    return json_tree::write(*response);
}

std::optional<KeptEvents> unfolded_response(std::string_view whole) {
    json_tree::Tree tree = json_tree::read(whole);
    const auto* response = tree ? tree.value.if_object() : nullptr;
    const auto* output = response ? response->if_contains("output") : nullptr;
    if (!output || !output->is_array()) return std::nullopt;
    const std::string_view status = text_of(*response, "status");
    if (status != "completed" && status != "incomplete") return std::nullopt;
    json::object begun = *response;
    begun["status"] = "in_progress";
    begun["output"] = json::array();
    begun["usage"] = nullptr;
    if (begun.contains("incomplete_details")) begun["incomplete_details"] = nullptr;
    Writer writer;
    writer.add("response.created", {{"response", begun}});
    writer.add("response.in_progress", {{"response", std::move(begun)}});
    std::uint64_t index = 0;
    for (const json::value& item : output->get_array()) {
        if (!item.is_object()) return std::nullopt;
        if (!ItemTeller(writer, item.get_object(), index++).tell()) return std::nullopt;
    }
    writer.add("response." + std::string(status), {{"response", *response}});
    return writer.take();
}

}  // namespace patchbay
