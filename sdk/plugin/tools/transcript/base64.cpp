#include "base64.hpp"

#include <climits>

#include <openssl/evp.h>

namespace patchbay::transcript {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kSpace = " \t\r\n";

}  // namespace

std::string read_base64(const SectionReader& reader, std::size_t line, std::string_view text) {
    std::string digits;
    std::size_t padding = 0;
    std::size_t last_line = line;  // of the last digit
    for (const char c : text) {
        if (c == '\n') ++line;
        if (kSpace.find(c) != kSpace.npos) continue;
        last_line = line;
        if (c == '=') {
            if (++padding > 2) reader.fail(line, "not base64: more than two '='");
        } else if (kAlphabet.find(c) == kAlphabet.npos) {
            reader.fail(line, "not base64: a character that is none of its alphabet");
        } else if (padding != 0) {
            reader.fail(line, "not base64: text behind its '='");
        }
        digits += c;
    }
    if (digits.size() % 4 != 0) {
        reader.fail(last_line, "not base64: its length, with '=', is no multiple of four");
    }
    if (digits.size() > INT_MAX) reader.fail(last_line, "this base64 is too long");
    std::string bytes(digits.size() / 4 * 3, '\0');
    if (EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                        reinterpret_cast<const unsigned char*>(digits.data()),
                        static_cast<int>(digits.size())) < 0) {
        reader.fail(last_line, "not base64");
    }
    bytes.resize(bytes.size() - padding);
    return bytes;
}

}  // namespace patchbay::transcript
