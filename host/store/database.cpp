#include "store/database.hpp"

#include <utility>

namespace patchbay::store {

Statement& Statement::bind(int place, std::int64_t value) {
    prepared_->bind(place, value);
    return *this;
}

Statement& Statement::bind(int place, std::span<const std::int64_t> values) {
    prepared_->bind(place, values);
    return *this;
}

Statement& Statement::bind(int place, std::string_view text) {
    prepared_->bind(place, text);
    return *this;
}

Statement& Statement::bind(int place, std::span<const std::uint8_t> bytes) {
    prepared_->bind(place, bytes);
    return *this;
}

Stored<std::int64_t> Database::number(std::string_view sql) {
    Statement statement(session_.get(), sql);
    const auto row = statement.step();
    if (!row) return row.error();
    return *row ? statement.number(0) : 0;
}

Stored<Transaction> Transaction::begin(Database& database, Lock lock) {
    if (auto begun = database.handle()->begin(lock); !begun) return begun.error();
    return Transaction(database.handle());
}

Transaction::Transaction(Transaction&& other) noexcept
    : session_(std::exchange(other.session_, nullptr)) {}

Stored<void> Transaction::commit() {
    auto done = session_->commit();
    if (done) session_ = nullptr;
    return done;
}

Transaction::~Transaction() {
    if (session_ != nullptr) session_->rollback();
}

}  // namespace patchbay::store
