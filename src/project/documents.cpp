#include "project/levels.hpp"
#include "project/project.hpp"

#include <algorithm>

namespace ordain::project {
namespace {

/// One that is named is an example; two are a plan.
constexpr std::size_t least = 2;

std::size_t named_in(std::string_view text, const std::vector<std::string>& files) {
    return static_cast<std::size_t>(std::ranges::count_if(
        files, [&](const std::string& file) { return text.find(file) != std::string_view::npos; }));
}

} // namespace

std::vector<Document> documents(const layout::FileTree& tree,
                                const std::filesystem::path& folder,
                                const std::vector<std::string>& files) {
    std::vector<Document> found;
    for (const Level& level : levels(tree, folder)) {
        for (const std::string_view place : {"", "docs", "doc"}) {
            for (const LevelFile& file : files_in(tree, level, place, {"*.md", "*.markdown"})) {
                const std::size_t named = named_in(tree.head(file.path, max_read_bytes), files);
                if (named >= least) found.push_back({.path = file.shown, .named = named});
            }
        }
    }
    std::ranges::stable_sort(found, std::ranges::greater{}, &Document::named);
    return found;
}

} // namespace ordain::project
