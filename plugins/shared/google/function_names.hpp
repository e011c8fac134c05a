// Names of functions that Google does not take, and the way back.
//
// Google takes a letter or "_" and up to 127 of [A-Za-z0-9_.:-] behind it. A name that is valid goes
// as it is. In others what is not taken becomes "_", and a suffix made of the name's own text keeps
// names apart: the same name is always the same upstream. Nothing is kept beyond the call.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace patchbay::google {

/// The names of one call. Small: only those that were changed are in it.
class FunctionNames {
  public:
    /// The name upstream of the client's `name`.
    std::string upstream(std::string_view name);

    /// The client's name for the upstream's. A view into this, or `upstream` itself.
    std::string_view original(std::string_view upstream) const;

  private:
    using Names = std::map<std::string, std::string, std::less<>>;

    Names upstream_;  ///< by the client's name
    Names original_;  ///< by the upstream's
};

}  // namespace patchbay::google
