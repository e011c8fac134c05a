// Paths to texts: JSON pointers (RFC 6901), made while walking.
#pragma once

#include <string>
#include <string_view>

namespace patchbay::guard {

/// One step further in a path, for as long as this object lives.
class PathStep {
  public:
    PathStep(std::string& path, std::string_view name) : path_(path), length_(path.size()) {
        path_ += '/';
        for (const char c : name) {
            if (c == '~') {
                path_ += "~0";
            } else if (c == '/') {
                path_ += "~1";
            } else {
                path_ += c;
            }
        }
    }
    ~PathStep() { path_.resize(length_); }
    PathStep(const PathStep&) = delete;
    PathStep& operator=(const PathStep&) = delete;

  private:
    std::string& path_;
    std::size_t length_;
};

}  // namespace patchbay::guard
