// yaml-cpp's own node tree forgets which of two equal keys came first, cannot bound what aliases
// expand to and does not know merge keys, so the tree is built here from the parser's events.
//
// Three things make small text large: nesting (the parser recurses), aliases to aliases (ten lines
// can stand for a billion values) and merge keys (a copy of a map each). Nesting is refused at
// kMaxHeight while it is opened. For aliases every closed value carries its size and height with
// all aliases written out, so a bomb is seen when the value that holds it closes, and nobody has
// walked it. Merged members are counted. An alias to a value that is still open would make a cycle
// and is refused. Tested by yaml_parse_test.cpp.
#include "config/yaml_parse.hpp"

#include <algorithm>
#include <sstream>
#include <unordered_map>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "config/yaml_text.hpp"
#include "config/yaml_words.hpp"

namespace patchbay::yaml {
namespace {

/// Ends the parse from inside an event.
struct Refusal {
    Place place;
    std::string message;
};

class TreeBuilder : public YAML::EventHandler {
  public:
    TreeBuilder(Document& document, Problems& problems, std::size_t text_size)
        : document_(document), problems_(problems), max_cost_(text_size + kMaxExpansion) {}

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (started_) {
            throw Refusal{place(mark), "a second YAML document begins here; only one is read"};
        }
        started_ = true;
    }
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        attach(make(mark, Node::Kind::null, anchor));
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto found = anchors_.find(anchor);
        if (found == anchors_.end()) {
            throw Refusal{place(mark), "this alias stands inside the value that it repeats"};
        }
        attach(found->second);
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        Node* node = make(mark, Node::Kind::scalar, anchor);
        node->text = value;
        node->cost = 1 + value.size();
        node->plain = is_plain(mark, tag);
        last_scalar_ = mark;
        attach(node);
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, Node::Kind::list);
    }
    void OnSequenceEnd() override { close(); }

    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, Node::Kind::map);
    }
    void OnMapEnd() override {
        fold_merge_keys(*open_.back().node);
        keep_last_of_equal_keys(*open_.back().node);
        close();
    }

    /// Only the last value of a file can be cut off, for it takes all that follows.
    void check_end(std::string_view text) const {
        const std::size_t offset =
            byte_order_mark(text) + static_cast<std::size_t>(last_scalar_.pos);
        if (!last_scalar_.is_null() && is_cut_off(text, offset)) {
            throw Refusal{place(last_scalar_), "YAML syntax: this quoted text has no end"};
        }
    }

  private:
    struct Open {
        Node* node;
        YAML::anchor_t anchor;
        const Node* key = nullptr;  ///< maps: read, its value is still to come
    };

    Place place(const YAML::Mark& mark) const {
        return {document_.name, mark.line + 1, mark.column + 1};
    }

    /// A value without children. Its anchor is known from here on; open() takes it back.
    Node* make(const YAML::Mark& mark, Node::Kind kind, YAML::anchor_t anchor) {
        Node& node = document_.nodes.emplace_back();
        node.kind = kind;
        node.file = &document_.name;
        node.line = mark.line + 1;
        node.column = mark.column + 1;
        if (anchor != YAML::NullAnchor) anchors_[anchor] = &node;
        return &node;
    }

    void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
              Node::Kind kind) {
        if (open_.size() >= kMaxHeight) throw too_deep(place(mark));
        const char* own_tag =
            kind == Node::Kind::map ? "tag:yaml.org,2002:map" : "tag:yaml.org,2002:seq";
        if (!tag.empty() && tag != "?" && tag != "!" && tag != own_tag) refuse_tag(mark);
        Node* node = make(mark, kind, anchor);
        anchors_.erase(anchor);
        if (!open_.empty() && open_.back().node->kind == Node::Kind::map && !open_.back().key) {
            throw Refusal{place(mark), "a key must be text"};
        }
        open_.push_back({node, anchor});
    }

    void close() {
        const Open closed = open_.back();
        open_.pop_back();
        if (closed.anchor != YAML::NullAnchor) anchors_[closed.anchor] = closed.node;
        attach(closed.node);
    }

    /// Puts a finished value where it belongs.
    void attach(const Node* node) {
        if (open_.empty()) {
            document_.root = node;
            return;
        }
        Open& parent = open_.back();
        if (parent.node->kind == Node::Kind::map && !parent.key) {
            if (node->kind != Node::Kind::scalar)
                throw Refusal{node->place(), "a key must be text"};
            parent.key = node;
        } else if (parent.node->kind == Node::Kind::map) {
            parent.node->members.push_back({parent.key, node});
            parent.key = nullptr;
        } else {
            parent.node->items.push_back(node);
        }
        count(*parent.node, *node);
    }

    void count(Node& parent, const Node& child) {
        parent.cost += child.cost;
        parent.height = std::max(parent.height, child.height + 1);
        if (parent.height > kMaxHeight) throw too_deep(parent.place());
        if (parent.cost > max_cost_) {
            throw Refusal{parent.place(), "the aliases in this value repeat too much"};
        }
    }

    Refusal too_deep(Place where) const {
        return {std::move(where), "nested deeper than " + std::to_string(kMaxHeight) + " levels"};
    }

    bool is_plain(const YAML::Mark& mark, const std::string& tag) const {
        if (tag == "?" || tag.empty()) return true;
        if (tag == "!" || tag == "tag:yaml.org,2002:str") return false;
        if (tag == "tag:yaml.org,2002:int" || tag == "tag:yaml.org,2002:float" ||
            tag == "tag:yaml.org,2002:bool" || tag == "tag:yaml.org,2002:null") {
            return true;
        }
        refuse_tag(mark);
    }

    [[noreturn]] void refuse_tag(const YAML::Mark& mark) const {
        throw Refusal{place(mark), "this YAML tag is not supported"};
    }

    /// YAML 1.1's `<<: *base` or `<<: [*a, *b]`: members of the bases that the map has not itself,
    /// the earlier base first.
    void fold_merge_keys(Node& map) {
        const auto is_merge = [](const Member& m) { return m.key->plain && m.key->text == "<<"; };
        if (std::none_of(map.members.begin(), map.members.end(), is_merge)) return;
        std::vector<const Node*> bases;
        for (const Member& member : map.members) {
            if (!is_merge(member)) continue;
            if (member.value->kind == Node::Kind::list) {
                bases.insert(bases.end(), member.value->items.begin(), member.value->items.end());
            } else {
                bases.push_back(member.value);
            }
        }
        std::erase_if(map.members, is_merge);
        std::unordered_map<std::string_view, bool> own;
        for (const Member& member : map.members) own.emplace(member.key->text, true);
        for (const Node* base : bases) {
            if (base->kind != Node::Kind::map) {
                throw Refusal{base->place(), "`<<` takes a mapping or a list of mappings"};
            }
            merged_ += base->members.size();
            if (merged_ > kMaxExpansion) {
                throw Refusal{map.place(), "the aliases in this value repeat too much"};
            }
            for (const Member& member : base->members) {
                if (own.emplace(member.key->text, true).second) map.members.push_back(member);
            }
        }
    }

    void keep_last_of_equal_keys(Node& map) {
        std::unordered_map<std::string_view, const Node*> seen;
        bool twice = false;
        for (const Member& member : map.members) {
            const auto [earlier, fresh] = seen.emplace(member.key->text, member.key);
            if (fresh) continue;
            twice = true;
            problems_.warning(member.key->place(),
                              "this key stands twice in one mapping, first on line " +
                                  std::to_string(earlier->second->line) + "; the last one counts");
            earlier->second = member.key;
        }
        if (!twice) return;
        std::erase_if(map.members, [&](const Member& m) {
            const bool gone = seen.at(m.key->text) != m.key;
            if (gone && open_.size() == 1) document_.replaced.push_back(m);
            return gone;
        });
    }

    Document& document_;
    Problems& problems_;
    const std::size_t max_cost_;
    std::vector<Open> open_;
    std::unordered_map<YAML::anchor_t, const Node*> anchors_;  ///< of closed values
    std::size_t merged_ = 0;
    YAML::Mark last_scalar_ = YAML::Mark::null_mark();
    bool started_ = false;
};

}  // namespace

bool parse(std::string_view text, Document& document, Problems& problems) {
    if (text.size() > kMaxText) {
        problems.error({document.name, 0, 0},
                       "larger than " + std::to_string(kMaxText >> 20) + " MiB");
        return false;
    }
    if (const auto fault = find_bad_character(text)) {
        problems.error({document.name, fault->line, fault->column}, fault->message);
        return false;
    }
    TreeBuilder builder(document, problems, text.size());
    try {
        std::istringstream stream{std::string(text)};
        YAML::Parser parser(stream);
        while (parser.HandleNextDocument(builder)) {
        }
        builder.check_end(text);
        return true;
    } catch (const Refusal& refusal) {
        problems.error(refusal.place, refusal.message);
    } catch (const YAML::Exception& error) {
        int column = error.mark.column + 1;
        const std::string message = explain(text, error.msg, error.mark.line + 1, column);
        problems.error({document.name, error.mark.line + 1, column}, message);
    }
    document.root = nullptr;
    return false;
}

}  // namespace patchbay::yaml
