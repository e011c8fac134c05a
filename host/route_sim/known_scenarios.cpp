#include "route_sim/scenario.hpp"

namespace patchbay::sim {

namespace {

// Six deployments of one model at three kinds of places.
constexpr const char* kSix = R"(lane openai-1 openai
lane openai-2 openai
lane azure-1 azure
lane azure-2 azure
lane azure-3 azure
lane vllm-1 vllm
)";

// Where prompts are cached.
constexpr const char* kClaude = R"(lane anthropic-1 anthropic
lane anthropic-2 anthropic
lane anthropic-3 anthropic
lane bedrock-1 bedrock
)";

}  // namespace

const std::vector<std::pair<std::string, std::string>>& known_scenarios() {
    static const std::vector<std::pair<std::string, std::string>> all = {
        {"alike",
         "# Four deployments that are alike: what is left is the tail.\n"
         "lane openai-1 openai\nlane openai-2 openai\nlane openai-3 openai\nlane openai-4 openai\n"
         "traffic rate=20 prompt=600/6000 answer=150/800\n"},
        {"steady", std::string("# All is well.\n") + kSix +
                       "traffic rate=20 prompt=600/6000 answer=150/800\n"},
        {"grey",
         std::string("# For a third of the time one deployment is twenty times as slow, and fails "
                     "no call.\n") +
             kSix +
             "traffic rate=20 prompt=600/6000 answer=150/800\n"
             "at 33% slow azure-2 20\nat 67% recover azure-2\n"},
        {"failing",
         std::string("# One refuses connections for a while, one fails every third call.\n") +
             kSix +
             "traffic rate=20 prompt=600/6000 answer=150/800\n"
             "lane azure-4 azure fail=0.33\n"
             "at 30% die openai-2\nat 60% recover openai-2\n"},
        {"burst",
         std::string("# Four times as many calls for a tenth of the time, and tight limits.\n") +
             "lane groq-1 groq\nlane groq-2 groq\nlane openai-1 openai rpm=600\n"
             "lane azure-1 azure rpm=600\n"
             "traffic rate=15 prompt=600/3000 answer=150/600 burst=40%/10%/4\n"},
        {"sessions",
         std::string("# Conversations, half of which name their session.\n") + kClaude +
             "sessions rate=1.2 turns=8 think=10 lead=3000 apps=5 turn=700 answer=200/800 "
             "named=0.5\n"},
        {"scale-out",
         std::string("# The same; two deployments are added at half of the time.\n") + kClaude +
             "lane anthropic-4 anthropic later\nlane anthropic-5 anthropic later\n"
             "sessions rate=1.2 turns=8 think=10 lead=3000 apps=5 turn=700 answer=200/800 "
             "named=0.5\n"
             "at 50% add anthropic-4\nat 50% add anthropic-5\n"},
        {"failover",
         std::string("# The same; one is away for a fifth of the time.\n") + kClaude +
             "sessions rate=1.2 turns=8 think=10 lead=3000 apps=5 turn=700 answer=200/800 "
             "named=0.5\n"
             "at 40% die anthropic-2\nat 60% recover anthropic-2\n"},
    };
    return all;
}

}  // namespace patchbay::sim
