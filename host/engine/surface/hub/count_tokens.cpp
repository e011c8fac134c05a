#include "engine/surface/hub/count_tokens.hpp"

#include <patchbay/json_tree.hpp>
#include <utility>

#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

namespace {

class CountTranslator final : public Translator {
  public:
    explicit CountTranslator(const CountForm& form) : form_(form) {}

    std::string whole(std::string_view json) override { return told_count(json, form_); }
    Result<void> event(std::string_view, const EmitEvent&) override { return {}; }
    void end(const EmitEvent&) override {}

  private:
    CountForm form_;
};

class CountTranslation final : public Translation {
  public:
    CountTranslation(std::string chat, std::vector<std::string> left_out, const CountForm& form)
        : form_(form) {
        json = std::move(chat);
        dropped = std::move(left_out);
    }
    std::unique_ptr<Translator> translator() const override {
        return std::make_unique<CountTranslator>(form_);
    }

  private:
    CountForm form_;
};

}  // namespace

std::string told_count(std::string_view counted, const CountForm& form) {
    const auto tree = json_tree::read(counted);
    const auto* answer = tree ? as_object(&tree.value) : nullptr;
    json::object told;
    if (!form.object.empty()) told["object"] = form.object;
    const auto* tokens = answer ? find(*answer, "input_tokens") : nullptr;
    if (tokens && json_tree::is_number(*tokens)) told[form.tokens] = *tokens;
    return json_tree::write(told);
}

std::unique_ptr<Translation> count_translation(std::string chat, std::vector<std::string> dropped,
                                               const CountForm& form) {
    return std::make_unique<CountTranslation>(std::move(chat), std::move(dropped), form);
}

}  // namespace patchbay::surface
