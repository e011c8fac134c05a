#include "file.hpp"

#include "patchbay/json_tree.hpp"
#include "shared/outcome.hpp"
#include "shared/payload.hpp"
#include "shared/settings.hpp"

namespace patchbay::file_sink {

namespace {

class Delivery : public bay::Exchange {
  public:
    explicit Delivery(const std::string& url) : url_(url) {}

    bay_status on_batch(const bay_ev_batch& batch, bay::Out out) override {
        const bay::Records records(batch);
        std::string lines;
        for (std::uint64_t i = 0; i < records.size(); ++i) {
            const auto record = sink::read_record(records, i);
            if (!record) continue;
            const std::string_view text = records.json(i);
            // White space between members may hold a line's end; a record is one line.
            if (text.find('\n') == std::string_view::npos) {
                lines += text;
            } else {
                lines += json_tree::write(record->payload);
            }
            lines += '\n';
        }
        if (lines.empty()) return out.done();
        bay::HttpRequest call("POST", url_);
        return call.flags(0).body_view(lines).send(out);
    }

    bay_status on_http_done(const bay_ev_http& answer, bay::Out out) override {
        if (auto why = sink::refusal_of(answer)) {
            // No status of a file is about the records in it: a full disk is emptied some day.
            if (why->final()) why->cls = BAY_ERR_UPSTREAM;
            return sink::fail(out, *why);
        }
        return out.done();
    }

  private:
    const std::string& url_;
};

}  // namespace

File::File(std::string_view config, bay::Diag&)
    : url_(sink::setting(sink::read_config(config), "url")) {}

std::unique_ptr<bay::Exchange> File::open(const bay_open_info&) {
    return std::make_unique<Delivery>(url_);
}

}  // namespace patchbay::file_sink
