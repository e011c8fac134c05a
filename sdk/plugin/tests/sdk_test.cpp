#include "patchbay/sdk.hpp"

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using ::testing::ElementsAre;

// Two components in one file; what a machine does is named by the request's operation.
struct Machine : bay::Exchange {
    bay_status on_request(const bay_ev_request& request, bay::Out out) override {
        const std::string_view operation = bay::sv(request.operation);
        if (operation == "throw") throw std::runtime_error("boom");
        if (operation == "no memory") throw std::bad_alloc();
        if (operation == "allowed") return out.result(bay::sv(request.allowed_params));
        if (operation == "params") return out.result(bay::sv(request.target->params));
        if (operation == "websocket") return out.ws_send(0, BAY_WS_TEXT, "x");
        if (operation == "call") {
            bay::HttpRequest call("POST", "https://x/y");
            call.header("a", "1").bearer("key").bearer("").body("one").blob(0, 2, 3).body("two");
            const std::string borrowed = "three";
            return call.body_view(borrowed).decode(BAY_DECODE_SSE).timeouts(5, 6).send(out);
        }
        return BAY_E_STATE;
    }
};
struct First : bay::Provider {
    static constexpr char id[] = "first";
    First(std::string_view config, bay::Diag& diag) {
        if (config != "{}") {
            diag.error("/a", "one");
            diag.error("/b", "two");
        }
    }
    std::unique_ptr<bay::Exchange> open(const bay_open_info&) override {
        return std::make_unique<Machine>();
    }
};
struct Second : First {
    static constexpr char id[] = "second";
    Second(std::string_view, bay::Diag& diag) : First("{}", diag) {}
    std::unique_ptr<bay::Exchange> open(const bay_open_info& info) override {
        if (info.attempt == 7) return nullptr;
        return First::open(info);
    }
};
using File = bay::PluginFile<bay::Providers<First, Second>>;

struct Recorded {
    bay_out out{};
    std::vector<std::string> actions;

    explicit Recorded(std::size_t size = sizeof(bay_out)) {
        out.size = static_cast<std::uint32_t>(size);
        out.ctx = this;
        out.result = [](bay_out* o, bay_str json) noexcept -> bay_status {
            self(o).push_back("result " + std::string(bay::sv(json)));
            return BAY_OK;
        };
        out.ws_send = [](bay_out* o, std::uint32_t, std::uint32_t, bay_str) noexcept -> bay_status {
            self(o).push_back("ws_send");
            return BAY_OK;
        };
        out.http = [](bay_out* o, const bay_http_req* r) noexcept -> bay_status {
            auto& list = self(o);
            list.push_back(std::string(bay::sv(r->method)) + " " + std::string(bay::sv(r->url)));
            for (std::uint64_t i = 0; i < r->header_count; ++i) {
                list.push_back(std::string(bay::sv(r->headers[i].name)) + ": " +
                               std::string(bay::sv(r->headers[i].value)));
            }
            for (std::uint64_t i = 0; i < r->body_count; ++i) {
                const bay_seg& seg = r->body[i];
                list.push_back(seg.kind == BAY_SEG_BYTES ? std::string(bay::sv(seg.bytes))
                                                         : "blob " + std::to_string(seg.off) + "+" +
                                                               std::to_string(seg.len));
            }
            return BAY_OK;
        };
    }
    static std::vector<std::string>& self(bay_out* o) {
        return static_cast<Recorded*>(o->ctx)->actions;
    }
};

class Sdk : public ::testing::Test {
  protected:
    void TearDown() override {
        if (machine_) kind().close(machine_);
        if (instance_) kind().destroy(instance_);
    }
    static const bay_kind& kind() { return *File::get_kind(BAY_KIND_PROVIDER); }

