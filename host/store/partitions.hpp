// PostgreSQL's partitions of entries: a table for each UTC day, by its number since 1970, so that no time zone moves a
// bound. A day's table must be there before its entries; dropping it is how they are forgotten.
#pragma once

#include <string_view>

namespace patchbay::store {

/// Functions of the database, since statements that make tables take no values. A table is made beside the others and
/// attached, which holds no reader and no writer up.
inline constexpr std::string_view kPartitions = R"sql(
CREATE FUNCTION make_day(day bigint) RETURNS void LANGUAGE plpgsql AS $body$
BEGIN
    PERFORM pg_advisory_xact_lock(8101926413);
    IF to_regclass(quote_ident('entry_' || day)) IS NULL THEN
        EXECUTE format('CREATE TABLE %I (LIKE entry INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', 'entry_' || day);
        EXECUTE format('ALTER TABLE entry ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', 'entry_' || day, day,
                       day + 1);
    END IF;
END $body$;
)sql";

}  // namespace patchbay::store
