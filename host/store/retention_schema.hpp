// How entries are forgotten, and the books still agree.
//
// A day is closed: from then on no entry of it is posted, and what its entries were charged is noted with those who owe it,
// so that accounts can still be compared with the entries that are left. Only then its entries are taken away, at
// leisure: rules look at the days behind the last that was closed. Postings, sums of days and minutes stay.
#pragma once

#include <string_view>

namespace patchbay::store {

/// Statements of one migration, in the words of dialect.hpp.
inline constexpr std::string_view kRetentionSchema = R"sql(
ALTER TABLE batch ADD COLUMN first_day INT NOT NULL DEFAULT 0;
UPDATE batch SET first_day = COALESCE((SELECT MIN(day) FROM entry WHERE entry.batch = batch.id), 0);
ALTER TABLE account ADD COLUMN closed INT NOT NULL DEFAULT 0;
CREATE TABLE closed_day(day INT PRIMARY KEY, entries INT NOT NULL, charge INT NOT NULL, at INT NOT NULL);
)sql";

/// Where entries are partitioned by day: what takes the partitions away. It waits for others, who would wait behind it, for
/// two seconds and no longer.
inline constexpr std::string_view kDropDays = R"sql(
CREATE FUNCTION drop_days(last bigint) RETURNS void LANGUAGE plpgsql AS $body$
DECLARE
    partition text;
BEGIN
    SET LOCAL lock_timeout = '2s';
    FOR partition IN
        SELECT c.relname::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = to_regclass('entry') AND substr(c.relname::text, 7)::bigint <= last
    LOOP
        EXECUTE format('DROP TABLE %I', partition);
    END LOOP;
END $body$;
)sql";

}  // namespace patchbay::store