    bay_status create(std::string_view component, std::string_view config = "{}") {
        bay_create_info info{};
        info.size = sizeof info;
        info.component = bay::str(component);
        info.config = bay::str(config);
        bay_diag diag{};
        diag.size = sizeof diag;
        diag.ctx = &problems_;
        diag.report = [](bay_diag* d, std::uint32_t, bay_str pointer, bay_str) noexcept {
            static_cast<std::vector<std::string>*>(d->ctx)->emplace_back(bay::sv(pointer));
        };
        return kind().create(&info, &diag, &instance_);
    }
    bay_status open(std::uint32_t attempt = 1) {
        bay_open_info info{};
        info.size = sizeof info;
        info.attempt = attempt;
        return kind().open(instance_, &info, &machine_);
    }
    // Feeds a request of an older host if `size` is smaller than the struct; the bytes beyond are
    // not zero.
    bay_status request(std::string_view operation, Recorded& recorded,
                       std::size_t size = sizeof(bay_ev_request),
                       std::size_t target_size = sizeof(bay_target)) {
        bay_target target{};
        target.size = static_cast<std::uint32_t>(target_size);
        target.params = bay::str("{\"p\":1}");
        bay_ev_request event{};
        event.h = {static_cast<std::uint32_t>(size), BAY_EV_REQUEST};
        event.operation = bay::str(operation);
        event.target = &target;
        event.allowed_params = bay::str("seed");
        return kind().feed(machine_, &event.h, &recorded.out);
    }

    bay_instance* instance_ = nullptr;
    bay_exchange* machine_ = nullptr;
    std::vector<std::string> problems_;
};

TEST_F(Sdk, OffersEveryComponentAndNoOtherKind) {
    EXPECT_EQ(bay::sv(kind().component(0)->id), "first");
    EXPECT_EQ(bay::sv(kind().component(1)->id), "second");
    EXPECT_EQ(kind().component(2), nullptr);
    EXPECT_EQ(File::get_kind(BAY_KIND_LOGGER), nullptr);
    EXPECT_EQ(File::get_kind(""), nullptr);
}

TEST_F(Sdk, MakesTheComponentThatIsNamed) {
    EXPECT_EQ(create("third"), BAY_E_UNSUPPORTED);
    EXPECT_EQ(instance_, nullptr);
    ASSERT_EQ(create("second"), BAY_OK);
    EXPECT_EQ(open(7), BAY_E_INTERNAL);
    EXPECT_EQ(machine_, nullptr);
}

TEST_F(Sdk, ReportsAllProblemsAndMakesNothing) {
    EXPECT_EQ(create("first", "{\"bad\":1}"), BAY_E_INVALID);
    EXPECT_EQ(instance_, nullptr);
    EXPECT_THAT(problems_, ElementsAre("/a", "/b"));
}

TEST_F(Sdk, LetsNoExceptionOut) {
    ASSERT_EQ(create("first"), BAY_OK);
    ASSERT_EQ(open(), BAY_OK);
    Recorded recorded;
    EXPECT_EQ(request("throw", recorded), BAY_E_INTERNAL);
    EXPECT_EQ(request("no memory", recorded), BAY_E_NOMEM);
    EXPECT_EQ(request("other", recorded), BAY_E_STATE);
}

TEST_F(Sdk, RefusesEventsThatNobodyTakes) {
    ASSERT_EQ(create("first"), BAY_OK);
    ASSERT_EQ(open(), BAY_OK);
    Recorded recorded;
    const bay_event unknown{sizeof(bay_event), 9999};
    EXPECT_EQ(kind().feed(machine_, &unknown, &recorded.out), BAY_E_UNSUPPORTED);
}

TEST_F(Sdk, ReadsWhatAnOlderHostDoesNotHaveAsAbsent) {
    ASSERT_EQ(create("first"), BAY_OK);
    ASSERT_EQ(open(), BAY_OK);
    Recorded recorded;
    request("allowed", recorded);
    request("allowed", recorded, offsetof(bay_ev_request, allowed_params));
    request("params", recorded);
    request("params", recorded, sizeof(bay_ev_request), offsetof(bay_target, params));
    EXPECT_THAT(recorded.actions,
                ElementsAre("result seed", "result ", "result {\"p\":1}", "result "));
}

TEST_F(Sdk, RefusesActionsThatAnOlderHostDoesNotHave) {
    ASSERT_EQ(create("first"), BAY_OK);
    ASSERT_EQ(open(), BAY_OK);
    Recorded whole;
    EXPECT_EQ(request("websocket", whole), BAY_OK);
    Recorded older(offsetof(bay_out, ws_open));
    EXPECT_EQ(request("websocket", older), BAY_E_UNSUPPORTED);
    EXPECT_THAT(older.actions, ElementsAre());
}

