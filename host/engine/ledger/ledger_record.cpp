#include "engine/ledger/ledger_record.hpp"

#include <algorithm>
#include <cstring>

namespace patchbay {

namespace {

constexpr std::array<std::string_view LedgerNames::*, kLedgerTexts> kTexts{
    &LedgerNames::client_call, &LedgerNames::key,        &LedgerNames::model_group,
    &LedgerNames::model,       &LedgerNames::deployment, &LedgerNames::provider,
    &LedgerNames::route,       &LedgerNames::customer};

}  // namespace

std::size_t write_ledger_record(const LedgerHead& head, const LedgerNames& names,
                                std::span<char, kMostLedgerRecord> buffer) {
    std::memcpy(buffer.data(), &head, sizeof head);
    char* to = buffer.data() + sizeof head;
    for (const auto text : kTexts) {
        const std::string_view cut = (names.*text).substr(0, LedgerNames::kMostText);
        *to++ = static_cast<char>(static_cast<unsigned char>(cut.size()));
        to = std::copy(cut.begin(), cut.end(), to);
    }
    const std::string_view counters = names.counters.substr(0, store::kMostCounterBytes);
    to = std::copy(counters.begin(), counters.end(), to);
    return static_cast<std::size_t>(to - buffer.data());
}

std::optional<LedgerRecord> read_ledger_record(std::string_view bytes) {
    LedgerRecord record;
    if (bytes.size() < sizeof record.head) return std::nullopt;
    std::memcpy(&record.head, bytes.data(), sizeof record.head);
    const bool counted = record.head.magic == LedgerHead::kMagic;
    if (!counted && record.head.magic != LedgerHead::kWithoutCounters) return std::nullopt;
    bytes.remove_prefix(sizeof record.head);
    for (const auto text : kTexts) {
        const std::size_t size = bytes.empty() ? 0 : static_cast<unsigned char>(bytes.front());
        if (bytes.size() <= size) return std::nullopt;
        record.names.*text = bytes.substr(1, size);
        bytes.remove_prefix(1 + size);
    }
    if (!counted && !bytes.empty()) return std::nullopt;
    if (!store::counters::each(bytes, [](std::string_view) {})) return std::nullopt;
    record.names.counters = bytes;
    return record;
}

}  // namespace patchbay
