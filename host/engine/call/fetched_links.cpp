#include "engine/call/fetched_links.hpp"

#include <algorithm>
#include <map>
#include <patchbay/json_tree.hpp>
#include <string>
#include <utility>
#include <vector>

#include "engine/at_once.hpp"
#include "engine/coarse_clock.hpp"
#include "engine/links/request_links.hpp"
#include "engine/surface/surface.hpp"
#include "engine/world/operation_limits.hpp"

namespace patchbay {

namespace asio = boost::asio;
using std::chrono::milliseconds;

namespace {

constexpr std::size_t kMostLinks = 100;
constexpr milliseconds kMostTime{30'000};

/// What is to be fetched, by its address: one that stands twice is fetched once.
struct Wanted {
    const RequestLink* first;
    LinkedFile file;
};

class Fetching {
  public:
    Fetching(http::Client& client, const LinkSettings& settings, milliseconds time,
             LinkBudget& budget, std::map<std::string, Wanted>& wanted)
        : client_(client),
          settings_(settings),
          end_(coarse_now() + time),
          budget_(budget),
          wanted_(wanted),
          next_(wanted.begin()) {}

    /// One after the other, until none is left or one failed; several of these share the work.
    asio::awaitable<void> go_on() {
        while (next_ != wanted_.end() && !failed_) {
            auto& [url, wanted] = *next_++;
            const auto time = std::chrono::duration_cast<milliseconds>(end_ - coarse_now());
            auto file = co_await fetch_linked_file(client_, settings_, url,
                                                   std::max(time, milliseconds(1)), budget_);
            if (file) {
                wanted.file = std::move(*file);
            } else if (!failed_) {
                failed_ = file.error();
                failed_->param = wanted.first->place;
            }
        }
    }
    Failed take_failure() { return std::move(failed_); }

  private:
    http::Client& client_;
    const LinkSettings& settings_;
    std::chrono::steady_clock::time_point end_;
    LinkBudget& budget_;
    std::map<std::string, Wanted>& wanted_;
    std::map<std::string, Wanted>::iterator next_;
    Failed failed_;
};

milliseconds time_for(const Ask& ask, const Deployment& deployment) {
    const milliseconds whole = ask.options.timeout.value_or(deployment.timeout);
    return whole.count() > 0 ? std::min(whole, kMostTime) : kMostTime;
}

// What an attempt reads of a request, besides the body.
void take_rest(Ask& own, const Ask& ask) {
    own.options = ask.options;
    own.model = ask.model;
    own.own_metadata = ask.own_metadata;
    own.anthropic_beta = ask.anthropic_beta;
    own.previous = ask.previous;
    own.resource = ask.resource;
    own.query = ask.query;
}

}  // namespace

bool may_need_links(const Ask& ask, const Deployment& deployment, std::string_view called) {
    const ManifestLinks* links = deployment.links;
    if (links == nullptr || links->fetch.empty()) return false;
    if (!links->models.match.empty() && !is_for(links->models, called)) return false;
    return may_have_links(ask.body, links->fetch);
}

asio::awaitable<Failed> fetch_links(Call& call, const Ask& ask, const Deployment& deployment,
                                    const RequestForm& form, std::unique_ptr<LinkedAsk>& own) {
    json_tree::Tree tree = json_tree::read(ask.body);
    if (!tree || !tree.value.is_object()) co_return Failed();
    const auto links = find_links(tree.value.get_object(), deployment.links->fetch);
    if (links.empty()) co_return Failed();
    if (links.size() > kMostLinks) {
        co_return bad_request("At most " + std::to_string(kMostLinks) +
                                  " files of a request can be fetched from their addresses",
                              links[kMostLinks].place);
    }
    const LinkSettings& settings = call.world->config.litellm.links;
    if (settings.most_bytes == 0) {
        co_return bad_request("Files are not fetched from their addresses here: send them as data",
                              links.front().place);
    }
    std::map<std::string, Wanted> wanted;
    for (const RequestLink& link : links) wanted.try_emplace(link.url, Wanted{&link, {}});
    auto made = std::make_unique<LinkedAsk>(settings.most_bytes, call.engine.linked_bytes);
    Fetching fetching(call.engine.client, settings, time_for(ask, deployment), made->budget,
                      wanted);
    co_await both_of(both_of(fetching.go_on(), fetching.go_on()),
                     both_of(fetching.go_on(), fetching.go_on()));
    if (Failed failed = fetching.take_failure()) co_return failed;
    for (const RequestLink& link : links) {
        const Wanted& found = wanted.at(link.url);
        // It was fetched once, and is sent as often as it is named.
        const bool again = &link != found.first;
        const std::uint64_t more = again ? found.file.bytes.size() : 0;
        if (auto failed = take_room(made->budget, link.url, more)) {
            failed->param = link.place;
            co_return std::move(*failed);
        }
        link.put(found.file);
    }
    if (auto wrong = replace_body(made->ask, form, json_tree::write(tree.value))) co_return *wrong;
    take_rest(made->ask, ask);
    own = std::move(made);
    co_return Failed();
}

}  // namespace patchbay
