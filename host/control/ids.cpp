#include "control/ids.hpp"

#include <array>

#include <openssl/rand.h>

#include "control/exchange.hpp"
#include "store/hex.hpp"

namespace patchbay::control {

std::string new_uuid() {
    std::array<unsigned char, 16> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
        refuse(500, "internal_server_error", "The system gives no random numbers.");
    }
    bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0f) | 0x40);
    bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80);
    std::string text = store::hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    for (const std::size_t place : {8u, 13u, 18u, 23u}) text.insert(place, 1, '-');
    return text;
}

}  // namespace patchbay::control
