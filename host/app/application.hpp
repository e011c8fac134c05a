// The process: command line, start, signals, reload, drain.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <Poco/Util/OptionSet.h>
#include <Poco/Util/ServerApplication.h>

#include "app/options.hpp"
#include "app/world_builder.hpp"
#include "config/secret.hpp"
#include "gateway/server.hpp"

namespace patchbay::app {

/// `patchbay [flags]` serves; `patchbay check FILE` and `patchbay plugins` only look. SIGTERM and
/// SIGINT drain and end the process with 0, SIGHUP loads the configuration again.
class Application : public Poco::Util::ServerApplication {
  public:
    /// `warnings` are logged as soon as there is a log.
    explicit Application(std::vector<std::string> warnings);

    /// To be called before any thread is started: signals are waited for, not handled.
    static void block_signals();

  protected:
    void defineOptions(Poco::Util::OptionSet& options) override;
    void handleOption(const std::string& name, const std::string& value) override;
    int main(const std::vector<std::string>& arguments) override;

  private:
    int check(const std::string& file);
    int list_plugins();
    int reprice();
    int manage_store();
    /// Hides secrets in the audit log.
    static Secret hmac_key(const Secret& master_key);
    int serve();
    void drain(gateway::Server& server);

    Options options_;
    Places places_;
    std::vector<std::string> warnings_;
};

}  // namespace patchbay::app
