#include "engine/models/catalogue.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "config/suggest.hpp"
#include "engine/models/embedded.hpp"

namespace patchbay {

namespace {

/// The columns of models.tsv, in order.
enum class Column { name, provider, mode, max_input_tokens, max_output_tokens };
constexpr std::size_t kColumns = 5;

constexpr char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

int compare_small(std::string_view a, std::string_view b) {
    const auto order = std::lexicographical_compare_three_way(
        a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
            return static_cast<unsigned char>(lower(x)) <=> static_cast<unsigned char>(lower(y));
        });
    return order < 0 ? -1 : order > 0 ? 1 : 0;
}

int compare_bytes(std::string_view a, std::string_view b) {
    return a.compare(b);
}

/// The line that `at` lies in, without its end.
std::string_view line_around(std::string_view text, std::size_t at) {
    const std::size_t end = text.find('\n', at);
    const std::size_t before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
    const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    return text.substr(begin, end - begin);
}

/// The line of a sorted text whose first column is `name`; halves the text, not an index of it.
std::optional<std::string_view> find_line(std::string_view text, std::string_view name,
                                          int (*compare)(std::string_view, std::string_view)) {
    while (!text.empty()) {
        const std::string_view line = line_around(text, text.size() / 2);
        const int order = compare(name, line.substr(0, line.find('\t')));
        if (order == 0) return line;
        const auto begin = static_cast<std::size_t>(line.data() - text.data());
        text = order < 0 ? text.substr(0, begin) : text.substr(begin + line.size() + 1);
    }
    return std::nullopt;
}

std::string_view model_rows() {
    const std::string_view text = embedded_models();
    return text.substr(text.find('\n') + 1);
}

CatalogueModel read_row(std::string_view line) {
    std::array<std::string_view, kColumns> cells;
    for (std::string_view& cell : cells) {
        const std::size_t tab = line.find('\t');
        cell = line.substr(0, tab);
        line = tab == std::string_view::npos ? std::string_view{} : line.substr(tab + 1);
    }
    const auto text = [&](Column column) { return cells[static_cast<std::size_t>(column)]; };
    const auto number = [&](Column column) {
        std::int64_t value = 0;
        std::from_chars(text(column).data(), text(column).data() + text(column).size(), value);
        return value;
    };
    return {text(Column::name), text(Column::provider), text(Column::mode),
            number(Column::max_input_tokens), number(Column::max_output_tokens)};
}

/// LiteLLM's _check_provider_match: models that one provider serves under another's name.
bool serves(std::string_view provider, const CatalogueModel& model) {
    if (provider.empty() || provider == model.provider || provider == "litellm_proxy") return true;
    // Those that complete texts are OpenAI's under this name, too.
    if (provider == "openai" && model.provider == "text-completion-openai") return true;
    return provider == "azure_ai" && (model.provider == "azure" || model.provider == "openai");
}

/// "-001", "-preview-09-2025" stays.
std::string_view without_google_version(std::string_view model) {
    constexpr std::size_t kLength = 4;
    if (model.size() <= kLength || model[model.size() - kLength] != '-') return model;
    const std::string_view digits = model.substr(model.size() - kLength + 1);
    const bool version = digits.find_first_not_of("0123456789") == std::string_view::npos;
    return version ? model.substr(0, model.size() - kLength) : model;
}

/// "ft:gpt-4o:company:name:id": what was tuned is before the last three parts.
std::string_view without_tuning(std::string_view model) {
    if (!model.starts_with("ft:")) return model;
    std::string_view base = model;
    for (int part = 0; part < 3; ++part) {
        const std::size_t colon = base.rfind(':');
        if (colon == std::string_view::npos || colon < 3) return model;
        base = base.substr(0, colon);
    }
    return base;
}

/// "us.anthropic.claude-...", "us-east-1/anthropic.claude-...".
std::string_view without_region(std::string_view model) {
    if (const std::size_t slash = model.find('/'); slash != std::string_view::npos) {
        return model.substr(slash + 1);
    }
    constexpr std::array<std::string_view, 8> kRegions{"us.",     "eu.", "apac.", "global.",
                                                       "us-gov.", "jp.", "au.",   "ca."};
    for (const std::string_view region : kRegions) {
        if (model.starts_with(region)) return model.substr(region.size());
    }
    return model;
}

/// "responses/gpt-4o": how it is to be asked says nothing of what it is.
std::string_view without_way(std::string_view model) {
    constexpr std::string_view kResponses = "responses/";
    return model.starts_with(kResponses) ? model.substr(kResponses.size()) : model;
}

// By which else the provider's table may know a model.
std::string other_name(std::string_view provider, std::string_view model) {
    if (provider == "openai" || provider == "azure") {
        return std::string(without_tuning(without_way(model)));
    }
    if (provider == "gemini" || provider == "vertex_ai") {
        return std::string(without_google_version(model));
    }
    if (provider == "bedrock") return std::string(without_region(model));
    // A short name is one of Fireworks' own models.
    const bool is_short = model.find('/') == std::string_view::npos;
    if (provider == "fireworks_ai" && is_short)
        return "accounts/fireworks/models/" + std::string(model);
    return std::string(model);
}

std::int64_t number_in(const boost::json::object& info, std::string_view name) {
    const auto* value = info.if_contains(name);
    if (value == nullptr || !value->is_number()) return 0;
    boost::system::error_code not_whole;
    const auto number = value->to_number<std::int64_t>(not_whole);
    return not_whole || number < 0 ? 0 : number;
}

std::string_view text_in(const boost::json::object& info, std::string_view name) {
    const auto* value = info.if_contains(name);
    if (value == nullptr || !value->is_string()) return {};
    return {value->get_string().data(), value->get_string().size()};
}

}  // namespace

