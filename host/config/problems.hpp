// Collects what is wrong with a configuration while it is read, and puts it in file order at the
// end.
//
// Messages never hold a value from the file, only names and kinds: a value may be a key.
#pragma once

#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "config/config.hpp"

namespace patchbay {

/// One per load; the loading thread only.
class Problems {
  public:
    /// Problems kept; those after it are counted, and told of in one last line.
    static constexpr std::size_t kLimit = 1000;

    /// Declares a file; problems come out in the order in which their files were declared.
    void begin_file(const std::string& name);

    /// Adds a problem. The same message at the same place is kept once: an alias may lead the
    /// reader to one place many times.
    void error(const Place& place, std::string message);
    void warning(const Place& place, std::string message);
    /// A warning that something is not there (Problem::left_out).
    void left_out(const Place& place, std::string message);

    bool has_errors() const { return errors_ > 0; }
    /// Errors so far, those that are not kept among them.
    std::size_t errors() const { return errors_; }
    /// The files in the order in which they were declared.
    const std::vector<std::string>& files() const { return files_; }
    /// True if no further message will be kept, so there is no use in preparing a costly one.
    bool full() const { return problems_.size() >= kLimit; }

    /// The problems in file order. Leaves this object empty but for has_errors().
    std::vector<Problem> take();

  private:
    void add(Problem::Severity severity, const Place& place, std::string message,
             bool left_out = false);
    std::size_t file_index(const std::string& name) const;

    std::vector<std::string> files_;
    std::vector<Problem> problems_;
    std::set<std::tuple<std::string, int, int, std::string>> seen_;
    std::size_t dropped_ = 0;
    bool dropped_error_ = false;
    std::size_t errors_ = 0;
};

/// Puts problems into the order of `files` and, in each, of its lines; what stands in none of them
/// comes last, as it is.
void sort_by_place(std::vector<Problem>& problems, const std::vector<std::string>& files);

}  // namespace patchbay
