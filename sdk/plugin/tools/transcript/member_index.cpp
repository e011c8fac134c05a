#include "member_index.hpp"

#include "contract/json/member_walker.hpp"
#include "patchbay/sdk/text.hpp"

namespace patchbay::transcript {

std::vector<bay_member> index_members(std::string_view json) {
    std::vector<bay_member> members;
    MemberWalker walker(json);
    JsonMember member;
    const auto offset = [&](std::string_view part) {
        return static_cast<std::uint64_t>(part.data() - json.data());
    };
    while (walker.next(member)) {
        members.push_back({bay::str(member.name), bay::str(member.value), offset(member.name) - 1,
                           offset(member.value)});
    }
    return members;
}

}  // namespace patchbay::transcript
