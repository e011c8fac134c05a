#include "engine/access/subject.hpp"

#include <algorithm>

namespace patchbay::access {

void Subject::limit_rates(const store::LimitsRecord& limits) {
    rpm = limits.rpm.value_or(kNone);
    tpm = limits.tpm.value_or(kNone);
    parallel = limits.parallel.value_or(kNone);
}

std::shared_ptr<Subject> SubjectTable::get(const Id& id, std::string_view descriptor,
                                           std::string value) {
    const std::lock_guard lock(mutex_);
    auto& subject = subjects_[id];
    if (!subject) {
        subject = std::make_shared<Subject>(descriptor, std::move(value));
        const auto kept = subject;
        if (subjects_.size() > drop_at_) drop_unused();
        return kept;
    }
    return subject;
}

// What no key has any more is read from the store when one needs it again. So its charges must be in the books:
// nothing is dropped before the table has doubled, which takes thousands of keys.
void SubjectTable::drop_unused() {
    std::erase_if(subjects_, [](const auto& entry) { return entry.second.use_count() == 1; });
    drop_at_ = std::max<std::size_t>(2 * subjects_.size(), 4096);
}

}  // namespace patchbay::access