TEST_F(Sdk, BuildsCallsOutOfPieces) {
    ASSERT_EQ(create("first"), BAY_OK);
    ASSERT_EQ(open(), BAY_OK);
    Recorded recorded;
    ASSERT_EQ(request("call", recorded), BAY_OK);
    EXPECT_THAT(recorded.actions,
                ElementsAre("POST https://x/y", "a: 1", "authorization: Bearer key", "one",
                            "blob 2+3", "two", "three"));
}

TEST(Text, FindsItemsOfCommaLists) {
    EXPECT_TRUE(bay::list_has("a, b ,c", "b"));
    EXPECT_TRUE(bay::list_has("a", "a"));
    EXPECT_FALSE(bay::list_has("ab,c", "a"));
    EXPECT_FALSE(bay::list_has("", "a"));
}

TEST(Text, TellsAbsentFromEmpty) {
    EXPECT_FALSE(bay::present(bay::str({})));
    EXPECT_TRUE(bay::present(bay::str("")));
    EXPECT_EQ(bay::sv(bay_str{nullptr, 0}), "");
}

TEST(Upstream, QuotesJsonStrings) {
    EXPECT_EQ(bay::json_quote("a\"b\\c\n\x01\xc3\xa9"), "\"a\\\"b\\\\c\\u000a\\u0001\xc3\xa9\"");
}

TEST(Upstream, MapsStatusesToClasses) {
    EXPECT_EQ(bay::class_of_status(429), static_cast<std::uint32_t>(BAY_ERR_RATE_LIMIT));
    EXPECT_EQ(bay::class_of_status(418), static_cast<std::uint32_t>(BAY_ERR_BAD_REQUEST));
    EXPECT_EQ(bay::class_of_status(502), static_cast<std::uint32_t>(BAY_ERR_UPSTREAM));
    EXPECT_EQ(bay::class_of_failure(BAY_FAIL_TIMEOUT), static_cast<std::uint32_t>(BAY_ERR_TIMEOUT));
}

TEST(Upstream, WhoWaitedForAValueFailsAsTheRefreshDid) {
    bay_ev_shared shared{};
    shared.status = BAY_E_INVALID;
    shared.error = bay::str("slow down");
    shared.cls = BAY_ERR_RATE_LIMIT;
    shared.retry_after_ms = 2000;
    EXPECT_EQ(bay::error_of(shared).cls, static_cast<std::uint32_t>(BAY_ERR_RATE_LIMIT));
    EXPECT_EQ(bay::error_of(shared).retry_after_ms, 2000u);
    EXPECT_EQ(bay::error_of(shared).message, "slow down");
    shared.cls = 0;
    EXPECT_EQ(bay::error_of(shared).cls, static_cast<std::uint32_t>(BAY_ERR_UPSTREAM));
}

TEST(Percent, EncodesAllButUnreservedAndWhatIsKept) {
    EXPECT_EQ(bay::percent_encoded("aZ09-._~"), "aZ09-._~");
    EXPECT_EQ(bay::percent_encoded("a b&c=/\xc3\xa9"), "a%20b%26c%3D%2F%C3%A9");
    EXPECT_EQ(bay::percent_encoded("a/b c", "/"), "a/b%20c");
}

// ByOperation: the machine that is made is told what it was made of, and takes what comes after.
struct Made : bay::Exchange {
    explicit Made(std::string_view what) : what_(what) {}
    bay_status on_request(const bay_ev_request&, bay::Out out) override {
        return out.result("\"" + what_ + "\"");
    }
    bay_status on_http_done(const bay_ev_http&, bay::Out out) override {
        return out.result("\"" + what_ + " done\"");
    }
    bay_status on_refresh(const bay_ev_refresh& refresh, bay::Out out) override {
        return out.result(bay::sv(refresh.key));
    }
    bay_status on_other(const bay_event&, bay::Out out) override { return out.result("\"other\""); }
    std::string what_;
};

