/* Built for an ABI with another entry. */
#define BAY_ENTRY_NAME bay_entry_draft
#define FIXTURE_ID "old_abi"
#define FIXTURE_NO_EXPORT
#include "check_fixture.h"

const bay_entry* bay_entry_draft(void) {
    return &fixture_entry;
}
