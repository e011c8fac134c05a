#include "contract/texts/texts.hpp"

#include <boost/json.hpp>

#include "contract/texts/pointer.hpp"
#include "contract/texts/structure.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::guard {

namespace json = boost::json;

namespace {

std::int64_t index_or(const json::object* object, std::int64_t otherwise) {
    const auto* index = object ? object->if_contains("index") : nullptr;
    const auto* number = index ? index->if_int64() : nullptr;
    return number ? *number : otherwise;
}

class Finder {
  public:
    /// Every string under `value` that is not structure; `name` is that of the member it is in.
    void take(json::value& value, std::string_view name) {
        if (json_tree::is_number_text(value)) return;
        if (auto* object = value.if_object()) {
            for (auto& member : *object) {
                const PathStep step(path_, json_tree::to_utf8(member.key()));
                take(member.value(), member.key());
            }
        } else if (auto* array = value.if_array()) {
            std::int64_t place = 0;
            for (json::value& item : *array) {
                const PathStep step(path_, std::to_string(index_or(item.if_object(), place++)));
                take(item, name);
            }
        } else if (auto* string = value.if_string()) {
            const std::string_view text(string->data(), string->size());
            if (is_structure(Side::answer, name, text)) return;
            found.push_back({path_, "assistant", string, std::string(text), name == "arguments"});
        }
    }
    void take_member(json::object& object, std::string_view name) {
        auto* value = object.if_contains(name);
        if (!value) return;
        const PathStep step(path_, name);
        take(*value, name);
    }
    void at(std::string path) { path_ = std::move(path); }

    std::vector<Text> found;

  private:
    std::string path_;
};

}  // namespace

std::vector<Text> delta_texts(json::value& choice) {
    Finder finder;
    auto* object = choice.if_object();
    if (!object) return {};
    finder.at("/choices/" + std::to_string(index_or(object, 0)));
    finder.take_member(*object, "delta");
    if (const auto* text = object->if_contains("text"); text && text->is_string()) {
        finder.take_member(*object, "text");
    }
    return std::move(finder.found);
}

void drop_logprobs(json::value& choice) {
    auto* object = choice.if_object();
    auto* logprobs = object ? object->if_contains("logprobs") : nullptr;
    if (logprobs) *logprobs = nullptr;
}

}  // namespace patchbay::guard
