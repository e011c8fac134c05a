#include "spdx.hpp"

#include <algorithm>
#include <vector>

namespace patchbay::check {
namespace {

constexpr std::string_view kLicenses[] = {"0BSD",
                                          "AFL-3.0",
                                          "AGPL-3.0-only",
                                          "AGPL-3.0-or-later",
                                          "Apache-1.1",
                                          "Apache-2.0",
                                          "Artistic-2.0",
                                          "BlueOak-1.0.0",
                                          "BSD-1-Clause",
                                          "BSD-2-Clause",
                                          "BSD-3-Clause",
                                          "BSD-4-Clause",
                                          "BSL-1.0",
                                          "BUSL-1.1",
                                          "CC-BY-4.0",
                                          "CC-BY-SA-4.0",
                                          "CC0-1.0",
                                          "CDDL-1.0",
                                          "CDDL-1.1",
                                          "CPL-1.0",
                                          "ECL-2.0",
                                          "Elastic-2.0",
                                          "EPL-1.0",
                                          "EPL-2.0",
                                          "EUPL-1.1",
                                          "EUPL-1.2",
                                          "GPL-2.0-only",
                                          "GPL-2.0-or-later",
                                          "GPL-3.0-only",
                                          "GPL-3.0-or-later",
                                          "ISC",
                                          "LGPL-2.1-only",
                                          "LGPL-2.1-or-later",
                                          "LGPL-3.0-only",
                                          "LGPL-3.0-or-later",
                                          "MIT",
                                          "MIT-0",
                                          "MPL-1.1",
                                          "MPL-2.0",
                                          "MS-PL",
                                          "MS-RL",
                                          "MulanPSL-2.0",
                                          "NCSA",
                                          "OFL-1.1",
                                          "OpenSSL",
                                          "OSL-3.0",
                                          "PostgreSQL",
                                          "PSF-2.0",
                                          "Python-2.0",
                                          "SSPL-1.0",
                                          "Unlicense",
                                          "UPL-1.0",
                                          "W3C",
                                          "WTFPL",
                                          "X11",
                                          "Zlib",
                                          "ZPL-2.1"};

constexpr std::string_view kExceptions[] = {"Autoconf-exception-3.0",  "Bison-exception-2.2",
                                            "Classpath-exception-2.0", "GCC-exception-3.1",
                                            "LLVM-exception",          "OpenSSL-exception"};

template <std::size_t N>
bool among(const std::string_view (&list)[N], std::string_view item) {
    return std::find(std::begin(list), std::end(list), item) != std::end(list);
}

// expression = operand { ("AND" | "OR") operand };
// operand = "(" expression ")" | id ["+"] ["WITH" exception]
class Parser {
  public:
    explicit Parser(std::string_view text) {
        std::string word;
        const auto end_word = [&] {
            if (!word.empty()) words_.push_back(word);
            word.clear();
        };
        for (const char c : text) {
            if (c == '(' || c == ')') {
                end_word();
                words_.emplace_back(1, c);
            } else if (c == ' ') {
                end_word();
            } else {
                word += c;
            }
        }
        end_word();
    }

    std::string problem() {
        expression(0);
        if (problem_.empty() && at_ != words_.size()) {
            problem_ = "'" + words_[at_] + "' where AND, OR or the end must be";
        }
        return problem_;
    }

  private:
    static constexpr int kDeepest = 32;

    bool take(std::string_view word) {
        if (at_ == words_.size() || words_[at_] != word) return false;
        ++at_;
        return true;
    }

    void expression(int depth) {
        if (depth > kDeepest) {
            problem_ = "nested too deeply";
            return;
        }
        do operand(depth);
        while (problem_.empty() && (take("AND") || take("OR")));
    }

    void operand(int depth) {
        if (take("(")) {
            expression(depth + 1);
            if (problem_.empty() && !take(")")) problem_ = "a ')' is missing";
            return;
        }
        if (at_ == words_.size()) {
            problem_ = "a license is missing at the end";
            return;
        }
        std::string_view id = words_[at_++];
        if (id.ends_with('+')) id.remove_suffix(1);
        const bool own = id.starts_with("LicenseRef-") && id.size() > 11;
        if (!own && !among(kLicenses, id)) {
            problem_ = "'" + std::string(id) + "' is not a known SPDX id";
        } else if (take("WITH") && (at_ == words_.size() || !among(kExceptions, words_[at_++]))) {
            problem_ = "WITH needs the id of an exception";
        }
    }

    std::vector<std::string> words_;
    std::size_t at_ = 0;
    std::string problem_;
};

}  // namespace

std::string spdx_problem(std::string_view expression) {
    return Parser(expression).problem();
}

}  // namespace patchbay::check
