#include "engine/access/party_book.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>

#include <spdlog/spdlog.h>

#include "contract/unix_time.hpp"
#include "engine/access/refusals.hpp"

namespace patchbay::access {

namespace {

constexpr std::size_t kPiece = 4096;       ///< rows that are read at once
constexpr std::chrono::seconds kProbe{1};  ///< how often a store that is away is tried
constexpr int kReads = 3;                  ///< of a party that is changed meanwhile
constexpr std::size_t kTogether = 32;      ///< that are answered at once

}  // namespace

boost::system::result<std::unique_ptr<PartyBook>, std::string> PartyBook::start(
    PartyBookOptions options) {
    using boost::system::in_place_error;
    auto reader = store::KeyReader::open(options.store);
    if (!reader) return {in_place_error, reader.error().text};
    std::unique_ptr<PartyBook> book(new PartyBook(std::move(options), std::move(*reader)));
    for (const Kind kind : {Kind::customer, Kind::tag}) {
        if (std::string why = book->add_names(kind); !why.empty()) {
            return {in_place_error, std::move(why)};
        }
    }
    book->thread_ = std::thread([raw = book.get()] { raw->run(); });
    return book;
}

PartyBook::PartyBook(PartyBookOptions options, store::KeyReader reader)
    : options_(std::move(options)),
      reader_(std::move(reader)),
      any_customer_(options_.terms.any_customer()),
      terms_(options_.terms) {
    for (const auto& [name, tag] : terms_.defaults.tags) filter(Kind::tag).add(name);
}

PartyBook::~PartyBook() {
    stop();
}

void PartyBook::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        questions_.clear();
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
}

// Of rows behind those that are known; on the thread, or before it runs. What is wrong, or nothing.
std::string PartyBook::add_names(Kind kind) {
    std::int64_t& last = last_rows_[kind == Kind::customer ? 0 : 1];
    while (true) {
        const auto names = reader_.party_names(kind, last, kPiece);
        if (!names) return names.error().text;
        if (names->empty()) return {};
        for (const store::PartyName& party : *names) filter(kind).add(party.name);
        last = names->back().row;
    }
}

void PartyBook::use(const PartyTerms& terms) {
    const std::lock_guard lock(mutex_);
    if (terms == terms_) return;
    terms_ = terms;
    any_customer_ = terms.any_customer();
    for (const auto& [name, tag] : terms.defaults.tags) filter(Kind::tag).add(name);
    ++changes_;
    for (PartyTable* table : {&parties_.customers, &parties_.tags}) {
        for (const auto& [name, party] : *table) party->set_stale();
    }
}

void PartyBook::heard(const std::vector<store::ChangeRecord>& changes) {
    const std::lock_guard lock(mutex_);
    for (const store::ChangeRecord& change : changes) {
        const bool known_kind = change.kind <= Kind::access_group;
        if (change.kind == Kind::customer || change.kind == Kind::tag || !known_kind) {
            new_names_ = true;
        } else if (change.kind != Kind::budget &&
                   (change.kind != Kind::user || !terms_.validate_customers)) {
            continue;
        }
        ++changes_;
        for (PartyTable* table : {&parties_.customers, &parties_.tags}) {
            for (const auto& [name, party] : *table) {
                const auto& rows = party->budgets;
                const bool its_budget =
                    change.kind == Kind::budget &&
                    std::find(rows.begin(), rows.end(), change.subject) != rows.end();
                // One that nobody had registered may be registered now.
                const bool its_row =
                    change.kind == party->kind && (party->row == change.subject || party->row == 0);
                const bool may_be_user =
                    change.kind == Kind::user && party->row == 0 && party->kind == Kind::customer;
                if (its_row && change.shut) party->set_gone();
                if (its_budget || its_row || may_be_user || !known_kind) party->set_stale();
            }
        }
    }
    wake_.notify_all();
}

bool PartyBook::may_have_limits(Kind kind, std::string_view name) const {
    if (kind == Kind::customer && any_customer_.load(std::memory_order_acquire)) return true;
    return filters_[kind == Kind::customer ? 0 : 1].may_have(name);
}

std::shared_ptr<const Party> PartyBook::known(Kind kind, std::string_view name) {
    const std::lock_guard lock(mutex_);
    const PartyTable& table = parties_.of(kind);
    const auto found = table.find(name);
    return found == table.end() || found->second->stale ? nullptr : found->second;
}

std::shared_ptr<const Party> PartyBook::before(Kind kind, std::string_view name) {
    const std::lock_guard lock(mutex_);
    const PartyTable& table = parties_.of(kind);
    const auto found = table.find(name);
    if (found == table.end() || !found->second->may_go_on(options_.max_stale)) return nullptr;
    return found->second;
}

bool PartyBook::find(std::vector<Question> questions) {
    const std::lock_guard lock(mutex_);
    const bool full = waiters_ + questions.size() > options_.waiting;
    if (stopping_ || full || Clock::now() < away_until_) return false;
    for (Question& question : questions) {
        waiters_ += question.waiting.size();
        const auto same = std::find_if(questions_.begin(), questions_.end(), [&](const auto& q) {
            return q.kind == question.kind && q.name == question.name;
        });
        if (same == questions_.end()) {
            questions_.push_back(std::move(question));
        } else {
            std::move(question.waiting.begin(), question.waiting.end(),
                      std::back_inserter(same->waiting));
        }
    }
    wake_.notify_all();
    return true;
}