std::optional<CatalogueModel> find_model(std::string_view name) {
    const auto line = find_line(model_rows(), name, compare_small);
    return line ? std::optional(read_row(*line)) : std::nullopt;
}

std::optional<CatalogueModel> find_model(std::string_view provider, std::string_view model) {
    const std::string prefix = std::string(provider) + "/";
    const auto look = [&](std::string_view name) -> std::optional<CatalogueModel> {
        for (const bool with_prefix : {true, false}) {
            if (with_prefix && name.starts_with(prefix)) continue;
            const auto found =
                find_model(with_prefix ? prefix + std::string(name) : std::string(name));
            if (found && serves(provider, *found)) return found;
        }
        return std::nullopt;
    };
    if (auto found = look(model)) return found;
    const std::string other = other_name(provider, model);
    return other == model ? std::nullopt : look(other);
}

CatalogueRows::CatalogueRows() : rest_(model_rows()) {}

std::optional<CatalogueModel> CatalogueRows::next() {
    if (rest_.empty()) return std::nullopt;
    const std::size_t end = rest_.find('\n');
    const CatalogueModel row = read_row(rest_.substr(0, end));
    rest_ = rest_.substr(end + 1);
    return row;
}

bool is_model_maker(std::string_view name) {
    const std::string between = "/" + std::string(name) + "/";
    return embedded_models().find(between) != std::string_view::npos;
}

bool is_known_provider(std::string_view name) {
    return find_line(embedded_providers(), name, compare_bytes).has_value();
}

std::string_view nearest_provider(std::string_view name) {
    std::string small(name);
    std::transform(small.begin(), small.end(), small.begin(), lower);
    Nearest nearest(small, typo_limit(small));
    for (std::string_view rest = embedded_providers(); !rest.empty();) {
        const std::size_t end = rest.find('\n');
        nearest.offer(rest.substr(0, end));
        rest = rest.substr(end + 1);
    }
    return nearest.found();
}

boost::json::object ModelInfo::to_json() const {
    boost::json::object object;
    if (!mode.empty()) object["mode"] = mode;
    if (max_input_tokens > 0) object["max_input_tokens"] = max_input_tokens;
    if (max_output_tokens > 0) object["max_output_tokens"] = max_output_tokens;
    return object;
}

std::optional<CatalogueModel> row_of(const boost::json::object& configured,
                                     std::string_view provider, std::string_view model) {
    const std::string_view base = text_in(configured, "base_model");
    if (base.empty()) return find_model(provider, model);
    auto found = find_model(provider, base);
    return found ? found : find_model(base);
}

ModelInfo model_info_of(const boost::json::object& configured, std::string_view provider,
                        std::string_view model) {
    const CatalogueModel known = row_of(configured, provider, model).value_or(CatalogueModel{});
    ModelInfo info{std::string(known.mode), known.max_input_tokens, known.max_output_tokens};
    if (const auto mode = text_in(configured, "mode"); !mode.empty()) info.mode = mode;
    if (const auto most = number_in(configured, "max_input_tokens")) info.max_input_tokens = most;
    // LiteLLM's older name for the same says less: some write the length of the context there.
    if (info.max_output_tokens == 0) info.max_output_tokens = number_in(configured, "max_tokens");
    if (const auto most = number_in(configured, "max_output_tokens")) {
        info.max_output_tokens = most;
    }
    return info;
}

}  // namespace patchbay
