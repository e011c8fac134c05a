// The kinds of rows that are taken from LiteLLM's database, as data.
#pragma once

#include <span>
#include <string_view>

#include "control/fields.hpp"
#include "store/ledger_books.hpp"

namespace patchbay::control {

struct LitellmKind {
    std::string_view table;
    const Resource* resource;
    std::string_view id;     ///< the column by which LiteLLM names a row
    std::string_view shown;  ///< the column by which people know it
    store::Book book;        ///< that has what it has spent
};

/// In the order in which they are taken.
std::span<const LitellmKind> litellm_kinds();

/// Is nothing lost if this column of LiteLLM's is not kept as it stands: it is a field, it is taken in another way, or it says
/// what the books say here?
bool is_served(const Resource& resource, std::string_view column);

/// Is a column, or a member of `metadata`, kept as LiteLLM has it, and nothing is done by it yet?
bool has_no_effect(std::string_view column);
bool has_no_effect_in_metadata(std::string_view member);

}  // namespace patchbay::control
