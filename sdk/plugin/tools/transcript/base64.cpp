#include "base64.hpp"

#include <algorithm>
#include <climits>

#include <openssl/evp.h>

#include "contract/crypto/base64.hpp"
#include "patchbay/json_tree.hpp"

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

bool is_plain(std::string_view bytes) {
    constexpr unsigned char kSpaceCharacter = 0x20, kDelete = 0x7f;
    const bool control = std::any_of(bytes.begin(), bytes.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < kSpaceCharacter && c != '\n' && c != '\t') || byte == kDelete;
    });
    const bool section = bytes.starts_with("== ") || bytes.find("\n== ") != bytes.npos;
    return !control && !section && json_tree::is_utf8(bytes);
}

std::string base64_lines(std::string_view bytes) {
    constexpr std::size_t kBytesOfLine = 57;
    std::string text;
    for (std::size_t at = 0; at < bytes.size(); at += kBytesOfLine) {
        if (at != 0) text += '\n';
        append_base64(text, bytes.substr(at, kBytesOfLine));
    }
    return text;
}

std::string shown(std::string_view bytes) {
    if (is_plain(bytes)) return std::string(bytes);
    std::string text = "base64 ";
    append_base64(text, bytes);
    return text;
}

}  // namespace patchbay::transcript
