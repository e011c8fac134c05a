#include "contract/texts/document.hpp"

#include <algorithm>
#include <utility>

#include "patchbay/json_tree.hpp"

namespace patchbay::guard {

namespace {

/// What comes in the place of a range of the document.
struct Splice {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::string text;
};

std::string spliced(std::string_view document, std::vector<Splice> splices) {
    std::sort(splices.begin(), splices.end(),
              [](const Splice& a, const Splice& b) { return a.begin < b.begin; });
    std::string out;
    std::size_t done = 0;
    for (const Splice& splice : splices) {
        out += document.substr(done, splice.begin - done);
        out += splice.text;
        done = splice.end;
    }
    return out += document.substr(done);
}

Error unchangeable(const std::string& path) {
    Error error;
    error.cls = ErrorClass::content_policy;
    error.message = "The text at " + path + " cannot be changed.";
    return error;
}

}  // namespace

Document::Document(std::string_view json, DocumentKind kind) : json_(json) {
    auto found = find_texts(json, kind);
    if (!found) {
        fault_ = found.error();
        return;
    }
    found_ = std::move(*found);
    views_.reserve(found_.texts.size());
    for (const DocumentText& text : found_.texts) {
        views_.push_back({{text.path.data(), text.path.size()},
                          {text.role.data(), text.role.size()},
                          {text.copy.data(), text.copy.size()},
                          0});
    }
}

Result<std::string> Document::edited(std::span<const TextEdit> edits) const {
    std::vector<Splice> splices;
    for (const TextEdit& edit : edits) {
        const DocumentText& text = found_.texts[edit.index];
        if (!edit.text || *edit.text == text.copy) continue;
        if (text.change == Change::none) return unchangeable(text.path);
        Splice& made = splices.emplace_back(Splice{text.begin, text.end, {}});
        json_tree::append_string(
            text.change == Change::label ? as_label(*edit.text) : std::string(*edit.text),
            made.text);
    }
    for (const Probabilities& place : found_.logprobs) {
        splices.push_back({place.begin, place.end, "null"});
    }
    return spliced(json_, std::move(splices));
}

}  // namespace patchbay::guard
