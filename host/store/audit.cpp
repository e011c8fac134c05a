#include "store/audit.hpp"

#include <algorithm>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "contract/unix_time.hpp"
#include "patchbay/json_tree.hpp"
#include "store/bind.hpp"
#include "store/hex.hpp"

namespace patchbay::store {

namespace {

namespace json = boost::json;

constexpr std::size_t kHash = 32;
using Hash = std::array<std::uint8_t, kHash>;

std::string hmac(std::string_view value, std::string_view key) {
    Hash hash{};
    unsigned size = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
         reinterpret_cast<const unsigned char*>(value.data()), value.size(), hash.data(), &size);
    return "hmac:" + hex({reinterpret_cast<const char*>(hash.data()), kHash / 2});
}

// Whether a member of a document is called like a secret.
bool called_secret(std::string_view name) {
    constexpr std::string_view kWords[] = {"password",   "secret",       "token",
                                           "api_key",    "apikey",       "private_key",
                                           "credential", "authorization"};
    std::string low(name);
    std::transform(low.begin(), low.end(), low.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    // Numbers of tokens are no secrets: they are no texts either.
    return std::any_of(std::begin(kWords), std::end(kWords),
                       [&](std::string_view w) { return low.find(w) != std::string::npos; });
}

// Nesting is bounded by the reader of the document.
void cover(json::value& value, bool secret, std::string_view key) {
    if (auto* object = value.if_object()) {
        for (auto& [name, member] : *object) cover(member, secret || called_secret(name), key);
    } else if (auto* array = value.if_array()) {
        for (json::value& element : *array) cover(element, secret, key);
    } else if (secret && value.is_string()) {
        value = hmac(std::string_view(value.get_string()), key);
    }
}

void add_part(EVP_MD_CTX* context, std::string_view part) {
    std::array<std::uint8_t, 8> size{};
    for (std::size_t i = 0; i < size.size(); ++i) {
        size[i] = static_cast<std::uint8_t>(part.size() >> (8 * (7 - i)));
    }
    EVP_DigestUpdate(context, size.data(), size.size());
    EVP_DigestUpdate(context, part.data(), part.size());
}

std::string chained(std::initializer_list<std::string_view> parts) {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_DigestInit_ex(context, EVP_sha256(), nullptr);
    for (const std::string_view part : parts) add_part(context, part);
    Hash hash{};
    EVP_DigestFinal_ex(context, hash.data(), nullptr);
    EVP_MD_CTX_free(context);
    return {reinterpret_cast<const char*>(hash.data()), kHash};
}

}  // namespace

std::string audited(const Row& row, std::string_view hmac_key) {
    json::object object;
    object["id"] = row.id;
    for (std::size_t i = 0; i < row.values.size(); ++i) {
        const Column& column = row.table->columns[i];
        json::value& shown = object[column.name];
        if (const auto* number = std::get_if<std::int64_t>(&row.values[i])) shown = *number;
        if (const auto* text = std::get_if<std::string>(&row.values[i])) {
            shown = column.secret ? hmac(*text, hmac_key) : *text;
        }
    }
    json_tree::Tree doc = json_tree::read(row.doc);
    cover(doc.value, false, hmac_key);
    object["doc"] = std::move(doc.value);
    return json_tree::write(object);
}

Stored<void> add_audit(Database& database, const Actor& actor, std::string_view action,
                       std::string_view table, std::string_view object, std::string_view before,
                       std::string_view after) {
    Statement last(database.handle(), "SELECT hash FROM audit ORDER BY seq DESC LIMIT 1");
    const auto row = last.step();
    if (!row) return row.error();
    const std::string previous = *row ? last.text(0) : std::string();
    last.reset();
    const std::int64_t at = unix_us();
    std::string who = actor.user_id;
    if (!actor.changed_by.empty()) who += " for " + actor.changed_by;
    const std::string hash =
        chained({previous, std::to_string(at), who, action, table, object, before, after});
    Statement add(database.handle(),
                  "INSERT INTO audit(at, actor, actor_key, address, action, \"table\", object, "
                  "before, after, hash) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    add.bind(1, at).bind(2, who).bind(4, actor.address).bind(5, action).bind(6, table);
    if (actor.key != 0) add.bind(3, actor.key);
    if (!before.empty()) add.bind(8, before);
    if (!after.empty()) add.bind(9, after);
    return add.bind(7, object).bind(10, bytes_of(hash)).run();
}

Stored<std::optional<std::int64_t>> check_audit(Database& database) {
    constexpr std::int64_t kPiece = 1000;  // rows in memory
    Statement rows(
        database.handle(),
        "SELECT seq, at, actor, action, \"table\", object, before, after, hash FROM audit "
        "WHERE seq > ? ORDER BY seq LIMIT ?");
    std::string previous;
    std::int64_t last = 0;
    std::int64_t left = 0;
    while (true) {
        if (left == 0) {
            rows.reset();
            rows.bind(1, last).bind(2, kPiece);
            left = kPiece;
        }
        const auto row = rows.step();
        if (!row) return row.error();
        if (!*row) return std::optional<std::int64_t>();
        --left;
        last = rows.number(0);
        const std::string hash =
            chained({previous, std::to_string(rows.number(1)), rows.text(2), rows.text(3),
                     rows.text(4), rows.text(5), rows.text(6), rows.text(7)});
        if (hash != rows.text(8)) return std::optional(last);
        previous = hash;
    }
}

}  // namespace patchbay::store
