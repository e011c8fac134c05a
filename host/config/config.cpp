#include "config/config.hpp"

namespace patchbay {

std::string Place::text() const {
    if (line <= 0) return file;
    std::string text = file + ':' + std::to_string(line);
    if (column > 0) text += ':' + std::to_string(column);
    return text;
}

std::string Problem::text() const {
    std::string text = place.text();
    if (!text.empty()) text += ": ";
    text += severity == Severity::error ? "error: " : "warning: ";
    return text + message;
}

}  // namespace patchbay
