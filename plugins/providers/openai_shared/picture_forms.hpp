// Pictures by providers that have another form of it than OpenAI's.
#pragma once

#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "pictures.hpp"

namespace patchbay::openai {

/// How a provider is asked for pictures and tells them. The table is in picture_forms.cpp; rows of
/// providers choose one by its name.
struct PictureForm {
    std::string_view name;
    /// What is asked of the model, whose name is added.
    boost::json::object (*body)(Pictures pictures);
    /// OpenAI's answer; empty if `document` holds no picture.
    boost::json::object (*answer)(const boost::json::object& document);
};

/// nullptr if there is none of that name.
const PictureForm* find_picture_form(std::string_view name);

/// The machine of one request. The dialect's rule for pictures names the form (OperationRule::form).
/// [exchange]
class PicturesExchange : public TranslatedExchange {
  public:
    explicit PicturesExchange(const Dialect& dialect)
        : TranslatedExchange(dialect, BAY_DECODE_BUFFER) {}

  protected:
    Written<Translated> translate(const bay_ev_request& request,
                                  std::string_view address) const override;
};

}  // namespace patchbay::openai
