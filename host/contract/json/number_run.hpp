// The fast way through long arrays of numbers.
#pragma once

namespace patchbay {

/// Steps over plain numbers, each with the comma behind it, as embeddings have them by the
/// thousand: digits with a sign and a fraction, no exponent; white space only behind a comma. `at`
/// is in [begin, end) of a JSON text and a value of an array is due there. Returns where a value is
/// due again, perhaps `at` itself: everything before that is checked, and nothing beyond it. Looks
/// at 64 bytes at a time and does nothing with fewer, or on machines without SSE2.
const char* skip_plain_numbers(const char* at, const char* end);

}  // namespace patchbay
