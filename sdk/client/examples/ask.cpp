// Asks a model and prints its answer as it comes: ask MODEL TEXT...
//
//     OPENAI_API_KEY=sk-... ask openai/gpt-4o "What is a kestrel?"
#include <iostream>
#include <patchbay/client.hpp>
#include <string>

int main(int count, char** arguments) {
    if (count < 3) {
        std::cerr << "usage: ask MODEL TEXT...\n";
        return 2;
    }
    std::string text = arguments[2];
    for (int i = 3; i < count; ++i) text.append(" ").append(arguments[i]);
    try {
        for (const patchbay::Chunk& chunk :
             patchbay::stream({.model = arguments[1], .messages = {{"user", text}}})) {
            std::cout << chunk.text() << std::flush;
        }
        std::cout << '\n';
    } catch (const patchbay::Error& error) {
        std::cerr << "error " << error.status() << ": " << error.what() << '\n';
        return 1;
    }
}
