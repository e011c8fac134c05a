// Multipart bodies, which transcripts hold as sections "== part".
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "contract/framing/multipart.hpp"
#include "section.hpp"
#include "transcript.hpp"

namespace patchbay::transcript {

/// Content type of the bodies that are made of sections.
std::string form_type();

/// Adds one "== part" to a body, which is empty or made so before, and whole after each part: the
/// header lines as they are, a blank line, the data. The gateway's reader says what is wrong with
/// a part. Throws FileError.
void add_part(const SectionReader& reader, const Section& section, std::string& body);

/// True if the gateway's reader takes the body for one that was made so.
bool is_form(std::string_view body);

/// The parts of a body that was made so. Views it.
http::MultipartForm form_of(std::string_view body);

/// A body of these parts.
std::string body_of(std::span<const http::FormPart> parts);

/// Where the body of a call differs from the expected parts; its boundary, and how its headers are
/// written, do not matter.
std::vector<std::string> diff_form(std::string_view expected, const Headers& headers,
                                   std::string_view got);

/// The sections of a call's body, or nothing if it is no multipart/form-data that can be read.
std::string form_sections(const Headers& headers, std::string_view body);

}  // namespace patchbay::transcript
