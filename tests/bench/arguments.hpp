// Command lines of the bench programs: "--name value" pairs.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace patchbay::bench {

/// Every accessor ends the program with status 2 and a message if the value is missing or
/// malformed.
class Arguments {
  public:
    Arguments(int argc, char** argv);

    /// The words before the first "--name".
    const std::vector<std::string>& words() const { return words_; }
    std::string text(const std::string& name) const;
    std::string text(const std::string& name, const std::string& otherwise) const;
    long number(const std::string& name, long low, long high) const;
    long number(const std::string& name, long low, long high, long otherwise) const;

  private:
    std::vector<std::string> words_;
    std::map<std::string, std::string> values_;
};

/// Says what is wrong and ends the program with status 2.
[[noreturn]] void give_up(const std::string& message);

}  // namespace patchbay::bench
