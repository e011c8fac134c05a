// Which credentials a deployment has, and by which calls they become keys.
#pragma once

#include <string>
#include <vector>

#include "patchbay/sdk/crypto.hpp"
#include "settings.hpp"
#include "sts.hpp"

namespace patchbay::aws {

/// A deployment's credentials: keys that it was given, or a way to keys that end. Owns its texts;
/// holds secrets.
///
/// In this order: a role for a web identity's token; a role for keys; keys; the machine's own identity.
class Credentials {
  public:
    /// Where keys come from when they are fetched.
    enum class Source {
        keys,          ///< as given: nothing is fetched
        role,          ///< AssumeRole, signed with keys or with the machine's
        web_identity,  ///< AssumeRoleWithWebIdentity, not signed
        machine,       ///< the container's or the machine's identity
    };

    /// Fails with BAY_ERR_AUTH if the settings contradict each other or ask for what cannot be had here.
    static Result<Credentials> of(const Settings& settings);

    Source source() const { return source_; }
    const Session& keys() const { return settings_.keys; }
    /// A role that is taken with the machine's keys.
    bool by_machine() const {
        return source_ == Source::machine ||
               (source_ == Source::role && !settings_.keys.complete());
    }
    /// The role to be taken; views into this.
    Role role() const;
    /// STS's address and the region that its calls are signed for.
    std::string sts_url() const;
    std::string sts_region() const;

    /// Names the keys that these give, for shared values: a digest of all that they depend on.
    std::string key(const bay::Crypto& crypto) const;

  private:
    Settings settings_;
    Source source_ = Source::machine;
};

}  // namespace patchbay::aws
