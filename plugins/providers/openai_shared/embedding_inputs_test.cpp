#include "embedding_inputs.hpp"

#include <gtest/gtest.h>

namespace patchbay::openai {
namespace {

TEST(EmbeddingInputs, AreInTheFormOfTheModel) {
    const struct {
        InputForm form;
        std::string_view input;
        std::string_view made;
    } cases[] = {
        {InputForm::documents, R"([["a","b"],["c"]])", R"([["a","b"],["c"]])"},
        {InputForm::documents, R"(["a","b"])", R"([["a"],["b"]])"},
        {InputForm::documents, R"("a")", R"([["a"]])"},
        {InputForm::contents, R"(["a","data:image/png;base64,AA=="])",
         R"([{"content":[{"type":"text","text":"a"}]},)"
         R"({"content":[{"type":"image_base64","image_base64":"data:image/png;base64,AA=="}]}])"},
        {InputForm::contents, R"([{"content":[{"type":"image_url","image_url":"u"}]}])",
         R"([{"content":[{"type":"image_url","image_url":"u"}]}])"},
    };
    for (const auto& [form, input, made] : cases) {
        EXPECT_EQ(inputs_of(form, input).value_or(""), made) << input;
    }
    for (const char* wrong : {"[]", "[1]", "7", "null", "", R"([{"a":1}])"}) {
        EXPECT_FALSE(inputs_of(InputForm::documents, wrong)) << wrong;
    }
}

TEST(EmbeddingInputs, ATextAloneBecomesAList) {
    EXPECT_EQ(input_of(InputList::list, R"("a")").value_or(""), R"(["a"])");
    EXPECT_FALSE(input_of(InputList::keep, R"("a")"));
    for (const char* kept : {R"(["a","b"])", "[1,2]", R"(["data:image/png;base64,AA=="])"}) {
        EXPECT_FALSE(input_of(InputList::list, kept)) << kept;
    }
}

TEST(EmbeddingInputs, PicturesAreSaidToBePictures) {
    const auto made = [](std::string_view input) {
        return input_of(InputList::list_with_images, input).value_or("");
    };
    EXPECT_EQ(made(R"(["data:image/png;base64,AA==","a",[1],{"text":"b"}])"),
              R"([{"image":"AA=="},"a",[1],{"text":"b"}])");
    EXPECT_EQ(made(R"("data:image/png;base64,AA==")"), R"([{"image":"AA=="}])");
    EXPECT_EQ(made(R"("a data:image/ b")"), R"(["a data:image/ b"])");
    EXPECT_EQ(made(R"(["a"])"), "");
}

TEST(EmbeddingInputs, TheNameOfAModelSaysWhichForm) {
    OperationRule rule{"embeddings"};
    rule.inputs = {{{"voyage-context-*"}, "/c", InputForm::documents},
                   {{"voyage-multimodal-*"}, "/m", InputForm::contents}};
    ASSERT_NE(find_input_rule(&rule, "voyage-multimodal-3"), nullptr);
    EXPECT_EQ(find_input_rule(&rule, "voyage-multimodal-3")->path, "/m");
    EXPECT_EQ(find_input_rule(&rule, "voyage-3.5"), nullptr);
    EXPECT_EQ(find_input_rule(nullptr, "voyage-3.5"), nullptr);
}

}  // namespace
}  // namespace patchbay::openai
