#include "config/problems.hpp"

#include <algorithm>

namespace patchbay {

void Problems::begin_file(const std::string& name) {
    if (file_index(name) == files_.size()) files_.push_back(name);
}

void Problems::error(const Place& place, std::string message) {
    ++errors_;
    add(Problem::Severity::error, place, std::move(message));
}

void Problems::warning(const Place& place, std::string message) {
    add(Problem::Severity::warning, place, std::move(message));
}

void Problems::left_out(const Place& place, std::string message) {
    add(Problem::Severity::warning, place, std::move(message), true);
}

void Problems::add(Problem::Severity severity, const Place& place, std::string message,
                   bool left_out) {
    if (full()) {
        ++dropped_;
        dropped_error_ = dropped_error_ || severity == Problem::Severity::error;
        return;
    }
    if (!seen_.emplace(place.file, place.line, place.column, message).second) return;
    problems_.push_back({severity, place, std::move(message), left_out});
}

std::size_t Problems::file_index(const std::string& name) const {
    return static_cast<std::size_t>(std::find(files_.begin(), files_.end(), name) - files_.begin());
}

std::vector<Problem> Problems::take() {
    sort_by_place(problems_, files_);
    if (dropped_ > 0) {
        const auto severity =
            dropped_error_ ? Problem::Severity::error : Problem::Severity::warning;
        problems_.push_back({severity,
                             {files_.empty() ? std::string() : files_.front(), 0, 0},
                             std::to_string(dropped_) + " more problems are not shown"});
    }
    seen_.clear();
    dropped_ = 0;
    return std::move(problems_);
}

void sort_by_place(std::vector<Problem>& problems, const std::vector<std::string>& files) {
    const auto key = [&](const Problem& problem) {
        const auto found = std::find(files.begin(), files.end(), problem.place.file);
        const bool placed = found != files.end();
        return std::make_tuple(found - files.begin(), placed ? problem.place.line : 0,
                               placed ? problem.place.column : 0);
    };
    std::stable_sort(problems.begin(), problems.end(),
                     [&](const Problem& a, const Problem& b) { return key(a) < key(b); });
}

}  // namespace patchbay
