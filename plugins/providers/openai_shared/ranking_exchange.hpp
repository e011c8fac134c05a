// The machine of one ranking by a provider that has a form of its own for it.
#pragma once

#include "ranking.hpp"

namespace patchbay::openai {

/// [exchange]. The dialect's rule for rankings names the form (OperationRule::form).
class RankingExchange : public TranslatedExchange {
  public:
    explicit RankingExchange(const Dialect& dialect);

  protected:
    Written<Translated> translate(const bay_ev_request& request,
                                  std::string_view address) const override;
};

}  // namespace patchbay::openai
