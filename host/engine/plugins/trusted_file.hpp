// Reading files that could take the gateway over if the wrong person wrote them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>

namespace patchbay {

/// The content of a regular file of at most `limit` bytes that only root or the user of this
/// process can have written: owned by one of the two, writable by neither group nor others. On
/// failure the text says why, to stand after the file's name ("is writable by its group"). Symbolic
/// links are followed.
boost::system::result<std::string, std::string> read_trusted_file(const std::filesystem::path& file,
                                                                  std::size_t limit);

/// True if the file is one that read_trusted_file() would read and holds just `bytes`.
bool holds(const std::filesystem::path& file, std::string_view bytes);

/// Who could put files into a directory, or take others' place? Empty if only root and the user of
/// this process; else the text says why, to stand after its name. The sticky bit is no excuse: it
/// keeps no one from adding a link. A directory that cannot be looked at is not this function's
/// business: empty.
std::string check_trusted_directory(const std::filesystem::path& directory);

/// Makes the directory (mode 0700) if it is missing, and checks its owner and mode as above. Empty
/// = done; else the text says what is wrong, with the name.
std::string prepare_trusted_directory(const std::filesystem::path& directory);

/// How the names of the temporary files begin that write_trusted_file() makes beside its target.
inline constexpr std::string_view kTemporaryPrefix = ".copy-";

/// Writes a file of mode 0500 in such a directory, by way of a temporary one: after a failure
/// `target` is what it was, or complete. After a power cut it may hold anything: ask holds() before
/// it is used. Empty = done; else the text says why, with the name.
std::string write_trusted_file(const std::filesystem::path& target, std::string_view bytes);

}  // namespace patchbay
