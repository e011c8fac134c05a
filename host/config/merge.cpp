#include "config/merge.hpp"

#include <fstream>
#include <system_error>

#include "config/yaml_parse.hpp"

namespace patchbay {
namespace {

constexpr std::size_t kMaxIncludes = 100;

/// The top level of a parsed file; null if it is empty or, after a report, not a mapping.
const yaml::Node* top_level(const yaml::Document& document, Problems& problems) {
    const yaml::Node* root = document.root;
    if (root == nullptr || root->kind == yaml::Node::Kind::null) return nullptr;
    if (root->kind == yaml::Node::Kind::map) return root;
    problems.error(root->place(), "expected a mapping of sections (`model_list:`, ...) here");
    return nullptr;
}

/// A list of both; it stands where the earlier one does.
const yaml::Node* join(const yaml::Node& earlier, const yaml::Node& later, MergedFiles& files) {
    yaml::Node& joined = files.joined.emplace_back(earlier);
    joined.items.insert(joined.items.end(), later.items.begin(), later.items.end());
    return &joined;
}

void merge_into(MergedFiles& files, const yaml::Node& included, Problems& problems) {
    constexpr auto kList = yaml::Node::Kind::list;
    for (const yaml::Member& member : included.members) {
        if (member.key->text == "include") {
            problems.warning(member.key->place(),
                             "`include` in an included file is not followed: ignored");
            continue;
        }
        auto* earlier = const_cast<yaml::Member*>(files.find(member.key->text));
        if (earlier == nullptr) {
            files.sections.push_back(member);
        } else if (earlier->value->kind == kList && member.value->kind == kList) {
            earlier->value = join(*earlier->value, *member.value, files);
        } else {
            files.replaced.push_back(*earlier);
            *earlier = member;
        }
    }
}

void include_file(MergedFiles& files, const yaml::Node& item,
                  const std::filesystem::path& directory, Problems& problems) {
    if (item.kind != yaml::Node::Kind::scalar || item.text.empty()) {
        problems.error(item.place(), "`include`: expected the path of a file");
        return;
    }
    const std::filesystem::path file = directory / item.text;
    const auto text = read_text(file, item.place(), problems);
    if (!text) return;
    problems.begin_file(file.string());
    const auto& document =
        files.documents.emplace_back(std::make_unique<yaml::Document>(file.string()));
    if (!yaml::parse(*text, *document, problems)) return;
    files.replaced.insert(files.replaced.end(), document->replaced.begin(),
                          document->replaced.end());
    if (const yaml::Node* root = top_level(*document, problems)) merge_into(files, *root, problems);
}

}  // namespace

const yaml::Member* MergedFiles::find(std::string_view name) const {
    for (const yaml::Member& member : sections)
        if (member.key->text == name) return &member;
    return nullptr;
}

std::optional<std::string> read_text(const std::filesystem::path& file, const Place& place,
                                     Problems& problems) {
    const auto refuse = [&](const std::string& why) -> std::optional<std::string> {
        problems.error(place, "cannot read " + file.string() + ": " + why);
        return std::nullopt;
    };
    std::error_code error;
    const auto status = std::filesystem::status(file, error);
    if (status.type() == std::filesystem::file_type::not_found) return refuse("no such file");
    if (error) return refuse(error.message());
    if (!std::filesystem::is_regular_file(status)) return refuse("not a regular file");
    std::ifstream stream(file, std::ios::binary);
    if (!stream) return refuse("it cannot be opened");
    std::string text(yaml::kMaxText + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (stream.bad()) return refuse("reading failed");
    text.resize(static_cast<std::size_t>(stream.gcount()));
    return text;
}

MergedFiles merge_files(std::string_view text, const std::string& name,
                        const std::filesystem::path& directory, Problems& problems) {
    MergedFiles files;
    problems.begin_file(name);
    const auto& document = files.documents.emplace_back(std::make_unique<yaml::Document>(name));
    if (!yaml::parse(text, *document, problems)) return files;
    const yaml::Node* root = top_level(*document, problems);
    if (root == nullptr) return files;
    files.replaced = document->replaced;
    const yaml::Node* include = nullptr;
    for (const yaml::Member& member : root->members) {
        if (member.key->text == "include") {
            include = member.value;
        } else {
            files.sections.push_back(member);
        }
    }
    if (include == nullptr || include->kind == yaml::Node::Kind::null) return files;
    if (include->kind == yaml::Node::Kind::scalar) {
        include_file(files, *include, directory, problems);
    } else if (include->kind != yaml::Node::Kind::list) {
        problems.error(include->place(), "`include`: expected a list of files");
    } else if (include->items.size() > kMaxIncludes) {
        problems.error(include->place(),
                       "`include`: more than " + std::to_string(kMaxIncludes) + " files");
    } else {
        for (const yaml::Node* item : include->items) {
            include_file(files, *item, directory, problems);
        }
    }
    return files;
}

}  // namespace patchbay