void PartyBook::take_names() {
    for (const Kind kind : {Kind::customer, Kind::tag}) {
        const std::string why = add_names(kind);
        if (why.empty()) continue;
        spdlog::warn("customers and tags that are new are not heard of: {}", why);
        const std::lock_guard lock(mutex_);
        new_names_ = true;
        return;
    }
}

void PartyBook::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        const auto ready = [this] {
            return stopping_ || !questions_.empty() || (new_names_ && Clock::now() >= away_until_);
        };
        // Names that could not be read are tried again.
        if (new_names_) {
            wake_.wait_for(lock, kProbe, ready);
        } else {
            wake_.wait(lock, ready);
        }
        if (stopping_) return;
        if (new_names_) {
            new_names_ = false;
            lock.unlock();
            take_names();
            lock.lock();
            if (new_names_) away_until_ = Clock::now() + kProbe;
        }
        if (stopping_) return;
        if (!questions_.empty()) answer(lock);
    }
}

// Those that are asked together, as those of one call are, wait for their first shares together.
void PartyBook::answer(std::unique_lock<std::mutex>& lock) {
    std::vector<Answer> answers(std::min(questions_.size(), kTogether));
    for (std::size_t i = 0; i < answers.size(); ++i) {
        // It stays in its place meanwhile, so that others who ask the same wait for the same answer.
        answers[i].kind = questions_[i].kind;
        answers[i].name = questions_[i].name;
        read(answers[i], lock);
        if (stopping_) return;
    }
    if (options_.share) {
        lock.unlock();
        share(answers);
        lock.lock();
        if (stopping_) return;
    }
    std::vector<std::vector<Done>> waiting;
    for (const Answer& answer : answers) {
        if (answer.read) keep(answer.kind, answer.name, answer.found);
        if (answer.found.party && answer.seen != changes_) answer.found.party->set_stale();
        waiting.push_back(std::move(questions_.front().waiting));
        waiters_ -= waiting.back().size();
        questions_.pop_front();
    }
    lock.unlock();
    for (std::size_t i = 0; i < answers.size(); ++i) {
        for (const Done& tell : waiting[i]) tell(answers[i].found);
    }
    lock.lock();
}

void PartyBook::read(Answer& answer, std::unique_lock<std::mutex>& lock) {
    answer.found = {nullptr, keys_away(), true};
    answer.read = Clock::now() >= away_until_;
    for (int i = 0; i < kReads && answer.read; ++i) {
        answer.seen = changes_;
        const PartyTerms terms = terms_;
        lock.unlock();
        answer.found = read(answer.kind, answer.name, terms);
        lock.lock();
        if (answer.seen == changes_) break;  // else it may have been read before what was changed
    }
    if (answer.found.away && answer.read) away_until_ = Clock::now() + kProbe / 4;
}

// Without the lock.
void PartyBook::share(const std::vector<Answer>& answers) const {
    Limits all;
    for (const Answer& answer : answers) {
        if (!answer.found.party) continue;
        const auto& limits = answer.found.party->limits;
        all.limits.insert(all.limits.end(), limits.begin(), limits.end());
    }
    if (!all.limits.empty()) options_.share(all);
}

// Without the lock.
FoundParty PartyBook::read(Kind kind, const std::string& name, const PartyTerms& terms) {
    const std::int64_t now = unix_us();
    const auto record = reader_.find_party(kind, name, terms.defaults, now);
    if (!record) {
        spdlog::warn("the store of customers and tags does not answer: {}", record.error().text);
        return {nullptr, keys_away(), record.error().kind != store::Failure::Kind::corrupt};
    }
    if (!*record) return nobody(kind, name, terms.validate_customers && kind == Kind::customer);
    bool away = false;
    const SpentOf spent =
        [&](const store::Spender& spender,
            const store::BudgetDuration& duration) -> std::optional<std::int64_t> {
        const auto sum = reader_.spent(spender, duration, now);
        if (!sum) away = true;
        return sum ? std::optional(*sum) : std::nullopt;
    };
    std::string why;
    FoundParty found{make_party(**record, subjects_, spent, now, why), {}};
    if (!found.party) {
        spdlog::error("{} is refused, as it cannot be read: {}", name, why);
        found.refused = keys_away();
        found.away = away;
    }
    return found;
}

// One of no row. Without the lock.
FoundParty PartyBook::nobody(Kind kind, const std::string& name, bool validate) {
    auto party = std::make_shared<Party>();
    party->kind = kind;
    party->name = name;
    if (validate) {
        const auto user = reader_.is_user(name);
        if (!user) {
            spdlog::warn("the store of users does not answer: {}", user.error().text);
            return {nullptr, keys_away(), true};
        }
        party->valid = *user;
    }
    return {std::move(party), {}};
}

// With the lock.
void PartyBook::keep(Kind kind, const std::string& name, const FoundParty& found) {
    if (!found.party) return;
    PartyTable& table = parties_.of(kind);
    if (const auto before = table.find(name); before != table.end()) before->second->set_gone();
    table[name] = found.party;
    order_.emplace_back(kind, name);
    while (table.size() > options_.most || order_.size() > 4 * options_.most) {
        const auto [oldest_kind, oldest_name] = std::move(order_.front());
        order_.pop_front();
        PartyTable& of = parties_.of(oldest_kind);
        const auto oldest = of.find(oldest_name);
        if (oldest == of.end()) continue;
        oldest->second->set_gone();  // the loops forget it, too
        of.erase(oldest);
    }
}

}  // namespace patchbay::access
