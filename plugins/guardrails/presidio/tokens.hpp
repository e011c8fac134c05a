// What stands in for masked texts, and the way back.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace patchbay::presidio {

/// The tokens of one request.
class Tokens {
  public:
    /// "<PERSON_1>" for the first person, "<PERSON_2>" for the second; the same text gets the same.
    std::string token_for(std::string_view kind, std::string_view original);
    bool empty() const { return originals_.empty(); }

    /// `text` with every token replaced by its original. With `more`, text may follow: `held` is
    /// then the number of bytes at the end that could be the beginning of a token; they are not in
    /// the result.
    std::string restored(std::string_view text, bool more, std::size_t& held) const;

  private:
    std::map<std::string, std::string, std::less<>> originals_;  ///< by token
    std::map<std::string, std::string, std::less<>> tokens_;     ///< by kind and original
    std::map<std::string, int, std::less<>> counts_;             ///< by kind
};

}  // namespace patchbay::presidio
