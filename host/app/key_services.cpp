#include "app/key_services.hpp"

#include "engine/access/party_defaults.hpp"

namespace patchbay::app {

boost::system::result<KeyServices, std::string> start_keys(const store::Address& books,
                                                           const Config& config) {
    using boost::system::in_place_error;
    KeyServices services;
    auto parties = access::PartyBook::start(
        {.store = books, .defaults = access::party_defaults(config.litellm.budgets)});
    if (!parties) return {in_place_error, "customers and tags cannot be read: " + parties.error()};
    services.parties = std::move(*parties);
    access::KeyringOptions options;
    options.store = books;
    options.heard = [book = services.parties.get()](const auto& changes) { book->heard(changes); };
    auto keys = access::Keyring::start(std::move(options));
    if (!keys) return {in_place_error, "virtual keys cannot be read: " + keys.error()};
    services.keys = std::move(*keys);
    // What was registered before the keyring listened.
    services.parties->heard({{.kind = store::Subject::customer}, {.kind = store::Subject::tag}});
    return services;
}

}  // namespace patchbay::app
