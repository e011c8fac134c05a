#include "store/postgres.hpp"

#include <algorithm>
#include <charconv>
#include <thread>
#include <utility>
#include <vector>

#include "patchbay/json_tree.hpp"
#include "store/hex.hpp"
#include "store/postgres_link.hpp"

namespace patchbay::store {

using namespace std::chrono_literals;

namespace {

constexpr auto kStartPause = 100ms;
constexpr Oid kBytea = 17;  // pg_type.dat

// `?` and `?N` as `$N`; no text of this program has a question mark in quotation marks.
struct Translated {
    std::string sql;
    int places = 0;  ///< the highest
};
Translated translated(std::string_view text) {
    Translated made;
    while (!text.empty()) {
        const std::size_t mark = std::min(text.find('?'), text.size());
        made.sql += text.substr(0, mark);
        text.remove_prefix(mark);
        if (text.empty()) break;
        text.remove_prefix(1);
        int place = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), place);
        if (error != std::errc()) place = made.places + 1;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        made.places = std::max(made.places, place);
        made.sql += "$" + std::to_string(place);
    }
    return made;
}

// The server takes no text with a zero byte or with what is no UTF-8, and names of clients' choice may have both,
// or be cut within a character: such bytes become question marks, so that money is booked whatever it is called.
std::string clean(std::string_view text) {
    std::string made(text);
    std::replace(made.begin(), made.end(), '\0', '?');
    if (json_tree::is_utf8(made)) return made;
    for (char& c : made) {
        if (static_cast<unsigned char>(c) >= 0x80) c = '?';
    }
    return made;
}

class PostgresStatement final : public Prepared {
  public:
    PostgresStatement(PostgresLink& link, std::string_view sql)
        : link_(link),
          text_(translated(sql)),
          owned_(static_cast<std::size_t>(text_.places)),
          values_(owned_.size()),
          lengths_(owned_.size()),
          formats_(owned_.size()) {}

    void bind(int place, std::int64_t value) override {
        set(place, std::to_string(value), kAsText);
    }
    void bind(int place, std::span<const std::int64_t> values) override {
        for (const std::int64_t value : values) bind(place++, value);
    }
    void bind(int place, std::string_view text) override { set(place, clean(text), kAsBytes); }
    void bind(int place, std::span<const std::uint8_t> bytes) override {
        set(place, {reinterpret_cast<const char*>(bytes.data()), bytes.size()}, kAsBytes);
    }

    Stored<bool> step() override {
        if (!result_) {
            auto asked = link_.ask(text_.sql, parameters());
            if (!asked) return asked.error();
            result_ = std::move(*asked);
            row_ = -1;
        }
        return ++row_ < PQntuples(result_.get());
    }
    Stored<void> run() override {
        if (link_.in_transaction()) {
            auto sent = link_.send(text_.sql, parameters());
            reset();
            return sent;
        }
        const auto stepped = step();
        reset();
        if (!stepped) return stepped.error();
        return {};
    }
    void reset() override {
        result_.reset();
        std::fill(values_.begin(), values_.end(), nullptr);
    }

    bool is_null(int column) const override {
        return PQgetisnull(result_.get(), row_, column) == 1;
    }
    std::int64_t number(int column) const override {
        const std::string_view digits = value(column);
        std::int64_t number = 0;
        std::from_chars(digits.data(), digits.data() + digits.size(), number);
        return number;
    }
    std::string text(int column) const override {
        const std::string_view shown = value(column);
        // Bytes come as "\\x" and two digits for each.
        if (PQftype(result_.get(), column) == kBytea && shown.starts_with("\\x")) {
            return unhex(shown.substr(2)).value_or(std::string());
        }
        return std::string(shown);
    }

  private:
    static constexpr int kAsText = 0, kAsBytes = 1;  // libpq's formats; a text is its bytes

    // What the server never saw is not a place: a fault of the program, told as NULL.
    void set(int place, std::string value, int format) {
        const auto at = static_cast<std::size_t>(place - 1);
        if (at >= owned_.size()) return;
        owned_[at] = std::move(value);
        values_[at] = owned_[at].c_str();
        lengths_[at] = static_cast<int>(owned_[at].size());
        formats_[at] = format;
    }
    Parameters parameters() const {
        return {text_.places, values_.data(), lengths_.data(), formats_.data()};
    }
    std::string_view value(int column) const {
        return {PQgetvalue(result_.get(), row_, column),
                static_cast<std::size_t>(PQgetlength(result_.get(), row_, column))};
    }

    PostgresLink& link_;
    const Translated text_;
    std::vector<std::string> owned_;
    std::vector<const char*> values_;
    std::vector<int> lengths_, formats_;
    Result result_;
    int row_ = -1;
};

class PostgresSession final : public Session {
  public:
    PostgresSession(const Address& address, Access access) : link_(address, access) {}

    const Dialect& dialect() const override { return kPostgresDialect; }
    std::unique_ptr<Prepared> prepare(std::string_view sql) override {
        return std::make_unique<PostgresStatement>(link_, sql);
    }
    Stored<void> execute(const std::string& sql) override { return link_.execute(sql); }
    Stored<void> begin(Lock lock) override { return link_.begin(lock); }
    Stored<void> commit() override { return link_.commit(); }
    void rollback() override { link_.rollback(); }
    void within(std::chrono::milliseconds time) override { link_.within(time); }
    PostgresLink& link() { return link_; }

  private:
    PostgresLink link_;
};

}  // namespace

Stored<std::unique_ptr<Session>> open_postgres(const Address& address, Access access,
                                               std::chrono::milliseconds patience) {
    auto session = std::make_unique<PostgresSession>(address, access);
    const auto end = std::chrono::steady_clock::now() + patience;
    while (true) {
        const auto connected = session->link().connect();
        if (connected) return std::unique_ptr<Session>(std::move(session));
        // A server that is there has said why; one that is not may be about to start.
        const bool late = std::chrono::steady_clock::now() > end;
        if (late || session->link().is_final()) return connected.error();
        std::this_thread::sleep_for(kStartPause);
    }
}

}  // namespace patchbay::store
