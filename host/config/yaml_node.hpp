// A YAML document as a plain tree whose every value knows its place.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace patchbay::yaml {

struct Node;

struct Member {
    const Node* key = nullptr;  ///< always a scalar
    const Node* value = nullptr;
};

/// One value. Aliases share nodes, so this is a graph without cycles; `cost` and `height` bound
/// what walking it can take.
struct Node {
    enum class Kind { null, scalar, list, map };  ///< what has no parts comes first
    Kind kind = Kind::null;
    /// Scalars: written without quotes and without a tag that says "text", so it may be a number.
    bool plain = false;
    std::string text;
    std::vector<const Node*> items;
    std::vector<Member> members;  ///< no key twice; merge keys (`<<`) are already folded in
    const std::string* file = nullptr;
    int line = 0;
    int column = 0;
    std::size_t cost = 1;    ///< values and characters below, with every alias written out
    std::size_t height = 1;  ///< levels, with every alias written out

    Place place() const { return {file ? *file : std::string(), line, column}; }
    /// The value of `key`, or null. Maps only; linear.
    const Node* find(std::string_view key) const {
        for (const Member& member : members)
            if (member.key->text == key) return member.value;
        return nullptr;
    }
};

/// Owns the nodes of one file. Nodes stay where they are; they point to the document's name.
struct Document {
    explicit Document(std::string file_name) : name(std::move(file_name)) {}
    Document(const Document&) = delete;
    Document& operator=(const Document&) = delete;

    const std::string name;
    std::deque<Node> nodes;
    const Node* root = nullptr;  ///< null: the file is empty
    /// Members of the top level that another one with the same key replaced.
    std::vector<Member> replaced;
};

}  // namespace patchbay::yaml
