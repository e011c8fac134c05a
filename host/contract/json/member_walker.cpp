#include "contract/json/member_walker.hpp"

namespace patchbay {

bool MemberWalker::end_of_object() {
    if (!reader_.take('}', "")) return false;
    reader_.skip_space();
    complete_ = reader_.at_end();
    return false;
}

bool MemberWalker::next(JsonMember& member) {
    if (over_) return false;
    over_ = true;  // until this member is known to be whole
    reader_.skip_space();
    if (first_) {
        if (!reader_.take('{', "")) return false;
        reader_.skip_space();
        if (reader_.peek() == '}') return end_of_object();
        first_ = false;
    } else {
        if (reader_.peek() == '}') return end_of_object();
        if (!reader_.take(',', "")) return false;
        reader_.skip_space();
    }
    const std::size_t name = reader_.at();
    if (reader_.peek() != '"' || !reader_.take_string()) return false;
    member.name = text_.substr(name + 1, reader_.at() - name - 2);
    reader_.skip_space();
    if (!reader_.take(':', "")) return false;
    reader_.skip_space();
    const std::size_t value = reader_.at();
    if (!reader_.take_value()) return false;
    member.value = text_.substr(value, reader_.at() - value);
    over_ = false;
    return true;
}

std::string_view member_of(std::string_view object, std::string_view name) {
    std::string_view found;
    MemberWalker walker(object);
    for (JsonMember member; walker.next(member);) {
        if (member.name == name) found = member.value;
    }
    return found;
}

}  // namespace patchbay