constexpr bay::Operation<std::string> kRows[] = {
    {BAY_OP_EMBEDDINGS, bay::make_machine<Made>},
    {BAY_OP_MODERATIONS,
     [](const std::string& context, std::string_view id) -> std::unique_ptr<bay::Exchange> {
         if (context == "without") return nullptr;
         return std::make_unique<Made>(std::string(id) + " of " + context);
     }},
    {"", bay::make_machine<Made>},
};

class ByOperation : public ::testing::Test {
  protected:
    bay_status request(bay::Exchange& machine, std::string_view operation) {
        bay_ev_request event{};
        event.h = {sizeof event, BAY_EV_REQUEST};
        event.operation = bay::str(operation);
        return bay::dispatch(machine, &event.h, bay::Out(&recorded_.out));
    }
    template <class Event>
    bay_status feed(bay::Exchange& machine, std::uint32_t type, Event event = {}) {
        event.h = {sizeof event, type};
        return bay::dispatch(machine, &event.h, bay::Out(&recorded_.out));
    }
    Recorded recorded_;
};

TEST_F(ByOperation, TheMachineOfTheRowTakesEveryEvent) {
    bay::ByOperation<std::string> machine(kRows, "acme", "acme");
    EXPECT_EQ(request(machine, "moderations"), BAY_OK);
    EXPECT_EQ(feed<bay_ev_http>(machine, BAY_EV_HTTP_DONE), BAY_OK);
    EXPECT_EQ(feed<bay_ev_timer>(machine, 9999), BAY_OK);
    EXPECT_THAT(recorded_.actions,
                ElementsAre("result \"moderations of acme\"", "result \"moderations of acme done\"",
                            "result \"other\""));
}

// A machine of a row that goes on with another, as the request says.
struct Choosing : bay::Exchange {
    explicit Choosing(std::string_view) {}
    bay_status on_request(const bay_ev_request& request, bay::Out out) override {
        chosen_ = std::make_unique<Made>("chosen");
        return chosen_->on_request(request, out);
    }
    bay::Exchange& current() noexcept override { return chosen_ ? *chosen_ : *this; }
    std::unique_ptr<bay::Exchange> chosen_;
};
constexpr bay::Operation<std::string> kChoosing[] = {
    {BAY_OP_EMBEDDINGS, bay::make_machine<Choosing>},
};

TEST_F(ByOperation, TheMachineThatTheRowsMachineGoesOnWithTakesTheNextEvents) {
    bay::ByOperation<std::string> machine(kChoosing, "acme", "acme");
    EXPECT_EQ(request(machine, "embeddings"), BAY_OK);
    EXPECT_EQ(feed<bay_ev_http>(machine, BAY_EV_HTTP_DONE), BAY_OK);
    EXPECT_THAT(recorded_.actions, ElementsAre("result \"chosen\"", "result \"chosen done\""));
}

TEST_F(ByOperation, WhatHasNoMachineIsUnsupported) {
    recorded_.out.fail = [](bay_out* o, const bay_error* error) noexcept -> bay_status {
        Recorded::self(o).push_back(std::to_string(error->cls) + " " +
                                    std::string(bay::sv(error->message)));
        return BAY_OK;
    };
    for (const char* operation : {"rerank", "moderations"}) {
        bay::ByOperation<std::string> machine(kRows, "without", "acme");
        EXPECT_EQ(feed<bay_ev_http>(machine, BAY_EV_HTTP_DONE), BAY_E_UNSUPPORTED);
        EXPECT_EQ(request(machine, operation), BAY_OK);
    }
    EXPECT_THAT(recorded_.actions, ElementsAre("12 acme does not support rerank here",
                                               "12 acme does not support moderations here"));
}

TEST_F(ByOperation, TheRowWithoutAnIdComputesSharedValues) {
    bay::ByOperation<std::string> machine(kRows, "acme", "acme");
    bay_ev_refresh refresh{};
    refresh.key = bay::str("token");
    EXPECT_EQ(feed(machine, BAY_EV_REFRESH, refresh), BAY_OK);
    EXPECT_THAT(recorded_.actions, ElementsAre("result token"));
}

}  // namespace
